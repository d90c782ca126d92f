/*
 * An ordinary program, as others are: one mmap of a few pages, read, written, dropped, synced and
 * forked, and what its own pagemap shows then. It knows nothing of cowscope. What the lab shows as
 * Linux's behaviour must be what this shows.
 *
 * plain KIND PAGES DIRECTORY: commands from standard input, one a line; to each the reply is a
 * line:
 *
 *   read a 2, write a 2, drop a 2, sync a 2, unmap a 2, protect a 2 r (or w, or -), fork a b, kill
 * b, truncate 4, grow 10, filewrite 2
 *
 * The reply has a word for each process that is alive: its name, ":" and for each page P (present),
 * F (bit 61), x (mapped once) and S (swapped), or -, four letters a page.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define NAMES 9
#define PAGES_MAX 64

static struct {
	int file, pages, sockets[NAMES][2];
	size_t page;
	char *memory;
	sigjmp_buf home;
} us;

static void
caught(int signum)
{
	(void)signum;
	siglongjmp(us.home, 1);
}

static void
fail(const char *what)
{
	perror(what);
	exit(1);
}

static int
make_file(const char *kind, const char *directory)
{
	char name[512], *bytes = calloc(1, us.page);
	int file;

	if (strcmp(kind, "posix-shm") == 0) {
		snprintf(name, sizeof(name), "/plain-%d", (int)getpid());
		file = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
		shm_unlink(name);
	} else {
		snprintf(name, sizeof(name), "%s/plainXXXXXX", directory);
		file = mkstemp(name);
		unlink(name);
	}
	for (int i = 0; i < us.pages; i++) {
		memset(bytes, '0' + i, us.page);
		if (pwrite(file, bytes, us.page, (off_t)(us.page * (size_t)i)) != (ssize_t)us.page)
			fail("pwrite");
	}
	fsync(file);
	free(bytes);
	return file;
}

static void
map(const char *kind)
{
	int anonymous = us.file < 0, private = strncmp(kind, "private", 7) == 0;

	/* There the lab has it: fault-around goes by groups of 16 pages of the address space. */
	us.memory =
	    mmap((void *)(uintptr_t)0xa0000000u, us.page * (size_t)us.pages, PROT_READ | PROT_WRITE,
		(private ? MAP_PRIVATE : MAP_SHARED) | (anonymous ? MAP_ANONYMOUS : 0), us.file, 0);
	if (us.memory == MAP_FAILED)
		fail("mmap");
	madvise(us.memory, us.page * (size_t)us.pages, MADV_NOHUGEPAGE);
}

static void
touch(int page, int write)
{
	volatile char *at = us.memory + us.page * (size_t)page;

	if (sigsetjmp(us.home, 1))
		return;
	if (write)
		*at = 'W';
	else
		(void)*at;
}

static void
protect(char *at, char how)
{
	mprotect(at, us.page,
	    how == '-'       ? PROT_NONE
		: how == 'r' ? PROT_READ
			     : PROT_READ | PROT_WRITE);
}

static void
tell(int to)
{
	uint64_t entries[PAGES_MAX];
	char text[4 * PAGES_MAX + 1];
	int fd = open("/proc/self/pagemap", O_RDONLY);
	size_t size = sizeof(*entries) * (size_t)us.pages;

	if (pread(fd, entries, size, (off_t)((uintptr_t)us.memory / us.page * sizeof(*entries))) !=
	    (ssize_t)size)
		_exit(1);
	close(fd);
	for (int i = 0; i < us.pages; i++) {
		text[4 * i] = entries[i] >> 63 & 1 ? 'P' : '-';
		text[4 * i + 1] = entries[i] >> 61 & 1 ? 'F' : '-';
		text[4 * i + 2] = entries[i] >> 56 & 1 ? 'x' : '-';
		text[4 * i + 3] = entries[i] >> 62 & 1 ? 'S' : '-';
	}
	if (write(to, text, 4 * (size_t)us.pages) < 0)
		_exit(1);
}

static void serve(char name);

static void
obey(const char *line, int to)
{
	char verb[16], who, what = 0;
	int page = 0;
	char *at;

	sscanf(line, "%15s %c %d %c", verb, &who, &page, &what);
	at = us.memory + us.page * (size_t)page;
	if (strcmp(verb, "read") == 0 || strcmp(verb, "write") == 0)
		touch(page, verb[0] == 'w');
	else if (strcmp(verb, "drop") == 0)
		madvise(at, us.page, MADV_DONTNEED);
	else if (strcmp(verb, "sync") == 0)
		msync(at, us.page, MS_SYNC);
	else if (strcmp(verb, "unmap") == 0)
		munmap(at, us.page);
	else if (strcmp(verb, "protect") == 0)
		protect(at, what);
	else if (strcmp(verb, "fork") == 0 && fork() == 0)
		serve(line[7]);
	else if (strcmp(verb, "show") == 0) {
		tell(to);
		return;
	}
	if (write(to, ".", 1) < 0)
		_exit(1);
}

