/*
 * A lesson in JSON, one line a value: "lesson" at its begin, "prose", "question", "answer" when the
 * kernel has answered it, "lacks" for a block that is left out. The commands between give their own
 * lines.
 */
#ifndef OUT_TEACH_JSON_LESSON_H
#define OUT_TEACH_JSON_LESSON_H

#include "base/buf.h"
#include "lang/teach/lesson.h"

void json_lesson(struct buf *out, const struct lesson *lesson, const char *file);
void json_prose(struct buf *out, const struct lesson_part *part);

/* Never which is right: that is the answer's. */
void json_asked(struct buf *out, const struct lesson_part *question);

/* pages: "a:2" each, those that changed, where pages were to be pointed at. */
void json_answer(struct buf *out, const struct lesson_part *question, const char *const *pages,
    size_t page_count);
void json_lacks(
    struct buf *out, const struct lesson_part *part, const char *needs, const char *message);

#endif
