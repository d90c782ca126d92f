/*
 * Moving in the list of view 7, which scrolls by its first row.
 */
#ifndef VIEW_FAMILY_BLAME_VIEW_H
#define VIEW_FAMILY_BLAME_VIEW_H

#include "view/family/family_scene.h"

void blame_view_move(struct family_cursor *cursor, const struct family_scene *scene, int64_t by);

/* To the next heading; after the last one, to the first. */
void blame_view_section(struct family_cursor *cursor, const struct family_scene *scene);

/* The next row that contains the text; false: none does. */
bool blame_view_search(
    struct family_cursor *cursor, const struct family_scene *scene, const char *text);

#endif
