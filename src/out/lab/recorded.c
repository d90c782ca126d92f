#include "config.h"
#include "out/lab/recorded.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "lang/command.h"
#include "model/lab/events.h"
#include "out/picture/markdown.h"

#define FACT_ROOM 48

/* "a:0-3 shared mapped_by=3": pages of processes for which the same is true. */
struct expectation {
	char facts[FACT_ROOM];
	uint16_t processes; /* bit 0 is a */
	uint32_t *pages;
	size_t count;
};

struct expectations {
	struct expectation *list;
	size_t count;
};

static void
expectations_free(struct expectations *expectations)
{
	for (size_t i = 0; i < expectations->count; i++)
		free(expectations->list[i].pages);
	free(expectations->list);
}

/* Of this process alone, so far. */
static struct expectation *
expectation_of(struct expectations *expectations, size_t first, uint16_t process, const char *facts)
{
	struct expectation *made;

	for (size_t i = first; i < expectations->count; i++)
		if (strcmp(expectations->list[i].facts, facts) == 0)
			return &expectations->list[i];
	expectations->list =
	    mem_resize(expectations->list, expectations->count + 1, sizeof(*expectations->list));
	made = &expectations->list[expectations->count++];
	*made = (struct expectation){.processes = process};
	strcpy(made->facts, facts);
	return made;
}

static void
add_page(struct expectations *expectations, size_t first, uint16_t process, const char *facts,
    uint32_t page)
{
	struct expectation *to = expectation_of(expectations, first, process, facts);

	to->pages = mem_resize(to->pages, to->count + 1, sizeof(*to->pages));
	to->pages[to->count++] = page;
}

static bool
same_pages(const struct expectation *one, const struct expectation *other)
{
	return one->count == other->count && strcmp(one->facts, other->facts) == 0 &&
	    memcmp(one->pages, other->pages, one->count * sizeof(*one->pages)) == 0;
}

/* Merges those from first on into earlier ones that say the same about the same pages. */
static void
recorded_join(struct expectations *expectations, size_t first)
{
	size_t kept = first;

	for (size_t i = first; i < expectations->count; i++) {
		size_t same = 0;

		while (
		    same < first && !same_pages(&expectations->list[same], &expectations->list[i]))
			same++;
		if (same == first) {
			expectations->list[kept++] = expectations->list[i];
			continue;
		}
		expectations->list[same].processes |= expectations->list[i].processes;
		free(expectations->list[i].pages);
	}
	expectations->count = kept;
}

/* true: facts that are true of the page, and that the step changed. */
static bool
facts_of(char facts[FACT_ROOM], const struct page *before, const struct page *now)
{
	if (now->state == PAGE_UNKNOWN ||
	    (before && before->state == now->state && before->mapped_by == now->mapped_by) ||
	    (!before && now->state == PAGE_ABSENT))
		return false;
	if (now->state == PAGE_SHARED)
		snprintf(facts, FACT_ROOM, "%s mapped_by=%u",
		    page_state_word((enum page_state)now->state), now->mapped_by);
	else
		snprintf(facts, FACT_ROOM, "%s", page_state_word((enum page_state)now->state));
	return true;
}

static void
expect_of_process(
    struct expectations *expectations, const struct recorded_step *step, const struct process *now)
{
	const struct process *before = snapshot_process(step->before, now->name);
	uint16_t process = (uint16_t)(1u << (now->name - 'a'));
	size_t first = expectations->count;
	char facts[FACT_ROOM];

	if (before && (before->pid != now->pid || before->life == LIFE_DEAD))
		before = NULL;
	for (uint32_t page = 0; page < step->now->page_count; page++)
		if (facts_of(facts, before ? &before->pages[page] : NULL, &now->pages[page]))
			add_page(expectations, first, process, facts, page);
	recorded_join(expectations, first);
}

static void
add_letters(struct buf *out, uint16_t processes)
{
	for (int i = 0; i < PROCESSES_MAX; i++)
		if (processes & 1u << i)
			buf_add_char(out, (char)('a' + i));
}

/* In the language's form: "0-2,7"; at most RANGES_MAX ranges; returns how many pages that is. */
static size_t
recorded_add_ranges(struct buf *out, const uint32_t *pages, size_t count)
{
	size_t i = 0;

	for (int ranges = 0; i < count && ranges < RANGES_MAX; ranges++) {
		size_t last = i;

		while (last + 1 < count && pages[last + 1] == pages[last] + 1)
			last++;
		buf_addf(out, ranges ? ",%u" : "%u", pages[i]);
		if (last > i)
			buf_addf(out, "-%u", pages[last]);
		i = last + 1;
	}
	return i;
}

