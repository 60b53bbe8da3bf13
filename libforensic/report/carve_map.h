/*
 * Where finds lie in the images, as pictures: cells of equal size, each in the colour of the surest find that reaches
 * into it.
 */
#ifndef LF_REPORT_CARVE_MAP_H
#define LF_REPORT_CARVE_MAP_H

#include "base/buf.h"
#include "carve/result.h"
#include "report/carve_rows.h"

struct lf_carve_map;

/* NULL when memory is out. */
struct lf_carve_map *lf_carve_map_new(const struct lf_carve_result *r) __attribute__((warn_unused_result, nonnull));
void lf_carve_map_free(struct lf_carve_map *m);

/* Adds a row; rows come in the order of the images. */
void lf_carve_map_add(struct lf_carve_map *m, const struct lf_carve_row *row);

/* The key, and a picture for each image. */
void lf_carve_map_put(const struct lf_carve_map *m, struct lf_buf *out);

#endif
