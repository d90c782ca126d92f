#include "config.h"
#include "out/json_lesson.h"

#include "out/json.h"

static void
begin(struct buf *out, const char *type, int line)
{
	buf_addf(out, "{\"schema\":\"cowscope/1\",\"type\":\"%s\",\"line\":%d", type, line);
}

void
json_lesson(struct buf *out, const struct lesson *lesson, const char *file)
{
	begin(out, "lesson", 1);
	json_add_string(out, ",\"path\":", file);
	json_add_string(out, ",\"title\":", lesson->title);
	json_add_string(out, ",\"summary\":", lesson->summary);
	buf_addf(out, ",\"parts\":%zu}\n", lesson->part_count);
}

void
json_prose(struct buf *out, const struct lesson_part *part)
{
	static const char *const words[] = {[BLOCK_PARAGRAPH] = "paragraph", [BLOCK_HEADING] = "heading", [BLOCK_ITEM] = "item",
	    [BLOCK_CODE] = "code", [BLOCK_ROW] = "row"};

	begin(out, "prose", part->line);
	buf_add(out, ",\"blocks\":[");
	for (size_t i = 0; i < part->block_count; i++) {
		const struct lesson_block *block = &part->blocks[i];

		buf_addf(out, "%s{\"block\":\"%s\",\"line\":%d", i ? "," : "", words[block->type], block->line);
		json_add_string(out, ",\"text\":", block->text);
		buf_add(out, "}");
	}
	buf_add(out, "]}\n");
}

static void
add_question(struct buf *out, const struct lesson_part *question)
{
	json_add_string(out, ",\"question\":", question->block_count ? question->blocks[0].text : "");
	buf_addf(out, ",\"points\":%s,\"choices\":[", question->points ? "true" : "false");
	for (size_t i = 0; i < question->answer_count; i++)
		json_add_string(out, i ? "," : "", question->answers[i].text);
	buf_add(out, "]");
}

void
json_asked(struct buf *out, const struct lesson_part *question)
{
	begin(out, "question", question->line);
	add_question(out, question);
	buf_add(out, "}\n");
}

void
json_answer(struct buf *out, const struct lesson_part *question, const char *const *pages, size_t page_count)
{
	begin(out, "answer", question->line);
	add_question(out, question);
	buf_add(out, ",\"answers\":[");
	for (size_t i = 0; i < question->answer_count; i++) {
		const struct lesson_answer *answer = &question->answers[i];

		buf_addf(out, "%s{\"holds\":%s", i ? "," : "", answer->right ? "true" : "false");
		json_add_string(out, ",\"reason\":", answer->reason);
		buf_add(out, "}");
	}
	buf_add(out, "],\"pages\":");
	buf_add(out, question->points ? "[" : "null");
	for (size_t i = 0; i < page_count; i++)
		json_add_string(out, i ? "," : "", pages[i]);
	buf_add(out, question->points ? "]}\n" : "}\n");
}

void
json_lacks(struct buf *out, const struct lesson_part *part, const char *needs, const char *message)
{
	begin(out, "lacks", part->line);
	json_add_string(out, ",\"needs\":", needs);
	json_add_string(out, ",\"message\":", message);
	buf_add(out, "}\n");
}
