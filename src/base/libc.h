/*
 * System calls for which some C libraries lack a function, with the names and arguments of those
 * that have one; configure finds out which. Sources that use one include this header. Callers must
 * handle the kernel's answer, including ENOSYS.
 */
#ifndef BASE_LIBC_H
#define BASE_LIBC_H

#include <linux/fs.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#ifndef HAVE_PREADV2
/* The offset is passed in two halves; where a long holds it, the kernel drops the second. */
static inline ssize_t
preadv2(int file, const struct iovec *parts, int count, off_t offset, int flags)
{
	return syscall(
	    SYS_preadv2, file, parts, count, (long)offset, (long)((uint64_t)offset >> 32), flags);
}
#endif

#ifndef HAVE_RENAMEAT2
static inline int
renameat2(int from_directory, const char *from, int to_directory, const char *to, unsigned flags)
{
	return (int)syscall(SYS_renameat2, from_directory, from, to_directory, to, flags);
}
#endif

#endif
