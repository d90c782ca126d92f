#include "config.h"
#include "base/err.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

struct named_number {
	int number;
	const char *name;
};

#define ERRNO_END 134 /* Linux names all below this */
#define NAMED(symbol) \
	{ \
		symbol, #symbol \
	}

static const struct named_number signals[] = {
    NAMED(SIGHUP),
    NAMED(SIGINT),
    NAMED(SIGQUIT),
    NAMED(SIGILL),
    NAMED(SIGTRAP),
    NAMED(SIGABRT),
    NAMED(SIGBUS),
    NAMED(SIGFPE),
    NAMED(SIGKILL),
    NAMED(SIGUSR1),
    NAMED(SIGSEGV),
    NAMED(SIGUSR2),
    NAMED(SIGPIPE),
    NAMED(SIGALRM),
    NAMED(SIGTERM),
    NAMED(SIGCHLD),
    NAMED(SIGCONT),
    NAMED(SIGSTOP),
    NAMED(SIGTSTP),
    NAMED(SIGTTIN),
    NAMED(SIGTTOU),
    NAMED(SIGXCPU),
    NAMED(SIGXFSZ),
};

#ifndef HAVE_STRERRORNAME_NP
static const struct named_number errnos[] = {
    NAMED(EPERM),
    NAMED(ENOENT),
    NAMED(EINTR),
    NAMED(EIO),
    NAMED(ENXIO),
    NAMED(EBADF),
    NAMED(EAGAIN),
    NAMED(ENOMEM),
    NAMED(EACCES),
    NAMED(EFAULT),
    NAMED(EBUSY),
    NAMED(EEXIST),
    NAMED(ENODEV),
    NAMED(ENOTDIR),
    NAMED(EISDIR),
    NAMED(EINVAL),
    NAMED(ENFILE),
    NAMED(EMFILE),
    NAMED(ETXTBSY),
    NAMED(EFBIG),
    NAMED(ENOSPC),
    NAMED(EROFS),
    NAMED(EPIPE),
    NAMED(EOVERFLOW),
    NAMED(ENOSYS),
    NAMED(EOPNOTSUPP),
    NAMED(EDQUOT),
    NAMED(ETIMEDOUT),
    NAMED(ESRCH),
    NAMED(EOWNERDEAD),
    NAMED(EDEADLK),
    NAMED(ECHILD),
};
#endif

static const char *
err_name_of(const struct named_number *table, size_t count, int number)
{
	for (size_t i = 0; i < count; i++)
		if (table[i].number == number)
			return table[i].name;
	return NULL;
}

#define NAME_OF(table, number) err_name_of(table, sizeof(table) / sizeof((table)[0]), number)

static const char *
named_or_numbered(const char *name, const char *what, int number)
{
	static char text[32];

	if (name)
		return name;
	snprintf(text, sizeof(text), "%s %d", what, number);
	return text;
}

const char *
errno_name(int errnum)
{
#ifdef HAVE_STRERRORNAME_NP
	return named_or_numbered(strerrorname_np(errnum), "error", errnum);
#else
	return named_or_numbered(NAME_OF(errnos, errnum), "error", errnum);
#endif
}

int
errno_number(const char *name)
{
	if (strcmp(name, "0") == 0)
		return 0;
	for (int errnum = 1; errnum < ERRNO_END; errnum++)
		if (strcmp(name, errno_name(errnum)) == 0)
			return errnum;
	return -1;
}

const char *
signal_name(int signum)
{
	return named_or_numbered(NAME_OF(signals, signum), "signal", signum);
}

int
signal_number(const char *name)
{
	if (strncasecmp(name, "SIG", 3) == 0)
		name += 3;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (strcasecmp(name, signals[i].name + 3) == 0)
			return signals[i].number;
	return -1;
}

const char *
signal_code_name(int signum, int code)
{
	static const struct named_number segv[] = {NAMED(SEGV_MAPERR), NAMED(SEGV_ACCERR)};
	static const struct named_number bus[] = {
	    NAMED(BUS_ADRALN), NAMED(BUS_ADRERR), NAMED(BUS_OBJERR), NAMED(BUS_MCEERR_AR)};
	const char *name = NULL;

	if (signum == SIGSEGV)
		name = NAME_OF(segv, code);
	else if (signum == SIGBUS)
		name = NAME_OF(bus, code);
	return named_or_numbered(name, "code", code);
}

int
err_set(struct err *err, enum err_kind kind, const char *format, ...)
{
	va_list ap;

	err->kind = kind;
	err->errnum = 0;
	va_start(ap, format);
	vsnprintf(err->text, sizeof(err->text), format, ap);
	va_end(ap);
	return -1;
}

int
err_sys(struct err *err, enum err_kind kind, int errnum, const char *format, ...)
{
	va_list ap;
	size_t used;

	err->kind = kind;
	err->errnum = errnum;
	va_start(ap, format);
	vsnprintf(err->text, sizeof(err->text), format, ap);
	va_end(ap);
	used = strlen(err->text);
	snprintf(err->text + used, sizeof(err->text) - used, ": %s (%s)", strerror(errnum),
	    errno_name(errnum));
	return -1;
}
