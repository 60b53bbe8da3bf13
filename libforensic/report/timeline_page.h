/* The style sheet and the script of a timeline's page. */
#ifndef LF_REPORT_TIMELINE_PAGE_H
#define LF_REPORT_TIMELINE_PAGE_H

extern const char lf_timeline_sheet[];
extern const char lf_timeline_script[]; /* searches and sorts the table; without it all is shown, in order of time */

#endif
