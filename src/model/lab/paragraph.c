#include "config.h"
#include "model/lab/paragraph.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "model/pagemap_bits.h"

/* Processes to which the same happened on the same pages. */
struct group {
	enum event_type type;
	uint16_t processes;
	uint32_t *pages;
	size_t count;
};

void
paragraph_next(struct paragraph *paragraph)
{
	if (paragraph->out->length)
		buf_add_char(paragraph->out, ' ');
}

void
paragraph_say(struct paragraph *paragraph, const char *sentence)
{
	paragraph_next(paragraph);
	buf_add(paragraph->out, sentence);
}

static void
say_major_faults(struct buf *out, unsigned minor, unsigned major)
{
	if (minor == 0)
		buf_addf(
		    out, NP_("Page fault (major +%u).", "Page faults (major +%u).", major), major);
	else
		buf_addf(out, _("Page faults (minor +%1$u, major +%2$u)."), minor, major);
}

static void
say_faults(struct paragraph *paragraph)
{
	unsigned minor = 0, major = 0, touches = 0;

	for (size_t i = 0; i < paragraph->now->act_count; i++) {
		const struct act *act = &paragraph->now->acts[i];

		if (act->verb != ACT_READ && act->verb != ACT_WRITE)
			continue;
		touches++;
		minor += act->minor;
		major += act->major;
	}
	if (touches == 0 || paragraph->counts[EVENT_FAULTED])
		return;
	paragraph_next(paragraph);
	if (minor + major == 0)
		buf_add(paragraph->out,
		    _("No page fault: the page table entry was there and allowed it."));
	else if (major == 0)
		buf_addf(paragraph->out,
		    NP_("Page fault (minor +%u).", "Page faults (minor +%u).", minor), minor);
	else
		say_major_faults(paragraph->out, minor, major);
}

static bool
copy_says_who_is_left(const struct paragraph *paragraph, const struct event *alone)
{
	for (size_t i = 0; i < paragraph->events->count; i++) {
		const struct event *event = &paragraph->events->list[i];

		if (event->type == EVENT_COPIED && strcmp(event->from, alone->to) == 0)
			return true;
	}
	return false;
}

/* Does another sentence already say it? */
static bool
is_said(const struct paragraph *paragraph, const struct event *event)
{
	if (event->type == EVENT_SHARED)
		return paragraph->counts[EVENT_MAPPED] || paragraph->counts[EVENT_STARTED];
	if (event->type == EVENT_BECAME_PRIVATE)
		return paragraph->counts[EVENT_COPIED] <= SINGLY &&
		    copy_says_who_is_left(paragraph, event);
	return false;
}

static void
say_singly(struct paragraph *paragraph, enum event_type type)
{
	for (size_t i = 0; i < paragraph->events->count; i++) {
		const struct event *event = &paragraph->events->list[i];

		if (event->type != type || is_said(paragraph, event))
			continue;
		paragraph_next(paragraph);
		event_sentence(paragraph->out, event, paragraph->now);
	}
}

static void
say_group_of_file(
    struct buf *out, enum event_type type, const char *pages, const struct snapshot *now)
{
	switch (type) {
	case EVENT_CHANGED:
		buf_addf(out, _("Pages %1$s of the file hold other bytes now."), pages);
		break;
	case EVENT_DIRTIED:
		if (!kind_has_disk(now->kind))
			buf_addf(out, _("Pages %1$s of the shared memory are dirty, and stay so."),
			    pages);
		else
			buf_addf(out, _("Pages %1$s of the file are dirty: not yet written back."),
			    pages);
		break;
	case EVENT_CLEANED:
		buf_addf(out, _("Pages %1$s of the file are clean: memory and disk hold the same."),
		    pages);
		break;
	case EVENT_CACHED:
		buf_addf(out, _("Pages %1$s of the file are in the page cache now."), pages);
		break;
	case EVENT_EVICTED:
		buf_addf(out, _("Pages %1$s of the file left the page cache."), pages);
		break;
	default:
		break;
	}
}

