#include "config.h"
#include "app/batch/batch_family.h"

#include <stdlib.h>

#include "app/batch/complain.h"
#include "app/batch/output.h"
#include "base/i18n.h"
#include "out/family/family_json.h"
#include "out/save.h"
#include "view/family/family_report.h"

/* The last family of the file. */
static const struct family *
last_of(const char *path, struct err *err)
{
	const struct family *last;
	struct family **list;
	size_t count;

	if (family_load(path, &list, &count, err) < 0)
		return NULL;
	last = list[count - 1];
	for (size_t i = 0; i + 1 < count; i++)
		family_free(list[i]);
	free(list);
	return last;
}

static int
batch_print_diff(const struct options *options, struct buf *text)
{
	struct err err;

	if (options->output)
		return save_over(options->output, text->data, text->length, &err) < 0
		    ? complain(&err)
		    : 0;
	return output_print(text);
}

static int
batch_compare_families(
    const struct options *options, const struct family *before, const struct family *after)
{
	struct family_diff diff;
	struct buf text = BUF_INIT;
	int status;

	family_diff(&diff, before, after);
	if (options->format == FORMAT_JSON) {
		json_family_diff(&text, &diff);
	} else {
		diff_report(&text, &diff);
		clean_lines(&text);
	}
	status = batch_print_diff(options, &text);
	buf_free(&text);
	family_diff_release(&diff);
	return status;
}

int
attach_diff_run(const struct options *options)
{
	const struct family *before, *after = NULL;
	struct err err;
	int status;

	if (options->format != FORMAT_TEXT && options->format != FORMAT_JSON) {
		err_set(&err, ERR_USAGE, _("--diff answers in text or json"));
		return complain(&err);
	}
	before = last_of(options->diff, &err);
	after = before ? last_of(options->diff_to, &err) : NULL;
	status = after ? batch_compare_families(options, before, after) : complain(&err);
	family_free(before);
	family_free(after);
	return status;
}
