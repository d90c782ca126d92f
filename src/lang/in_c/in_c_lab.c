#include "config.h"
#include "lang/in_c/in_c_private.h"

#include <string.h>

#include "model/lab/snapshot.h"

#define DEFAULT_BYTES "W"
#define WEIGH_BYTES (UINT64_C(256) << 20)

void
c_of_file_read(struct buf *out, const struct command *command, const struct c_lab *lab)
{
	struct c_span spans[RANGES_MAX];
	size_t count = c_spans(spans, &command->target, lab);

	for (size_t i = 0; i < count; i++) {
		c_each(out, &spans[i]);
		buf_addf(out, "pread(fd, buffer, %d, ", CONTENT_MAX);
		c_offset(out, &spans[i], lab);
		buf_add(out, ");\n");
	}
}

void
c_of_file_write(struct buf *out, const struct command *command, const struct c_lab *lab)
{
	const char *text = command->text ? command->text : DEFAULT_BYTES;
	size_t length = command->text ? command->text_length : strlen(DEFAULT_BYTES);
	struct c_span spans[RANGES_MAX];
	size_t count = c_spans(spans, &command->target, lab);

	for (size_t i = 0; i < count; i++) {
		c_each(out, &spans[i]);
		buf_add(out, "pwrite(fd, ");
		c_string(out, text, length);
		buf_addf(out, ", %zu, ", length);
		c_offset(out, &spans[i], lab);
		buf_add(out, ");\n");
	}
}

/* file truncate, file grow */
void
c_of_file_size(struct buf *out, const struct command *command, const struct c_lab *lab)
{
	struct c_span end = {command->count, command->count, false};

	buf_add(out, "ftruncate(fd, ");
	c_offset(out, &end, lab);
	if (command->size)
		buf_addf(out, " + %llu", (unsigned long long)command->size);
	buf_add(out, ");\n");
}

void
c_of_file_sync(struct buf *out, const struct command *command, const struct c_lab *lab)
{
	(void)command;
	(void)lab;
	buf_add(out, "fsync(fd);\n");
}

void
c_of_file_drop(struct buf *out, const struct command *command, const struct c_lab *lab)
{
	(void)command;
	(void)lab;
	buf_add(out, "fsync(fd);\nposix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);\n");
}

void
c_of_file_link(struct buf *out, const struct command *command, const struct c_lab *lab)
{
	(void)command;
	(void)lab;
	buf_add(out,
	    "sprintf(path, \"/proc/self/fd/%d\", fd);\n"
	    "linkat(AT_FDCWD, path, AT_FDCWD, name, AT_SYMLINK_FOLLOW);\n");
}

void
c_of_file_open(struct buf *out, const struct command *command, const struct c_lab *lab)
{
	const char *access = lab->read_only ? "O_RDONLY" : "O_RDWR";

	(void)command;
	if (lab->kind == KIND_POSIX_SHM)
		buf_addf(out, "fd = shm_open(name, %s, 0);\n", access);
	else
		buf_addf(out, "fd = open(name, %s);\n", access);
}

void
c_of_file_close(struct buf *out, const struct command *command, const struct c_lab *lab)
{
	(void)command;
	(void)lab;
	buf_add(out, "close(fd);\n");
}

void
c_of_file_unlink(struct buf *out, const struct command *command, const struct c_lab *lab)
{
	(void)command;
	buf_add(out, lab->kind == KIND_POSIX_SHM ? "shm_unlink(name);\n" : "unlink(name);\n");
}

void
c_of_alloc(struct buf *out, const struct command *command, const struct c_lab *lab)
{
	(void)lab;
	buf_addf(out, "char *block = malloc(%llu);\n", (unsigned long long)command->size);
}

void
c_of_exec(struct buf *out, const struct command *command, const struct c_lab *lab)
{
	(void)command;
	(void)lab;
	buf_add(out, "execve(\"/proc/self/exe\", argv, environ);\n");
}

