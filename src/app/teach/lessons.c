#include "config.h"
#include "app/teach/lessons.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/parts.h"
#include "base/utf8.h"
#include "lang/options/options.h"
#include "lang/word_lists.h"

#define ENDING ".md"

static char *
joined(const char *directory, const char *name, const char *ending)
{
	struct buf path = BUF_INIT;

	buf_addf(&path, "%s/%s%s", directory, name, ending);
	return buf_take(&path);
}

static bool
has_ending(const char *name)
{
	size_t length = strlen(name), ending = strlen(ENDING);

	return length > ending && strcmp(name + length - ending, ENDING) == 0;
}

bool
lesson_is_file(const char *word)
{
	return strchr(word, '/') || has_ending(word);
}

/* To be freed. */
static char *
bundled_directory(void)
{
	const char *told = secure_getenv("COWSCOPE_LESSONS");

	return told && *told ? mem_string(told) : part_find(PART_LESSONS, NULL);
}

static char *
lessons_own_directory(void)
{
	const char *data = secure_getenv("XDG_DATA_HOME"), *home = secure_getenv("HOME");

	if (data && data[0] == '/')
		return joined(data, "cowscope", "/lessons");
	return home && home[0] == '/' ? joined(home, ".local/share/cowscope", "/lessons") : NULL;
}

/* One byte more than a lesson may have, so that lesson_parse() says so. */
static int
read_lesson(int fd, struct buf *text)
{
	char room[4096];
	ssize_t count = 1;

	while (count > 0 && text->length <= LESSON_BYTES_MAX) {
		count = read(fd, room, sizeof(room));
		if (count > 0)
			buf_add_n(text, room, (size_t)count);
		else if (count < 0 && errno == EINTR)
			count = 1;
	}
	return count < 0 ? errno : 0;
}

static int
lessons_read_file(const char *path, struct buf *text, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), errnum;
	struct stat status;

	if (fd < 0)
		return err_sys(err, ERR_USAGE, errno, "%s", path);
	errnum = fstat(fd, &status) < 0 ? errno : 0;
	if (!errnum && !S_ISREG(status.st_mode)) {
		close(fd);
		if (S_ISDIR(status.st_mode))
			return err_set(
			    err, ERR_USAGE, _("%s: this is a directory: a lesson is a file"), path);
		return err_set(
		    err, ERR_USAGE, _("%s: this is not a regular file: a lesson is one"), path);
	}
	if (!errnum)
		errnum = read_lesson(fd, text);
	close(fd);
	return errnum ? err_sys(err, ERR_USAGE, errnum, "%s", path) : 0;
}

static int
parse_file(struct lesson *lesson, const char *path, struct lesson_faults *faults, struct err *err)
{
	struct buf text = BUF_INIT;
	int result = lessons_read_file(path, &text, err);

	if (result == 0)
		lesson_parse(lesson, buf_text(&text), text.length, faults);
	buf_free(&text);
	return result;
}

/* Names without their ending, ascending; the array and its strings are to be freed. */
struct names {
	char **list; /* NULL-terminated */
	size_t count;
};

static void
names_free(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->list[i]);
	free(names->list);
}

static void
names_add(struct names *names, const char *name, size_t length)
{
	names->list = mem_resize(names->list, names->count + 2, sizeof(*names->list));
	names->list[names->count++] = mem_string_n(name, length);
	names->list[names->count] = NULL;
}

static int
by_name(const void *one, const void *other)
{
	return strcmp(*(char *const *)one, *(char *const *)other);
}

static void
names_in(struct names *names, const char *directory)
{
	DIR *stream = directory ? opendir(directory) : NULL;
	size_t first = names->count;
	struct dirent *entry;

	while (stream && (entry = readdir(stream)))
		if (has_ending(entry->d_name) && entry->d_name[0] != '.')
			names_add(names, entry->d_name, strlen(entry->d_name) - strlen(ENDING));
	if (stream)
		closedir(stream);
	if (names->count > first)
		qsort(names->list + first, names->count - first, sizeof(*names->list), by_name);
}

static int
no_lesson(const char *word, struct err *err)
{
	char *own = lessons_own_directory(), *bundled = bundled_directory(), room[QUOTED_MAX];
	struct names names = {0};
	const char *near;

	names_in(&names, own);
	names_in(&names, bundled);
	near = names.count ? nearest((const char *const *)names.list, word) : NULL;
	if (near)
		err_set(err, ERR_USAGE,
		    _("there is no lesson %1$s: did you mean %2$s? --list names all"),
		    quoted(room, word), near);
	else
		err_set(err, ERR_USAGE,
		    _("there is no lesson %s: --list names all, and a file of your own ends in .md"),
		    quoted(room, word));
	names_free(&names);
	free(own);
	free(bundled);
	return -1;
}

