#include "config.h"
#include "out/json.h"
#include "base/err.h"
#include "base/utf8.h"
#include "model/pagemap.h"
#include "view/explain.h"

#include <string.h>

#define SCHEMA "{\"schema\":\"cowscope/1\",\"type\":"

const char *const json_act_words[] = {
    [ACT_READ] = "read",
    [ACT_WRITE] = "write",
    [ACT_SYNC] = "sync",
    [ACT_ADVISE] = "advise",
    [ACT_PROTECT] = "protect",
    [ACT_UNMAP] = "unmap",
    [ACT_MAP] = "map",
    [ACT_LOCK] = "lock",
    [ACT_UNLOCK] = "unlock",
    [ACT_COPY] = "copy",
    NULL,
};

const char *const json_birth_words[] = {
    [BIRTH_FILE] = "file",
    [BIRTH_FILLED] = "filled",
    [BIRTH_COPIED] = "copied",
    [BIRTH_ZERO] = "zero",
    NULL,
};

const char *const json_life_words[] = {
    [LIFE_RUNNING] = "running",
    [LIFE_STOPPED] = "stopped",
    [LIFE_BUSY] = "busy",
    [LIFE_DEAD] = "dead",
    NULL,
};

static void
add_escaped(struct buf *out, const char *text, size_t bytes, uint32_t code)
{
	if (code == '"' || code == '\\')
		buf_addf(out, "\\%c", (char)code);
	else if (bytes == 1 && code > 0x7F)
		buf_add(out, "\xEF\xBF\xBD");
	else if (utf8_cells(code) < 0 && code > 0xFFFF)
		buf_addf(out, "\\u%04x\\u%04x", 0xD7C0 + (unsigned)(code >> 10), 0xDC00 + (unsigned)(code & 0x3FF));
	else if (utf8_cells(code) < 0) /* what a terminal obeys */
		buf_addf(out, "\\u%04x", (unsigned)code);
	else
		buf_add_n(out, text, bytes);
}

void
json_quote(struct buf *out, const char *text, size_t length)
{
	size_t at = 0;

	buf_add_char(out, '"');
	while (at < length) {
		uint32_t code;
		size_t bytes = utf8_decode(text + at, length - at, &code);

		add_escaped(out, text + at, bytes, code);
		at += bytes;
	}
	buf_add_char(out, '"');
}

static void
add_string(struct buf *out, const char *text)
{
	if (text && *text)
		json_quote(out, text, strlen(text));
	else
		buf_add(out, text ? "\"\"" : "null");
}

void
json_add_string(struct buf *out, const char *key, const char *text)
{
	buf_add(out, key);
	add_string(out, text);
}

void
json_add_count(struct buf *out, const char *key, uint64_t count)
{
	if (count == COUNT_UNKNOWN)
		buf_addf(out, "%snull", key);
	else
		buf_addf(out, "%s%llu", key, (unsigned long long)count);
}

/* "0x12"; null for 0. */
static void
add_bits(struct buf *out, const char *key, uint64_t bits)
{
	if (bits)
		buf_addf(out, "%s\"0x%llx\"", key, (unsigned long long)bits);
	else
		buf_addf(out, "%snull", key);
}

static void
add_hex(struct buf *out, const char *key, const struct content *content)
{
	buf_add(out, key);
	if (!content->length) {
		buf_add(out, "null");
		return;
	}
	buf_add_char(out, '"');
	for (size_t i = 0; i < content->length && i < CONTENT_MAX; i++)
		buf_addf(out, "%02x", content->bytes[i]);
	buf_add_char(out, '"');
}

static void
add_letter(struct buf *out, const char *key, char process)
{
	if (process)
		buf_addf(out, "%s\"%c\"", key, process);
	else
		buf_addf(out, "%snull", key);
}

static const char *
tri_text(int tri)
{
	return tri == TRI_YES ? "true" : tri == TRI_NO ? "false" : "null";
}

static void
add_head(struct buf *out, const struct snapshot *now, const char *command)
{
	buf_addf(out, SCHEMA "\"snapshot\",\"step\":%u,\"command\":", now->step);
	add_string(out, command);
	buf_addf(
	    out, ",\"time_ns\":%llu,\"kernel\":{\"release\":", (unsigned long long)now->time_ns);
	add_string(out, now->machine.release);
	buf_addf(out, ",\"page_size\":%u,\"pfn\":\"%s\"}", now->machine.page_size,
	    now->machine.pfn == TRI_YES ? "known" : "unknown");
	buf_addf(out, ",\"lab\":{\"kind\":\"%s\",\"pages\":%u,\"path\":", kind_word(now->kind),
	    now->page_count);
	add_string(out, now->path);
	buf_add(out, ",\"filesystem\":");
	add_string(out, now->filesystem);
	buf_addf(out, ",\"number\":%u", now->lab);
	json_add_count(out, ",\"file_bytes\":", now->file_bytes);
	buf_add(out, "}");
}

