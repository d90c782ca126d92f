#include "config.h"
#include "base/parts.h"
#include "base/buf.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Written by make when a directory changes: src/base/room.mk. */
#include "base/parts.inc"

/* In a build tree, from its top. */
static const char *const built[] = {
    [PART_LESSONS] = "/lessons",
    [PART_TRANSLATIONS] = "/po/built",
    [PART_HELPERS] = "/src",
};

static const char *const configured[] = {
    [PART_LESSONS] = PARTS_DATA "/lessons",
    [PART_TRANSLATIONS] = PARTS_LOCALE,
    [PART_HELPERS] = PARTS_HELPERS,
};

/* One directory up, if there is one; a path from /proc contains no links. */
static void
go_up(char *directory)
{
	char *slash = strrchr(directory, '/');

	if (slash)
		*slash = '\0';
}

/* The running program's directory; room for PATH_MAX bytes. */
static bool
parts_own_directory(char *directory)
{
	ssize_t length = readlink("/proc/self/exe", directory, PATH_MAX);

	if (length <= 0 || length == PATH_MAX)
		return false;
	directory[length] = '\0';
	go_up(directory);
	return true;
}

static char *
parts_path_of(const char *directory, const char *rest, const char *name)
{
	struct buf path = BUF_INIT;

	buf_addf(&path, "%s%s", directory, rest);
	if (name)
		buf_addf(&path, "/%s", name);
	return buf_take(&path);
}

/* The top of the tree in which the program was built and still lies; false: it lies elsewhere. */
static bool
find_tree(char *top)
{
	char *mark;
	bool there;

	if (!parts_own_directory(top))
		return false;
	go_up(top);
	mark = parts_path_of(top, "/config.status", NULL);
	there = access(mark, F_OK) == 0;
	free(mark);
	return there;
}

/* How many bytes of whole directories two paths have in common at their start. */
static size_t
common(const char *a, const char *b)
{
	size_t at = 0, whole = 0;

	for (; a[at] && a[at] == b[at]; at++)
		if (a[at] == '/')
			whole = at;
	if ((!a[at] || a[at] == '/') && (!b[at] || b[at] == '/'))
		whole = at;
	return whole;
}

/* Up from the programs' directory to what both configured paths have in common, then down to the
 * part.
 */
static char *
relative(enum part part, const char *name)
{
	size_t shared = common(PARTS_PROGRAMS, configured[part]);
	char directory[PATH_MAX];

	if (!parts_own_directory(directory))
		return NULL;
	for (const char *at = &PARTS_PROGRAMS[shared]; *at; at++)
		if (at[0] == '/' && at[1] && at[1] != '/')
			go_up(directory);
	return parts_path_of(directory, configured[part] + shared, name);
}

char *
part_find(enum part part, const char *name)
{
	char top[PATH_MAX], *path;

	if (find_tree(top))
		return parts_path_of(top, built[part], name);
	path = relative(part, name);
	if (path && access(path, R_OK) == 0)
		return path;
	free(path);
	return parts_path_of(configured[part], "", name);
}
