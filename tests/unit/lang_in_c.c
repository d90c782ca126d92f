/*
 * Every command has its C, or a reason why it has none.
 */
#include "config.h"
#include "base/buf.h"
#include "lang/in_c/in_c.h"
#include "command_list.h"
#include "tap.h"

#include <string.h>

static const struct {
	enum kind kind;
	const char *command, *lines;
} rows[] = {
    {KIND_PRIVATE_FILE, "read a:2", "byte = p[2 * 4096];\n"},
    {KIND_PRIVATE_FILE, "read a:0", "byte = p[0];\n"},
    {KIND_PRIVATE_FILE, "read @", "byte = p[page * 4096];\n"},
    {KIND_PRIVATE_FILE, "read all:*", "for (int i = 0; i < 10; i++)\n\tbyte = p[i * 4096];\n"},
    {KIND_PRIVATE_FILE, "read a:0,3-4",
	"byte = p[0];\nfor (int i = 3; i < 5; i++)\n\tbyte = p[i * 4096];\n"},
    {KIND_PRIVATE_FILE, "write a:2", "p[2 * 4096] = 'W';\n"},
    {KIND_PRIVATE_FILE, "write a:2 \"'\"", "p[2 * 4096] = '\\'';\n"},
    {KIND_PRIVATE_FILE, "write a:2 \"hello\"", "memcpy(p + 2 * 4096, \"hello\", 5);\n"},
    {KIND_PRIVATE_FILE, "write a:0 \"a\\\"\\\\b?\?/\\n\\x01\"",
	"memcpy(p, \"a\\\"\\\\b\\?\\?/\\n\\001\", 9);\n"},
    {KIND_PRIVATE_FILE, "write a:0-1 \"\xe5\xa5\xbd\"",
	"for (int i = 0; i < 2; i++)\n\tmemcpy(p + i * 4096, \"\\345\\245\\275\", 3);\n"},
    {KIND_SHARED_FILE, "sync a:2", "msync(p + 2 * 4096, 4096, MS_SYNC);\n"},
    {KIND_SHARED_FILE, "sync a:0-3 async", "msync(p, 4 * 4096, MS_ASYNC);\n"},
    {KIND_SHARED_FILE, "sync a:1 invalidate",
	"msync(p + 1 * 4096, 4096, MS_SYNC | MS_INVALIDATE);\n"},
    {KIND_PRIVATE_FILE, "advise a:2 dontneed", "madvise(p + 2 * 4096, 4096, MADV_DONTNEED);\n"},
    {KIND_PRIVATE_ANON, "advise a:1-2 populate-write",
	"madvise(p + 1 * 4096, 2 * 4096, MADV_POPULATE_WRITE);\n"},
    {KIND_PRIVATE_FILE, "protect a:2 none", "mprotect(p + 2 * 4096, 4096, PROT_NONE);\n"},
    {KIND_PRIVATE_FILE, "protect a:2 read+write",
	"mprotect(p + 2 * 4096, 4096, PROT_READ | PROT_WRITE);\n"},
    {KIND_PRIVATE_FILE, "unmap a:2-3", "munmap(p + 2 * 4096, 2 * 4096);\n"},
    {KIND_PRIVATE_FILE, "map a:2",
	"mmap(p + 2 * 4096, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED_NOREPLACE, fd, 2 * 4096);\n"},
    {KIND_PRIVATE_FILE, "map a:3 offset=8192 shared read fixed",
	"mmap(p + 3 * 4096, 4096, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 2 * 4096);\n"},
    {KIND_PRIVATE_FILE, "map a:3 offset=1 length=0",
	"mmap(p + 3 * 4096, 0, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED_NOREPLACE, fd, 1);\n"},
    {KIND_SHARED_ANON, "map a:0",
	"mmap(p, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);\n"},
    {KIND_PRIVATE_FILE, "map a:4 of=directory",
	"int directory = open(\"/\", O_RDONLY | O_DIRECTORY);\n"
	"mmap(p + 4 * 4096, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED_NOREPLACE, directory, 4 * 4096);\n"},
    {KIND_SHARED_FILE, "copy a:0-1 load", "memcpy(buffer, p, 2 * 4096);\n"},
    {KIND_SHARED_FILE, "copy b:1 store", "memset(p + 1 * 4096, 'b', 4096);\n"},
    {KIND_SHARED_FILE, "copy b:1 read", "pread(fd, buffer, 4096, 1 * 4096);\n"},
    {KIND_SHARED_FILE, "copy all:1 write",
	"memset(buffer, letter, 4096);\npwrite(fd, buffer, 4096, 1 * 4096);\n"},
    {KIND_SHARED_FILE, "lock a:2",
	"pthread_mutex_lock((pthread_mutex_t *)(p + 2 * 4096 + 2048));\n"},
    {KIND_SHARED_FILE, "unlock a:0", "pthread_mutex_unlock((pthread_mutex_t *)(p + 2048));\n"},
    {KIND_PRIVATE_ANON, "alloc a 256K", "char *block = malloc(262144);\n"},
    {KIND_PRIVATE_ANON, "exec a", "execve(\"/proc/self/exe\", argv, environ);\n"},
    {KIND_PRIVATE_ANON, "exit a 3", "_exit(3);\n"},
    {KIND_PRIVATE_ANON, "fork a", "pid_t child = fork();\n"},
    {KIND_PRIVATE_ANON, "fork a d", "pid_t d = fork();\n"},
    {KIND_SHARED_FILE, "spawn",
	"if (fork() == 0)\n\tp = mmap(NULL, 10 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);\n"},
    {KIND_SHARED_FILE, "kill b", "kill(b, SIGKILL);\n"},
    {KIND_SHARED_FILE, "kill b 34", "kill(b, 34);\n"},
    {KIND_SHARED_FILE, "file read 2", "pread(fd, buffer, 16, 2 * 4096);\n"},
    {KIND_SHARED_FILE, "file write 0 \"Z\"", "pwrite(fd, \"Z\", 1, 0);\n"},
    {KIND_SHARED_FILE, "file write 0 \"\\\"\"", "pwrite(fd, \"\\\"\", 1, 0);\n"},
    {KIND_SHARED_FILE, "file write 0-1 \"new\"",
	"for (int i = 0; i < 2; i++)\n\tpwrite(fd, \"new\", 3, i * 4096);\n"},
    {KIND_SHARED_FILE, "file truncate 4 100", "ftruncate(fd, 4 * 4096 + 100);\n"},
    {KIND_SHARED_FILE, "file grow 12", "ftruncate(fd, 12 * 4096);\n"},
    {KIND_SHARED_FILE, "file sync", "fsync(fd);\n"},
    {KIND_SHARED_FILE, "file drop", "fsync(fd);\nposix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);\n"},
    {KIND_SHARED_FILE, "file link",
	"sprintf(path, \"/proc/self/fd/%d\", fd);\n"
	"linkat(AT_FDCWD, path, AT_FDCWD, name, AT_SYMLINK_FOLLOW);\n"},
    {KIND_POSIX_SHM, "file open", "fd = shm_open(name, O_RDWR, 0);\n"},
    {KIND_SHARED_FILE, "file open", "fd = open(name, O_RDWR);\n"},
    {KIND_SHARED_FILE, "file close", "close(fd);\n"},
    {KIND_POSIX_SHM, "file unlink", "shm_unlink(name);\n"},
    {KIND_SHARED_FILE, "file unlink", "unlink(name);\n"},
    {KIND_PRIVATE_FILE, "weigh private-anon 1M",
	"char *q = mmap(NULL, 1048576, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);\n"
	"for (size_t at = 0; at < 1048576; at += 4096)\n\tq[at] = 'W';\n"},
    {KIND_PRIVATE_ANON, "reset",
	"char *p = mmap(NULL, 10 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);\n"
	"for (int i = 1; i < 10; i += 2)\n\tmadvise(p + i * 4096, 4096, MADV_DONTDUMP); /* each page a VMA */\n"
	"pid_t b = fork();\npid_t c = fork();\n"},
    {KIND_SHARED_FILE, "lab",
	"int fd = open(\"/var/tmp\", O_TMPFILE | O_RDWR, 0600);\n"
	"for (int i = 0; i < 10; i++) {\n\tmemset(buffer, '0' + i % 10, 4096);\n"
	"\tpwrite(fd, buffer, 4096, i * 4096);\n}\nfsync(fd);\n/* in each process: */\n"
	"char *p = mmap(NULL, 10 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);\n"
	"for (int i = 1; i < 10; i += 2)\n\tmadvise(p + i * 4096, 4096, MADV_DONTDUMP); /* each page a VMA */\n"},
    {KIND_PRIVATE_FILE, "expect a:2 copied; fork a; zzz",
	"/* expect: only looks: a program would do nothing */\npid_t child = fork();\n"
	"/* there is no command zzz: help lists them all */\n"},
};

