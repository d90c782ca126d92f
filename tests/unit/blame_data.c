/* What is said of a child's memory, of addresses that are known here: stacks, static data, what the
 * linker filled in, files, names, chunks. The child has grown its heap since the fork. */
#include "config.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "blame/data/data.h"
#include "tap.h"

#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#define PR_SET_VMA_ANON_NAME 0
#endif

/* Sanitizers have an allocator of their own. */
#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define SANITIZED
#endif
#endif
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(SANITIZED)
#define GLIBC_CHUNKS
#endif

#define CHUNKS 3000
#define CHUNK_BYTES 200u

int blame_data_counter = 1;
char blame_data_empty[10000];
static char *const sealed[] = {blame_data_empty};

#define STACK_BYTES ((size_t)256 << 10)
#define MADV_GUARD 102 /* MADV_GUARD_INSTALL, Linux 6.13 */

/* What the child tells of itself. */
struct told {
	void *on_stack, *on_thread, *on_guarded, *named, *file, *plain;
	void *early[CHUNKS], *late[CHUNKS];
	bool has_name;
};

static struct told *told;
static pthread_barrier_t both;

static void *
thread_runs(void *nothing)
{
	int local = 1;

	if (nothing)
		told->on_guarded = &local;
	else
		told->on_thread = &local;
	pthread_barrier_wait(&both);
	pause();
	return nothing;
}

/* A stack as glibc 2.42 makes it: its guard page is within its mapping. Not where the kernel
 * cannot. */
static void
guarded_thread_runs(void)
{
	char *room = mmap(
	    NULL, STACK_BYTES + 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pthread_attr_t attributes;
	pthread_t thread;

	if (room == MAP_FAILED || madvise(room + 4096, 4096, MADV_GUARD) != 0)
		return;
	room[0] = 1;
	pthread_attr_init(&attributes);
	pthread_attr_setstack(&attributes, room + 8192, STACK_BYTES);
	pthread_create(&thread, &attributes, thread_runs, room);
	pthread_barrier_wait(&both);
}

static void *
mapped(int fd)
{
	char *at = mmap(NULL, 16384, PROT_READ | PROT_WRITE,
	    fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_PRIVATE, fd, 0);

	if (at == MAP_FAILED)
		abort();
	at[100] = 1;
	return at + 100;
}

static void
chunks_made(void **chunks)
{
	for (size_t i = 0; i < CHUNKS; i++)
		memset(chunks[i] = malloc(CHUNK_BYTES), 1, CHUNK_BYTES);
}

static _Noreturn void
child_lives(int file, int ready)
{
	pthread_t thread;
	int local = 1;

	blame_data_counter++;
	blame_data_empty[5000] = 1;
	told->on_stack = &local;
	chunks_made(told->late);
	told->file = mapped(file);
	told->plain = mapped(-1);
	mprotect((char *)told->plain - 100 + 4096, 4096, PROT_READ); /* no neighbour of the next */
	told->named = mapped(-1);
	told->has_name = prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, (char *)told->named - 100, 16384,
			     "tests of blame") == 0;
	pthread_barrier_init(&both, NULL, 2);
	pthread_create(&thread, NULL, thread_runs, NULL);
	pthread_barrier_wait(&both);
	guarded_thread_runs();
	if (write(ready, "x", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

static struct data *data;
static struct suspect suspect;

static const char *
said(const void *address)
{
	static char text[256];
	struct data_found found;

	data_find(data, &suspect, NULL, (uintptr_t)address, &found);
	snprintf(text, sizeof(text), "%s %s", cause_word(found.cause), found.object);
	return text;
}

__attribute__((unused)) static void
test_chunks(void *const *chunks, const char *what)
{
	unsigned right = 0;

	for (size_t i = 0; i < CHUNKS; i++)
		right += strcmp(said((char *)chunks[i] + 40), "unknown chunk of 200 bytes") == 0;
	is_number(right, CHUNKS, "%s: their contents are unknown", what);
	right = 0;
	for (size_t i = 0; i < CHUNKS; i++)
		right += strcmp(said((char *)chunks[i] - 8), "allocator chunk header") == 0;
	is_number(right, CHUNKS, "%s: their headers", what);
}

static bool
kernel_shows_guards(void)
{
	uint64_t at = (uint64_t)(uintptr_t)told->on_guarded;

	return suspect_guard_before(&suspect, at - STACK_BYTES - 8192, at) != 0;
}

static void
test_places(const char *file)
{
	const char *slash = strrchr(file, '/');
	char wanted[256];

	is_text(said(told->on_stack), "stack [stack]", "a local variable");
	is_text(said(told->on_thread), "stack thread stack", "one of a thread");
	if (told->on_guarded && kernel_shows_guards())
		is_text(said(told->on_guarded), "stack thread stack",
		    "one of a thread whose guard page is no mapping");
	else
		printf(
		    "ok %d - one of a thread whose guard page is no mapping # SKIP Linux 6.15 shows guard pages\n",
		    ++tap_run);
	is_text(said(&blame_data_counter), "data blame_data_counter", ".data");
	is_text(said(blame_data_empty + 5000), "data blame_data_empty", ".bss");
	is_text(said(&sealed), "relocation blame_data .data.rel.ro", "RELRO");
	snprintf(wanted, sizeof(wanted), "data %s", slash + 1);
	is_text(said(told->file), wanted, "a page of a file");
	is_text(said(told->plain), "unknown ", "anonymous memory of nobody's");
	if (told->has_name)
		is_text(said(told->named), "object tests of blame", "named memory");
	else
		ok(true, "named memory # SKIP this kernel gives no names");
	is_text(said(NULL), "unknown ", "nothing is mapped there");
}

static pid_t
child_started(int file)
{
	int ready[2];
	char byte;
	pid_t child;

	if (pipe(ready) != 0)
		abort();
	chunks_made(told->early);
	child = fork();
	if (child == 0)
		child_lives(file, ready[1]);
	if (child < 0 || read(ready[0], &byte, 1) != 1)
		abort();
	return child;
}

int
main(void)
{
	char name[] = "/tmp/blame-data-XXXXXX";
	int file = mkstemp(name);
	pid_t child;

	told = mmap(NULL, sizeof(*told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (file < 0 || told == MAP_FAILED || ftruncate(file, 16384) != 0)
		abort();
	child = child_started(file);
	data = data_new();
	if (suspect_open(&suspect, child)) {
		test_places(name);
#ifdef GLIBC_CHUNKS
		test_chunks(told->early, "chunks from before the fork");
		test_chunks(told->late, "chunks since");
#endif
		suspect_close(&suspect);
	} else {
		ok(true, "a child's memory # SKIP it may not be read here");
	}
	data_free(data);
	for (size_t i = 0; i < CHUNKS; i++)
		free(told->early[i]);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	unlink(name);
	return done_testing();
}
