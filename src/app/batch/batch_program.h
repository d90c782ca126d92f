/*
 * --blame -- PROGRAM: a program is started and watched until it ends, as perf and strace do.
 */
#ifndef APP_BATCH_BATCH_PROGRAM_H
#define APP_BATCH_BATCH_PROGRAM_H

#include "lang/options/options.h"

/* The report goes to standard error or the file of -o: standard input and output are the program's.
 * Returns its exit status, or 128 plus the signal that ended it. */
int program_blame_run(const struct options *options);

#endif
