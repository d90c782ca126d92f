#include "config.h"
#include "base/err.h"

#include <errno.h>
#include <signal.h>

#include "tap.h"

static void
values(void)
{
	struct err err = {0};

	is_number(err_set(&err, ERR_USAGE, "no page %d", 12), -1, "err_set returns -1");
	is_number(err.kind, ERR_USAGE, "and keeps the kind");
	is_text(err.text, "no page 12", "and the sentence");
	is_number(err.errnum, 0, "which has no errno");
	is_number(
	    err_sys(&err, ERR_MACHINE, ENOENT, "cannot open %s", "x"), -1, "err_sys returns -1");
	is_number(err.kind, ERR_MACHINE, "overwrites the kind");
	is_number(err.errnum, ENOENT, "keeps the errno");
	is_text(err.text, "cannot open x: No such file or directory (ENOENT)", "and names it");
	err_set(&err, ERR_USAGE, "again");
	is_number(err.errnum, 0, "err_set forgets an older errno");
}

static void
long_text(void)
{
	struct err err;
	char text[2000];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	err_set(&err, ERR_USAGE, "%s", text);
	is_number(strlen(err.text), sizeof(err.text) - 1, "a long sentence is cut");
	err_sys(&err, ERR_MACHINE, ENOENT, "%s", text);
	is_number(strlen(err.text), sizeof(err.text) - 1, "one with an errno too");
}

static void
kinds_are_statuses(void)
{
	is_number(ERR_NONE, 0, "done is 0");
	is_number(ERR_EXPECT, 1, "a false expectation is 1");
	is_number(ERR_USAGE, 2, "usage is 2");
	is_number(ERR_MACHINE, 3, "a lacking machine is 3");
}

static void
names(void)
{
	is_text(errno_name(EINVAL), "EINVAL", "EINVAL");
	is_text(errno_name(ENOSPC), "ENOSPC", "ENOSPC");
	is_text(errno_name(4711), "error 4711", "a number that no error has");
	is_text(signal_name(SIGBUS), "SIGBUS", "SIGBUS");
	is_text(signal_name(77), "signal 77", "a number that no signal has");
	is_number(signal_number("KILL"), SIGKILL, "KILL");
	is_number(signal_number("SIGSTOP"), SIGSTOP, "SIGSTOP");
	is_number(signal_number("sigterm"), SIGTERM, "sigterm");
	is_number(signal_number("cont"), SIGCONT, "cont");
	is_number(signal_number("SIG"), -1, "SIG alone is none");
	is_number(signal_number(""), -1, "nothing is none");
	is_number(signal_number("NOSUCH"), -1, "NOSUCH is none");
	is_text(signal_code_name(SIGSEGV, SEGV_ACCERR), "SEGV_ACCERR", "a code of SIGSEGV");
	is_text(signal_code_name(SIGSEGV, SEGV_MAPERR), "SEGV_MAPERR", "another");
	is_text(signal_code_name(SIGBUS, BUS_ADRERR), "BUS_ADRERR", "a code of SIGBUS");
	is_text(signal_code_name(SIGSEGV, 99), "code 99", "a code without a name");
	is_text(signal_code_name(SIGTERM, 1), "code 1", "a signal without codes");
}

int
main(void)
{
	values();
	long_text();
	kinds_are_statuses();
	names();
	return done_testing();
}