static char *
there(char *directory, const char *name)
{
	char *path = directory ? joined(directory, name, ENDING) : NULL;

	free(directory);
	if (path && access(path, F_OK) == 0)
		return path;
	free(path);
	return NULL;
}

static char *
lessons_find_named(const char *name)
{
	char *path = there(lessons_own_directory(), name);

	return path ? path : there(bundled_directory(), name);
}

/* Where the lesson is; NULL: err says that there is none. To be freed. */
static char *
lessons_find(const char *word, struct err *err)
{
	char *path;

	if (lesson_is_file(word))
		return mem_string(word);
	path = lessons_find_named(word);
	if (!path)
		no_lesson(word, err);
	return path;
}

static int
first_fault(const char *path, const struct lesson_faults *faults, struct err *err)
{
	const struct lesson_fault *fault = &faults->faults[0];

	if (faults->count == 1)
		return err_set(err, ERR_USAGE, "%s:%d: %s", path, fault->line, fault->text);
	return err_set(err, ERR_USAGE, _("%1$s:%2$d: %3$s (and %4$zu more: --check names all)"),
	    path, fault->line, fault->text, faults->count - 1);
}

int
lesson_open(struct lesson *lesson, char **path, const char *word, struct err *err)
{
	struct lesson_faults faults;
	int result;

	*path = lessons_find(word, err);
	if (!*path)
		return -1;
	result = parse_file(lesson, *path, &faults, err);
	if (result == 0 && faults.count) {
		result = first_fault(*path, &faults, err);
		lesson_free(lesson);
		lesson_faults_free(&faults);
	}
	if (result == 0)
		return 0;
	free(*path);
	*path = NULL;
	return -1;
}

/* Does the name lead to this file, and to nothing else? */
static bool
name_begins(const char *name, const char *path)
{
	char *found = options_own_word(name) || has_ending(name) ? NULL : lessons_find_named(name);
	bool begins = found && strcmp(found, path) == 0;

	free(found);
	return begins;
}

/* Anybody may call a file what he likes: here it is one line. */
static void
lessons_add_line(struct buf *out, struct buf *line)
{
	utf8_clean(out, buf_text(line), line->length, false);
	buf_add_char(out, '\n');
	buf_free(line);
}

/* What is listed begins the lesson: its name, or its path where the name means something else. What
 * is wrong with one that cannot be played stands where its title would. */
static void
list_one(struct buf *out, const char *directory, const char *name, bool own)
{
	char *path = joined(directory, name, ENDING);
	const char *word = name_begins(name, path) ? name : path;
	struct lesson_faults faults = {0};
	struct lesson lesson = {0};
	struct buf line = BUF_INIT;
	struct err err;
	size_t width = utf8_width(word);

	buf_addf(&line, "%s%s%*s", own ? "* " : "  ", word, width < 17 ? (int)(18 - width) : 1, "");
	if (parse_file(&lesson, path, &faults, &err) < 0)
		buf_add(&line, err.text);
	else if (faults.count)
		buf_addf(&line, _("cannot be played: line %1$d: %2$s"), faults.faults[0].line,
		    faults.faults[0].text);
	else
		buf_add(&line, lesson.title);
	lessons_add_line(out, &line);
	lesson_free(&lesson);
	lesson_faults_free(&faults);
	free(path);
}

static void
list_those(struct buf *out, char *directory, bool own)
{
	struct names names = {0};

	names_in(&names, directory);
	for (size_t i = 0; i < names.count; i++)
		list_one(out, directory, names.list[i], own);
	names_free(&names);
	free(directory);
}

void
lessons_list(struct buf *out)
{
	size_t bundled;

	list_those(out, lessons_own_directory(), true);
	if (out->length)
		buf_add(out, _("* one of your own\n\n"));
	bundled = out->length;
	list_those(out, bundled_directory(), false);
	if (out->length == bundled)
		buf_add(out, _("No lesson is installed.\n"));
}

static int
check_one(struct buf *out, const char *word)
{
	struct lesson_faults faults = {0};
	struct lesson lesson = {0};
	struct buf line = BUF_INIT;
	struct err err;
	char *path = lessons_find(word, &err);
	int status = 0;

	if (!path || parse_file(&lesson, path, &faults, &err) < 0) {
		buf_add(&line, err.text);
		lessons_add_line(out, &line);
		status = ERR_USAGE;
	}
	for (size_t i = 0; i < faults.count; i++) {
		buf_addf(&line, "%s:%d: %s", path, faults.faults[i].line, faults.faults[i].text);
		lessons_add_line(out, &line);
		status = ERR_USAGE;
	}
	lesson_free(&lesson);
	lesson_faults_free(&faults);
	free(path);
	return status;
}

int
lessons_check(struct buf *out, const char *const *words, size_t count)
{
	int status = 0;

	for (size_t i = 0; i < count; i++)
		status = check_one(out, words[i]) ? ERR_USAGE : status;
	return status;
}