static void
serve(char name)
{
	int sock = us.sockets[name - 'a'][1];
	char line[64];
	ssize_t got;

	signal(SIGCHLD, SIG_IGN);
	for (;;) {
		got = read(sock, line, sizeof(line) - 1);
		if (got <= 0 || line[0] == 'q')
			_exit(0);
		line[got] = '\0';
		obey(line, sock);
	}
}

/* Of one process; how many bytes the answer has. */
static ssize_t
ask(char name, const char *line, char *answer, size_t room)
{
	int sock = us.sockets[name - 'a'][0];

	if (write(sock, line, strlen(line)) < 0)
		fail("write");
	return read(sock, answer, room);
}

static void
do_to_file(const char *line)
{
	int page = 0;

	if (sscanf(line, "filewrite %d", &page) == 1 &&
	    pwrite(us.file, "Z", 1, (off_t)(us.page * (size_t)page)) < 0)
		fail("pwrite");
	if ((sscanf(line, "truncate %d", &page) == 1 || sscanf(line, "grow %d", &page) == 1) &&
	    ftruncate(us.file, (off_t)(us.page * (size_t)page)) < 0)
		fail("ftruncate");
}

/* It is gone when nobody has its end of the socket any more, and that is when it was waited for:
 * its memory is gone by then. */
static void
end(char name, pid_t pids[NAMES])
{
	char text[64];

	snprintf(text, sizeof(text), "/proc/%d", (int)pids[name - 'a']);
	if (write(us.sockets[name - 'a'][0], "q", 1) < 0)
		fail("write");
	if (waitpid(pids[name - 'a'], NULL, 0) < 0)
		while (access(text, F_OK) == 0)
			usleep(200);
	pids[name - 'a'] = 0;
}

static pid_t
pid_of(char name)
{
	struct ucred peer;
	char control[CMSG_SPACE(sizeof(peer))], byte;
	struct iovec iov = {&byte, 1};
	struct msghdr message = {
	    .msg_iov = &iov,
	    .msg_iovlen = 1,
	    .msg_control = control,
	    .msg_controllen = sizeof(control),
	};

	if (write(us.sockets[name - 'a'][0], "nothing a 0", 11) < 0 ||
	    recvmsg(us.sockets[name - 'a'][0], &message, 0) < 0)
		fail("recvmsg");
	memcpy(&peer, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(peer));
	return peer.pid;
}

static void
run(pid_t pids[NAMES])
{
	char line[64], answer[4 * PAGES_MAX + 1];

	while (fgets(line, sizeof(line), stdin)) {
		char *who = strchr(line, ' ');

		line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, "kill", 4) == 0)
			end(who[1], pids);
		else if (who && who[1] >= 'a' && who[1] <= 'i')
			ask(who[1], line, answer, sizeof(answer));
		else
			do_to_file(line);
		if (strncmp(line, "fork", 4) == 0)
			pids[line[7] - 'a'] = pid_of(line[7]);
		for (char name = 'a'; name < 'a' + NAMES; name++) {
			ssize_t got =
			    pids[name - 'a'] ? ask(name, "show", answer, sizeof(answer)) : 0;

			if (got > 0)
				printf("%c:%.*s ", name, (int)got, answer);
		}
		printf("\n");
		fflush(stdout);
	}
}

int
main(int argc, char **argv)
{
	pid_t pids[NAMES] = {0};
	int on = 1;

	if (argc != 4)
		return 2;
	us.page = (size_t)sysconf(_SC_PAGESIZE);
	us.pages = atoi(argv[2]);
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	signal(SIGSEGV, caught);
	signal(SIGBUS, caught);
	for (int i = 0; i < NAMES; i++) {
		if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, us.sockets[i]) < 0)
			fail("socketpair");
		setsockopt(us.sockets[i][0], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on));
	}
	us.file = strstr(argv[1], "-anon") ? -1 : make_file(argv[1], argv[3]);
	pids[0] = fork();
	if (pids[0] == 0) {
		map(argv[1]);
		serve('a');
	}
	run(pids);
	for (char name = 'a'; name < 'a' + NAMES; name++)
		if (pids[name - 'a'])
			end(name, pids);
	return 0;
}
