#include "config.h"
#include "out/teach/grade_report.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "out/json/json_write.h"
#include "out/picture/markup.h"

static char *
row_string(struct grade *grade, size_t at, const char *text)
{
	grade->texts[at] = mem_string(text ? text : "");
	return grade->texts[at];
}

void
grade_add(struct grade *grade, const struct grade_row *row)
{
	size_t at = 3 * grade->count;

	if (grade->count == grade->room) {
		grade->room = grade->room ? 2 * grade->room : 16;
		grade->rows = mem_resize(grade->rows, grade->room, sizeof(*grade->rows));
		grade->texts = mem_resize(grade->texts, 3 * grade->room, sizeof(*grade->texts));
	}
	grade->rows[grade->count++] = (struct grade_row){
	    .file = row_string(grade, at, row->file),
	    .line = row->line,
	    .what = row_string(grade, at + 1, row->what),
	    .holds = row->holds,
	    .found = row_string(grade, at + 2, row->found),
	};
}

void
grade_free(struct grade *grade)
{
	for (size_t i = 0; i < 3 * grade->count; i++)
		free(grade->texts[i]);
	free(grade->texts);
	free(grade->rows);
	grade->texts = NULL;
	grade->rows = NULL;
	grade->count = grade->room = 0;
}

static size_t
grade_count(const struct grade *grade, enum tri holds)
{
	size_t count = 0;

	for (size_t i = 0; i < grade->count; i++)
		count += grade->rows[i].holds == holds;
	return count;
}

size_t
grade_passed(const struct grade *grade)
{
	return grade_count(grade, TRI_YES);
}

int
grade_status(const struct grade *grade)
{
	if (grade_count(grade, TRI_NO))
		return ERR_EXPECT;
	return grade_count(grade, TRI_UNKNOWN) ? ERR_MACHINE : ERR_NONE;
}

/* "check.cow:3: expect a:2 copied" */
static void
row_title(struct buf *out, const struct grade_row *row)
{
	if (row->line)
		buf_addf(out, "%s:%d: ", row->file, row->line);
	else if (*row->file)
		buf_addf(out, "%s: ", row->file);
	buf_add(out, row->what);
}

static void
grade_clean(struct buf *out, const struct buf *text)
{
	utf8_clean(out, buf_text(text), text->length, false);
}

static void
grade_row_text(struct buf *out, const struct grade_row *row)
{
	struct buf line = BUF_INIT;

	buf_add(&line,
	    row->holds == TRI_YES      ? _("passed: ")
		: row->holds == TRI_NO ? _("failed: ")
				       : _("not known: "));
	row_title(&line, row);
	if (*row->found)
		buf_addf(&line, ": %s", row->found);
	grade_clean(out, &line);
	buf_add_char(out, '\n');
	buf_free(&line);
}

void
grade_text(struct buf *out, const struct grade *grade)
{
	for (size_t i = 0; i < grade->count; i++)
		grade_row_text(out, &grade->rows[i]);
	buf_addf(out, _("%1$zu of %2$zu passed.\n"), grade_passed(grade), grade->count);
}

void
grade_json(struct buf *out, const struct grade *grade)
{
	static const char *const words[] = {[TRI_NO] = "failed", [TRI_YES] = "passed"};
	struct json json;

	json_begin(&json, out, "grade");
	json_string(&json, "check", grade->name);
	json_string(&json, "student", grade->student);
	json_bool(&json, "passed", grade_status(grade) == 0);
	json_u64(&json, "score", grade_passed(grade));
	json_u64(&json, "of", grade->count);
	json_array(&json, "checks");
	for (size_t i = 0; i < grade->count; i++) {
		const struct grade_row *row = &grade->rows[i];

		json_object(&json, NULL);
		json_string(&json, "file", row->file);
		json_count(&json, "line", row->line ? (uint64_t)row->line : COUNT_UNKNOWN);
		json_string(&json, "what", row->what);
		json_string(
		    &json, "result", row->holds == TRI_UNKNOWN ? "unknown" : words[row->holds]);
		json_string(&json, "found", row->found);
		json_end(&json);
	}
	json_finish(&json);
}

/* A # would begin a directive. */
static void
tap_text(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '#' || *text == '\\')
			buf_add_char(out, '\\');
		buf_add_char(out, *text);
	}
}

static void
tap_row(struct buf *out, const struct grade_row *row, size_t number)
{
	struct buf title = BUF_INIT, clean = BUF_INIT;

	row_title(&title, row);
	grade_clean(&clean, &title);
	buf_addf(out, "%s %zu - ", row->holds == TRI_YES ? "ok" : "not ok", number);
	tap_text(out, buf_text(&clean));
	buf_add_char(out, '\n');
	if (*row->found) {
		buf_add(out, "  ---\n  message: ");
		json_quote(out, row->found, strlen(row->found));
		buf_addf(out, "\n  result: %s\n  ...\n",
		    row->holds == TRI_YES      ? "passed"
			: row->holds == TRI_NO ? "failed"
					       : "unknown");
	}
	buf_free(&title);
	buf_free(&clean);
}

void
grade_tap(struct buf *out, const struct grade *grade)
{
	buf_addf(out, "TAP version 13\n1..%zu\n", grade->count);
	for (size_t i = 0; i < grade->count; i++)
		tap_row(out, &grade->rows[i], i + 1);
}

static void
junit_attribute(struct buf *out, const char *name, const char *text)
{
	buf_addf(out, " %s=\"", name);
	markup_text(out, text);
	buf_add_char(out, '"');
}

static void
junit_counts(struct buf *out, const struct grade *grade)
{
	buf_addf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"", grade->count,
	    grade_count(grade, TRI_NO), grade_count(grade, TRI_UNKNOWN));
}

static void
junit_row(struct buf *out, const struct grade *grade, const struct grade_row *row)
{
	const char *element = row->holds == TRI_NO ? "failure" : "error";
	struct buf title = BUF_INIT;

	row_title(&title, row);
	buf_add(out, "    <testcase");
	junit_attribute(out, "classname", grade->student);
	junit_attribute(out, "name", buf_text(&title));
	buf_free(&title);
	if (row->holds == TRI_YES) {
		buf_add(out, "/>\n");
		return;
	}
	buf_addf(out, ">\n      <%s", element);
	junit_attribute(out, "message", row->found);
	junit_attribute(out, "type", row->holds == TRI_NO ? "failed" : "unknown");
	buf_add(out, "/>\n    </testcase>\n");
}

void
grade_junit(struct buf *out, const struct grade *grade)
{
	buf_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
	junit_attribute(out, "name", "cowscope");
	junit_counts(out, grade);
	buf_add(out, ">\n  <testsuite");
	junit_attribute(out, "name", grade->name);
	junit_counts(out, grade);
	buf_add(out, " skipped=\"0\">\n");
	for (size_t i = 0; i < grade->count; i++)
		junit_row(out, grade, &grade->rows[i]);
	buf_add(out, "  </testsuite>\n</testsuites>\n");
}
