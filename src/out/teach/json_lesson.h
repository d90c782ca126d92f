/*
 * A lesson in JSON, one value per line: "lesson" at its start, "prose", "question", "answer" when
 * the kernel has answered it, "lacks" for a block that is left out. The commands in between print
 * their own lines.
 */
#ifndef OUT_TEACH_JSON_LESSON_H
#define OUT_TEACH_JSON_LESSON_H

#include "base/buf.h"
#include "lang/teach/lesson.h"

void json_lesson(struct buf *out, const struct lesson *lesson, const char *file);
void json_prose(struct buf *out, const struct lesson_part *part);

/* Never which is right: the answer tells that. */
void json_asked(struct buf *out, const struct lesson_part *question);

/* pages: "a:2" each, those that changed, if the question was answered by pointing at pages. */
void json_answer(struct buf *out, const struct lesson_part *question, const char *const *pages,
    size_t page_count);
void json_lacks(
    struct buf *out, const struct lesson_part *part, const char *needs, const char *message);

#endif
