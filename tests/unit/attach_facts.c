/* What is read of one process, where it says of itself what it likes, or leaves; and what the flags
 * of a frame say of who wrote. */
#include "config.h"
#include "attach/attach_private.h"
#include "model/pagemap_bits.h"
#include "tap.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define READ_MOST ((uint64_t)128 * 1024)
#define FAR 4096 /* pages */

static void
write_word(int fd, uint64_t at, uint64_t word)
{
	if (pwrite(fd, &word, sizeof(word), (off_t)(at * sizeof(word))) != sizeof(word))
		exit(1);
}

/* Of arguments that are said to be long only what is read of them is asked for, and the last page,
 * which the kernel looks at. */
static void
test_arguments(void)
{
	uint64_t size = (uint64_t)sysconf(_SC_PAGESIZE);
	struct stat_facts facts = {.args = size, .args_end = FAR * size};
	struct vma mapped = {.start = 0, .end = 3 * size};
	struct maps maps = {.list = &mapped, .count = 1}, none = {0};
	int pagemap = memfd_create("pagemap", MFD_CLOEXEC);

	for (uint64_t page = 1; page <= READ_MOST / size; page++)
		write_word(pagemap, page, PM_PRESENT);
	ok(!stat_arguments_present(&facts, pagemap, &maps),
	    "arguments: their last page is not there");
	write_word(pagemap, FAR - 1, PM_PRESENT);
	ok(stat_arguments_present(&facts, pagemap, &maps),
	    "arguments: what lies between is not asked for");
	write_word(pagemap, 2, 0);
	ok(!stat_arguments_present(&facts, pagemap, &maps),
	    "arguments: one that is read is not there");
	write_word(pagemap, 2, PM_PRESENT);
	facts = (struct stat_facts){.args = size + 100, .args_end = size + 200};
	ok(stat_arguments_present(&facts, pagemap, &maps), "arguments: so is what follows them");
	write_word(pagemap, 2, 0);
	ok(!stat_arguments_present(&facts, pagemap, &maps),
	    "arguments: what follows, and is read where they do not end, is mapped and not there");
	ok(stat_arguments_present(&facts, pagemap, &none),
	    "arguments: what follows is not mapped, so nothing can be faulted in");
	facts.args_end = 0;
	ok(stat_arguments_present(&facts, pagemap, &maps), "arguments: none");
	close(pagemap);
}

/* Who left is shown for a while, and holds no descriptor of ours. */
static void
test_gone(void)
{
	struct held held;
	pid_t pid = fork();

	if (pid == 0) {
		pause();
		_exit(0);
	}
	ok(held_open(&held, pid) && held.dir >= 0, "gone: it is held while it lives");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	held_refresh(&held, 1);
	is_number(held.life, MEMBER_GONE, "gone: it left");
	is_number(held.dir, -1, "gone: its directory is not held");
	held_close(&held);
}

static void
test_flags(void)
{
	static const struct {
		const char *what;
		uint64_t flags;
		enum wrote wrote;
	} frames[] = {
	    {"it wrote", KPF_ANON | KPF_ANON_EXCLUSIVE, WROTE_YES},
	    {"it did not", KPF_ANON, WROTE_NO},
	    {"a file's page", 0, WROTE_MAYBE},
	    {"a huge page's, with the bit", KPF_ANON | KPF_ANON_EXCLUSIVE | KPF_THP, WROTE_MAYBE},
	    {"merged by KSM, and it wrote", KPF_ANON | KPF_KSM, WROTE_MAYBE},
	};
	static struct attach attach;
	uint64_t entry;
	struct cell_line line = {.entries = &entry};

	attach.cell_lines = &line;
	attach.reader.kpageflags = memfd_create("kpageflags", MFD_CLOEXEC);
	attach.writers = writers_new(1);
	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
		const uint16_t page = 0;
		uint8_t wrote = WROTE_NEW;

		entry = PM_PRESENT | (100 + i);
		write_word(attach.reader.kpageflags, 100 + i, frames[i].flags);
		writers_ask(&attach, 0, &page, 1, &wrote);
		is_number(wrote, frames[i].wrote, "flags: %s", frames[i].what);
	}
	close(attach.reader.kpageflags);
	writers_free(attach.writers);
}

int
main(void)
{
	test_arguments();
	test_gone();
	test_flags();
	return done_testing();
}
