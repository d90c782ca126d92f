/*
 * What the C of commands is made of. Internal to src/lang/in_c.
 */
#ifndef LANG_IN_C_IN_C_PRIVATE_H
#define LANG_IN_C_IN_C_PRIVATE_H

#include "lang/in_c/in_c.h"

typedef void c_writer(struct buf *out, const struct command *command, const struct c_lab *lab);

c_writer c_of_read, c_of_write, c_of_sync, c_of_advise, c_of_protect, c_of_unmap, c_of_map,
    c_of_copy, c_of_lock, c_of_unlock;
c_writer c_of_file_read, c_of_file_write, c_of_file_size, c_of_file_sync, c_of_file_drop,
    c_of_file_link, c_of_file_open, c_of_file_close, c_of_file_unlink;
c_writer c_of_alloc, c_of_exec, c_of_exit, c_of_fork, c_of_spawn, c_of_kill, c_of_weigh, c_of_lab;

/* Pages first to last, inclusive; the cursor's, which has no number: page. */
struct c_span {
	uint32_t first, last;
	bool is_cursors;
};

size_t c_spans(
    struct c_span spans[RANGES_MAX], const struct target *target, const struct c_lab *lab);

/* "0", "2 * 4096", "i * 4096", "page * 4096" */
void c_offset(struct buf *out, const struct c_span *span, const struct c_lab *lab);
/* "p", "p + 2 * 4096" */
void c_address(struct buf *out, const struct c_span *span, const struct c_lab *lab);
/* "4096", "3 * 4096" */
void c_length(struct buf *out, const struct c_span *span, const struct c_lab *lab);

/* 'W' */
void c_character(struct buf *out, char character);

/* If there are several pages: the head of a loop over them, and one of them is `i` after it. */
void c_each(struct buf *out, struct c_span *span);

/* "MAP_PRIVATE", "MAP_SHARED | MAP_ANONYMOUS"; and "fd", "-1" */
void c_flags(struct buf *out, enum kind kind);
const char *c_descriptor(enum kind kind);
const char *c_protection_of(const struct c_lab *lab);

#endif
