/* Names of functions and files as reported: cleaned, and cut if too long for a row. */
#ifndef BLAME_CODE_CODE_NAMES_H
#define BLAME_CODE_CODE_NAMES_H

#include "blame/code/code.h"

/* room: the most bytes to keep, below BLAME_NAME_MAX. */
void code_clean(char to[BLAME_NAME_MAX], const char *raw, size_t length, size_t room);

/* Sets function and source of a line; number below 1: only the file. */
void code_line_names(
    struct code_line *line, const char *function, const char *path, int64_t number);

#endif
