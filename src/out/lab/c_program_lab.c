#include "config.h"
#include "out/lab/c_program_parts.h"

#include <string.h>

static void
c_program_file(struct program_draft *draft, const struct c_lab *lab)
{
	struct buf *out = &draft->main;

	if (kind_is_anonymous(lab->kind)) {
		buf_add(out, "\tlab.fd = -1;\n");
	} else if (lab->path) {
		buf_add(out, "\tlab.fd = open(");
		c_string(out, lab->path, strlen(lab->path));
		buf_addf(out, ", %s);\n", lab->read_only ? "O_RDONLY" : "O_RDWR");
	} else {
		draft->needs |= NEEDS(OWN_FILE);
		draft->needs |= lab->kind == KIND_POSIX_SHM ? 0 : NEEDS(DIRECTORY);
		buf_addf(out, "\tlab.fd = make_file(%s);\n\tfill(%u);\n",
		    lab->kind == KIND_POSIX_SHM ? "\"/dev/shm\"" : "directory()", lab->pages);
	}
}

/* Anonymous memory is inherited: all but the first are forked. */
static void
c_program_processes(struct program_draft *draft, const struct past_step *step)
{
	for (unsigned i = 0; i < step->processes; i++)
		if (i == 0 || kind_has_file(step->kind)) {
			buf_addf(&draft->main, "\tstart('%c');\n", 'a' + (int)i);
		} else {
			draft->needs |= NEEDS(FORK) | NEEDS(TELL);
			buf_addf(&draft->main, "\tfork_off('a', '%c');\n", 'a' + (int)i);
		}
}

static void
c_program_lab_command(struct buf *out, const struct past_step *step)
{
	if (step->command)
		buf_add(out, step->command);
	else
		buf_addf(out, "lab %s pages=%u processes=%u%s", kind_word(step->kind), step->pages,
		    step->processes, step->one_vma ? " vmas=one" : "");
}

void
c_program_lab(struct program_draft *draft, const struct past_step *step)
{
	struct c_lab lab = c_program_lab_of(draft, step);
	struct buf *out = &draft->main, command = BUF_INIT;

	c_program_lab_command(&command, step);
	c_program_heading(draft, step->step, buf_text(&command));
	buf_addf(out, "\tlab.pages = %u;\n\tlab.one_vma = %s;\n\tlab.protection = %s;\n",
	    step->pages, step->one_vma ? "true" : "false",
	    lab.read_only && step->kind == KIND_SHARED_FILE ? "PROT_READ"
							    : "PROT_READ | PROT_WRITE");
	buf_addf(out, "\tlab.flags = %s%s;\n",
	    kind_is_shared(step->kind) ? "MAP_SHARED" : "MAP_PRIVATE",
	    kind_is_anonymous(step->kind) ? " | MAP_ANONYMOUS" : "");
	c_program_file(draft, &lab);
	c_program_processes(draft, step);
	buf_add(out, "\tshow();\n");
	buf_free(&command);
}
