/*
 * Errors travel as values: a function that can fail takes a struct err and
 * returns 0 or -1. Only the top (src/app) prints them and exits.
 *
 * The text is one line for a person: lower case, no full stop, what is wrong
 * first and, where one exists, what would be right.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

/* The kinds are the program's exit statuses. */
enum err_kind {
	ERR_NONE = 0,
	ERR_EXPECT = 1,  /* an expectation was false */
	ERR_USAGE = 2,   /* an impossible word, page, process or request */
	ERR_MACHINE = 3, /* this machine lacks what is needed */
};

struct err {
	enum err_kind kind;
	int errnum; /* of the system call that failed, or 0 */
	char text[512];
};

/* Both overwrite *err and return -1, so that a caller can return the call itself. */
int err_set(struct err *err, enum err_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* As err_set, with ": No such file or directory (ENOENT)" after the text. */
int err_sys(struct err *err, enum err_kind kind, int errnum, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* "ENOENT"; "error 4711" for an unnamed number. Static storage, valid until the next call. */
const char *errno_name(int errnum);

/* 22 for "EINVAL", 0 for "0"; -1 for an unknown name. */
int errno_number(const char *name);

/* "SIGBUS"; "signal 77" for an unnamed number. Static storage, valid until the next call. */
const char *signal_name(int signum);

/* 9 for "KILL", "SIGKILL" or "kill"; -1 for an unknown name. */
int signal_number(const char *name);

/* "SEGV_MAPERR", "SEGV_ACCERR", "BUS_ADRERR": si_code of a SIGSEGV or SIGBUS; "code 9" otherwise.
 */
const char *signal_code_name(int signum, int code);

#endif
