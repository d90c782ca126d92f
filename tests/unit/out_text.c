#include "config.h"

#include "out/picture/text.h"
#include "out/save.h"
#include "tap.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[] = "out-text-XXXXXX";

static void
canvas_text(void)
{
	struct canvas *canvas = canvas_new(10, 3, false);
	struct pen pen = pen_at(canvas, 1, 0, 10, ROLE_PLAIN);
	struct buf out = BUF_INIT;

	pen_text(&pen, "a 页 b");
	pen = pen_at(canvas, 9, 2, 10, ROLE_PLAIN);
	pen_text(&pen, "x");
	text_canvas(&out, canvas);
	is_text(buf_text(&out), " a 页 b\n\n         x\n",
	    "trailing blanks are trimmed, a newline behind every row");
	buf_free(&out);
	canvas_free(canvas);
}

static void
path_of(struct buf *out, const char *name)
{
	buf_clear(out);
	buf_addf(out, "%s/%s", directory, name);
}

static int
files_there(void)
{
	DIR *list = opendir(directory);
	struct dirent *entry;
	int count = 0;

	while (list && (entry = readdir(list)))
		count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	if (list)
		closedir(list);
	return count;
}

static void
check_content(const char *path, const char *wanted, const char *what)
{
	char text[64] = "";
	FILE *file = fopen(path, "r");

	if (file) {
		size_t count = fread(text, 1, sizeof(text) - 1, file);

		text[count] = '\0';
		fclose(file);
	}
	is_text(text, wanted, "%s", what);
}

static void
save(const char *name, const char *text, const char *taken)
{
	struct buf path = BUF_INIT, wanted = BUF_INIT;
	struct err err = {0};
	char *written = NULL;

	path_of(&path, name);
	path_of(&wanted, taken);
	is_number(save_new(buf_text(&path), text, strlen(text), &written, &err), 0,
	    "%s is saved %s", name, err.text);
	is_text(written ? written : "", buf_text(&wanted), "as %s", taken);
	check_content(buf_text(&wanted), text, "with what was given");
	free(written);
	buf_free(&path);
	buf_free(&wanted);
}

static void
never_replaced(void)
{
	struct buf path = BUF_INIT;
	struct stat status;
	mode_t mask = umask(022);

	save("out.txt", "one", "out.txt");
	save("out.txt", "two", "out-2.txt");
	save("out.txt", "three", "out-3.txt");
	path_of(&path, "out.txt");
	check_content(buf_text(&path), "one", "the first one is as it was");
	ok(stat(buf_text(&path), &status) == 0 && (status.st_mode & 0777) == 0644,
	    "the mode is the umask's");
	save("noending", "a", "noending");
	save("noending", "b", "noending-2");
	save(".hidden", "a", ".hidden");
	save(".hidden", "b", ".hidden-2");
	path_of(&path, "dangling.txt");
	ok(symlink("nowhere", buf_text(&path)) == 0, "a symbolic link to nothing");
	save("dangling.txt", "a", "dangling-2.txt");
	is_number(files_there(), 9, "no other file is left");
	umask(mask);
	buf_free(&path);
}

static void
fails(const char *path, enum err_kind kind, const char *part)
{
	struct err err = {0};
	char *written = NULL;

	is_number(save_new(path, "text", 4, &written, &err), -1, "cannot save %s", path);
	is_number(err.kind, kind, "of the kind that it is");
	ok(strstr(err.text, part) && !strchr(err.text, '\n'), "and says %s: %s", part, err.text);
	ok(!written, "no name was taken");
}

static void
a_full_disk(void)
{
	struct rlimit limit = {0, 0}, old;
	struct buf path = BUF_INIT;
	int before = files_there();

	path_of(&path, "large.txt");
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	limit.rlim_max = old.rlim_max;
	setrlimit(RLIMIT_FSIZE, &limit);
	{
		struct err err = {0};
		char *written = NULL;
		int result = save_new(buf_text(&path), "text", 4, &written, &err);

		setrlimit(RLIMIT_FSIZE, &old);
		is_number(result, -1, "where nothing can be written");
		is_number(err.kind, ERR_MACHINE, "the machine is the reason");
		ok(strstr(err.text, "EFBIG") != NULL, "it says why: %s", err.text);
		ok(!written, "no name was taken");
	}
	is_number(files_there(), before, "and nothing half-written is left");
	buf_free(&path);
}

static void
clear_directory(void)
{
	DIR *list = opendir(directory);
	struct dirent *entry;

	while (list && (entry = readdir(list)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			unlinkat(dirfd(list), entry->d_name, 0);
	if (list)
		closedir(list);
	rmdir(directory);
}

int
main(void)
{
	struct buf path = BUF_INIT;

	canvas_text();
	if (!mkdtemp(directory)) {
		printf("Bail out! no directory of our own: %s\n", strerror(errno));
		return 1;
	}
	never_replaced();
	path_of(&path, "no/such/directory.txt");
	fails(buf_text(&path), ERR_USAGE, "ENOENT");
	path_of(&path, "out.txt/file");
	fails(buf_text(&path), ERR_USAGE, "ENOTDIR");
	fails("", ERR_USAGE, "name");
	path_of(&path, "");
	fails(buf_text(&path), ERR_USAGE, "name");
	a_full_disk();
	clear_directory();
	buf_free(&path);
	return done_testing();
}
