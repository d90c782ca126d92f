#include "config.h"
#include "blame/code/debug_file.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "blame/target_file.h"

#define DEBUG_ROOT "/usr/lib/debug"

/* Its build-id must be the image's; where neither has one, the checksum of the link. */
static bool
debug_fits(const struct elf_image *debug, const struct elf_image *image)
{
	if (image->build_id_size || debug->build_id_size)
		return elf_image_same_build(debug, image);
	return elf_image_crc(debug) == image->debug_link_crc;
}

/* The process's own is of its distribution; this machine's may be the same. */
static bool
debug_taken(struct elf_image *debug, const struct suspect *suspect, const struct elf_image *image,
    const char *path)
{
	for (int ours = 0; ours < 2; ours++) {
		int fd = ours ? target_open_ours(path) : target_open_path(suspect, path);

		if (fd < 0 || !elf_image_open(debug, fd))
			continue;
		if (debug->symtab.size && debug_fits(debug, image))
			return true;
		elf_image_close(debug);
	}
	return false;
}

static bool
debug_by_build_id(
    struct elf_image *debug, const struct suspect *suspect, const struct elf_image *image)
{
	struct buf path = BUF_INIT;
	bool found;

	if (image->build_id_size < 2)
		return false;
	buf_addf(&path, DEBUG_ROOT "/.build-id/%02x/", image->build_id[0]);
	for (size_t i = 1; i < image->build_id_size; i++)
		buf_addf(&path, "%02x", image->build_id[i]);
	buf_add(&path, ".debug");
	found = debug_taken(debug, suspect, image, buf_text(&path));
	buf_free(&path);
	return found;
}

static bool
debug_by_link(struct elf_image *debug, const struct suspect *suspect, const struct elf_image *image,
    const char *path)
{
	static const char *const places[] = {
	    "%.*s/%s",
	    "%.*s/.debug/%s",
	    DEBUG_ROOT "%.*s/%s",
	};
	const char *slash = strrchr(path, '/');
	char name[PATH_MAX];

	if (!image->debug_link[0] || path[0] != '/')
		return false;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		snprintf(
		    name, sizeof(name), places[i], (int)(slash - path), path, image->debug_link);
		if (debug_taken(debug, suspect, image, name))
			return true;
	}
	return false;
}

void
debug_file_open(struct elf_image *debug, const struct suspect *suspect,
    const struct elf_image *image, const char *path)
{
	memset(debug, 0, sizeof(*debug));
	debug->fd = -1;
	if (image->symtab.size || debug_by_build_id(debug, suspect, image))
		return;
	debug_by_link(debug, suspect, image, path);
}
