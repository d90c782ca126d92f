#include "config.h"
#include "out/teach/json_quiz.h"

#include "out/json/json_write.h"

static void
write_page_fields(struct json *json, const struct page *page, uint32_t number)
{
	json_object(json, NULL);
	json_u64(json, "page", number);
	json_string(json, "state", page_state_word((enum page_state)page->state));
	json_u64(json, "mapped_by", page->mapped_by);
	json_tri(json, "dirty", page->dirty);
	json_end(json);
}

static void
write_processes(struct json *json, const char *key, const struct snapshot *now)
{
	json_array(json, key);
	for (size_t i = 0; i < now->process_count; i++) {
		const struct process *process = &now->processes[i];

		json_object(json, NULL);
		json_letter(json, "name", process->name);
		json_i64(json, "pid", process->pid);
		json_bool(json, "alive", process->life != LIFE_DEAD);
		json_hex(json, "address", process->address);
		json_array(json, "pages");
		for (uint32_t page = 0; page < now->page_count; page++)
			write_page_fields(json, &process->pages[page], page);
		json_end(json);
		json_end(json);
	}
	json_end(json);
}

static void
write_lab_fields(struct json *json, const struct snapshot *now)
{
	json_object(json, "lab");
	json_string(json, "kind", kind_word(now->kind));
	json_u64(json, "pages", now->page_count);
	json_u64(json, "number", now->lab);
	json_end(json);
}

static void
json_begin_question(
    struct json *json, struct buf *out, const struct quiz_line *line, const char *type)
{
	const struct question *question = &line->quiz->question;
	bool forward = question->way == WAY_FORWARD;

	json_begin(json, out, type);
	json_u64(json, "seed", line->seed);
	json_u64(json, "number", question->number);
	json_string(json, "way", forward ? "forward" : "backward");
	json_string(json, "asks", forward ? asks_word(question->asks) : "deed");
	write_lab_fields(json, line->now);
	json_count(json, "page", forward ? question->page : COUNT_UNKNOWN);
	json_string(json, "situation", question->situation);
	json_string(json, "question", question->text);
	json_array(json, "choices");
	for (size_t i = 0; i < question->choice_count; i++)
		json_string(json, NULL, question->choices[i]);
	json_end(json);
	write_processes(json, "before", line->before);
}

void
json_question(struct buf *out, const struct quiz_line *line)
{
	struct json json;

	json_begin_question(&json, out, line, "question");
	if (line->quiz->question.way == WAY_BACKWARD)
		write_processes(&json, "after", line->now);
	json_finish(&json);
}

/* Counted from 1; null for none. */
static void
write_choice(struct json *json, const char *key, int choice)
{
	json_count(json, key, choice < 0 ? COUNT_UNKNOWN : (uint64_t)choice + 1);
}

static void
write_mistakes(struct json *json, const struct question *question)
{
	json_array(json, "mistakes");
	for (size_t i = 0; i < question->choice_count; i++)
		json_string(json, NULL, (int)i == question->right ? NULL : question->mistakes[i]);
	json_end(json);
}

void
json_judged(struct buf *out, const struct quiz_line *line)
{
	struct json json;

	json_begin_question(&json, out, line, "judged");
	write_processes(&json, "after", line->now);
	write_choice(&json, "right", line->quiz->question.right);
	write_choice(&json, "given", line->chosen);
	write_mistakes(&json, &line->quiz->question);
	json_string(&json, "setup", line->setup);
	json_string(&json, "command", line->command);
	json_string(&json, "reason", line->reason);
	json_u64(&json, "score", line->quiz->score);
	json_u64(&json, "answered", line->quiz->answered);
	json_finish(&json);
}