static void
add_frame_fields(struct buf *out, const struct snapshot *now, const struct page *page)
{
	char name[FRAME_NAME_MAX];

	if (page->frame == FRAME_NONE)
		buf_add(out, ",\"frame\":null");
	else
		buf_addf(out, ",\"frame\":\"%s\"", snapshot_frame_name(now, page->frame, name));
	if (now->machine.pfn == TRI_YES && pm_pfn(page->pagemap))
		buf_addf(out, ",\"pfn\":\"0x%llx\"", (unsigned long long)pm_pfn(page->pagemap));
	else
		buf_add(out, ",\"pfn\":null");
	if (page->pagemap_known)
		buf_addf(out, ",\"pagemap\":\"0x%016llx\"", (unsigned long long)page->pagemap);
	else
		buf_add(out, ",\"pagemap\":null");
}

static void
add_page(
    struct buf *out, const struct snapshot *now, const struct process *process, uint32_t number)
{
	const struct page *page = &process->pages[number];
	const struct smaps *smaps = page_smaps(process, number);

	buf_addf(out,
	    "%s{\"page\":%u,\"state\":\"%s\",\"dirty\":%s,\"mapped_by\":", number ? "," : "",
	    number, page_state_word(page->state), tri_text(page->dirty));
	if (page->state == PAGE_UNKNOWN)
		buf_add(out, "null");
	else
		buf_addf(out, "%u", page->mapped_by);
	add_frame_fields(out, now, page);
	buf_addf(out, ",\"basis\":\"%s\",\"content\":", page->inferred ? "inferred" : "exact");
	if (page->content.length) {
		struct buf content = BUF_INIT;

		content_text(&content, &page->content, false);
		json_quote(out, buf_text(&content), content.length);
		buf_free(&content);
	} else {
		buf_add(out, "null");
	}
	buf_add(out, ",\"perms\":");
	add_string(out, smaps ? smaps->perms : NULL);
	buf_add(out, page->disagrees ? ",\"disagrees\":true" : "");
	add_hex(out, ",\"content_hex\":", &page->content);
	buf_addf(out, ",\"zero\":%s", tri_text(page->zero));
	add_bits(out, ",\"kpageflags\":", page->kpageflags);
	buf_addf(out, ",\"object\":%u}", page->object);
}

static void
add_smaps(struct buf *out, const struct smaps *smaps)
{
	const struct {
		const char *key;
		uint32_t kib;
	} sizes[] = {
	    {",\"rss_kib\":", smaps->rss},
	    {",\"pss_kib\":", smaps->pss},
	    {",\"shared_clean_kib\":", smaps->shared_clean},
	    {",\"shared_dirty_kib\":", smaps->shared_dirty},
	    {",\"private_clean_kib\":", smaps->private_clean},
	    {",\"private_dirty_kib\":", smaps->private_dirty},
	    {",\"referenced_kib\":", smaps->referenced},
	    {",\"anonymous_kib\":", smaps->anonymous},
	    {",\"ksm_kib\":", smaps->ksm},
	    {",\"swap_kib\":", smaps->swap},
	};

	buf_addf(out, "{\"start\":\"0x%llx\",\"end\":\"0x%llx\",\"perms\":",
	    (unsigned long long)smaps->start, (unsigned long long)smaps->end);
	add_string(out, smaps->perms);
	buf_addf(out, ",\"offset\":\"0x%llx\"", (unsigned long long)smaps->offset);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		buf_addf(out, "%s%u", sizes[i].key, sizes[i].kib);
	buf_add(out, "}");
}

static void
add_status(struct buf *out, int exit_status)
{
	if (exit_status >= 0)
		buf_addf(out, ",\"exit_status\":%d", exit_status);
	else
		buf_add(out, ",\"exit_status\":null");
}

/* What stands behind a process's first fields. */
static void
add_process_rest(struct buf *out, const struct process *process)
{
	add_status(out, process->exit_status);
	json_add_count(out, ",\"rss_anon_kib\":", process->rss_anon_kib);
	json_add_count(out, ",\"rss_file_kib\":", process->rss_file_kib);
	json_add_count(out, ",\"rss_shmem_kib\":", process->rss_shmem_kib);
	buf_add(out, ",\"smaps\":[");
	for (size_t i = 0; i < process->vma_count; i++) {
		buf_add(out, i ? "," : "");
		add_smaps(out, &process->vmas[i]);
	}
	buf_add(out, "]");
}

