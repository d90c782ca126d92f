#include "config.h"
#include "blame/event/refusal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"

#define PARANOID_FREE 2 /* up to this value users may watch their own processes */
#define PARANOID_UNREAD (-2)

int
refusal_paranoid(void)
{
	int fd = open("/proc/sys/kernel/perf_event_paranoid", O_RDONLY | O_CLOEXEC);
	char text[16] = "";
	ssize_t got;

	if (fd < 0)
		return PARANOID_UNREAD;
	got = read(fd, text, sizeof(text) - 1);
	close(fd);
	return got > 0 ? atoi(text) : PARANOID_UNREAD;
}

static int
not_permitted(pid_t pid, int errnum, struct err *err)
{
	int paranoid = refusal_paranoid();

	if (paranoid > PARANOID_FREE && geteuid() != 0)
		return err_set(err, ERR_MACHINE,
		    _("page faults are not shown to users here (kernel.perf_event_paranoid is %1$d): root, CAP_PERFMON, or sysctl kernel.perf_event_paranoid=%2$d would show them"),
		    paranoid, PARANOID_FREE);
	if (errnum == EACCES)
		return err_set(err, ERR_MACHINE,
		    _("page faults of process %d may not be watched (EACCES): run as its owner, as root or with CAP_PERFMON"),
		    (int)pid);
	return err_set(err, ERR_MACHINE,
	    _("page faults may not be watched (EPERM): a container's seccomp rules refuse perf_event_open(2); outside of it, or with CAP_PERFMON given to it, they are shown"));
}

int
refusal_of(int errnum, pid_t pid, struct err *err)
{
	if (errnum == EACCES || errnum == EPERM)
		return not_permitted(pid, errnum, err);
	if (errnum == ENOSYS || errnum == ENOENT || errnum == EOPNOTSUPP)
		return err_set(err, ERR_MACHINE,
		    _("this kernel does not tell page faults (perf_event_open: %s): it was built without perf events, or something keeps them away"),
		    errno_name(errnum));
	if (errnum == EMFILE || errnum == ENFILE)
		return err_sys(err, ERR_MACHINE, errnum,
		    _("each thread takes a descriptor a CPU to be watched, and there are no more: raise ulimit -n"));
	return err_sys(
	    err, ERR_MACHINE, errnum, _("cannot watch page faults of process %d"), (int)pid);
}
