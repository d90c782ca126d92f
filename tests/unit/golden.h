/*
 * Golden files: text against tests/golden/NAME below $srcdir. UPDATE=1 writes it.
 */
#ifndef TESTS_GOLDEN_H
#define TESTS_GOLDEN_H

#include <errno.h>
#include <stdlib.h>

#include "base/buf.h"
#include "tap.h"

static void
golden_read(struct buf *out, const char *path)
{
	FILE *file = fopen(path, "r");
	char chunk[4096];
	size_t count;

	while (file && (count = fread(chunk, 1, sizeof(chunk), file)) > 0)
		buf_add_n(out, chunk, count);
	if (file)
		fclose(file);
}

static void
golden_write(const char *path, const struct buf *text)
{
	FILE *file = fopen(path, "w");

	if (!file || fwrite(buf_text(text), 1, text->length, file) != text->length)
		printf("# cannot write %s: %s\n", path, strerror(errno));
	if (file)
		fclose(file);
}

static void
golden_show(const char *got, const char *wanted)
{
	for (int line = 1, shown = 0; (*got || *wanted) && shown < 10; line++) {
		size_t one = strcspn(got, "\n"), other = strcspn(wanted, "\n");

		if (one != other || memcmp(got, wanted, one) != 0) {
			printf("# line %d\n#    got: %.*s\n# wanted: %.*s\n", line, (int)one, got,
			    (int)other, wanted);
			shown++;
		}
		got += one + (got[one] == '\n');
		wanted += other + (wanted[other] == '\n');
	}
}

__attribute__((unused)) static void
is_golden(const struct buf *text, const char *name)
{
	const char *srcdir = getenv("srcdir"), *update = getenv("UPDATE");
	struct buf path = BUF_INIT, wanted = BUF_INIT;

	buf_addf(&path, "%s/tests/golden/%s", srcdir && *srcdir ? srcdir : ".", name);
	if (update && *update)
		golden_write(buf_text(&path), text);
	golden_read(&wanted, buf_text(&path));
	if (!ok(wanted.length == text->length &&
		    memcmp(buf_text(&wanted), buf_text(text), text->length) == 0,
		"%s is as it was", name))
		golden_show(buf_text(text), buf_text(&wanted));
	buf_free(&path);
	buf_free(&wanted);
}

#endif
