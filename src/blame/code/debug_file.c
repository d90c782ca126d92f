#include "config.h"
#include "blame/code/debug_file.h"

#include <elf.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "blame/elf_symbols.h"
#include "blame/target_file.h"

#define DEBUG_ROOT "/usr/lib/debug"

/* Its build-id must be the image's; if neither has one, the link's checksum decides. */
static bool
debug_fits(const struct elf_file *debug, const struct build_id *build, uint32_t crc)
{
	struct build_id its;

	build_id_read(&its, debug);
	if (build->size || its.size)
		return build_ids_are_one(&its, build);
	return elf_file_crc(debug) == crc;
}

/* First the one in the process's root, which is of its distribution; this machine's may be the
 * same. */
static bool
debug_taken(struct elf_file *debug, const struct suspect *suspect, const struct build_id *build,
    uint32_t crc, const char *path)
{
	for (int ours = 0; ours < 2; ours++) {
		int fd = ours ? target_open_ours(path) : target_open_path(suspect, path);

		if (fd < 0 || !elf_file_open(debug, fd))
			continue;
		if (elf_symbol_table(debug, SHT_SYMTAB) && debug_fits(debug, build, crc))
			return true;
		elf_file_close(debug);
	}
	return false;
}

static bool
debug_by_build_id(
    struct elf_file *debug, const struct suspect *suspect, const struct build_id *build)
{
	struct buf path = BUF_INIT;
	bool found;

	if (build->size < 2)
		return false;
	buf_addf(&path, DEBUG_ROOT "/.build-id/%02x/", build->bytes[0]);
	for (size_t i = 1; i < build->size; i++)
		buf_addf(&path, "%02x", build->bytes[i]);
	buf_add(&path, ".debug");
	found = debug_taken(debug, suspect, build, 0, buf_text(&path));
	buf_free(&path);
	return found;
}

static bool
debug_by_link(struct elf_file *debug, const struct suspect *suspect, const struct elf_file *image,
    const struct build_id *build, const char *path)
{
	static const char *const places[] = {
	    "%.*s/%s",
	    "%.*s/.debug/%s",
	    DEBUG_ROOT "%.*s/%s",
	};
	const char *slash = strrchr(path, '/');
	struct debug_link link;
	char name[PATH_MAX];

	debug_link_read(&link, image);
	if (!link.name[0] || path[0] != '/')
		return false;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		snprintf(name, sizeof(name), places[i], (int)(slash - path), path, link.name);
		if (debug_taken(debug, suspect, build, link.crc, name))
			return true;
	}
	return false;
}

void
debug_file_open(struct elf_file *debug, const struct suspect *suspect, const struct elf_file *image,
    const struct build_id *build, const char *path)
{
	*debug = (struct elf_file){.fd = -1};
	if (!elf_symbol_table(image, SHT_SYMTAB) && !debug_by_build_id(debug, suspect, build))
		debug_by_link(debug, suspect, image, build, path);
}
