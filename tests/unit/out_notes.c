#include "config.h"

#include "golden.h"
#include "out/picture/markdown.h"
#include "out/picture/notes.h"
#include "session_film.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[] = "out-notes-XXXXXX";

static void
escapes(void (*write)(struct buf *, const char *), const char *text, const char *wanted)
{
	struct buf out = BUF_INIT;

	write(&out, text);
	is_text(buf_text(&out), wanted, "as Markdown");
	buf_free(&out);
}

static void
markdown(void)
{
	escapes(markdown_line, "write a:2 -> a2", "write a:2 -> a2");
	escapes(markdown_line, "<b>&amp;</b>", "&lt;b>&amp;amp;&lt;/b>");
	escapes(markdown_line, "[x](y) *_`~|$\\", "\\[x\\](y) \\*\\_\\`\\~\\|\\$\\\\");
	escapes(markdown_line, "# a\n# b", "\\# a # b");
	escapes(markdown_line, "  12. x", "12\\. x");
	escapes(markdown_line, "12 x 3.", "12 x 3.");
	escapes(markdown_line, "    -", "\\-");
	escapes(markdown_line, "\033[2J\xff", "\xef\xbf\xbd\\[2J\xef\xbf\xbd");
	escapes(markdown_paragraphs, "one\n\n> two\n", "one\n\n\\> two\n");
	escapes(markdown_code, "a b", "`a b`");
	escapes(markdown_code, "`a``\nb", "``` `a`` b ```");
	escapes(markdown_fenced, "a\n```\nb", "````text\na\n```\nb\n````\n");
	escapes(markdown_fenced, "a\r\n<!--\n", "```text\na\xef\xbf\xbd\n<!--\n```\n");
	escapes(markdown_path, "a b/c(1).png", "a%20b/c%281%29.png");
	escapes(markdown_path, "javascript:x\xe9\"", "javascript%3Ax%E9%22");
}

static void
single(void)
{
	struct story story = story_copied();
	struct canvas *canvas = story_canvas(&story, 80, 24, false);
	struct picture picture = {canvas, theme_find("print"), session_origin, 1};
	struct buf out = BUF_INIT;
	struct err err;

	is_number(picture_md(&out, &picture, &err), 0, "a picture");
	is_golden(&out, "captures/copied-80x24.md");
	buf_free(&out);
	canvas_free(canvas);
	story_free(&story);
}

static void
path_of(struct buf *out, const char *name)
{
	buf_clear(out);
	buf_addf(out, "%s/%s", directory, name);
}

static void
append(const char *path, const char *heading, const char *picture, int wanted)
{
	struct note note = {heading, "What happened.", picture, "the screen\n", "cowscope --batch"};
	struct err err = {0};

	if (!ok(notes_append(path, &note, &err) == wanted, "%s: %s", path, heading) || wanted)
		printf("# %s\n", err.text);
}

static void
file_is(const char *path, const char *wanted, const char *what)
{
	struct buf text = BUF_INIT;

	golden_read(&text, path);
	is_text(buf_text(&text), wanted, "%s", what);
	buf_free(&text);
}

#define ENTRY(heading, link) \
	"## " heading "\n\nWhat happened.\n\n" link \
	"```text\nthe screen\n```\n\nTo see it again: `cowscope --batch`\n"
#define TITLE "# Lab notebook: copy-on-write\n\n"

static void
notebook(void)
{
	struct buf path = BUF_INIT, picture = BUF_INIT;
	FILE *file;

	path_of(&path, "notes.md");
	append(buf_text(&path), "one", NULL, 0);
	file_is(buf_text(&path), TITLE ENTRY("one", ""), "a new notebook");
	path_of(&picture, "b.svg");
	append(buf_text(&path), "two", buf_text(&picture), 0);
	file_is(buf_text(&path), TITLE ENTRY("one", "") "\n" ENTRY("two", "![two](b.svg)\n\n"),
	    "another entry");
	path_of(&path, "mine.md");
	file = fopen(buf_text(&path), "w");
	fputs("my own", file);
	fclose(file);
	append(buf_text(&path), "three", NULL, 0);
	file_is(buf_text(&path), "my own\n\n" ENTRY("three", ""), "a file that was there");
	buf_free(&path);
	buf_free(&picture);
}