static void
test_rows(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct c_lab lab = {
		    .kind = rows[i].kind, .pages = 10, .page_size = 4096, .processes = 3};
		struct buf out = BUF_INIT;

		in_c_line(&out, rows[i].command, &lab);
		is_text(buf_text(&out), rows[i].lines, "%s", rows[i].command);
		buf_free(&out);
	}
}

static bool
is_tested(enum verb verb)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (line_has_verb(rows[i].command, verb))
			return true;
	return false;
}

static void
test_all(void)
{
	for (int verb = 0; verb < VERB_COUNT; verb++) {
		const char *why = why_not_in_c((enum verb)verb);

		ok(why ? *why != '\0' : is_tested((enum verb)verb),
		    "%s has a reason, or C that a row above tests", command_defs[verb].name);
	}
}

static void
test_file(void)
{
	struct c_lab lab = {.kind = KIND_SHARED_FILE,
	    .pages = 1,
	    .page_size = 16384,
	    .processes = 1,
	    .read_only = true,
	    .path = "/tmp/a \"b\""};
	struct buf out = BUF_INIT;

	in_c_line(&out, "reset; file open", &lab);
	is_text(buf_text(&out),
	    "int fd = open(\"/tmp/a \\\"b\\\"\", O_RDONLY);\n"
	    "char *p = mmap(NULL, 1 * 16384, PROT_READ, MAP_SHARED, fd, 0);\n"
	    "fd = open(name, O_RDONLY);\n",
	    "somebody's file is opened by its name, and not written");
	buf_free(&out);
}

int
main(void)
{
	test_rows();
	test_all();
	test_file();
	return done_testing();
}
