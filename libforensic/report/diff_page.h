/* The style sheet of a page of differences. */
#ifndef LF_REPORT_DIFF_PAGE_H
#define LF_REPORT_DIFF_PAGE_H

extern const char lf_diff_sheet[];

#endif