static void
add_process(struct buf *out, const struct snapshot *now, const struct process *process)
{
	buf_addf(out, "{\"name\":\"%c\",\"pid\":%d,\"ppid\":%d,\"alive\":%s,\"address\":\"0x%llx\"",
	    process->name, (int)process->pid, (int)process->ppid,
	    process->life == LIFE_DEAD ? "false" : "true", (unsigned long long)process->address);
	json_add_count(out, ",\"minor_faults\":", process->minor_faults);
	json_add_count(out, ",\"major_faults\":", process->major_faults);
	json_add_count(out, ",\"rss_kib\":", process->rss_kib);
	json_add_count(out, ",\"pss_kib\":", process->pss_kib);
	buf_add(out, ",\"pages\":[");
	for (uint32_t page = 0; page < now->page_count; page++)
		add_page(out, now, process, page);
	add_letter(out, "],\"forked_from\":", process->forked_from);
	buf_addf(out, ",\"life\":\"%s\",\"exit_signal\":", json_life_words[process->life]);
	add_string(out, process->life == LIFE_DEAD && process->exit_signal
			    ? signal_name(process->exit_signal)
			    : NULL);
	add_process_rest(out, process);
	buf_add(out, "}");
}

static void
add_file(struct buf *out, const struct snapshot *now)
{
	if (!now->file_pages) {
		buf_add(out, ",\"file\":null");
		return;
	}
	buf_add(out, ",\"file\":{\"pages\":[");
	for (uint32_t i = 0; i < now->page_count; i++) {
		const struct file_page *page = &now->file_pages[i];

		buf_addf(out,
		    "%s{\"page\":%u,\"cached\":%s,\"dirty\":%s,\"writeback\":%s,\"frame\":",
		    i ? "," : "", i, tri_text(page->cached), tri_text(page->dirty),
		    tri_text(page->writeback));
		if (page->cached == TRI_YES)
			buf_addf(out, "\"F%u\"", i);
		else
			buf_add(out, "null");
		add_hex(out, ",\"content_hex\":", &page->content);
		buf_add(out, "}");
	}
	buf_add(out, "]}");
}

static void
add_memory(struct buf *out, const struct memory *memory)
{
	json_add_count(out, ",\"memory\":{\"used_kib\":", memory->used_kib);
	json_add_count(out, ",\"buff_cache_kib\":", memory->buff_cache_kib);
	json_add_count(out, ",\"shared_kib\":", memory->shared_kib);
	json_add_count(out, ",\"available_kib\":", memory->available_kib);
	json_add_count(out, ",\"dirty_kib\":", memory->dirty_kib);
	buf_add(out, "}");
}

static void
add_fault(struct buf *out, int signal, int code, uint64_t address)
{
	buf_addf(out, ",\"signal\":\"%s\"", signal_name(signal));
	buf_addf(out, ",\"code\":\"%s\",\"address\":\"0x%llx\"", signal_code_name(signal, code),
	    (unsigned long long)address);
}

static void
add_signal(struct buf *out, const struct event *event)
{
	if (event->type == EVENT_FAULTED)
		add_fault(out, event->signal, event->code, event->address);
	else if (event->signal)
		buf_addf(out, ",\"signal\":\"%s\"", signal_name(event->signal));
	if (event->errnum)
		buf_addf(out, ",\"errno\":\"%s\"", errno_name(event->errnum));
}

static void
add_others(struct buf *out, uint16_t others)
{
	const char *separator = "";

	buf_add(out, ",\"others\":[");
	for (int i = 0; i < PROCESSES_MAX; i++)
		if (others & 1u << i) {
			buf_addf(out, "%s\"%c\"", separator, 'a' + i);
			separator = ",";
		}
	buf_add(out, "]");
}

static void
add_event(struct buf *out, const struct snapshot *now, const struct event *event)
{
	struct buf sentence = BUF_INIT;

	buf_addf(out, "{\"type\":\"%s\"", event_word(event->type));
	add_letter(out, ",\"process\":", event->process);
	if (event->page == EVENT_NO_PAGE)
		buf_add(out, ",\"page\":null");
	else
		buf_addf(out, ",\"page\":%u", event->page);
	if (event->from[0])
		buf_addf(out, ",\"from\":\"%s\"", event->from);
	if (event->to[0])
		buf_addf(out, ",\"to\":\"%s\"", event->to);
	add_signal(out, event);
	event_sentence(&sentence, event, now);
	buf_add(out, ",\"text\":");
	add_string(out, buf_text(&sentence));
	add_others(out, event->others);
	if (event->type == EVENT_REFUSED)
		buf_addf(out, ",\"act\":\"%s\"", json_act_words[event->code]);
	if (event->type == EVENT_EXITED)
		add_status(out, event->code);
	buf_add(out, "}");
	buf_free(&sentence);
}

