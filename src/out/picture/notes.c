#include "config.h"
#include "out/picture/notes.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "out/picture/formats.h"
#include "out/picture/markdown.h"
#include "out/picture/text.h"
#include "out/save.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Does a Markdown viewer show it in place? */
static bool
is_image(const char *path)
{
	struct err err;
	const struct format_def *def = format_by_path(path, &err);

	return def && (def->format == FORMAT_PNG || def->format == FORMAT_SVG);
}

void
notes_entry(struct buf *out, const struct note *note)
{
	buf_add(out, "## ");
	markdown_line(out, note->heading);
	buf_add(out, "\n\n");
	if (note->explanation && *note->explanation) {
		markdown_paragraphs(out, note->explanation);
		buf_add_char(out, '\n');
	}
	if (note->picture) {
		buf_add(out, is_image(note->picture) ? "![" : "[");
		markdown_line(out, note->heading);
		buf_add(out, "](");
		markdown_path(out, note->picture);
		buf_add(out, ")\n\n");
	}
	markdown_fenced(out, note->text);
	if (note->command_line && *note->command_line) {
		buf_addf(out, "\n%s ", _("To see it again:"));
		markdown_code(out, note->command_line);
		buf_add_char(out, '\n');
	}
}

static char *
notes_directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *directory, *real;

	if (!slash)
		return realpath(".", NULL);
	directory = slash == path ? mem_string("/") : mem_string_n(path, (size_t)(slash - path));
	real = realpath(directory, NULL);
	free(directory);
	return real;
}

/* "../" for each part of `from` that `to` lacks, then the rest of `to`; both absolute. */
static void
add_way(struct buf *out, const char *from, const char *to)
{
	size_t common = 0;

	for (size_t i = 0;; i++) {
		bool ends = (!from[i] || from[i] == '/') && (!to[i] || to[i] == '/');

		if (ends)
			common = i;
		if (!from[i] || !to[i] || from[i] != to[i])
			break;
	}
	for (from += common; *from; from++)
		if (*from == '/' && from[1])
			buf_add(out, "../");
	to += common;
	to += *to == '/';
	if (*to)
		buf_addf(out, "%s/", to);
}

/* From the notebook's directory to the picture, so that both can move together. */
static char *
link_between(const char *notes, const char *picture)
{
	char *from = notes_directory_of(notes), *to = notes_directory_of(picture);
	const char *slash = strrchr(picture, '/');
	struct buf link = BUF_INIT;

	if (from && to) {
		add_way(&link, from, to);
		buf_add(&link, slash ? slash + 1 : picture);
	} else {
		buf_add(&link, picture);
	}
	free(from);
	free(to);
	return buf_take(&link);
}

static void
notes_add_title(struct buf *out)
{
	buf_addf(out, "# %s\n\n", _("Lab notebook: copy-on-write"));
}

/* Ends what is there with a line of its own. */
static void
add_gap(struct buf *out, int fd, off_t size)
{
	char last = '\n';

	if (pread(fd, &last, 1, size - 1) == 1 && last != '\n')
		buf_add_char(out, '\n');
	buf_add_char(out, '\n');
}

/* Never takes back someone else's entry: the file would be longer then. */
static bool
take_back(int fd, off_t size, size_t written)
{
	struct stat now;

	return fstat(fd, &now) == 0 && now.st_size == size + (off_t)written &&
	    ftruncate(fd, size) == 0;
}

/* One write, unless the system takes only part of it. */
static int
write_whole(int fd, off_t size, const struct buf *text)
{
	size_t done = 0;

	while (done < text->length) {
		ssize_t written = write(fd, text->data + done, text->length - done);
		int errnum = errno;

		if (written < 0 && errnum == EINTR)
			continue;
		if (written <= 0) {
			if (done)
				take_back(fd, size, done);
			return errnum;
		}
		done += (size_t)written;
	}
	return 0;
}

static int
write_entry(int fd, const char *path, const struct note *note, struct err *err)
{
	struct buf out = BUF_INIT;
	struct stat file;
	int errnum;

	if (fstat(fd, &file) != 0)
		return save_error(err, errno, path);
	if (!S_ISREG(file.st_mode))
		return err_set(
		    err, ERR_USAGE, _("cannot keep notes in %s: it is not a regular file"), path);
	if (file.st_size == 0)
		notes_add_title(&out);
	else
		add_gap(&out, fd, file.st_size);
	notes_entry(&out, note);
	errnum = write_whole(fd, file.st_size, &out);
	buf_free(&out);
	return errnum ? save_error(err, errnum, path) : 0;
}

static int
open_notes(const char *path, bool *created)
{
	int flags = O_RDWR | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
	int fd = open(path, flags | O_CREAT | O_EXCL, 0666);

	*created = fd >= 0;
	return fd < 0 && errno == EEXIST ? open(path, flags) : fd;
}

int
notes_append(const char *path, const struct note *note, struct err *err)
{
	struct note linked = *note;
	bool created;
	int fd = open_notes(path, &created), result;
	char *link = NULL;

	if (fd < 0)
		return save_error(err, errno, path);
	if (note->picture)
		linked.picture = link = link_between(path, note->picture);
	result = write_entry(fd, path, &linked, err);
	if (result < 0 && created)
		unlink(path);
	if (close(fd) != 0 && result == 0)
		result = save_error(err, errno, path);
	free(link);
	return result;
}

int
picture_md(struct buf *out, const struct picture *picture, struct err *err)
{
	const struct origin *origin = &picture->origin;
	struct buf text = BUF_INIT;

	(void)err;
	text_canvas(&text, picture->canvas);
	notes_add_title(out);
	notes_entry(out,
	    &(struct note){
		.heading = origin->title,
		.text = buf_text(&text),
		.command_line = origin->command_line,
	    });
	buf_add_char(out, '\n');
	markdown_line(out, origin->software);
	buf_add(out, ", ");
	markdown_line(out, origin->kernel);
	buf_add_char(out, '\n');
	buf_free(&text);
	return 0;
}
