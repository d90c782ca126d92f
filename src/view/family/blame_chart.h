/*
 * Who wrote, as bars: why pages were copied, and by which code. Legible from the last row of a
 * hall, with one sentence at the top.
 */
#ifndef VIEW_FAMILY_BLAME_CHART_H
#define VIEW_FAMILY_BLAME_CHART_H

#include "model/family/blame.h"
#include "view/canvas/canvas.h"

/* In columns [column, limit) and rows [row, row_limit); what doesn't fit is left out, the smallest
 * first. Returns the rows used. */
int blame_chart_draw(struct canvas *canvas, int column, int row, int limit, int row_limit,
    const struct blame *blame);

#endif
