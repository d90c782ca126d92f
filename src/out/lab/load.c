#include "config.h"
#include "out/lab/load.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "out/json/lines.h"
#include "out/lab/load_snapshot.h"

#include <stdlib.h>
#include <string.h>

struct loading {
	struct loaded *loaded;
	size_t room;
};

void
loaded_free(struct loaded *loaded)
{
	for (size_t i = 0; i < loaded->count; i++) {
		snapshot_free(loaded->moments[i].snapshot);
		events_free(&loaded->moments[i].events);
	}
	free(loaded->moments);
	*loaded = (struct loaded){NULL, 0};
}

static bool
is_same_reading(const struct snapshot *one, const struct snapshot *other)
{
	return one->step == other->step && one->lab == other->lab && one->time_ns == other->time_ns;
}

static bool
load_is_there(const struct loaded *loaded, const struct snapshot *snapshot)
{
	for (size_t i = loaded->count; i-- > 0;) {
		const struct snapshot *old = loaded->moments[i].snapshot;

		if (is_same_reading(old, snapshot))
			return true;
		if (old->step < snapshot->step)
			break;
	}
	return false;
}

static void
load_enter(struct loading *loading, struct json_reader *reader, struct moment *moment)
{
	struct loaded *loaded = loading->loaded;
	const struct snapshot *snapshot = moment->snapshot,
			      *last = loaded->count ? loaded->moments[loaded->count - 1].snapshot
						    : NULL;
	bool there = load_is_there(loaded, snapshot);

	if (!there && last && snapshot->step < last->step)
		reader_fail(reader, "step", _("step %1$u comes after step %2$u"), snapshot->step,
		    last->step);
	if (there || reader->failed) {
		moment_free(moment);
		return;
	}
	if (loaded->count == loading->room) {
		loading->room = loading->room ? loading->room * 2 : 16;
		loaded->moments =
		    mem_resize(loaded->moments, loading->room, sizeof(*loaded->moments));
	}
	loaded->moments[loaded->count++] = *moment;
}

static void
take_snapshot(struct json_reader *reader, const json_t *root, void *with)
{
	struct loading *loading = with;
	struct moment moment;

	if (strcmp(read_text(reader, root, "type"), "snapshot") == 0 && !reader->failed &&
	    load_snapshot(reader, root, &moment) == 0)
		load_enter(loading, reader, &moment);
}

static int
load_finish(int result, const char *name, struct loaded *loaded, struct err *err)
{
	if (result == 0 && !loaded->count)
		result = err_set(err, ERR_USAGE, _("%s holds no snapshot"), name);
	if (result < 0)
		loaded_free(loaded);
	return result;
}

int
session_parse(
    const char *name, const char *text, size_t length, struct loaded *loaded, struct err *err)
{
	struct loading loading = {.loaded = loaded};

	*loaded = (struct loaded){NULL, 0};
	return load_finish(
	    lines_parse(name, text, length, take_snapshot, &loading, err), name, loaded, err);
}

int
session_load(const char *path, struct loaded *loaded, struct err *err)
{
	struct loading loading = {.loaded = loaded};

	*loaded = (struct loaded){NULL, 0};
	return load_finish(lines_load(path, take_snapshot, &loading, err), path, loaded, err);
}
