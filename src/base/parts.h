/*
 * Where the parts of this installation lie. A program that is in the tree that it was built in has
 * them there. Any other looks relative to where it lies itself, as programs and parts were
 * configured to lie to each other, so that a tree may be moved or staged; what is not there is
 * looked for where it was configured to be.
 */
#ifndef BASE_PARTS_H
#define BASE_PARTS_H

enum part { PART_LESSONS, PART_TRANSLATIONS, PART_HELPERS };

/* The path of what is called name in that part, or, without a name (NULL), of the part itself: the
 * first that can be read; the last if none can. To be freed. */
char *part_find(enum part part, const char *name);

#endif
