#include "config.h"
#include "blame/join/fault_explain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "blame/code/code.h"
#include "blame/data/data.h"

#define SUSPECTS 32 /* held open at once */
#define ANCESTORS_MOST 16
#define MAPS_AGE_NS 20000000 /* before mappings are read again for an unknown address */
#define GONE_AGE_NS 1000000000
#define LINE_BREAK '\n' /* between the parts of a line of code, stored as one name */

struct held_suspect {
	struct suspect suspect;
	pid_t pid; /* 0: free */
	bool open; /* false: it has ended, or may not be read */
	uint64_t used, maps_ns;
};

struct explain {
	struct names_pool *names;
	const struct kindred *kindred;
	struct data *data;
	struct code *code;
	struct held_suspect held[SUSPECTS];
	uint64_t uses;
	struct code_stack *stack; /* room for one */
};

struct explain *
explain_new(struct names_pool *names, const struct kindred *kindred)
{
	struct explain *explain = mem_zero(1, sizeof(*explain));

	explain->names = names;
	explain->kindred = kindred;
	explain->data = data_new();
	explain->code = code_new();
	explain->stack = mem_zero(1, sizeof(*explain->stack));
	return explain;
}

static void
let_go(struct held_suspect *held)
{
	if (held->open)
		suspect_close(&held->suspect);
	held->pid = 0;
	held->open = false;
}

void
explain_free(struct explain *explain)
{
	if (!explain)
		return;
	for (size_t i = 0; i < SUSPECTS; i++)
		let_go(&explain->held[i]);
	code_free(explain->code);
	data_free(explain->data);
	free(explain->stack);
	free(explain);
}

void
explain_again(struct explain *explain)
{
	for (size_t i = 0; i < SUSPECTS; i++)
		if (explain->held[i].open)
			suspect_forget(&explain->held[i].suspect);
}

void
explain_forget(struct explain *explain, pid_t pid)
{
	for (size_t i = 0; i < SUSPECTS; i++)
		if (explain->held[i].pid == pid)
			let_go(&explain->held[i]);
	code_forget(explain->code, pid);
}

/* The slot of this process, or the least recently used one. */
static struct held_suspect *
suspect_place(struct explain *explain, pid_t pid)
{
	struct held_suspect *oldest = &explain->held[0];

	for (size_t i = 0; i < SUSPECTS; i++) {
		if (explain->held[i].pid == pid)
			return &explain->held[i];
		if (explain->held[i].used < oldest->used)
			oldest = &explain->held[i];
	}
	return oldest;
}

/* NULL: it can't be read. */
static struct held_suspect *
hold_suspect(struct explain *explain, pid_t pid)
{
	struct held_suspect *held = suspect_place(explain, pid);

	held->used = ++explain->uses;
	if (held->pid == pid && (held->open || clock_steady_ns() < held->maps_ns + GONE_AGE_NS))
		return held->open ? held : NULL;
	let_go(held);
	held->pid = pid;
	held->maps_ns = clock_steady_ns();
	held->open = suspect_open(&held->suspect, pid);
	return held->open ? held : NULL;
}

/* What it maps there; false: nothing, or it has ended. */
static bool
maps_there(struct held_suspect *held, uint64_t address)
{
	uint64_t now = clock_steady_ns();

	bool known = suspect_vma(&held->suspect, address) != NULL;

	if ((known && !held->suspect.maps_outdated) || now < held->maps_ns + MAPS_AGE_NS)
		return known;
	held->maps_ns = now;
	return suspect_refresh_maps(&held->suspect) && suspect_vma(&held->suspect, address);
}

/* What the address holds may lead to mappings that are new. */
static void
find_data(struct explain *explain, struct held_suspect *held, struct held_suspect *before,
    uint64_t address, struct data_found *found)
{
	struct suspect *earlier = before ? &before->suspect : NULL;

	data_find(explain->data, &held->suspect, earlier, address, found);
	if (held->suspect.maps_outdated && maps_there(held, address) &&
	    !held->suspect.maps_outdated) {
		suspect_forget(&held->suspect);
		data_find(explain->data, &held->suspect, earlier, address, found);
	}
}

/* Where a program's parts lie: equal in processes that come from one fork and still execute the
 * same program. 0: it has none. */
static uint64_t
vdso_of(const struct held_suspect *held)
{
	const struct maps *maps = &held->suspect.maps;

	for (size_t i = 0; i < maps->count; i++)
		if (maps->list[i].kind == REGION_VDSO)
			return maps->list[i].start;
	return 0;
}

/* The process whose memory, by its fork or by what it maps, this process's memory was. heir NULL:
 * the process has ended. 0: unknown. */
static pid_t
forked_from(const struct explain *explain, pid_t pid, const struct held_suspect *heir)
{
	const struct kindred_one *one = by_pid_find(&explain->kindred->all, pid);

	return one && !one->exec_ns && (heir || !one->assumed) ? one->parent : 0;
}

