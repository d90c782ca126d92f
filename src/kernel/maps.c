#include "config.h"
#include "kernel/maps.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

#define CHUNK ((size_t)64 * 1024)

static const char *
hex(const char *at, uint64_t *value)
{
	char *end;

	*value = strtoull(at, &end, 16);
	return end == at ? NULL : end;
}

static bool
starts(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static enum region_kind
device_kind(const struct vma *vma)
{
	if (starts(vma->path, "/dev/shm/") || starts(vma->path, "/dev/hugepages/"))
		return REGION_SHM;
	if (starts(vma->path, "/dev/zero"))
		return vma->perms[3] == 's' ? REGION_SHM : REGION_ANON;
	return REGION_DEVICE;
}

static enum region_kind
kind_of(const struct vma *vma)
{
	const char *path = vma->path;

	if (starts(path, "[heap]"))
		return REGION_HEAP;
	if (starts(path, "[stack"))
		return REGION_STACK;
	if (starts(path, "[vdso]") || starts(path, "[uprobes]") || starts(path, "[sigpage]"))
		return REGION_VDSO;
	if (starts(path, "/dev/"))
		return device_kind(vma);
	if (starts(path, "anon_inode:") || starts(path, "/[aio]") || starts(path, "socket:") ||
	    starts(path, "/sys/"))
		return REGION_DEVICE;
	if (starts(path, "/memfd:") || starts(path, "/SYSV") || starts(path, "[anon_shmem") ||
	    starts(path, "/anon_hugepage"))
		return REGION_SHM;
	return vma->inode ? REGION_FILE : REGION_ANON;
}

static bool
parse_line(struct vma *vma, char *line)
{
	uint64_t major, minor;
	const char *at = hex(line, &vma->start);
	char *end;

	if (!at || *at != '-' || !(at = hex(at + 1, &vma->end)) || *at != ' ' || strlen(at) < 6 ||
	    at[5] != ' ')
		return false;
	memcpy(vma->perms, at + 1, 4);
	vma->perms[4] = '\0';
	at = hex(at + 6, &vma->offset);
	if (!at || !(at = hex(at, &major)) || *at != ':' || !(at = hex(at + 1, &minor)))
		return false;
	vma->device = major << 32 | minor;
	vma->inode = strtoull(at, &end, 10);
	if (end == at || vma->start >= vma->end)
		return false;
	vma->path = end + strspn(end, " ");
	vma->kind = (uint8_t)kind_of(vma);
	if (vma->kind == REGION_ANON)
		vma->inode = vma->device = 0;
	return !starts(vma->path, "[vvar") && !starts(vma->path, "[vsyscall");
}

void
maps_parse(struct maps *maps, char *text)
{
	char *line = text, *end;

	maps->text = text;
	maps->count = 0;
	for (; *line; line = end + 1) {
		struct vma vma = {0};

		end = strchr(line, '\n');
		if (!end)
			break;
		*end = '\0';
		if (!parse_line(&vma, line))
			continue;
		if (maps->count == maps->room) {
			maps->room = maps->room ? maps->room * 2 : 64;
			maps->list = mem_resize(maps->list, maps->room, sizeof(*maps->list));
		}
		maps->list[maps->count++] = vma;
	}
}

bool
maps_read(struct maps *maps, int fd)
{
	size_t have = 0, room = CHUNK;
	char *text = mem_resize(NULL, room, 1);
	ssize_t got;

	errno = 0;
	while ((got = read(fd, text + have, room - have - 1)) > 0 || (got < 0 && errno == EINTR)) {
		have += got > 0 ? (size_t)got : 0;
		if (room - have < CHUNK / 2) {
			room *= 2;
			text = mem_resize(text, room, 1);
		}
	}
	if (got < 0 || have == 0) {
		free(text);
		return false;
	}
	text[have] = '\0';
	maps_release(maps);
	maps_parse(maps, mem_resize(text, have + 1, 1));
	return true;
}

void
maps_release(struct maps *maps)
{
	free(maps->text);
	free(maps->list);
	memset(maps, 0, sizeof(*maps));
}
