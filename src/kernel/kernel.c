#include "config.h"
#include "kernel/kernel.h"
#include "kernel/cachestat.h"
#include "kernel/pagemap.h"
#include "kernel/state.h"
#include "base/i18n.h"
#include "base/mem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/statfs.h>
#include <sys/utsname.h>
#include <unistd.h>

static void
describe_machine(struct machine *machine)
{
	struct utsname name;
	uint64_t zero_pfn;

	if (uname(&name) == 0)
		snprintf(machine->release, sizeof(machine->release), "%s", name.release);
	machine->page_size = (uint32_t)sysconf(_SC_PAGESIZE);
	machine->pfn = (int8_t)pagemap_shows_pfn(machine->page_size);
	machine->zero_page = (int8_t)pagemap_zero_page(machine->page_size, &zero_pfn);
}

struct kernel *
kernel_open(struct err *err)
{
	struct kernel *kernel = mem_zero(1, sizeof(*kernel));

	describe_machine(&kernel->machine);
	if (kernel->machine.pfn == TRI_UNKNOWN) {
		err_sys(err, ERR_MACHINE, errno, _("cannot read /proc/self/pagemap"));
		free(kernel);
		return NULL;
	}
	kernel->kpageflags = kernel->machine.pfn == TRI_YES ? kpageflags_open() : -1;
	kernel->library = library_open();
	vitals_init(kernel->vitals);
	return kernel;
}

void
kernel_close(struct kernel *kernel)
{
	if (!kernel)
		return;
	vitals_release(kernel->vitals);
	library_close(kernel->library);
	if (kernel->kpageflags >= 0)
		close(kernel->kpageflags);
	smaps_release(&kernel->smaps);
	free(kernel->entries);
	free(kernel->mapped);
	free(kernel->queries);
	free(kernel);
}

const struct machine *
kernel_machine(const struct kernel *kernel)
{
	return &kernel->machine;
}

void
kernel_memory(struct kernel *kernel, struct memory *memory)
{
	library_memory(kernel->library, memory);
}

bool
kernel_has_cachestat(const struct kernel *kernel, int file)
{
	(void)kernel;
	return cachestat_works(file);
}

const char *
kernel_filesystem(int file)
{
	static const struct {
		uint32_t magic;
		const char *name;
	} known[] = {
	    {0xEF53, "ext4"},
	    {0x01021994, "tmpfs"},
	    {0x58465342, "xfs"},
	    {0x9123683E, "btrfs"},
	    {0x794C7630, "overlay"},
	    {0xF2F52010, "f2fs"},
	    {0x2FC12FC1, "zfs"},
	    {0xCA451A4E, "bcachefs"},
	    {0x6969, "nfs"},
	    {0xFF534D42, "cifs"},
	    {0xFE534D42, "smb3"},
	    {0x65735546, "fuse"},
	    {0x01021997, "9p"},
	    {0x4D44, "vfat"},
	    {0x2011BAB0, "exfat"},
	    {0x7366746E, "ntfs3"},
	    {0x858458F6, "ramfs"},
	    {0x958458F6, "hugetlbfs"},
	    {0x73717368, "squashfs"},
	    {0xE0F5E1E2, "erofs"},
	    {0x52654973, "reiserfs"},
	    {0x3153464A, "jfs"},
	    {0x00C36400, "ceph"},
	    {0x61756673, "aufs"},
	};
	struct statfs fs;

	if (file < 0 || fstatfs(file, &fs) < 0)
		return NULL;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].magic == (uint32_t)fs.f_type)
			return known[i].name;
	return NULL;
}