/* A sentence that names processes (%1$s) and pages (%2$s); many: for several processes, NULL if the
 * sentence is the same. */
struct group_words {
	const char *one, *many;
};

/* For one page of several processes, or of one. */
static const struct group_words page_words[EVENT_TYPE_COUNT] = {
    [EVENT_FAULTED] = {NN_("%1$s got a signal at page %2$s, caught it and lives on.",
	"%1$s got a signal at page %2$s, caught it and live on.")},
    [EVENT_COPIED] = {NN_(
	"The kernel copied page %2$s for %1$s: the page points to a new frame now.",
	"The kernel copied page %2$s for each of %1$s: each has a new frame now.")},
    [EVENT_FILLED] = {NN_("%1$s got a fresh frame for page %2$s: there was nothing to copy.",
	"%1$s each got a fresh frame for page %2$s: there was nothing to copy.")},
    [EVENT_MAPPED] = {NN_("%1$s maps page %2$s now.", "%1$s map page %2$s now.")},
    [EVENT_DROPPED] = {N_("Page %2$s of %1$s points nowhere now."), NULL},
    [EVENT_SWAPPED] = {N_("Page %2$s of %1$s was swapped out."), NULL},
    [EVENT_SWAPPED_IN] = {NN_("Page %2$s of %1$s came back from swap, into a frame.",
	"Page %2$s of %1$s came back from swap, into a frame each.")},
    [EVENT_SHARED] = {NN_(
	"%1$s shares the frame of page %2$s now.", "%1$s share the frame of page %2$s now.")},
    [EVENT_PROTECTED] = {N_("Page %2$s of %1$s has another protection now."), NULL},
    [EVENT_LOCKED] = {NN_("%1$s has the lock in page %2$s.", "%1$s have the lock in page %2$s.")},
    [EVENT_UNLOCKED] = {N_("%1$s released the lock in page %2$s."), NULL},
    [EVENT_BECAME_PRIVATE] = {NN_(
	"%1$s is alone on the frame of page %2$s now: the others left it.",
	"%1$s are each alone on their frame of page %2$s now: the others left it.")},
};

/* Of several pages. */
static const struct group_words pages_words[EVENT_TYPE_COUNT] = {
    [EVENT_FAULTED] = {NN_("%1$s got a signal at pages %2$s, caught it and lives on.",
	"%1$s got a signal at pages %2$s, caught it and live on.")},
    [EVENT_COPIED] = {NN_("The kernel copied pages %2$s for %1$s: each points to a new frame now.",
	"The kernel copied pages %2$s for each of %1$s: each page points to a new frame now.")},
    [EVENT_FILLED] = {NN_(
	"%1$s got a fresh frame for each of the pages %2$s: there was nothing to copy.",
	"%1$s each got a fresh frame for every one of pages %2$s: there was nothing to copy.")},
    [EVENT_MAPPED] = {NN_("%1$s maps pages %2$s now.", "%1$s map pages %2$s now.")},
    [EVENT_DROPPED] = {N_("Pages %2$s of %1$s point nowhere now."), NULL},
    [EVENT_SWAPPED] = {N_("Pages %2$s of %1$s were swapped out."), NULL},
    [EVENT_SWAPPED_IN] = {N_("Pages %2$s of %1$s came back from swap, each into a frame."), NULL},
    [EVENT_SHARED] = {NN_(
	"%1$s shares the frames of pages %2$s now.", "%1$s share the frames of pages %2$s now.")},
    [EVENT_PROTECTED] = {N_("Pages %2$s of %1$s have another protection now."), NULL},
    [EVENT_LOCKED] = {NN_(
	"%1$s has the locks in pages %2$s.", "%1$s have the locks in pages %2$s.")},
    [EVENT_UNLOCKED] = {N_("%1$s released the locks in pages %2$s."), NULL},
    [EVENT_BECAME_PRIVATE] = {NN_(
	"%1$s is alone on the frames of pages %2$s now: the others left them.",
	"%1$s are each alone on their frames of pages %2$s now: the others left them.")},
};

