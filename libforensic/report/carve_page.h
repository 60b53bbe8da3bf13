/* The style sheet of the page of trail-carve. */
#ifndef LF_REPORT_CARVE_PAGE_H
#define LF_REPORT_CARVE_PAGE_H

extern const char lf_carve_sheet[];

#endif
