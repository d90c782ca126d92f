/* What is read of a mapping of each kind, beside what this test does and reads by itself. */
#include "config.h"
#include "kernel/pagemap.h"
#include "kernel_fixture.h"

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

static void
test_all(bool root)
{
	test_machine(root);
	test_private_file();
	test_other_offsets();
	test_shared_file();
	test_anonymous();
	test_acts();
	test_shm();
}

int
main(void)
{
	return fixture_main(test_all);
}