/* NULL: they were refused for different reasons. */
static const struct event *
one_reason(const struct events *events)
{
	const struct event *first = NULL;

	for (size_t i = 0; i < events->count; i++) {
		const struct event *event = &events->list[i];

		if (event->type != EVENT_REFUSED)
			continue;
		if (first && (first->errnum != event->errnum || first->code != event->code))
			return NULL;
		first = event;
	}
	return first;
}

static void
say_group_refused(
    const struct paragraph *paragraph, const char *names, const char *pages, size_t count)
{
	const struct event *reason = one_reason(paragraph->events);

	if (reason)
		buf_addf(paragraph->out,
		    NP_("The kernel refused %1$s for page %2$s of %3$s: %4$s (%5$s).",
			"The kernel refused %1$s for pages %2$s of %3$s: %4$s (%5$s).", count),
		    act_call((enum act_verb)reason->code), pages, names, strerror(reason->errnum),
		    errno_name(reason->errnum));
	else
		buf_addf(paragraph->out,
		    NP_("The kernel refused the call for page %2$s of %1$s.",
			"The kernel refused the call for pages %2$s of %1$s.", count),
		    names, pages);
}

static void
say_group_of_processes(
    struct buf *out, const struct group *group, const char *names, const char *pages)
{
	const struct group_words *words =
	    group->count == 1 ? &page_words[group->type] : &pages_words[group->type];
	int many = __builtin_popcount(group->processes);

	if (words->many)
		buf_addf(out, NP_(words->one, words->many, many), names, pages);
	else if (words->one)
		buf_addf(out, _(words->one), names, pages);
}

/* The events of a group all concern processes, or all the file. */
static void
say_events_of_group(
    struct paragraph *paragraph, const struct group *group, const char *names, const char *pages)
{
	if (group->type == EVENT_REFUSED)
		say_group_refused(paragraph, names, pages, group->count);
	else if (!group->processes)
		say_group_of_file(paragraph->out, group->type, pages, paragraph->now);
	else
		say_group_of_processes(paragraph->out, group, names, pages);
}

static void
say_group(struct paragraph *paragraph, const struct group *group)
{
	struct buf names = BUF_INIT, pages = BUF_INIT;

	names_of(&names, group->processes);
	pages_of(&pages, group->pages, group->count);
	paragraph_next(paragraph);
	say_events_of_group(paragraph, group, buf_text(&names), buf_text(&pages));
	buf_free(&names);
	buf_free(&pages);
}

/* Whose page it is; 0: the file's, no matter which process dirtied it. */
static char
owner_in_event(const struct event *event)
{
	return event->type == EVENT_DIRTIED ? 0 : event->process;
}

/* The pages of one process (0: of the file) in events of one type; returns how many. */
static size_t
pages_in_events(
    const struct paragraph *paragraph, enum event_type type, char process, uint32_t *pages)
{
	size_t count = 0;

	for (size_t i = 0; i < paragraph->events->count; i++) {
		const struct event *event = &paragraph->events->list[i];

		if (event->type == type && owner_in_event(event) == process &&
		    event->page != EVENT_NO_PAGE && !is_said(paragraph, event))
			pages[count++] = event->page;
	}
	return count;
}

static bool
join_group(struct group *groups, size_t count, const struct group *joining)
{
	for (size_t i = 0; i < count; i++)
		if (groups[i].processes && groups[i].count == joining->count &&
		    memcmp(groups[i].pages, joining->pages,
			joining->count * sizeof(*joining->pages)) == 0) {
			groups[i].processes |= joining->processes;
			return true;
		}
	return false;
}

