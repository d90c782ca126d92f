#include "config.h"
#include "app/grade/grade_script.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/io.h"
#include "base/mem.h"

static int
script_fill(struct grade_script *script, int fd)
{
	script->text = mem_zero(GRADE_SCRIPT_MOST + 2, 1);
	for (;;) {
		ssize_t got =
		    read(fd, script->text + script->length, GRADE_SCRIPT_MOST + 1 - script->length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return (int)got;
		script->length += (size_t)got;
		script->too_large = script->length > GRADE_SCRIPT_MOST;
		if (script->too_large)
			return 0;
	}
}

int
grade_script_open(struct grade_script *script, const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), errnum = 0;
	struct stat status;

	*script = (struct grade_script){.path = path};
	if (fd < 0 || fstat(fd, &status) < 0)
		errnum = errno;
	else if (S_ISDIR(status.st_mode))
		errnum = EISDIR;
	else if (!S_ISREG(status.st_mode))
		errnum = EINVAL;
	else if (script_fill(script, fd) < 0)
		errnum = errno;
	if (fd >= 0)
		close(fd);
	if (script->too_large)
		script->length = 0;
	if (!errnum) {
		script->at = (size_t)(io_text_start(script->text) - script->text);
		return 0;
	}
	grade_script_close(script);
	return err_sys(err, ERR_USAGE, errnum, _("cannot read %s"), path);
}

void
grade_script_close(struct grade_script *script)
{
	free(script->text);
	script->text = NULL;
}

char *
grade_script_line(struct grade_script *script, bool *whole)
{
	char *line = script->text + script->at, *end;
	size_t rest = script->length - script->at;

	if (script->at >= script->length)
		return NULL;
	end = memchr(line, '\n', rest);
	if (!end)
		end = line + rest;
	*whole = !memchr(line, '\0', (size_t)(end - line));
	*end = '\0';
	if (end > line && end[-1] == '\r')
		end[-1] = '\0';
	script->at = (size_t)(end - script->text) + 1;
	script->line++;
	return line;
}

int
grade_script_fault(const struct grade_script *script, int line, const char *text, struct err *err)
{
	return err_set(err, ERR_USAGE, "%s:%d: %s", script->path, line, text);
}
