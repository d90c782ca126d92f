/*
 * A lesson that was played, as one page of HTML: text, questions, and what the kernel did.
 *
 * In a browser with a script it is walked part by part, and nothing is shown before it was asked;
 * without one everything can be read, the answers folded. The script shows what was recorded and
 * computes nothing about the kernel.
 */
#ifndef OUT_TEACH_LESSON_PAGE_H
#define OUT_TEACH_LESSON_PAGE_H

#include "base/buf.h"
#include "out/picture/picture.h"
#include "out/teach/played.h"

void lesson_page(struct buf *out, const struct played *played, const struct origin *origin);

#endif
