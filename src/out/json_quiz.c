#include "config.h"
#include "out/json_quiz.h"

#include "out/json.h"

static void
add_page(struct buf *out, const struct page *page, uint32_t number)
{
	buf_addf(out, "%s{\"page\":%u,\"state\":\"%s\",\"mapped_by\":%u,\"dirty\":%s}", number ? "," : "", number,
	    page_state_word((enum page_state)page->state), page->mapped_by,
	    page->dirty == TRI_YES ? "true" : page->dirty == TRI_NO ? "false" : "null");
}

static void
add_processes(struct buf *out, const char *key, const struct snapshot *now)
{
	buf_addf(out, "%s[", key);
	for (size_t i = 0; i < now->process_count; i++) {
		const struct process *process = &now->processes[i];

		buf_addf(out, "%s{\"name\":\"%c\",\"pid\":%d,\"alive\":%s,\"address\":\"0x%llx\",\"pages\":[", i ? "," : "",
		    process->name, (int)process->pid, process->life == LIFE_DEAD ? "false" : "true",
		    (unsigned long long)process->address);
		for (uint32_t page = 0; page < now->page_count; page++)
			add_page(out, &process->pages[page], page);
		buf_add(out, "]}");
	}
	buf_add(out, "]");
}

static void
add_question(struct buf *out, const struct quiz_line *line, const char *type)
{
	const struct question *question = &line->quiz->question;
	bool forward = question->way == WAY_FORWARD;

	buf_addf(out, "{\"schema\":\"cowscope/1\",\"type\":\"%s\",\"seed\":%llu,\"number\":%u,\"way\":\"%s\",\"asks\":\"%s\"", type,
	    (unsigned long long)line->seed, question->number, forward ? "forward" : "backward",
	    forward ? asks_word(question->asks) : "deed");
	buf_addf(out, ",\"lab\":{\"kind\":\"%s\",\"pages\":%u,\"number\":%u}", kind_word(line->now->kind), line->now->page_count,
	    line->now->lab);
	if (forward)
		buf_addf(out, ",\"page\":%u", question->page);
	else
		buf_add(out, ",\"page\":null");
	json_add_string(out, ",\"situation\":", question->situation);
	json_add_string(out, ",\"question\":", question->text);
	buf_add(out, ",\"choices\":[");
	for (size_t i = 0; i < question->choice_count; i++)
		json_add_string(out, i ? "," : "", question->choices[i]);
	buf_add(out, "]");
	add_processes(out, ",\"before\":", line->before);
}

void
json_question(struct buf *out, const struct quiz_line *line)
{
	add_question(out, line, "question");
	if (line->quiz->question.way == WAY_BACKWARD)
		add_processes(out, ",\"after\":", line->now);
	buf_add(out, "}\n");
}

static void
add_choice(struct buf *out, const char *key, int choice)
{
	if (choice < 0)
		buf_addf(out, "%snull", key);
	else
		buf_addf(out, "%s%d", key, choice + 1);
}

void
json_judged(struct buf *out, const struct quiz_line *line)
{
	add_question(out, line, "judged");
	add_processes(out, ",\"after\":", line->now);
	add_choice(out, ",\"right\":", line->quiz->question.right);
	add_choice(out, ",\"given\":", line->chosen);
	json_add_string(out, ",\"setup\":", line->setup);
	json_add_string(out, ",\"command\":", line->command);
	json_add_string(out, ",\"reason\":", line->reason);
	buf_addf(out, ",\"score\":%u,\"answered\":%u}\n", line->quiz->score, line->quiz->answered);
}
