#include "config.h"
#include "lang/in_c/in_c_private.h"

#include <string.h>
#include <sys/mman.h>

#define DEFAULT_BYTES "W"

void
c_of_read(struct buf *out, const struct command *command, const struct c_lab *lab)
{
	struct c_span spans[RANGES_MAX];
	size_t count = c_spans(spans, &command->target, lab);

	for (size_t i = 0; i < count; i++) {
		c_each(out, &spans[i]);
		buf_add(out, "byte = p[");
		c_offset(out, &spans[i], lab);
		buf_add(out, "];\n");
	}
}

/* One byte is stored, more are copied. */
static void
c_store(struct buf *out, const struct c_span *span, const char *text, size_t length,
    const struct c_lab *lab)
{
	buf_add(out, length == 1 ? "p[" : "memcpy(");
	if (length == 1)
		c_offset(out, span, lab);
	else
		c_address(out, span, lab);
	buf_add(out, length == 1 ? "] = " : ", ");
	if (length == 1) {
		c_character(out, *text);
		buf_add(out, ";\n");
	} else {
		c_string(out, text, length);
		buf_addf(out, ", %zu);\n", length);
	}
}

void
c_of_write(struct buf *out, const struct command *command, const struct c_lab *lab)
{
	const char *text = command->text ? command->text : DEFAULT_BYTES;
	size_t length = command->text ? command->text_length : strlen(DEFAULT_BYTES);
	struct c_span spans[RANGES_MAX];
	size_t count = c_spans(spans, &command->target, lab);

	for (size_t i = 0; i < count; i++) {
		c_each(out, &spans[i]);
		c_store(out, &spans[i], text, length, lab);
	}
}

/* "msync(p + 2 * 4096, 4096": a call for each range of pages; what follows is last. */
static void
c_call(struct buf *out, const char *function, const char *last, const struct command *command,
    const struct c_lab *lab)
{
	struct c_span spans[RANGES_MAX];
	size_t count = c_spans(spans, &command->target, lab);

	for (size_t i = 0; i < count; i++) {
		struct c_span start = {spans[i].first, spans[i].first, spans[i].is_cursors};

		buf_addf(out, "%s(", function);
		c_address(out, &start, lab);
		buf_add(out, ", ");
		c_length(out, &spans[i], lab);
		buf_addf(out, "%s%s);\n", *last ? ", " : "", last);
	}
}

void
c_of_sync(struct buf *out, const struct command *command, const struct c_lab *lab)
{
	struct buf how = BUF_INIT;

	c_sync(&how, command->choice);
	c_call(out, "msync", buf_text(&how), command, lab);
	buf_free(&how);
}

void
c_of_advise(struct buf *out, const struct command *command, const struct c_lab *lab)
{
	struct buf advice = BUF_INIT;

	c_advice(&advice, command->choice);
	c_call(out, "madvise", buf_text(&advice), command, lab);
	buf_free(&advice);
}

void
c_of_protect(struct buf *out, const struct command *command, const struct c_lab *lab)
{
	struct buf protection = BUF_INIT;

	c_protection(&protection, command->choice);
	c_call(out, "mprotect", buf_text(&protection), command, lab);
	buf_free(&protection);
}

void
c_of_unmap(struct buf *out, const struct command *command, const struct c_lab *lab)
{
	c_call(out, "munmap", "", command, lab);
}

/* What else than the lab's file is mapped: its descriptor. */
static const char *
c_odd_descriptor(enum map_of of)
{
	static const char *const names[] = {
	    [MAP_OF_CLOSED] = "closed",
	    [MAP_OF_PIPE] = "pipe",
	    [MAP_OF_DIRECTORY] = "directory",
	    [MAP_OF_READ_ONLY] = "read_only",
	    [MAP_OF_WRITE_ONLY] = "write_only",
	};

	return names[of];
}

static void
c_open_odd(struct buf *out, enum map_of of)
{
	switch (of) {
	case MAP_OF_LAB:
		break;
	case MAP_OF_CLOSED:
		buf_add(out, "int closed = 1000;\n");
		break;
	case MAP_OF_PIPE:
		buf_add(out, "int ends[2];\npipe(ends);\nint pipe = ends[0];\n");
		break;
	case MAP_OF_DIRECTORY:
		buf_add(out, "int directory = open(\"/\", O_RDONLY | O_DIRECTORY);\n");
		break;
	case MAP_OF_READ_ONLY:
		buf_add(out, "int read_only = open(name, O_RDONLY);\n");
		break;
	case MAP_OF_WRITE_ONLY:
		buf_add(out, "int write_only = open(name, O_WRONLY);\n");
		break;
	}
}