static void
add_act(struct buf *out, const struct act *act)
{
	buf_add(out, "{\"act\":");
	add_string(out, json_act_words[act->verb]);
	add_letter(out, ",\"process\":", act->process);
	buf_addf(out, ",\"page\":%u,\"minor_faults\":%u,\"major_faults\":%u", act->page, act->minor,
	    act->major);
	add_bits(out, ",\"before\":", act->before);
	add_bits(out, ",\"after\":", act->after);
	add_hex(out, ",\"content_hex\":", &act->content);
	if (act->signal)
		add_fault(out, act->signal, act->code, act->address);
	if (act->verb == ACT_COPY)
		buf_addf(out, ",\"calls\":%u,\"copied_bytes\":%u", act->calls, act->copied);
	if (act->errnum)
		buf_addf(out, ",\"errno\":\"%s\"", errno_name(act->errnum));
	buf_add(out, "}");
}

static void
add_frame(struct buf *out, const struct frame *frame)
{
	char name[FRAME_NAME_MAX];

	buf_addf(out, "{\"frame\":\"%s\",\"birth\":", frame_name(frame, name));
	add_string(out, json_birth_words[frame->birth]);
	buf_addf(out, ",\"object\":%u}", frame->object);
}

/* What stands behind a snapshot's first fields. */
static void
add_rest(struct buf *out, const struct snapshot *now)
{
	buf_add(out, ",\"step_command\":");
	add_string(out, now->command);
	buf_add(out, ",\"acts\":[");
	for (size_t i = 0; i < now->act_count; i++) {
		buf_add(out, i ? "," : "");
		add_act(out, &now->acts[i]);
	}
	buf_add(out, "],\"frames\":[");
	for (size_t i = 0; i < now->frame_count; i++) {
		buf_add(out, i ? "," : "");
		add_frame(out, &now->frames[i]);
	}
	buf_add(out, "]");
}

void
json_snapshot(
    struct buf *out, const struct snapshot *now, const struct events *events, const char *command)
{
	add_head(out, now, command);
	buf_add(out, ",\"processes\":[");
	for (size_t i = 0; i < now->process_count; i++) {
		buf_add(out, i ? "," : "");
		add_process(out, now, &now->processes[i]);
	}
	buf_add(out, "]");
	add_file(out, now);
	add_memory(out, &now->memory);
	buf_add(out, ",\"events\":[");
	for (size_t i = 0; events && i < events->count; i++) {
		buf_add(out, i ? "," : "");
		add_event(out, now, &events->list[i]);
	}
	buf_add(out, "]");
	add_rest(out, now);
	buf_add(out, "}\n");
}

void
json_error(struct buf *out, const char *command, const char *message)
{
	buf_add(out, SCHEMA "\"error\",\"command\":");
	add_string(out, command);
	buf_add(out, ",\"message\":");
	add_string(out, message);
	buf_add(out, "}\n");
}

void
json_expect(struct buf *out, const char *command, bool holds, const char *message)
{
	buf_add(out, SCHEMA "\"expect\",\"command\":");
	add_string(out, command);
	buf_addf(out, ",\"holds\":%s,\"message\":", holds ? "true" : "false");
	add_string(out, message);
	buf_add(out, "}\n");
}

void
json_text(struct buf *out, const char *type, const char *command, const char *text)
{
	buf_add(out, SCHEMA);
	add_string(out, type);
	buf_add(out, ",\"command\":");
	add_string(out, command);
	buf_add(out, ",\"text\":");
	add_string(out, text);
	buf_add(out, "}\n");
}

void
json_weigh(struct buf *out, const char *command, const struct weight *weight, const char *text)
{
	buf_add(out, SCHEMA);
	add_string(out, "weigh");
	buf_add(out, ",\"command\":");
	add_string(out, command);
	buf_addf(out, ",\"change\":{\"used_kib\":%lld,\"buff_cache_kib\":%lld,\"shared_kib\":%lld,\"available_kib\":%lld,\"dirty_kib\":%lld,\"anon_kib\":",
	    (long long)weight->used, (long long)weight->buff_cache, (long long)weight->shared, (long long)weight->available,
	    (long long)weight->dirty);
	if (weight->anon == INT64_MIN)
		buf_add(out, "null}");
	else
		buf_addf(out, "%lld}", (long long)weight->anon);
	buf_add(out, ",\"text\":");
	add_string(out, text);
	buf_add(out, "}\n");
}
