#include "config.h"
#include "kernel/kernel.h"
#include "kernel/cachestat.h"
#include "kernel/content.h"
#include "kernel/sampling.h"
#include "base/clock.h"
#include "base/mem.h"
#include "model/pagemap_bits.h"

#include <string.h>
#include <sys/stat.h>

#define MEMORY_KEEP_NS UINT64_C(500000000)
/* smaps of the whole lab is read for every sample up to this cost; beyond it, for a tenth of the
 * time. */
#define SMAPS_CHEAP_NS UINT64_C(10000000)
#define SMAPS_SHARE 10

static void
sampling_make_room(struct kernel *kernel, uint32_t pages, size_t processes)
{
	if (kernel->page_room < pages) {
		kernel->entries = mem_resize(kernel->entries, pages, sizeof(*kernel->entries));
		kernel->mapped = mem_resize(kernel->mapped, pages, sizeof(*kernel->mapped));
		kernel->page_room = pages;
	}
	if (kernel->kpageflags >= 0 && kernel->query_room < pages * processes) {
		kernel->query_room = pages * processes;
		kernel->queries =
		    mem_resize(kernel->queries, kernel->query_room, sizeof(*kernel->queries));
	}
}

static bool
pages_moved(const struct sampling *s, const struct process *process)
{
	const struct process *before = sampling_before(s, process);

	return !before || before->life != process->life ||
	    !sampling_same_entries(s, before, process);
}

static void
read_process(struct sampling *s, const struct subject *subject, struct process *process)
{
	process->name = subject->name;
	process->forked_from = subject->forked_from;
	process->pid = subject->pid;
	process->address = subject->address;
	process->asked = subject->busy;
	process->waits = subject->waits;
	process->did = subject->did;
	for (uint32_t i = 0; subject->objects && i < s->request->page_count; i++)
		process->pages[i].object = subject->objects[i];
	sampling_read_pages(s, subject, process);
	vitals_life(&s->kernel->vitals[sampling_slot(process)], subject, process);
}

/* After all of them were read, in a single call of the library. */
static void
count_processes(struct sampling *s)
{
	struct counted counted[COUNTED_MAX];
	struct vitals *asked[COUNTED_MAX];
	uint64_t now = clock_steady_ns();
	size_t count = 0;

	for (size_t i = 0; i < s->snapshot->process_count; i++) {
		struct process *process = &s->snapshot->processes[i];
		struct vitals *vitals = &s->kernel->vitals[sampling_slot(process)];
		bool moved = pages_moved(s, process);

		s->moved = s->moved || moved;
		if (process->life == LIFE_DEAD || !vitals_is_stale(vitals, moved || s->acted, now))
			continue;
		counted[count].pid = process->pid;
		asked[count++] = vitals;
	}
	library_count(s->kernel->library, counted, count);
	for (size_t i = 0; i < count; i++)
		vitals_counted(asked[i], &counted[i], now);
	for (size_t i = 0; i < s->snapshot->process_count; i++) {
		struct process *process = &s->snapshot->processes[i];

		vitals_copy(&s->kernel->vitals[sampling_slot(process)], process);
	}
}

/* Without PAGEMAP_SCAN, ZERO_PAGE tells for certain what smaps only suggests. */
static void
use_zero_flags(struct sampling *s, struct page *pages)
{
	for (uint32_t i = 0; i < s->request->page_count; i++)
		if (pages[i].kpageflags && pages[i].zero != TRI_NO)
			pages[i].zero = pages[i].kpageflags & KPF_ZERO_PAGE ? TRI_YES : TRI_NO;
}

static void
read_flags(struct sampling *s)
{
	struct kernel *kernel = s->kernel;
	size_t count = 0;

	if (kernel->kpageflags < 0)
		return;
	for (size_t p = 0; p < s->snapshot->process_count; p++)
		for (uint32_t i = 0; i < s->request->page_count; i++) {
			struct page *page = &s->snapshot->processes[p].pages[i];

			if (pm_pfn(page->pagemap)) {
				kernel->queries[count].pfn = pm_pfn(page->pagemap);
				kernel->queries[count++].page = page;
			}
		}
	kpageflags_read(kernel->kpageflags, kernel->queries, count);
	for (size_t p = 0; p < s->snapshot->process_count && kernel->no_scan; p++)
		use_zero_flags(s, s->snapshot->processes[p].pages);
}

/* The page of the file that the process has mapped there. NULL: none, or one past the last. */
static struct file_page *
file_page_at(const struct sampling *s, const struct process *process, uint32_t number)
{
	uint32_t file_page = page_file_page(s->snapshot, process, number);

	if (!page_is_of_file(&process->pages[number]) || file_page >= s->request->page_count)
		return NULL;
	return &s->snapshot->file_pages[file_page];
}

static enum tri
dirty_by_smaps(const struct sampling *s, const struct process *process, uint32_t number)
{
	const struct smaps *smaps = page_smaps(process, number);

	if (!smaps || !smaps_is_single(smaps, s->kernel->machine.page_size))
		return TRI_UNKNOWN;
	return smaps->shared_dirty + smaps->private_dirty > 0 ? TRI_YES : TRI_NO;
}

/* If nothing else tells: what kpageflags, or for ordinary users smaps, says about a page that some
 * process maps. */
static void
use_flags(struct sampling *s, const struct process *process)
{
	for (uint32_t i = 0; i < s->request->page_count; i++) {
		struct file_page *file_page = file_page_at(s, process, i);
		uint64_t flags = process->pages[i].kpageflags;

		if (!file_page)
			continue;
		if (file_page->dirty == TRI_UNKNOWN && flags)
			file_page->dirty = flags & KPF_DIRTY ? TRI_YES : TRI_NO;
		else if (file_page->dirty == TRI_UNKNOWN)
			file_page->dirty = (int8_t)dirty_by_smaps(s, process, i);
		if (file_page->writeback == TRI_UNKNOWN && flags)
			file_page->writeback = flags & KPF_WRITEBACK ? TRI_YES : TRI_NO;
	}
}

