#include "config.h"
#include "out/teach/json_lesson.h"

#include "out/json/json_write.h"

static void
json_begin_line(struct json *json, struct buf *out, const char *type, int line)
{
	json_begin(json, out, type);
	json_i64(json, "line", line);
}

void
json_lesson(struct buf *out, const struct lesson *lesson, const char *file)
{
	struct json json;

	json_begin_line(&json, out, "lesson", 1);
	json_string(&json, "path", file);
	json_string(&json, "title", lesson->title);
	json_string(&json, "summary", lesson->summary);
	json_u64(&json, "parts", lesson->part_count);
	json_finish(&json);
}

void
json_prose(struct buf *out, const struct lesson_part *part)
{
	static const char *const words[] = {
	    [BLOCK_PARAGRAPH] = "paragraph",
	    [BLOCK_HEADING] = "heading",
	    [BLOCK_ITEM] = "item",
	    [BLOCK_CODE] = "code",
	    [BLOCK_ROW] = "row",
	};
	struct json json;

	json_begin_line(&json, out, "prose", part->line);
	json_array(&json, "blocks");
	for (size_t i = 0; i < part->block_count; i++) {
		const struct lesson_block *block = &part->blocks[i];

		json_object(&json, NULL);
		json_string(&json, "block", words[block->type]);
		json_i64(&json, "line", block->line);
		json_string(&json, "text", block->text);
		json_end(&json);
	}
	json_finish(&json);
}

static void
write_question(struct json *json, const struct lesson_part *question)
{
	json_string(json, "question", question->block_count ? question->blocks[0].text : "");
	json_bool(json, "points", question->points);
	json_array(json, "choices");
	for (size_t i = 0; i < question->answer_count; i++)
		json_string(json, NULL, question->answers[i].text);
	json_end(json);
}

void
json_asked(struct buf *out, const struct lesson_part *question)
{
	struct json json;

	json_begin_line(&json, out, "question", question->line);
	write_question(&json, question);
	json_finish(&json);
}

static void
json_lesson_write_answer(struct json *json, const struct lesson_answer *answer)
{
	json_object(json, NULL);
	json_bool(json, "holds", answer->right);
	json_string(json, "reason", answer->reason);
	json_end(json);
}

void
json_answer(struct buf *out, const struct lesson_part *question, const char *const *pages,
    size_t page_count)
{
	struct json json;

	json_begin_line(&json, out, "answer", question->line);
	write_question(&json, question);
	json_array(&json, "answers");
	for (size_t i = 0; i < question->answer_count; i++)
		json_lesson_write_answer(&json, &question->answers[i]);
	json_end(&json);
	if (question->points) {
		json_array(&json, "pages");
		for (size_t i = 0; i < page_count; i++)
			json_string(&json, NULL, pages[i]);
	} else {
		json_null(&json, "pages");
	}
	json_finish(&json);
}

void
json_lacks(struct buf *out, const struct lesson_part *part, const char *needs, const char *message)
{
	struct json json;

	json_begin_line(&json, out, "lacks", part->line);
	json_string(&json, "needs", needs);
	json_string(&json, "message", message);
	json_finish(&json);
}
