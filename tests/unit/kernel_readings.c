/* Readings of many pages, of what is expensive, and one after the other, beside what this test does
 * and reads by itself. */
#include "config.h"
#include "kernel_fixture.h"

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
	(void)root;
	test_many();
	test_smaps_kept();
	test_descriptors();
}

int
main(void)
{
	return fixture_main(test_all);
}
