/*
 * Separate debug files: by build-id below /usr/lib/debug, of this machine or of the process's root,
 * else by .gnu_debuglink. Never from a network.
 */
#ifndef BLAME_CODE_DEBUG_FILE_H
#define BLAME_CODE_DEBUG_FILE_H

#include "blame/code/build.h"
#include "blame/suspect.h"

/* Only if the image has no .symtab of its own. path: where the image is. debug is empty (size 0) if
 * none matches. */
void debug_file_open(struct elf_file *debug, const struct suspect *suspect,
    const struct elf_file *image, const struct build_id *build, const char *path);

#endif
