#include "config.h"
#include "out/json/json.h"
#include "base/err.h"
#include "model/pagemap_bits.h"
#include "out/json/json_write.h"
#include "view/lab/explain.h"

#include <stdio.h>

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
    [BIRTH_UNKNOWN] = "unknown",
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
write_content_hex(struct json *json, const struct content *content)
{
	char digits[2 * CONTENT_MAX + 1];
	size_t length = content->length < CONTENT_MAX ? content->length : CONTENT_MAX;

	for (size_t i = 0; i < length; i++)
		snprintf(digits + 2 * i, 3, "%02x", content->bytes[i]);
	json_string(json, "content_hex", length ? digits : NULL);
}

static void
write_machine(struct json *json, const struct machine *machine)
{
	json_object(json, "kernel");
	json_string(json, "release", machine->release);
	json_u64(json, "page_size", machine->page_size);
	json_string(json, "pfn", machine->pfn == TRI_YES ? "known" : "unknown");
	json_end(json);
}

static void
write_lab(struct json *json, const struct snapshot *now)
{
	json_object(json, "lab");
	json_string(json, "kind", kind_word(now->kind));
	json_u64(json, "pages", now->page_count);
	json_string(json, "path", now->path);
	json_string(json, "filesystem", now->filesystem);
	json_u64(json, "number", now->lab);
	json_count(json, "file_bytes", now->file_bytes);
	json_count(json, "file_links", now->file_links);
	json_string(json, "vmas", now->one_vma ? "one" : "page");
	json_bool(json, "read_only", now->read_only);
	json_end(json);
}

static void
json_write_head(struct json *json, const struct snapshot *now, const char *command)
{
	json_u64(json, "step", now->step);
	json_string(json, "command", command);
	json_u64(json, "time_ns", now->time_ns);
	write_machine(json, &now->machine);
	write_lab(json, now);
}

static void
write_frame_fields(struct json *json, const struct snapshot *now, const struct page *page)
{
	uint64_t pfn = now->machine.pfn == TRI_YES ? pm_pfn(page->pagemap) : 0;
	char name[FRAME_NAME_MAX];

	json_string(json, "frame",
	    page->frame == FRAME_NONE ? NULL : snapshot_frame_name(now, page->frame, name));
	json_hex_some(json, "pfn", pfn);
	if (page->pagemap_known)
		json_word(json, "pagemap", "0x%016llx", (unsigned long long)page->pagemap);
	else
		json_null(json, "pagemap");
}

static void
write_content(struct json *json, const struct content *content)
{
	struct buf text = BUF_INIT;

	if (!content->length) {
		json_null(json, "content");
		return;
	}
	content_text(&text, content, false);
	json_bytes(json, "content", buf_text(&text), text.length);
	buf_free(&text);
}

static void
write_page(
    struct json *json, const struct snapshot *now, const struct process *process, uint32_t number)
{
	const struct page *page = &process->pages[number];
	const struct smaps *smaps = page_smaps(process, number);

	json_object(json, NULL);
	json_u64(json, "page", number);
	json_string(json, "state", page_state_word(page->state));
	json_tri(json, "dirty", page->dirty);
	json_count(
	    json, "mapped_by", page->state == PAGE_UNKNOWN ? COUNT_UNKNOWN : page->mapped_by);
	write_frame_fields(json, now, page);
	json_string(json, "basis", page->inferred ? "inferred" : "exact");
	write_content(json, &page->content);
	json_string(json, "perms", smaps ? smaps->perms : NULL);
	if (page->disagrees)
		json_bool(json, "disagrees", true);
	write_content_hex(json, &page->content);
	json_tri(json, "zero", page->zero);
	json_hex_some(json, "kpageflags", page->kpageflags);
	json_u64(json, "object", page->object);
	json_end(json);
}

static void
write_smaps(struct json *json, const struct smaps *smaps)
{
	const struct {
		const char *key;
		uint32_t kib;
	} sizes[] = {
	    {"rss_kib", smaps->rss},
	    {"pss_kib", smaps->pss},
	    {"shared_clean_kib", smaps->shared_clean},
	    {"shared_dirty_kib", smaps->shared_dirty},
	    {"private_clean_kib", smaps->private_clean},
	    {"private_dirty_kib", smaps->private_dirty},
	    {"referenced_kib", smaps->referenced},
	    {"anonymous_kib", smaps->anonymous},
	    {"ksm_kib", smaps->ksm},
	    {"swap_kib", smaps->swap},
	};

	json_object(json, NULL);
	json_hex(json, "start", smaps->start);
	json_hex(json, "end", smaps->end);
	json_string(json, "perms", smaps->perms);
	json_hex(json, "offset", smaps->offset);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		json_u64(json, sizes[i].key, sizes[i].kib);
	json_end(json);
}

static void
write_exit_status(struct json *json, int exit_status)
{
	if (exit_status >= 0)
		json_i64(json, "exit_status", exit_status);
	else
		json_null(json, "exit_status");
}

