#include "config.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "out/json/json.h"
#include "out/lab/load_snapshot.h"

#include <signal.h>
#include <string.h>

static const char *
segv_code(int code)
{
	return signal_code_name(SIGSEGV, code);
}

static const char *
bus_code(int code)
{
	return signal_code_name(SIGBUS, code);
}

static const char *
any_code(int code)
{
	return signal_code_name(0, code);
}

void
load_fault(
    struct json_reader *reader, const json_t *object, int *signal, int *code, uint64_t *address)
{
	if (json_object_get(object, "signal"))
		*signal = read_name(reader, object, "signal", signal_name);
	if (!json_object_get(object, "code"))
		return;
	*code = read_name(reader, object, "code",
	    *signal == SIGSEGV      ? segv_code
		: *signal == SIGBUS ? bus_code
				    : any_code);
	*address = read_bits(reader, object, "address");
}

int
load_errno(struct json_reader *reader, const json_t *object)
{
	return json_object_get(object, "errno") ? read_name(reader, object, "errno", errno_name)
						: 0;
}

static char
read_actor(struct json_reader *reader, const json_t *object)
{
	char name = read_letter(reader, object, "process");

	if (!name)
		reader_fail(reader, "process", _("nobody did it"));
	return name ? name : 'a';
}

static void
load_act(
    struct json_reader *reader, const json_t *object, const struct snapshot *now, struct act *act)
{
	act->verb = (uint8_t)read_word(reader, object, "act", json_act_words);
	act->process = read_actor(reader, object);
	act->page = (uint32_t)read_number(reader, object, "page", now->page_count - 1);
	act->minor = (uint16_t)read_number(reader, object, "minor_faults", UINT16_MAX);
	act->major = (uint16_t)read_number(reader, object, "major_faults", UINT16_MAX);
	act->before = read_bits(reader, object, "before");
	act->after = read_bits(reader, object, "after");
	act->content = read_content(reader, object, "content_hex");
	if (act->verb == ACT_COPY) {
		act->calls = (uint16_t)read_number(reader, object, "calls", UINT16_MAX);
		act->copied = (uint32_t)read_number(reader, object, "copied_bytes", UINT32_MAX);
	}
	load_fault(reader, object, &act->signal, &act->code, &act->address);
	act->errnum = load_errno(reader, object);
	act->loosens = json_is_true(json_object_get(object, "loosens"));
	act->no_room = json_is_true(json_object_get(object, "no_room"));
}

void
load_acts(struct json_reader *reader, const json_t *root, struct snapshot *now)
{
	const json_t *list = reader_enter(reader, root, "acts", JSON_ARRAY);
	size_t count = json_array_size(list);

	if (!list)
		return;
	now->acts = count ? mem_zero(count, sizeof(*now->acts)) : NULL;
	now->act_count = count;
	for (size_t i = 0; i < count && !reader->failed; i++) {
		const json_t *object = reader_element(reader, list, i, JSON_OBJECT);

		if (!object)
			return;
		load_act(reader, object, now, &now->acts[i]);
		reader_leave(reader);
	}
	reader_leave(reader);
}

static uint16_t
read_others(struct json_reader *reader, const json_t *object)
{
	const json_t *list = reader_enter(reader, object, "others", JSON_ARRAY);
	uint16_t others = 0;

	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *name = json_string_value(json_array_get(list, i));

		if (name && is_process_name(name[0]) && !name[1])
			others |= (uint16_t)(1u << (name[0] - 'a'));
		else
			reader_fail(reader, NULL, _("expected names of processes"));
	}
	if (list)
		reader_leave(reader);
	return others;
}

static void
load_change(struct json_reader *reader, const json_t *object, struct event *event)
{
	bool sized = event->type == EVENT_RESIZED;

	if (event->type == EVENT_PROTECTED) {
		read_short(reader, object, "perms", event->new_perms, sizeof(event->new_perms));
		read_short(
		    reader, object, "perms_before", event->old_perms, sizeof(event->old_perms));
	} else if (sized || event->type == EVENT_NAMED) {
		event->is =
		    read_number(reader, object, sized ? "file_bytes" : "file_links", INT64_MAX);
		event->was = read_number(
		    reader, object, sized ? "file_bytes_before" : "file_links_before", INT64_MAX);
	}
}

static void
load_event(struct json_reader *reader, const json_t *object, const struct snapshot *now,
    struct event *event)
{
	event->process = read_letter(reader, object, "process");
	event->page = reader_is_null(reader, object, "page")
	    ? EVENT_NO_PAGE
	    : (uint32_t)read_number(reader, object, "page", now->page_count - 1);
	if (json_object_get(object, "from"))
		read_short(reader, object, "from", event->from, sizeof(event->from));
	if (json_object_get(object, "to"))
		read_short(reader, object, "to", event->to, sizeof(event->to));
	load_change(reader, object, event);
	load_fault(reader, object, &event->signal, &event->code, &event->address);
	event->errnum = load_errno(reader, object);
	event->others = read_others(reader, object);
	if (event->type == EVENT_REFUSED)
		event->code = (int)read_word(reader, object, "act", json_act_words);
	if (event->type == EVENT_EXITED)
		event->code = reader_is_null(reader, object, "exit_status")
		    ? -1
		    : (int)read_number(reader, object, "exit_status", INT32_MAX);
}

static enum event_type
event_from_word(const char *word)
{
	enum event_type type = 0;

	while (type < EVENT_TYPE_COUNT && strcmp(event_word(type), word) != 0)
		type++;
	return type;
}

/* Types that were added later are skipped. */
void
load_events(struct json_reader *reader, const json_t *root, const struct snapshot *now,
    struct events *events)
{
	const json_t *list = reader_enter(reader, root, "events", JSON_ARRAY);
	size_t count = json_array_size(list);

	if (!list)
		return;
	events->list = count ? mem_zero(count, sizeof(*events->list)) : NULL;
	for (size_t i = 0; i < count && !reader->failed; i++) {
		const json_t *object = reader_element(reader, list, i, JSON_OBJECT);
		struct event *event = &events->list[events->count];

		if (!object)
			return;
		event->type = event_from_word(read_text(reader, object, "type"));
		if (event->type < EVENT_TYPE_COUNT) {
			load_event(reader, object, now, event);
			events->count++;
		}
		reader_leave(reader);
	}
	reader_leave(reader);
}
