#include "config.h"
#include "app/family/family_options.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "out/family/family_json.h"

static int
load_baseline(const char *path, const struct family **baseline, struct err *err)
{
	struct family **list;
	size_t count;

	if (family_load(path, &list, &count, err) < 0)
		return -1;
	*baseline = list[count - 1];
	for (size_t i = 0; i + 1 < count; i++)
		family_free(list[i]);
	free(list);
	if (family_has_cells(*baseline))
		return 0;
	family_free(*baseline);
	*baseline = NULL;
	return err_set(
	    err, ERR_USAGE, _("%s does not say what each page is: save it with --cells"), path);
}

int
attach_wanted(const struct options *options, struct attach_options *wanted,
    const struct family **baseline, struct err *err)
{
	*baseline = NULL;
	if (options->baseline && load_baseline(options->baseline, baseline, err) < 0)
		return -1;
	*wanted = (struct attach_options){
	    .who = options->pid,
	    .duty = options->duty / 100.0,
	    .freeze = options->freeze,
	    .compare = options->copies,
	    .siblings = options->siblings,
	    .baseline = *baseline,
	};
	return 0;
}

bool
others_text(struct buf *out, const struct attach *attach, const char *who, pid_t watched)
{
	const struct attach_match *others;
	size_t count = attach_others(attach, &others);
	struct buf list = BUF_INIT;

	for (size_t i = 0; i < count; i++)
		buf_addf(&list, "%s%d", i ? ", " : "", (int)others[i].pid);
	if (count)
		buf_addf(out,
		    NP_("watching %1$d; another process named %2$s: %3$s",
			"watching %1$d; other processes named %2$s: %3$s", count),
		    (int)watched, who, buf_text(&list));
	buf_free(&list);
	return count > 0;
}