/* What no page shows, and how often it was done. */
static void
write_doings(struct json *json, const struct process *process)
{
	const struct doings *did = &process->did;

	json_bool(json, "waits", process->waits);
	json_bool(json, "file_closed", did->closed);
	json_u64(json, "opens", did->opens);
	json_u64(json, "programs", did->programs);
	json_u64(json, "blocks", did->blocks);
	if (!did->blocks)
		return;
	json_u64(json, "block_bytes", did->block.size);
	json_hex(json, "block", did->block.block);
	json_hex(json, "block_start", did->block.start);
	json_hex(json, "block_end", did->block.end);
	json_hex(json, "heap_before", did->block.heap_before);
	json_hex(json, "heap_after", did->block.heap_after);
}

/* The rest of a process, after its first fields. */
static void
write_process_rest(struct json *json, const struct process *process)
{
	write_exit_status(json, process->exit_status);
	json_count(json, "rss_anon_kib", process->rss_anon_kib);
	json_count(json, "rss_file_kib", process->rss_file_kib);
	json_count(json, "rss_shmem_kib", process->rss_shmem_kib);
	json_array(json, "smaps");
	for (size_t i = 0; i < process->vma_count; i++)
		write_smaps(json, &process->vmas[i]);
	json_end(json);
}

static void
write_process(struct json *json, const struct snapshot *now, const struct process *process)
{
	bool alive = process->life != LIFE_DEAD;

	json_object(json, NULL);
	json_letter(json, "name", process->name);
	json_i64(json, "pid", process->pid);
	json_i64(json, "ppid", process->ppid);
	json_bool(json, "alive", alive);
	json_hex(json, "address", process->address);
	json_count(json, "minor_faults", process->minor_faults);
	json_count(json, "major_faults", process->major_faults);
	json_count(json, "rss_kib", process->rss_kib);
	json_count(json, "pss_kib", process->pss_kib);
	json_array(json, "pages");
	for (uint32_t page = 0; page < now->page_count; page++)
		write_page(json, now, process, page);
	json_end(json);
	json_letter(json, "forked_from", process->forked_from);
	write_doings(json, process);
	json_string(json, "life", json_life_words[process->life]);
	json_string(json, "exit_signal",
	    !alive && process->exit_signal ? signal_name(process->exit_signal) : NULL);
	write_process_rest(json, process);
	json_end(json);
}

static void
write_file_page(struct json *json, const struct file_page *page, uint32_t number)
{
	json_object(json, NULL);
	json_u64(json, "page", number);
	json_tri(json, "cached", page->cached);
	json_tri(json, "dirty", page->dirty);
	json_tri(json, "writeback", page->writeback);
	if (page->cached == TRI_YES)
		json_word(json, "frame", "F%u", number);
	else
		json_null(json, "frame");
	write_content_hex(json, &page->content);
	json_end(json);
}

static void
write_file(struct json *json, const struct snapshot *now)
{
	if (!now->file_pages) {
		json_null(json, "file");
		return;
	}
	json_object(json, "file");
	json_array(json, "pages");
	for (uint32_t i = 0; i < now->page_count; i++)
		write_file_page(json, &now->file_pages[i], i);
	json_end(json);
	json_end(json);
}

static void
json_write_memory(struct json *json, const struct memory *memory)
{
	json_object(json, "memory");
	json_count(json, "used_kib", memory->used_kib);
	json_count(json, "buff_cache_kib", memory->buff_cache_kib);
	json_count(json, "shared_kib", memory->shared_kib);
	json_count(json, "available_kib", memory->available_kib);
	json_count(json, "dirty_kib", memory->dirty_kib);
	json_end(json);
}

static void
write_fault(struct json *json, int signal, int code, uint64_t address)
{
	json_string(json, "signal", signal_name(signal));
	json_string(json, "code", signal_code_name(signal, code));
	json_hex(json, "address", address);
}

static void
write_failure(struct json *json, const struct event *event)
{
	if (event->type == EVENT_FAULTED)
		write_fault(json, event->signal, event->code, event->address);
	else if (event->signal)
		json_string(json, "signal", signal_name(event->signal));
	if (event->errnum)
		json_string(json, "errno", errno_name(event->errnum));
}

static void
json_write_change(struct json *json, const struct event *event)
{
	bool sized = event->type == EVENT_RESIZED;

	if (event->type == EVENT_PROTECTED) {
		json_string(json, "perms", event->new_perms);
		json_string(json, "perms_before", event->old_perms);
	} else if (sized || event->type == EVENT_NAMED) {
		json_u64(json, sized ? "file_bytes" : "file_links", event->is);
		json_u64(json, sized ? "file_bytes_before" : "file_links_before", event->was);
	}
}

static void
write_others(struct json *json, uint16_t others)
{
	json_array(json, "others");
	for (int i = 0; i < PROCESSES_MAX; i++)
		if (others & 1u << i)
			json_letter(json, NULL, (char)('a' + i));
	json_end(json);
}

