#include "config.h"
#include "out/lab/c_program.h"

#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "out/lab/c_program_parts.h"

#define PATH_BYTES 4200 /* of a name, where processes open the file by it */

static const char template[] =
#include "out/lab/c_program_template.inc"
    ;

/* "LOAD", "!LOAD" */
static bool
needs_one(const char *word, size_t length, uint64_t needs)
{
	static const char *const names[] = {
#define X(need) #need,
	    PROGRAM_NEEDS(X)
#undef X
	};
	bool wanted = *word != '!';

	word += !wanted;
	length -= !wanted;
	for (size_t i = 0; i < PROGRAM_NEED_COUNT; i++)
		if (strlen(names[i]) == length && memcmp(names[i], word, length) == 0)
			return (needs >> i & 1) == wanted;
	return length == 1 && *word == '*';
}

/* "LOAD&!STORE" */
static bool
needs_each(const char *word, size_t length, uint64_t needs)
{
	for (size_t at = 0; at < length;) {
		size_t one = strcspn(word + at, "& \n");

		if (!needs_one(word + at, one, needs))
			return false;
		at += one + 1;
	}
	return true;
}

static bool
are_needed(const char *conditions, uint64_t needs)
{
	while (*conditions != '\n') {
		size_t length = strcspn(conditions, " \n");

		if (needs_each(conditions, length, needs))
			return true;
		conditions += length + (conditions[length] == ' ');
	}
	return false;
}

void
c_program_parts(struct buf *out, uint64_t needs)
{
	bool needed = true;

	for (const char *line = template; *line;) {
		size_t length = strcspn(line, "\n") + 1;

		if (strncmp(line, "@ ", 2) == 0)
			needed = are_needed(line + 2, needs);
		else if (needed)
			buf_add_n(out, line, length);
		line += length;
	}
}

/* Where nothing may end the comment. */
static void
c_program_comment(struct buf *out, const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0x20 &&
		    (*text != '/' || out->data[out->length - 1] != '*'))
			buf_add_char(out, *text);
}

static void
c_program_head(struct buf *out, const struct c_program *program)
{
	struct buf text = BUF_INIT;

	buf_add(out, "/*\n * ");
	buf_addf(&text,
	    _("What was done in cowscope, done again by real processes: cc %s && ./a.out"),
	    program->name);
	c_program_comment(out, buf_text(&text));
	buf_add(out, "\n *\n * ");
	c_program_comment(out,
	    _("Read main first, at the end: step says what comes, tell has a process do it, show"));
	buf_add(out, "\n * ");
	c_program_comment(
	    out, _("prints the pages as each process finds them in its own /proc/self/pagemap."));
	buf_add(out, "\n *\n * ");
	buf_clear(&text);
	buf_addf(&text, _("Recorded by %1$s on %2$s."), program->software, program->kernel);
	c_program_comment(out, buf_text(&text));
	buf_add(out, "\n */\n");
	buf_free(&text);
}

static uint32_t
c_program_pages(const struct c_program *program)
{
	uint32_t most = 1;

	for (size_t i = 0; i < program->count; i++)
		if (program->steps[i].pages > most)
			most = program->steps[i].pages;
	return most;
}

static int
c_program_names(const struct c_program *program)
{
	unsigned names = 1;

	for (size_t i = 0; i < program->count; i++) {
		names |= program->steps[i].alive;
		names |= 1u << (program->steps[i].processes - 1);
	}
	return 32 - __builtin_clz(names);
}

static void
c_program_sizes(struct buf *out, const struct program_draft *draft)
{
	size_t text = draft->needs & (NEEDS(OPEN) | NEEDS(OPEN_SHM)) ? PATH_BYTES : 0;

	buf_addf(out, "\n#define PAGE %uL\n", draft->program->steps[0].page_size);
	buf_addf(
	    out, "#define PAGES %u /* at most, in one lab */\n", c_program_pages(draft->program));
	buf_addf(out, "#define NAMES %d /* a to %c */\n", c_program_names(draft->program),
	    'a' + c_program_names(draft->program) - 1);
	if (draft->needs & NEEDS(TEXT))
		buf_addf(out, "#define TEXT %zu\n", draft->text >= text ? draft->text + 1 : text);
	if (draft->needs & (NEEDS(CLOSE) | NEEDS(ODD)))
		buf_add(out, "#define CLOSED 1000 /* no file is open as this */\n");
}

/* A lab in which nothing was done before the next one began is left out. */
static void
c_program_begin(struct program_draft *draft, size_t index)
{
	const struct past_step *steps = draft->program->steps;

	if (index + 1 < draft->program->count && steps[index + 1].lab != steps[index].lab)
		return;
	if (draft->main.length)
		buf_add(&draft->main, "\n\tend_lab();");
	c_program_lab(draft, &steps[index]);
}

void
c_program_write(struct buf *out, const struct c_program *program)
{
	struct program_draft draft = {.program = program, .main = BUF_INIT};
	struct buf body = BUF_INIT;
	const char *rest;

	for (size_t i = 0; i < program->count; i++)
		if (i == 0 || program->steps[i].lab != program->steps[i - 1].lab)
			c_program_begin(&draft, i);
		else
			c_program_step(&draft, &program->steps[i - 1], &program->steps[i]);
	c_program_head(out, program);
	c_program_parts(&body, draft.needs);
	rest = strstr(buf_text(&body), "\n\n") + 1;
	buf_add_n(out, buf_text(&body), (size_t)(rest - buf_text(&body)));
	c_program_sizes(out, &draft);
	buf_add(out, rest);
	buf_add_n(out, buf_text(&draft.main), draft.main.length);
	buf_add(out, "\tend_lab();\n\treturn 0;\n}\n");
	buf_free(&body);
	buf_free(&draft.main);
}