static void
c_map_flags(struct buf *out, const struct mapping_wish *wish, const struct c_lab *lab)
{
	bool shared = wish->sharing ? wish->sharing == MAP_SHARED : kind_is_shared(lab->kind);

	buf_add(out, shared ? "MAP_SHARED" : "MAP_PRIVATE");
	if (kind_is_anonymous(lab->kind) && wish->of == MAP_OF_LAB)
		buf_add(out, " | MAP_ANONYMOUS");
	buf_add(out, wish->fixed ? " | MAP_FIXED" : " | MAP_FIXED_NOREPLACE");
}

static void
c_map_offset(struct buf *out, const struct command *command, const struct c_span *start,
    uint32_t behind, const struct c_lab *lab)
{
	uint64_t offset = command->mapping.offset + (uint64_t)behind * lab->page_size;

	if (!command->mapping.has_offset)
		c_offset(out, start, lab);
	else if (offset && offset % lab->page_size == 0)
		buf_addf(out, "%llu * %u", (unsigned long long)(offset / lab->page_size),
		    lab->page_size);
	else
		buf_addf(out, "%llu", (unsigned long long)offset);
}

static void
c_map_span(struct buf *out, const struct command *command, const struct c_span *span,
    uint32_t behind, const struct c_lab *lab)
{
	const struct mapping_wish *wish = &command->mapping;
	struct c_span start = {span->first, span->first, span->is_cursors};

	buf_add(out, "mmap(");
	c_address(out, &start, lab);
	buf_add(out, ", ");
	if (wish->has_length)
		buf_addf(out, "%llu", (unsigned long long)wish->length);
	else
		c_length(out, span, lab);
	buf_add(out, ", ");
	if (wish->has_protection)
		c_protection(out, wish->protection);
	else
		buf_add(out, c_protection_of(lab));
	buf_add(out, ", ");
	c_map_flags(out, wish, lab);
	buf_addf(out, ", %s, ",
	    wish->of == MAP_OF_LAB ? c_descriptor(lab->kind) : c_odd_descriptor(wish->of));
	c_map_offset(out, command, &start, behind, lab);
	buf_add(out, ");\n");
}

void
c_of_map(struct buf *out, const struct command *command, const struct c_lab *lab)
{
	struct c_span spans[RANGES_MAX];
	size_t count = c_spans(spans, &command->target, lab);

	c_open_odd(out, command->mapping.of);
	for (size_t i = 0; i < count; i++)
		c_map_span(out, command, &spans[i], spans[i].first - spans[0].first, lab);
}

/* What a process copies into pages begins with its own letter. */
static const char *
c_letter(const struct target *target, char room[4])
{
	if (target->who != WHO_NAMED || (target->processes & (target->processes - 1)))
		return "letter";
	memcpy(room, "'a'", 4);
	room[1] = (char)('a' + __builtin_ctz(target->processes));
	return room;
}

static void
c_copy_span(struct buf *out, const struct command *command, const struct c_span *span,
    const struct c_lab *lab)
{
	struct c_span start = {span->first, span->first, span->is_cursors};
	char room[4];

	if (command->choice == COPY_WRITE) {
		buf_addf(out, "memset(buffer, %s, ", c_letter(&command->target, room));
		c_length(out, span, lab);
		buf_add(out, ");\n");
	}
	buf_add(out,
	    command->choice == COPY_LOAD        ? "memcpy(buffer, "
		: command->choice == COPY_STORE ? "memset("
		: command->choice == COPY_READ  ? "pread(fd, buffer, "
						: "pwrite(fd, buffer, ");
	if (command->choice <= COPY_STORE)
		c_address(out, &start, lab);
	else
		c_length(out, span, lab);
	buf_add(out, ", ");
	if (command->choice == COPY_STORE)
		buf_addf(out, "%s, ", c_letter(&command->target, room));
	if (command->choice <= COPY_STORE)
		c_length(out, span, lab);
	else
		c_offset(out, &start, lab);
	buf_add(out, ");\n");
}

void
c_of_copy(struct buf *out, const struct command *command, const struct c_lab *lab)
{
	struct c_span spans[RANGES_MAX];
	size_t count = c_spans(spans, &command->target, lab);

	for (size_t i = 0; i < count; i++)
		c_copy_span(out, command, &spans[i], lab);
}

static void
c_mutex(
    struct buf *out, const char *function, const struct command *command, const struct c_lab *lab)
{
	struct c_span spans[RANGES_MAX];
	size_t count = c_spans(spans, &command->target, lab);

	for (size_t i = 0; i < count; i++) {
		c_each(out, &spans[i]);
		buf_addf(out, "%s((pthread_mutex_t *)(", function);
		c_address(out, &spans[i], lab);
		buf_addf(out, " + %u));\n", lab->page_size / 2);
	}
}

void
c_of_lock(struct buf *out, const struct command *command, const struct c_lab *lab)
{
	c_mutex(out, "pthread_mutex_lock", command, lab);
}

void
c_of_unlock(struct buf *out, const struct command *command, const struct c_lab *lab)
{
	c_mutex(out, "pthread_mutex_unlock", command, lab);
}
