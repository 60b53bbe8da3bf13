/* The style sheet of the page of trail-gaps. */
#ifndef LF_REPORT_GAPS_PAGE_H
#define LF_REPORT_GAPS_PAGE_H

extern const char lf_gaps_sheet[];

#endif
