/*
 * The steps of lesson_parse(): Markdown to parts (lesson_make.c, the only file that knows md4c),
 * and what a lesson must be beyond Markdown (lesson_check.c).
 */
#ifndef LANG_TEACH_LESSON_MAKE_H
#define LANG_TEACH_LESSON_MAKE_H

#include "lang/teach/lesson.h"

/* Enters one fault at its line. */
void lesson_fault(struct lesson_faults *faults, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Fills the lesson; text is UTF-8 without NUL, terminated, its lines ended by \n alone. Faults of
 * the Markdown. false: its last block has no end, whatever stands there. */
bool lesson_make(
    struct lesson *lesson, const char *text, size_t length, struct lesson_faults *faults);

/* Faults of the title, the commands, the questions and the needs. whole: what lesson_make()
 * returned.
 */
void lesson_check(const struct lesson *lesson, bool whole, struct lesson_faults *faults);

#endif