static void
say_grouped(struct paragraph *paragraph, enum event_type type)
{
	struct group groups[PROCESSES_MAX + 1];
	size_t count = 0;

	for (int i = -1; i < PROCESSES_MAX; i++) {
		struct group group = {.type = type, .processes = i < 0 ? 0 : (uint16_t)(1u << i)};

		group.pages = mem_zero(paragraph->counts[type], sizeof(*group.pages));
		group.count =
		    pages_in_events(paragraph, type, i < 0 ? 0 : (char)('a' + i), group.pages);
		if (group.count && (i < 0 || !join_group(groups, count, &group)))
			groups[count++] = group;
		else
			free(group.pages);
	}
	for (size_t i = 0; i < count; i++) {
		say_group(paragraph, &groups[i]);
		free(groups[i].pages);
	}
}

static bool
is_of_process(enum event_type type)
{
	return type == EVENT_STARTED || type == EVENT_EXITED || type == EVENT_STOPPED ||
	    type == EVENT_CONTINUED || type == EVENT_WAITING || type == EVENT_ALLOCATED ||
	    type == EVENT_EXECUTED || type == EVENT_RESIZED || type == EVENT_NAMED;
}

/* All processes have one descriptor each. */
static void
say_descriptors(struct paragraph *paragraph, enum event_type type)
{
	struct buf names = BUF_INIT;
	uint16_t set = 0;

	for (size_t i = 0; i < paragraph->events->count; i++)
		if (paragraph->events->list[i].type == type)
			set |= (uint16_t)(1u << (paragraph->events->list[i].process - 'a'));
	names_of(&names, set);
	paragraph_next(paragraph);
	if (type == EVENT_CLOSED)
		buf_addf(paragraph->out,
		    NP_("%s closed its descriptor of the file: what is mapped stays mapped.",
			"%s closed their descriptors of the file: what is mapped stays mapped.",
			__builtin_popcount(set)),
		    buf_text(&names));
	else if (paragraph->now->kind == KIND_POSIX_SHM)
		buf_addf(paragraph->out, _("%s opened the object by its name, with shm_open."),
		    buf_text(&names));
	else
		buf_addf(paragraph->out, _("%s opened the file by its name."), buf_text(&names));
	buf_free(&names);
}

static void
say_type(struct paragraph *paragraph, enum event_type type)
{
	if ((type == EVENT_OPENED || type == EVENT_CLOSED) && paragraph->counts[type])
		say_descriptors(paragraph, type);
	else if (paragraph->counts[type] <= SINGLY || is_of_process(type))
		say_singly(paragraph, type);
	else
		say_grouped(paragraph, type);
}

/* Is what is now shared the file's or shared memory, and nothing anonymous? */
static bool
shares_only_objects(const struct paragraph *paragraph)
{
	const struct events *events = paragraph->events;

	for (size_t i = 0; i < events->count; i++)
		if (events->list[i].type == EVENT_SHARED && events->list[i].to[0] != 'F')
			return false;
	return true;
}

static void
say_inheritance(struct paragraph *paragraph)
{
	if (!paragraph->counts[EVENT_STARTED] || !paragraph->counts[EVENT_SHARED])
		return;
	if (shares_only_objects(paragraph))
		paragraph_say(paragraph,
		    _("Parent and child map the same frames and see each other's writes."));
	else
		paragraph_say(paragraph,
		    _("Parent and child share the frames that were copied or filled so far: the first of them to write "
		      "a page gets a copy."));
}

void
events_paragraph(struct buf *out, const struct events *events, const struct snapshot *now)
{
	struct buf text = BUF_INIT;
	struct paragraph paragraph = {.out = &text, .events = events, .now = now};

	for (size_t i = 0; i < events->count; i++)
		paragraph.counts[events->list[i].type]++;
	say_faults(&paragraph);
	for (enum event_type type = 0; type < EVENT_TYPE_COUNT; type++) {
		say_type(&paragraph, type);
		if (type == EVENT_STARTED)
			say_inheritance(&paragraph);
		if (type == EVENT_COPIED)
			paragraph_say_writes(&paragraph);
	}
	paragraph_say_deeds(&paragraph);
	buf_add_n(out, text.data, text.length);
	buf_free(&text);
}