/* heir: the process itself; NULL: it has ended. */
static struct held_suspect *
hold_ancestor(struct explain *explain, pid_t pid, const struct held_suspect *heir, uint64_t address)
{
	for (int i = 0; i < ANCESTORS_MOST && (pid = forked_from(explain, pid, heir)) > 0; i++) {
		struct held_suspect *held = hold_suspect(explain, pid);

		if (held && (!heir || vdso_of(held) == vdso_of(heir)) && maps_there(held, address))
			return held;
	}
	return NULL;
}

static void
find_code(struct explain *explain, struct held_suspect *held, const struct fault *fault,
    struct finding *finding, struct data_found *found)
{
	struct code_place place = {.module = ""};

	maps_there(held, fault->ip);
	code_place(explain->code, &held->suspect, fault->ip, &place);
	data_written_by(place.module, found);
	finding->module = names_pool_number(explain->names, place.module);
	finding->function = names_pool_number(explain->names, place.function);
	if (*place.module)
		finding->offset = place.offset;
}

void
explain_fault(struct explain *explain, const struct fault *fault, struct finding *finding)
{
	struct held_suspect *held = hold_suspect(explain, fault->pid), *before = NULL;
	struct data_found found = {.cause = CAUSE_UNKNOWN};

	*finding = (struct finding){.found = true, .cause = CAUSE_UNKNOWN, .offset = COUNT_UNKNOWN};
	if (!held || !maps_there(held, fault->address))
		held = hold_ancestor(explain, fault->pid, NULL, fault->address);
	else
		before = hold_ancestor(explain, fault->pid, held, fault->address);
	if (held)
		find_data(explain, held, before, fault->address, &found);
	if (held && !fault->by_kernel)
		find_code(explain, held, fault, finding, &found);
	if (fault->by_kernel) {
		found.cause = CAUSE_KERNEL;
		finding->module = names_pool_number(explain->names, "[kernel]");
	}
	finding->cause = (uint8_t)found.cause;
	finding->runtime = (uint8_t)found.runtime;
	finding->object = names_pool_number(explain->names, found.object);
}

static void
add_frame_name(struct buf *out, const char *name)
{
	if (out->length)
		buf_add_char(out, ';');
	for (; *name; name++)
		buf_add_char(out, *name == ';' || *name == ' ' ? '_' : *name);
}

static void
add_native_frame(struct buf *out, const struct code_place *place)
{
	char name[BLAME_NAME_MAX + 24];

	if (*place->function) {
		add_frame_name(out, place->function);
		return;
	}
	snprintf(name, sizeof(name), "%s+0x%llx", *place->module ? place->module : "?",
	    (unsigned long long)place->offset);
	add_frame_name(out, name);
}

/* The language's frames if there are any, and the innermost of the machine's. */
static void
frames_text(struct buf *out, const struct code_stack *stack)
{
	if (!stack->line_count)
		for (size_t i = stack->count; i-- > 1;)
			add_native_frame(out, &stack->frames[i]);
	for (size_t i = stack->line_count; i-- > 0;)
		add_frame_name(out, stack->lines[i].function);
	if (stack->count)
		add_native_frame(out, &stack->frames[0]);
}

static void
innermost_named(struct buf *out, const struct code_stack *stack)
{
	for (size_t i = 0; i < stack->count; i++)
		if (*stack->frames[i].function) {
			buf_addf(out, "%c%s%c%s", LINE_BREAK, stack->frames[i].function, LINE_BREAK,
			    stack->frames[i].module);
			return;
		}
}

/* The innermost line of the language, or the innermost function with a name; and the command that
 * was being served. */
static void
line_text(struct buf *out, const struct code_stack *stack)
{
	const struct code_line *line = &stack->lines[0];
	char command[BLAME_NAME_MAX];

	if (stack->line_count)
		buf_addf(out, "%s%c%s%c%s", line->language, LINE_BREAK, line->function, LINE_BREAK,
		    line->source);
	else
		innermost_named(out, stack);
	if (out->length && code_command(stack, command))
		buf_addf(out, "%c%s", LINE_BREAK, command);
}

void
explain_stack(struct explain *explain, const struct fault *fault, struct finding *finding)
{
	struct held_suspect *held = hold_suspect(explain, fault->pid);
	struct buf text = BUF_INIT;

	if (!held)
		held = hold_ancestor(explain, fault->pid, NULL, fault->ip);
	if (!held || !code_unwind(explain->code, &held->suspect, fault, explain->stack))
		return;
	finding->has_stack = true;
	line_text(&text, explain->stack);
	finding->line = names_pool_number(explain->names, buf_text(&text));
	buf_clear(&text);
	frames_text(&text, explain->stack);
	finding->stack = names_pool_number(explain->names, buf_text(&text));
	buf_free(&text);
}