static void
links(void)
{
	struct buf path = BUF_INIT, picture = BUF_INIT, wanted = BUF_INIT;
	char real[PATH_MAX];

	path_of(&path, "deep");
	mkdir(buf_text(&path), 0777);
	path_of(&path, "deep/notes.md");
	path_of(&picture, "b 1.svg");
	append(buf_text(&path), "up", buf_text(&picture), 0);
	file_is(buf_text(&path), TITLE ENTRY("up", "![up](../b%201.svg)\n\n"), "a picture above");
	path_of(&path, "other.md");
	ok(realpath(directory, real) != NULL, "where we are");
	buf_clear(&picture);
	buf_addf(&picture, "%s/deep/b.svg", real);
	append(buf_text(&path), "down", buf_text(&picture), 0);
	file_is(buf_text(&path), TITLE ENTRY("down", "![down](deep/b.svg)\n\n"), "a picture below");
	path_of(&path, "kinds.md");
	path_of(&picture, "b.pdf");
	append(buf_text(&path), "pages", buf_text(&picture), 0);
	path_of(&picture, "b.cast");
	append(buf_text(&path), "film", buf_text(&picture), 0);
	path_of(&picture, "b.PNG");
	append(buf_text(&path), "points", buf_text(&picture), 0);
	file_is(buf_text(&path),
	    TITLE ENTRY("pages", "[pages](b.pdf)\n\n") "\n" ENTRY(
		"film", "[film](b.cast)\n\n") "\n" ENTRY("points", "![points](b.PNG)\n\n"),
	    "what is no image is linked, not shown");
	buf_free(&path);
	buf_free(&picture);
	buf_free(&wanted);
}

static void
bad_luck(void)
{
	struct rlimit limit, small = {150, 0};
	struct buf path = BUF_INIT;
	struct stat before, after;

	append(directory, "a directory", NULL, -1);
	append("/dev/null", "a device", NULL, -1);
	path_of(&path, "no/notes.md");
	append(buf_text(&path), "no directory", NULL, -1);
	path_of(&path, "pipe");
	mkfifo(buf_text(&path), 0666);
	append(buf_text(&path), "a pipe", NULL, -1);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	small.rlim_max = limit.rlim_max;
	path_of(&path, "mine.md");
	stat(buf_text(&path), &before);
	setrlimit(RLIMIT_FSIZE, &small);
	append(buf_text(&path), "no room", NULL, -1);
	stat(buf_text(&path), &after);
	is_number(after.st_size, before.st_size, "nothing of the entry is left");
	path_of(&path, "new.md");
	small.rlim_cur = 10;
	setrlimit(RLIMIT_FSIZE, &small);
	append(buf_text(&path), "no room at all", NULL, -1);
	setrlimit(RLIMIT_FSIZE, &limit);
	ok(access(buf_text(&path), F_OK) != 0, "and no file");
	buf_free(&path);
}

static void
clean_up(void)
{
	static const char *const names[] = {
	    "notes.md", "mine.md", "deep/notes.md", "deep", "other.md", "kinds.md", "pipe", ""};
	struct buf path = BUF_INIT;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		path_of(&path, names[i]);
		remove(buf_text(&path));
	}
	ok(access(directory, F_OK) != 0, "nothing else was left");
	buf_free(&path);
}

int
main(void)
{
	if (!mkdtemp(directory))
		return 1;
	markdown();
	single();
	notebook();
	links();
	bad_luck();
	clean_up();
	return done_testing();
}
