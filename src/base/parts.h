/*
 * Where the parts of this installation are. A program in its build tree finds them there. Any other
 * program looks relative to its own place, by the configured distance, so that a tree may be moved
 * or staged; parts that aren't there are looked for in the configured place.
 */
#ifndef BASE_PARTS_H
#define BASE_PARTS_H

enum part { PART_LESSONS, PART_TRANSLATIONS, PART_HELPERS };

/* The path of the file called name in that part or, if name is NULL, of the part itself: the first
 * that can be read; the last if none can. The caller frees it. */
char *part_find(enum part part, const char *name);

#endif