static void
expect_pages(struct buf *out, const struct recorded_step *step)
{
	struct expectations expectations = {NULL, 0};

	for (size_t i = 0; i < step->now->process_count; i++)
		if (step->now->processes[i].life != LIFE_DEAD)
			expect_of_process(&expectations, step, &step->now->processes[i]);
	for (size_t i = 0; i < expectations.count; i++) {
		const struct expectation *each = &expectations.list[i];

		for (size_t done = 0; done < each->count;) {
			buf_add(out, "expect ");
			add_letters(out, each->processes);
			buf_add_char(out, ':');
			done += recorded_add_ranges(out, each->pages + done, each->count - done);
			buf_addf(out, " %s\n", each->facts);
		}
	}
	expectations_free(&expectations);
}

static bool
recorded_writes_back(enum verb verb)
{
	return verb == VERB_SYNC || verb == VERB_FILE_SYNC || verb == VERB_FILE_DROP;
}

/* Is it known, so that it can be expected? */
static bool
knows_dirty(const struct snapshot *now, uint32_t page)
{
	return now->file_pages && page < now->page_count &&
	    now->file_pages[page].dirty != TRI_UNKNOWN;
}

/* Results of the command that the kernel would not produce by itself sooner or later. */
static void
expect_event(struct buf *out, const struct snapshot *now, const struct event *event, enum verb verb)
{
	switch (event->type) {
	case EVENT_STARTED:
		buf_addf(out, "expect %c alive\n", event->process);
		break;
	case EVENT_EXITED:
		buf_addf(out, "expect %c dead\n", event->process);
		break;
	case EVENT_STOPPED:
		buf_addf(out, "expect %c stopped\n", event->process);
		break;
	case EVENT_FAULTED:
		buf_addf(out, "expect %c:%u faulted=%s\n", event->process, event->page,
		    signal_name(event->signal));
		break;
	case EVENT_DIRTIED:
		if (knows_dirty(now, event->page) &&
		    (verb == VERB_WRITE || verb == VERB_FILE_WRITE))
			buf_addf(out, "expect file:%u dirty\n", event->page);
		break;
	case EVENT_CLEANED:
		if (knows_dirty(now, event->page) && recorded_writes_back(verb))
			buf_addf(out, "expect file:%u clean\n", event->page);
		break;
	default:
		break;
	}
}

static enum verb
verb_of(const char *line)
{
	struct command command;
	enum verb verb = VERB_COUNT;
	struct err err;

	if (command_parse(&command, &line, &err) == 1) {
		verb = command.def->verb;
		command_free(&command);
	}
	return verb;
}

static void
add_step(struct buf *out, const struct recorded_step *step)
{
	struct buf paragraph = BUF_INIT;
	struct events events = {NULL, 0};

	buf_addf(out, "\n```cow\n%s\n", step->command);
	if (step->now && step->before) {
		events_between(&events, step->before, step->now);
		for (size_t i = 0; i < events.count; i++)
			expect_event(out, step->now, &events.list[i], verb_of(step->command));
		expect_pages(out, step);
		events_paragraph(&paragraph, &events, step->now);
	}
	buf_add(out, "```\n");
	if (paragraph.length) {
		buf_add_char(out, '\n');
		markdown_paragraphs(out, buf_text(&paragraph));
	}
	events_free(&events);
	buf_free(&paragraph);
}

void
recorded_lesson(struct buf *out, const struct recorded *recorded)
{
	struct buf line = BUF_INIT;

	buf_addf(&line,
	    NP_("A session: %1$s, %2$zu step", "A session: %1$s, %2$zu steps", recorded->count),
	    kind_word(recorded->kind), recorded->count);
	buf_add(out, "# ");
	markdown_line(out, buf_text(&line));
	buf_clear(&line);
	buf_addf(&line,
	    _("Recorded with %1$s on %2$s. Each step runs on the kernel again, and is expected to show what it showed then."),
	    recorded->software, recorded->kernel);
	buf_add(out, "\n\n");
	markdown_paragraphs(out, buf_text(&line));
	buf_addf(out, "\n```cow\nlab %s pages=%u processes=%u\n```\n", kind_word(recorded->kind),
	    recorded->pages, recorded->processes);
	for (size_t i = 0; i < recorded->count; i++)
		add_step(out, &recorded->steps[i]);
	buf_free(&line);
}