void
c_of_exit(struct buf *out, const struct command *command, const struct c_lab *lab)
{
	(void)lab;
	buf_addf(out, "_exit(%u);\n", command->count);
}

void
c_of_fork(struct buf *out, const struct command *command, const struct c_lab *lab)
{
	(void)lab;
	if (command->name)
		buf_addf(out, "pid_t %c = fork();\n", command->name);
	else
		buf_add(out, "pid_t child = fork();\n");
}

static void
c_map_all(struct buf *out, const struct c_lab *lab)
{
	buf_addf(out, "mmap(NULL, %u * %u, %s, ", lab->pages, lab->page_size, c_protection_of(lab));
	c_flags(out, lab->kind);
	buf_addf(out, ", %s, 0);\n", c_descriptor(lab->kind));
}

void
c_of_spawn(struct buf *out, const struct command *command, const struct c_lab *lab)
{
	(void)command;
	buf_add(out, "if (fork() == 0)\n\tp = ");
	c_map_all(out, lab);
}

void
c_of_kill(struct buf *out, const struct command *command, const struct c_lab *lab)
{
	uint16_t processes = command->target.processes;

	(void)lab;
	if (command->target.who == WHO_NAMED && processes)
		buf_addf(out, "kill(%c, ", 'a' + __builtin_ctz(processes));
	else
		buf_add(out, "kill(pid, ");
	c_signal(out, command->choice);
	buf_add(out, ");\n");
}

static void
c_open_own(struct buf *out, const struct c_lab *lab)
{
	if (lab->path) {
		buf_add(out, "int fd = open(");
		c_string(out, lab->path, strlen(lab->path));
		buf_addf(out, ", %s);\n", lab->read_only ? "O_RDONLY" : "O_RDWR");
		return;
	}
	buf_addf(out, "int fd = open(\"%s\", O_TMPFILE | O_RDWR, 0600);\n",
	    lab->kind == KIND_POSIX_SHM ? "/dev/shm" : "/var/tmp");
	buf_addf(out,
	    "for (int i = 0; i < %u; i++) {\n"
	    "\tmemset(buffer, '0' + i %% 10, %u);\n"
	    "\tpwrite(fd, buffer, %u, i * %u);\n}\n"
	    "fsync(fd);\n",
	    lab->pages, lab->page_size, lab->page_size, lab->page_size);
}

/* Anonymous memory is inherited; a file is mapped by each process for itself. */
static void
c_start_others(struct buf *out, const struct c_lab *lab)
{
	for (unsigned i = 1; i < lab->processes && kind_is_anonymous(lab->kind); i++)
		buf_addf(out, "pid_t %c = fork();\n", 'a' + (int)i);
}

void
c_of_lab(struct buf *out, const struct command *command, const struct c_lab *lab)
{
	(void)command;
	if (kind_has_file(lab->kind))
		c_open_own(out, lab);
	if (kind_has_file(lab->kind) && lab->processes > 1)
		buf_add(out, "/* in each process: */\n");
	buf_add(out, "char *p = ");
	c_map_all(out, lab);
	if (!lab->one_vma && lab->pages > 1)
		buf_addf(out,
		    "for (int i = 1; i < %u; i += 2)\n"
		    "\tmadvise(p + i * %u, %u, MADV_DONTDUMP); /* each page a VMA */\n",
		    lab->pages, lab->page_size, lab->page_size);
	c_start_others(out, lab);
}

void
c_of_weigh(struct buf *out, const struct command *command, const struct c_lab *lab)
{
	enum kind kind = command->choice >= 0 ? (enum kind)command->choice : lab->kind;
	unsigned long long size = command->size ? command->size : WEIGH_BYTES;

	buf_addf(out, "char *q = mmap(NULL, %llu, PROT_READ | PROT_WRITE, ", size);
	c_flags(out, kind);
	buf_addf(out, ", %s, 0);\nfor (size_t at = 0; at < %llu; at += %u)\n\tq[at] = 'W';\n",
	    c_descriptor(kind), size, lab->page_size);
}
