/*
 * The readings of a real process, compared with what this test knows it did and reads by itself: as
 * whoever runs it and, when that is root, as an ordinary user too.
 */
#include "config.h"
#include "kernel/kernel.h"
#include "kernel/pagemap.h"
#include "kernel/state.h"
#include "model/pagemap_bits.h"
#include "tap.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGES 4
#define NOBODY 65534

static size_t page_size;
static struct kernel *kernel;

/* One VMA a page, as the lab has it. */
static char *
map_pages(int flags, int file, size_t count)
{
	char *base = mmap(NULL, count * page_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	for (size_t i = 0; i < count; i++) {
		char *page = mmap(base + i * page_size, page_size, PROT_READ | PROT_WRITE,
		    flags | MAP_FIXED, file, file < 0 ? 0 : (off_t)(i * page_size));

		madvise(page, page_size, i % 2 ? MADV_DONTDUMP : MADV_NOHUGEPAGE);
	}
	return base;
}

static int
new_file(void)
{
	char path[] = "/var/tmp/kernel_live_XXXXXX";
	int fd = mkstemp(path);
	char *page = calloc(1, page_size);

	unlink(path);
	for (int i = 0; i < PAGES; i++) {
		snprintf(page, page_size, "file page %d", i);
		if (pwrite(fd, page, page_size, (off_t)((size_t)i * page_size)) !=
		    (ssize_t)page_size)
			printf("# cannot write %s\n", path);
	}
	fsync(fd);
	free(page);
	return fd;
}

static int
open_of(pid_t pid, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static struct subject
subject_of(pid_t pid, const void *address)
{
	struct subject subject = {
	    .name = 'a',
	    .pid = pid,
	    .ppid = 1,
	    .exit_status = -1,
	    .address = (uintptr_t)address,
	    .pagemap = open_of(pid, "pagemap"),
	    .smaps = open_of(pid, "smaps"),
	};

	return subject;
}

static void
close_subject(struct subject *subject)
{
	close(subject->pagemap);
	close(subject->smaps);
	subject->pagemap = subject->smaps = -1;
}

static struct sample_request
request_for(const struct subject *subject, enum kind kind, int file)
{
	struct sample_request request = {
	    .subjects = subject,
	    .subject_count = 1,
	    .kind = kind,
	    .page_count = PAGES,
	    .file = file,
	};

	return request;
}

static uint64_t
entry_of(int pagemap, const char *address)
{
	uint64_t entry = 0;

	if (pread(pagemap, &entry, sizeof(entry),
		(off_t)((uintptr_t)address / page_size * sizeof(entry))) != sizeof(entry))
		printf("# cannot read pagemap\n");
	return entry;
}

static bool
has_content(const struct content *content, const char *text)
{
	return content->length == CONTENT_MAX &&
	    strncmp((const char *)content->bytes, text, CONTENT_MAX) == 0;
}

static bool
entries_equal(
    const struct snapshot *snapshot, const struct subject *subject, const char *base, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct page *page = &snapshot->processes[0].pages[i];
		uint64_t entry = entry_of(subject->pagemap, base + i * page_size);

		if (!page->pagemap_known || (page->pagemap & PM_MEANING) != (entry & PM_MEANING)) {
			printf("# page %zu: %#llx, by itself %#llx\n", i,
			    (unsigned long long)page->pagemap, (unsigned long long)entry);
			return false;
		}
	}
	return true;
}

static void
test_machine(bool root)
{
	const struct machine *machine = kernel_machine(kernel);

	is_number(machine->page_size, page_size, "page size");
	ok(machine->release[0] != '\0', "the kernel's release");
	if (!root)
		is_number(machine->pfn, TRI_NO, "an ordinary user sees no PFN");
	else
		ok(machine->pfn == TRI_YES || machine->pfn == TRI_NO, "root may see PFNs");
}

/* Page 2 maps page 0 of the file, page 3 one behind the last that is asked for. */
static void
test_other_offsets(void)
{
	int file = new_file();
	char *base = map_pages(MAP_PRIVATE, file, PAGES);
	struct subject subject = subject_of(getpid(), base);
	struct sample_request request = request_for(&subject, KIND_PRIVATE_FILE, file);
	struct snapshot *snapshot;
	const struct process *process;
	volatile char byte;

	mmap(base + 2 * page_size, page_size, PROT_READ, MAP_SHARED | MAP_FIXED, file, 0);
	mmap(base + page_size, page_size, PROT_READ, MAP_PRIVATE | MAP_FIXED, file,
	    (off_t)(3 * page_size));
	byte = base[2 * page_size];
	byte = base[page_size];
	(void)byte;
	request.page_count = 3;
	snapshot = kernel_sample(kernel, &request);
	process = &snapshot->processes[0];
	is_number(page_file_page(snapshot, process, 2), 0, "other offsets: page 2 maps page 0");
	is_number(page_file_page(snapshot, process, 1), 3, "page 1 maps page 3");
	ok(page_is_shared(snapshot, process, 2) && !page_is_shared(snapshot, process, 0),
	    "page 2 shared, page 0 private");
	ok(has_content(&process->pages[2].content, "file page 0"), "content of page 0");
	is_number(process->pages[1].content.length, 0, "behind the last page nothing is read");
	ok(has_content(&snapshot->file_pages[0].content, "file page 0"),
	    "the file's page has its own");
	snapshot_free(snapshot);
	close_subject(&subject);
	munmap(base, PAGES * page_size);
	close(file);
}

/* Page 0 untouched, 1 read, 2 written, 3 read. */
static void
test_private_file(void)
{
	int file = new_file();
	char *base = map_pages(MAP_PRIVATE, file, PAGES);
	struct subject subject = subject_of(getpid(), base);
	struct sample_request request = request_for(&subject, KIND_PRIVATE_FILE, file);
	uint32_t kib = (uint32_t)(page_size / 1024);
	struct snapshot *snapshot;
	const struct process *process;
	const struct page *pages;
	volatile char byte;

	byte = base[page_size];
	strcpy(base + 2 * page_size, "written by me");
	byte = base[3 * page_size];
	(void)byte;
	snapshot = kernel_sample(kernel, &request);
	process = &snapshot->processes[0];
	pages = process->pages;
	ok(entries_equal(snapshot, &subject, base, PAGES),
	    "private file: entries are those of pagemap");
	ok(!pm_present(pages[0].pagemap), "looking did not touch page 0");
	ok(pm_present(pages[1].pagemap) && (pages[1].pagemap & PM_FILE), "page 1 is the file's");
	ok(pm_anonymous(pages[2].pagemap), "page 2 is a copy");
	ok(process->vma_count == PAGES && pages[0].vma == 0 && pages[3].vma == 3,
	    "each page has an entry in smaps");
	ok(smaps_is_single(page_smaps(process, 1), (uint32_t)page_size), "of its own");
	ok(process->vmas[0].rss == 0 && process->vmas[1].rss == kib,
	    "Rss of a page untouched and of one read");
	is_number(process->vmas[2].anonymous, kib, "Anonymous of the copy");
	is_number(process->rss_kib, 3 * kib, "Rss of the mapping");
	ok(!pages[0].disagrees && !pages[1].disagrees && !pages[2].disagrees,
	    "pagemap and smaps agree");
	ok(pages[0].zero == TRI_NO && pages[2].zero == TRI_NO, "no page of zeros here");
	ok(pages[0].content.length == 0, "no content of a page that is not present");
	ok(has_content(&pages[1].content, "file page 1"), "content of the file's page");
	is_number(pages[2].content.length, 0, "nobody looks into the copy");
	is_number(snapshot->file_bytes, PAGES * page_size, "size of the file");
	if (kernel_has_cachestat(kernel, file)) {
		ok(snapshot->file_pages[2].cached == TRI_YES, "the file's page 2 is cached");
		ok(has_content(&snapshot->file_pages[2].content, "file page 2"),
		    "and shows the old bytes");
		is_number(
		    snapshot->file_pages[2].dirty, TRI_NO, "a private write does not dirty it");
	} else {
		printf("ok %d - # SKIP no cachestat here\n", ++tap_run);
	}
	ok(kernel_machine(kernel)->pfn != TRI_YES || (pages[2].kpageflags & KPF_ANON),
	    "kpageflags says ANON where it speaks");
	snapshot_free(snapshot);
	munmap(base, PAGES * page_size);
	close_subject(&subject);
	close(file);
}

static bool
writes_back(int file)
{
	const char *filesystem = kernel_filesystem(file);

	return !filesystem ||
	    (strcmp(filesystem, "tmpfs") != 0 && strcmp(filesystem, "ramfs") != 0);
}

static void
test_shared_file(void)
{
	int file = new_file();
	char *base = map_pages(MAP_SHARED, file, PAGES);
	struct subject subject = subject_of(getpid(), base);
	struct sample_request request = request_for(&subject, KIND_SHARED_FILE, file);
	struct snapshot *snapshot;
	unsigned char resident[PAGES] = {1, 0, 0, 0};

	strcpy(base + 2 * page_size, "written by me");
	snapshot = kernel_sample(kernel, &request);
	ok(has_content(&snapshot->processes[0].pages[2].content, "written by me"),
	    "shared file: content");
	if (writes_back(file) && kernel_has_cachestat(kernel, file)) {
		is_number(snapshot->file_pages[2].dirty, TRI_YES, "page 2 of the file is dirty");
		ok(snapshot->file_pages[1].dirty == TRI_NO &&
			snapshot->file_pages[3].dirty == TRI_NO,
		    "and no other");
	} else {
		printf("ok %d - # SKIP no cachestat here, or /var/tmp is in memory\n", ++tap_run);
	}
	snapshot_free(snapshot);
	request.resident = resident;
	snapshot = kernel_sample(kernel, &request);
	ok(snapshot->file_pages[0].cached == TRI_YES && snapshot->file_pages[1].cached == TRI_NO,
	    "mincore's vector is used where one is given");
	ok(snapshot->file_pages[1].dirty == TRI_UNKNOWN, "and does not say dirty");
	ok(has_content(&snapshot->file_pages[0].content, "file page 0") &&
		snapshot->file_pages[1].content.length == 0,
	    "what it calls cached is read, and nothing else");
	ok(has_content(&snapshot->processes[0].pages[2].content, "written by me"),
	    "but what a process maps");
	snapshot_free(snapshot);
	munmap(base, PAGES * page_size);
	close_subject(&subject);
	close(file);
}

/* Page 0 untouched, 1 read, 2 written. */
static void
test_anonymous(void)
{
	char *base = map_pages(MAP_PRIVATE | MAP_ANONYMOUS, -1, PAGES);
	struct subject subject = subject_of(getpid(), base);
	struct sample_request request = request_for(&subject, KIND_PRIVATE_ANON, -1);
	struct snapshot *snapshot;
	const struct page *pages;
	volatile char byte;
	enum tri zeros;
	uint64_t zero_pfn;

	byte = base[page_size];
	(void)byte;
	strcpy(base + 2 * page_size, "mine");
	snapshot = kernel_sample(kernel, &request);
	pages = snapshot->processes[0].pages;
	ok(entries_equal(snapshot, &subject, base, PAGES),
	    "anonymous: entries are those of pagemap");
	zeros = pagemap_zero_page((uint32_t)page_size, &zero_pfn);
	ok(pm_exclusive(pages[1].pagemap) == (zeros == TRI_NO),
	    "a page of zeros that is lent is nobody's alone");
	ok(zero_pfn == (zeros == TRI_YES ? pm_pfn(pages[1].pagemap) : 0),
	    "and the same everywhere");
	ok(pages[1].zero == zeros,
	    "read before any write: the page of zeros, where the kernel lends it: %s",
	    zeros == TRI_YES ? "yes" : "no");
	ok(pages[0].zero == TRI_NO && pages[2].zero == TRI_NO, "and no other page is");
	ok(!pages[1].disagrees, "which is no disagreement with smaps");
	ok(pages[1].content.length == 0 && pages[2].content.length == 0, "nobody looks into them");
	ok(snapshot->file_pages == NULL && snapshot->file_bytes == COUNT_UNKNOWN,
	    "there is no file");
	snapshot_free(snapshot);
	munmap(base, PAGES * page_size);
	close_subject(&subject);
}

static void
test_acts(void)
{
	char *base = map_pages(MAP_PRIVATE | MAP_ANONYMOUS, -1, PAGES);
	struct subject subject = subject_of(getpid(), base);
	struct sample_request request = request_for(&subject, KIND_PRIVATE_ANON, -1);
	struct act act = {.process = 'a', .verb = ACT_WRITE, .page = 2};
	struct snapshot *snapshot;

	request.acts = &act;
	request.act_count = 1;
	snapshot = kernel_sample(kernel, &request);
	ok(snapshot->act_count == 1 && snapshot->acts != &act && snapshot->acts[0].page == 2,
	    "acts are copied into the snapshot");
	snapshot_free(snapshot);
	munmap(base, PAGES * page_size);
	close_subject(&subject);
}

static void
test_shm(void)
{
	int file = memfd_create("kernel_live", MFD_CLOEXEC);
	char *base;
	struct subject subject;
	struct sample_request request;
	struct snapshot *snapshot;

	if (ftruncate(file, (off_t)(PAGES * page_size)) < 0)
		printf("# cannot resize\n");
	base = map_pages(MAP_SHARED, file, PAGES);
	subject = subject_of(getpid(), base);
	request = request_for(&subject, KIND_POSIX_SHM, file);
	is_text(kernel_filesystem(file) ? kernel_filesystem(file) : "", "tmpfs", "its file system");
	ok(kernel_filesystem(-1) == NULL, "no file, no file system");
	strcpy(base + page_size, "in memory");
	snapshot = kernel_sample(kernel, &request);
	ok(has_content(&snapshot->processes[0].pages[1].content, "in memory"),
	    "tmpfs: content of the process's page");
	if (kernel_has_cachestat(kernel, file)) {
		ok(has_content(&snapshot->file_pages[1].content, "in memory"),
		    "tmpfs: content of the object's page");
		is_number(snapshot->file_pages[0].cached, TRI_NO,
		    "a page that nobody touched is not there");
	} else {
		printf("ok %d - # SKIP no cachestat here\n", ++tap_run);
	}
	snapshot_free(snapshot);
	munmap(base, PAGES * page_size);
	close_subject(&subject);
	close(file);
}

/* A child that writes page 1 and then waits for its end. */
static pid_t
start_child(char *base)
{
	int ready[2];
	char byte;
	pid_t pid;

	if (pipe(ready) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		base[page_size] = 'c';
		if (write(ready[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		printf("# the child did not start\n");
	close(ready[0]);
	return pid;
}

static unsigned long
minor_faults_of(pid_t pid)
{
	char path[64], text[512] = "";
	unsigned long faults = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "r");
	if (file && fgets(text, sizeof(text), file))
		sscanf(strrchr(text, ')'), ") %*c %*d %*d %*d %*d %*d %*u %lu", &faults);
	if (file)
		fclose(file);
	return faults;
}

static enum life
life_now(const struct sample_request *request)
{
	struct snapshot *snapshot = kernel_sample(kernel, request);
	enum life life = snapshot->processes[0].life;

	snapshot_free(snapshot);
	return life;
}

static void
test_alive(const struct sample_request *request, struct subject *subject)
{
	struct snapshot *snapshot = kernel_sample(kernel, request);
	const struct process *process = &snapshot->processes[0];

	is_number(process->life, LIFE_RUNNING, "a child runs");
	is_number(process->ppid, getpid(), "its parent, as the kernel says");
	ok(minor_faults_of(subject->pid) > 0, "it had page faults");
	is_number(process->minor_faults, minor_faults_of(subject->pid), "as many as libproc2 says");
	ok(process->rss_anon_kib > 0 && process->rss_anon_kib < COUNT_UNKNOWN, "RssAnon is known");
	ok(snapshot->memory.used_kib > 0 && snapshot->memory.used_kib < COUNT_UNKNOWN,
	    "system memory in use");
	ok(snapshot->memory.available_kib > 0 && snapshot->memory.available_kib < COUNT_UNKNOWN,
	    "and available");
	ok(snapshot->memory.buff_cache_kib < COUNT_UNKNOWN &&
		snapshot->memory.dirty_kib < COUNT_UNKNOWN,
	    "and cached, and dirty");
	subject->busy = true;
	is_number(life_now(request), LIFE_BUSY, "one that has not answered is busy");
	kill(subject->pid, SIGSTOP);
	waitpid(subject->pid, NULL, WUNTRACED);
	is_number(life_now(request), LIFE_STOPPED, "one that was stopped is stopped, even if busy");
	subject->busy = false;
	kill(subject->pid, SIGCONT);
	waitpid(subject->pid, NULL, WCONTINUED);
	is_number(life_now(request), LIFE_RUNNING, "and runs again");
	snapshot_free(snapshot);
}

static void
test_dead(const struct sample_request *request, struct subject *subject)
{
	struct snapshot *snapshot;
	const struct process *process;
	siginfo_t info;

	kill(subject->pid, SIGKILL);
	waitid(P_PID, (id_t)subject->pid, &info, WEXITED | WNOWAIT);
	snapshot = kernel_sample(kernel, request);
	process = &snapshot->processes[0];
	ok(process->life == LIFE_DEAD && process->exit_status == -1, "a zombie is dead");
	ok(!process->pages[1].pagemap_known && process->pages[1].pagemap == 0,
	    "its pages are unknown");
	ok(process->pages[1].zero == TRI_UNKNOWN && process->pages[1].vma == -1, "all of each");
	ok(process->rss_kib == COUNT_UNKNOWN && process->minor_faults == COUNT_UNKNOWN,
	    "its numbers too");
	snapshot_free(snapshot);
	waitpid(subject->pid, NULL, 0);
	is_number(life_now(request), LIFE_DEAD, "one that is gone is dead");
	subject->dead = true;
	subject->exit_signal = SIGKILL;
	close_subject(subject);
	snapshot = kernel_sample(kernel, request);
	process = &snapshot->processes[0];
	ok(process->life == LIFE_DEAD && process->exit_signal == SIGKILL &&
		!process->pages[0].pagemap_known,
	    "one that the lab calls dead is dead");
	snapshot_free(snapshot);
}

static void
test_child(void)
{
	char *base = map_pages(MAP_PRIVATE | MAP_ANONYMOUS, -1, PAGES);
	struct subject subject = subject_of(start_child(base), base);
	struct sample_request request = request_for(&subject, KIND_PRIVATE_ANON, -1);

	test_alive(&request, &subject);
	test_dead(&request, &subject);
	munmap(base, PAGES * page_size);
}

/* The pagemap of one process with the smaps of another: they contradict each other for as long as
 * one reads. */
static void
test_disagreement(void)
{
	char *base = map_pages(MAP_PRIVATE | MAP_ANONYMOUS, -1, PAGES);
	struct subject subject = subject_of(start_child(base), base);
	struct subject self = subject_of(getpid(), base);
	struct subject mixed = subject;
	struct sample_request request = request_for(&mixed, KIND_PRIVATE_ANON, -1);
	struct snapshot *snapshot;

	mixed.smaps = self.smaps;
	snapshot = kernel_sample(kernel, &request);
	ok(snapshot->processes[0].pages[1].disagrees, "a disagreement that stays is shown");
	ok(!snapshot->processes[0].pages[0].disagrees, "on the page where it is");
	snapshot_free(snapshot);
	kill(subject.pid, SIGKILL);
	waitpid(subject.pid, NULL, 0);
	close_subject(&subject);
	close_subject(&self);
	munmap(base, PAGES * page_size);
}

static void
test_nothing_known(void)
{
	struct subject subject = {
	    .name = 'c',
	    .pid = getpid(),
	    .exit_status = -1,
	    .pagemap = -1,
	    .smaps = -1,
	};
	struct sample_request request = request_for(&subject, KIND_PRIVATE_FILE, -1);
	struct snapshot *snapshot = kernel_sample(kernel, &request);
	const struct process *process = &snapshot->processes[0];

	ok(process->life == LIFE_RUNNING && !process->pages[0].pagemap_known,
	    "without descriptors a process lives and its pages are unknown");
	ok(process->rss_kib == COUNT_UNKNOWN && process->vma_count == 0, "so is its smaps");
	ok(snapshot->file_pages && snapshot->file_pages[0].cached == TRI_UNKNOWN,
	    "and the page cache of a file that is not open");
	snapshot_free(snapshot);
}

static void
test_many(void)
{
	enum { MANY = PAGES_MAX };
	char *base = map_pages(MAP_PRIVATE | MAP_ANONYMOUS, -1, MANY);
	struct subject subject = subject_of(getpid(), base);
	struct sample_request request = request_for(&subject, KIND_PRIVATE_ANON, -1);
	struct snapshot *snapshot, *second, *third;
	size_t wrong = 0;

	request.page_count = MANY;
	for (size_t i = 0; i < MANY; i += 3)
		base[i * page_size] = 'x';
	snapshot = kernel_sample(kernel, &request);
	ok(entries_equal(snapshot, &subject, base, MANY), "%d pages: entries are those of pagemap",
	    MANY);
	ok(snapshot->processes[0].vma_count == MANY, "each with an entry in smaps");
	for (size_t i = 0; i < MANY; i++) {
		const struct page *page = &snapshot->processes[0].pages[i];

		if (page->vma != (int32_t)i || page->disagrees ||
		    (page_smaps(&snapshot->processes[0], (uint32_t)i)->rss > 0) != (i % 3 == 0))
			wrong++;
	}
	is_number(wrong, 0, "of its own");
	base[page_size] = 'x';
	request.before = snapshot;
	second = kernel_sample(kernel, &request);
	is_number(second->processes[0].rss_kib, snapshot->processes[0].rss_kib + page_size / 1024,
	    "a page that came shows in smaps at once");
	request.before = second;
	third = kernel_sample(kernel, &request);
	ok(third->processes[0].vma_count == MANY &&
		third->processes[0].rss_kib == second->processes[0].rss_kib,
	    "and stays");
	ok(page_smaps(&third->processes[0], 1)->rss == page_size / 1024, "on its own page");
	snapshot_free(snapshot);
	snapshot_free(second);
	snapshot_free(third);
	munmap(base, MANY * page_size);
	close_subject(&subject);
}

/* As if reading smaps of this lab had just taken a quarter of an hour. */
static void
test_smaps_kept(void)
{
	char *base = map_pages(MAP_PRIVATE | MAP_ANONYMOUS, -1, PAGES);
	struct subject subject = subject_of(getpid(), base);
	struct sample_request request = request_for(&subject, KIND_PRIVATE_ANON, -1);
	struct act act = {.process = 'a', .verb = ACT_PROTECT, .page = 2};
	struct snapshot *first, *second, *third, *fourth, *fifth;

	base[page_size] = 'x';
	first = kernel_sample(kernel, &request);
	kernel->smaps_cost_ns = UINT64_C(900000000000);
	request.before = first;
	mprotect(base + page_size, page_size, PROT_READ);
	second = kernel_sample(kernel, &request);
	is_text(page_smaps(&second->processes[0], 1)->perms, "rw-p",
	    "smaps that costs too much is kept where pagemap is the same");
	ok(second->processes[0].rss_kib == first->processes[0].rss_kib &&
		second->processes[0].pages[1].vma == 1,
	    "with its sums and places");
	base[2 * page_size] = 'x';
	request.before = second;
	third = kernel_sample(kernel, &request);
	ok(page_smaps(&third->processes[0], 2)->rss == page_size / 1024,
	    "not where pagemap differs");
	is_text(page_smaps(&third->processes[0], 1)->perms, "r--p", "then all of it is new");
	mprotect(base + page_size, page_size, PROT_READ | PROT_WRITE);
	kernel->smaps_cost_ns = UINT64_C(900000000000);
	request.before = third;
	request.acts = &act;
	request.act_count = 1;
	fourth = kernel_sample(kernel, &request);
	is_text(page_smaps(&fourth->processes[0], 1)->perms, "rw-p", "nor after an act");
	kernel->smaps_cost_ns = UINT64_C(900000000000);
	fourth->processes[0].vmas[1].rss = 0;
	request.before = fourth;
	request.act_count = 0;
	fifth = kernel_sample(kernel, &request);
	ok(!fifth->processes[0].pages[1].disagrees && fifth->processes[0].vmas[1].rss > 0,
	    "and both are read once more where they disagree");
	snapshot_free(first);
	snapshot_free(second);
	snapshot_free(third);
	snapshot_free(fourth);
	snapshot_free(fifth);
	munmap(base, PAGES * page_size);
	close_subject(&subject);
}

static size_t
open_descriptors(void)
{
	size_t count = 0;

	for (int fd = 0; fd < 256; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

static void
test_descriptors(void)
{
	char *base = map_pages(MAP_PRIVATE | MAP_ANONYMOUS, -1, PAGES);
	struct subject subject = subject_of(getpid(), base);
	struct sample_request request = request_for(&subject, KIND_PRIVATE_ANON, -1);
	size_t before;

	snapshot_free(kernel_sample(kernel, &request));
	before = open_descriptors();
	for (int i = 0; i < 10; i++)
		snapshot_free(kernel_sample(kernel, &request));
	is_number(open_descriptors(), before, "sampling leaves no descriptor open");
	munmap(base, PAGES * page_size);
	close_subject(&subject);
}

static void
test_all(bool root)
{
	struct err err;

	kernel = kernel_open(&err);
	if (!ok(kernel != NULL, "opened, as %s", root ? "root" : "an ordinary user")) {
		printf("# %s\n", err.text);
		return;
	}
	test_machine(root);
	test_private_file();
	test_other_offsets();
	test_shared_file();
	test_anonymous();
	test_acts();
	test_shm();
	test_child();
	test_disagreement();
	test_nothing_known();
	test_many();
	test_smaps_kept();
	test_descriptors();
	kernel_close(kernel);
	kernel_close(NULL);
}

/* In a child, whose counts of tests come back by a pipe. */
static void
test_as_nobody(void)
{
	int counts[2] = {tap_run, 1}, wire[2];
	pid_t pid;

	fflush(stdout);
	if (pipe(wire) < 0)
		return;
	pid = fork();
	if (pid == 0) {
		tap_failed = 0;
		if (setresgid(NOBODY, NOBODY, NOBODY) < 0 ||
		    setresuid(NOBODY, NOBODY, NOBODY) < 0 || prctl(PR_SET_DUMPABLE, 1) < 0)
			printf("# cannot become an ordinary user\n");
		test_all(false);
		fflush(stdout);
		counts[0] = tap_run;
		counts[1] = tap_failed;
		_exit(write(wire[1], counts, sizeof(counts)) != sizeof(counts));
	}
	close(wire[1]);
	if (read(wire[0], counts, sizeof(counts)) != sizeof(counts))
		printf("# the ordinary user's tests did not end\n");
	close(wire[0]);
	waitpid(pid, NULL, 0);
	tap_run = counts[0];
	tap_failed += counts[1];
}

int
main(void)
{
	page_size = (size_t)sysconf(_SC_PAGESIZE);
	test_all(geteuid() == 0);
	if (geteuid() == 0)
		test_as_nobody();
	else
		printf(
		    "ok %d - # SKIP the other user's view needs root to start with\n", ++tap_run);
	return done_testing();
}