static void
write_event(struct json *json, const struct snapshot *now, const struct event *event)
{
	struct buf sentence = BUF_INIT;

	json_object(json, NULL);
	json_string(json, "type", event_word(event->type));
	json_letter(json, "process", event->process);
	json_count(json, "page", event->page == EVENT_NO_PAGE ? COUNT_UNKNOWN : event->page);
	if (event->from[0])
		json_string(json, "from", event->from);
	if (event->to[0])
		json_string(json, "to", event->to);
	json_write_change(json, event);
	write_failure(json, event);
	event_sentence(&sentence, event, now);
	json_string(json, "text", buf_text(&sentence));
	write_others(json, event->others);
	if (event->type == EVENT_REFUSED)
		json_string(json, "act", json_act_words[event->code]);
	if (event->type == EVENT_EXITED)
		write_exit_status(json, event->code);
	json_end(json);
	buf_free(&sentence);
}

static void
write_act(struct json *json, const struct act *act)
{
	json_object(json, NULL);
	json_string(json, "act", json_act_words[act->verb]);
	json_letter(json, "process", act->process);
	json_u64(json, "page", act->page);
	json_u64(json, "minor_faults", act->minor);
	json_u64(json, "major_faults", act->major);
	json_hex_some(json, "before", act->before);
	json_hex_some(json, "after", act->after);
	write_content_hex(json, &act->content);
	if (act->signal)
		write_fault(json, act->signal, act->code, act->address);
	if (act->verb == ACT_COPY) {
		json_u64(json, "calls", act->calls);
		json_u64(json, "copied_bytes", act->copied);
	}
	if (act->loosens)
		json_bool(json, "loosens", true);
	if (act->no_room)
		json_bool(json, "no_room", true);
	if (act->errnum)
		json_string(json, "errno", errno_name(act->errnum));
	json_end(json);
}

static void
write_frame(struct json *json, const struct frame *frame)
{
	char name[FRAME_NAME_MAX];

	json_object(json, NULL);
	json_string(json, "frame", frame_name(frame, name));
	json_string(json, "birth", json_birth_words[frame->birth]);
	json_u64(json, "object", frame->object);
	if (frame->loose)
		json_bool(json, "loose", true);
	json_end(json);
}

/* The rest of a snapshot, after its first fields. */
static void
write_rest(struct json *json, const struct snapshot *now)
{
	json_string(json, "step_command", now->command);
	json_array(json, "acts");
	for (size_t i = 0; i < now->act_count; i++)
		write_act(json, &now->acts[i]);
	json_end(json);
	json_array(json, "frames");
	for (size_t i = 0; i < now->frame_count; i++)
		write_frame(json, &now->frames[i]);
	json_end(json);
}

void
json_snapshot(
    struct buf *out, const struct snapshot *now, const struct events *events, const char *command)
{
	struct json json;

	json_begin(&json, out, "snapshot");
	json_write_head(&json, now, command);
	json_array(&json, "processes");
	for (size_t i = 0; i < now->process_count; i++)
		write_process(&json, now, &now->processes[i]);
	json_end(&json);
	write_file(&json, now);
	json_write_memory(&json, &now->memory);
	json_array(&json, "events");
	for (size_t i = 0; events && i < events->count; i++)
		write_event(&json, now, &events->list[i]);
	json_end(&json);
	write_rest(&json, now);
	json_finish(&json);
}

void
json_error(struct buf *out, const char *command, const char *message)
{
	struct json json;

	json_begin(&json, out, "error");
	json_string(&json, "command", command);
	json_string(&json, "message", message);
	json_finish(&json);
}

void
json_expect(struct buf *out, const char *command, enum tri holds, const char *message)
{
	struct json json;

	json_begin(&json, out, "expect");
	json_string(&json, "command", command);
	json_tri(&json, "holds", holds);
	json_string(&json, "message", message);
	json_finish(&json);
}

void
json_text(struct buf *out, const char *type, const char *command, const char *text)
{
	struct json json;

	json_begin(&json, out, type);
	json_string(&json, "command", command);
	json_string(&json, "text", text);
	json_finish(&json);
}

void
json_weigh(struct buf *out, const char *command, const struct weight *weight, const char *text)
{
	struct json json;

	json_begin(&json, out, "weigh");
	json_string(&json, "command", command);
	json_object(&json, "change");
	json_i64(&json, "used_kib", weight->used);
	json_i64(&json, "buff_cache_kib", weight->buff_cache);
	json_i64(&json, "shared_kib", weight->shared);
	json_i64(&json, "available_kib", weight->available);
	json_i64(&json, "dirty_kib", weight->dirty);
	if (weight->anon == INT64_MIN)
		json_null(&json, "anon_kib");
	else
		json_i64(&json, "anon_kib", weight->anon);
	json_end(&json);
	json_string(&json, "text", text);
	json_finish(&json);
}