static bool
file_pages_moved(const struct sampling *s)
{
	if (!s->before || !s->before->file_pages)
		return true;
	for (uint32_t i = 0; i < s->request->page_count; i++) {
		const struct file_page *one = &s->before->file_pages[i];
		const struct file_page *other = &s->snapshot->file_pages[i];

		if (one->cached != other->cached || one->dirty != other->dirty ||
		    one->writeback != other->writeback)
			return true;
	}
	return false;
}

static void
new_file_pages(struct sampling *s)
{
	uint32_t count = s->request->page_count;
	const unsigned char *resident = s->request->resident;
	struct file_page *pages = mem_zero(count, sizeof(*pages));

	for (uint32_t i = 0; i < count; i++) {
		pages[i].cached = pages[i].dirty = pages[i].writeback = TRI_UNKNOWN;
		if (resident)
			pages[i].cached = resident[i] & 1 ? TRI_YES : TRI_NO;
	}
	s->snapshot->file_pages = pages;
}

static void
mark_mapped(struct sampling *s)
{
	const struct snapshot *snapshot = s->snapshot;
	bool *mapped = s->kernel->mapped;

	memset(mapped, 0, s->request->page_count * sizeof(*mapped));
	for (size_t p = 0; p < snapshot->process_count; p++)
		for (uint32_t i = 0; i < s->request->page_count; i++) {
			const struct file_page *page = file_page_at(s, &snapshot->processes[p], i);

			if (page)
				mapped[page - snapshot->file_pages] = true;
		}
}

static void
read_file_contents(struct sampling *s)
{
	struct snapshot *snapshot = s->snapshot;

	mark_mapped(s);
	content_of_file(s->request->file, s->kernel->machine.page_size, snapshot->file_pages,
	    s->kernel->mapped, s->request->page_count);
	for (size_t p = 0; p < snapshot->process_count; p++)
		for (uint32_t i = 0; i < s->request->page_count; i++) {
			const struct file_page *page = file_page_at(s, &snapshot->processes[p], i);

			if (page)
				snapshot->processes[p].pages[i].content = page->content;
		}
}

static void
sampling_read_file(struct sampling *s)
{
	const struct sample_request *request = s->request;
	bool has_file = kind_has_file(request->kind);
	struct snapshot *snapshot = s->snapshot;
	struct stat status;

	snapshot->file_bytes = snapshot->file_links = COUNT_UNKNOWN;
	if (!has_file && !(request->kind == KIND_SHARED_ANON && request->resident))
		return;
	new_file_pages(s);
	if (has_file && request->file >= 0) {
		if (fstat(request->file, &status) == 0) {
			snapshot->file_bytes = (uint64_t)status.st_size;
			snapshot->file_links = (uint64_t)status.st_nlink;
		}
		if (!request->resident)
			cachestat_read(request->file, s->kernel->machine.page_size,
			    snapshot->file_pages, request->page_count);
		snapshot->dirty_by_map = snapshot->file_pages[0].dirty == TRI_UNKNOWN;
		read_file_contents(s);
	}
	for (size_t i = 0; has_file && i < snapshot->process_count; i++)
		use_flags(s, &snapshot->processes[i]);
	s->moved = s->moved || file_pages_moved(s);
}

static void
read_memory(struct sampling *s)
{
	struct kernel *kernel = s->kernel;
	uint64_t now = clock_steady_ns();

	if (s->acted || s->moved || kernel->memory_ns == 0 ||
	    now - kernel->memory_ns >= MEMORY_KEEP_NS) {
		library_memory(kernel->library, &kernel->memory);
		kernel->memory_ns = now;
	}
	s->snapshot->memory = kernel->memory;
}

static void
read_processes(struct sampling *s)
{
	struct kernel *kernel = s->kernel;
	uint64_t now = clock_steady_ns();

	s->keep_smaps = !s->acted && kernel->smaps_cost_ns > SMAPS_CHEAP_NS &&
	    now - kernel->smaps_read_ns < SMAPS_SHARE * kernel->smaps_cost_ns;
	for (size_t i = 0; i < s->request->subject_count; i++)
		read_process(s, &s->request->subjects[i], &s->snapshot->processes[i]);
	if (!s->keep_smaps) {
		kernel->smaps_cost_ns = s->smaps_ns;
		kernel->smaps_read_ns = clock_steady_ns();
	}
}

static bool
same_shape(const struct snapshot *before, const struct sample_request *request)
{
	return before && before->page_count == request->page_count && before->kind == request->kind;
}

struct snapshot *
kernel_sample(struct kernel *kernel, const struct sample_request *request)
{
	struct sampling s = {
	    .kernel = kernel,
	    .request = request,
	    .snapshot = snapshot_new(request->page_count, request->subject_count),
	    .before = same_shape(request->before, request) ? request->before : NULL,
	    .acted = request->act_count > 0,
	};

	sampling_make_room(kernel, request->page_count, request->subject_count);
	s.snapshot->machine = kernel->machine;
	s.snapshot->kind = request->kind;
	s.snapshot->time_ns = clock_real_ns();
	if (s.acted)
		s.snapshot->acts =
		    mem_copy(request->acts, request->act_count * sizeof(*request->acts));
	s.snapshot->act_count = request->act_count;
	read_processes(&s);
	count_processes(&s);
	read_flags(&s);
	sampling_read_file(&s);
	read_memory(&s);
	return s.snapshot;
}
