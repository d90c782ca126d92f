#include "config.h"
#include "lab/evidence.h"
#include "lab/lock.h"
#include "model/pagemap_bits.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

_Static_assert(
    (int)LAB_READ == (int)ACT_READ && (int)LAB_PAGES_LAST == (int)ACT_COPY, "one order for both");

#define SIGNAL_STACK 32768

#ifndef MADV_COLD
#define MADV_COLD 20
#endif

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#define MADV_POPULATE_WRITE 23
#endif

/* Advice given to all pages at once: what was there before, and the result. */
static struct {
	uint64_t before[PAGES_MAX];
	int errnum;
} all;

/* A signal handler has no argument of ours. */
static struct {
	sigjmp_buf home;
	volatile sig_atomic_t armed;
	volatile int signal, code;
	volatile uint64_t address;
	struct rusage before, after;
	_Alignas(16) char stack[SIGNAL_STACK];
} trap;

static void
caught(int signum, siginfo_t *info, void *context)
{
	(void)context;
	if (!trap.armed ||
	    info->si_code <= 0) { /* not from an act: somebody sent it, or we are broken */
		signal(signum, SIG_DFL);
		raise(signum);
		return;
	}
	getrusage(RUSAGE_SELF, &trap.after);
	trap.armed = 0;
	trap.signal = signum;
	trap.code = info->si_code;
	trap.address = (uint64_t)(uintptr_t)info->si_addr;
	siglongjmp(trap.home, 1);
}

int
evidence_begin(struct actor *actor)
{
	stack_t stack = {.ss_sp = trap.stack, .ss_size = sizeof(trap.stack)};
	struct sigaction action = {
	    .sa_sigaction = caught,
	    .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER,
	};

	actor->scratch = (struct mapping){
	    .kind = KIND_PRIVATE_ANON,
	    .pages = 1,
	    .page_size = actor->mapping.page_size,
	    .protection = PROT_READ | PROT_WRITE,
	    .file = -1,
	};
	sigemptyset(&action.sa_mask);
	if (sigaltstack(&stack, NULL) < 0 || sigaction(SIGSEGV, &action, NULL) < 0 ||
	    sigaction(SIGBUS, &action, NULL) < 0)
		return errno;
	return mapping_make(&actor->scratch, 0);
}

/* LAB_COPY copies between this and the page or file. */
static unsigned char room[WIRE_TEXT_MAX];

__attribute__((no_sanitize("address"), noinline)) static unsigned char
load(const volatile char *at)
{
	return (unsigned char)*at;
}

__attribute__((no_sanitize("address"), noinline)) static void
store(volatile char *at, const unsigned char *text, uint32_t length)
{
	for (uint32_t i = 0; i < length; i++)
		at[i] = (char)text[i];
}

/* For one page, as far as the file goes. */
static int
copy_by_calls(const struct mapping *mapping, uint32_t page, bool writes, struct act *act)
{
	for (size_t done = 0; done < mapping->page_size;) {
		off_t offset = (off_t)(page * mapping->page_size + done);
		size_t left = mapping->page_size - done;
		ssize_t got = writes ? pwrite(mapping->file, room + done, left, offset)
				     : pread(mapping->file, room + done, left, offset);

		act->calls++;
		if (got < 0)
			return errno;
		if (got == 0)
			return 0;
		done += (size_t)got;
		act->copied += (uint32_t)got;
	}
	return 0;
}

__attribute__((no_sanitize("address"), noinline)) static void
load_all(const volatile char *at, size_t size)
{
	for (size_t i = 0; i < size; i++)
		room[i] = (unsigned char)at[i];
}

static int
copy(const struct mapping *mapping, enum lab_copy how, uint32_t page, struct act *act)
{
	char *at = mapping_page(mapping, page);

	if (how == LAB_COPY_STORE || how == LAB_COPY_WRITE)
		memset(room, act->process, mapping->page_size);
	if (how == LAB_COPY_LOAD)
		load_all(at, mapping->page_size);
	else if (how == LAB_COPY_STORE)
		store(at, room, (uint32_t)mapping->page_size);
	else
		return copy_by_calls(mapping, page, how == LAB_COPY_WRITE, act);
	return 0;
}

static bool
advises_all(const struct mapping *mapping, const struct wire_request *request)
{
	return mapping->whole && request->op == LAB_ADVISE;
}

/* If the pages are one VMA, in one call for all of them: huge pages consist of many. */
static int
advise(const struct mapping *mapping, const struct wire_request *request, uint32_t page)
{
	size_t size = advises_all(mapping, request) ? request->count * mapping->page_size
						    : mapping->page_size;

	if (advises_all(mapping, request) && page != request->first)
		return all.errnum;
	all.errnum = madvise(mapping_page(mapping, page), size, request->argument) < 0 ? errno : 0;
	return all.errnum;
}

static int
perform(const struct actor *actor, const struct mapping *mapping,
    const struct wire_request *request, uint32_t page, struct act *act)
{
	char *at = mapping_page(mapping, page);
	int result;

	switch (request->op) {
	case LAB_READ:
		load(at);
		return 0;
	case LAB_WRITE:
		store(at, request->text, request->length);
		return 0;
	case LAB_SYNC:
		result = msync(at, mapping->page_size, request->argument);
		break;
	case LAB_ADVISE:
		return advise(mapping, request, page);
	case LAB_PROTECT:
		result = mprotect(at, mapping->page_size, request->argument);
		break;
	case LAB_UNMAP:
		result = munmap(at, mapping->page_size);
		break;
	case LAB_MAP:
		return mapping_put(mapping, page, page - request->first, &request->mapping);
	case LAB_LOCK:
		return lock_page(at + mapping->page_size / 2, actor);
	case LAB_UNLOCK:
		return unlock_page(at + mapping->page_size / 2);
	case LAB_COPY:
		return copy(mapping, (enum lab_copy)request->argument, page, act);
	default:
		return ENOSYS;
	}
	return result < 0 ? errno : 0;
}

/* Does it leave a frame into which its only owner writes in place, or gets another at once? That is
 * known of no other advice. */
static bool
loosens(const struct wire_request *request)
{
	switch (request->argument) {
	case MADV_NORMAL:
	case MADV_RANDOM:
	case MADV_SEQUENTIAL:
	case MADV_WILLNEED:
	case MADV_DONTNEED:
	case MADV_COLD:
	case MADV_DONTFORK:
	case MADV_DOFORK:
	case MADV_NOHUGEPAGE:
	case MADV_POPULATE_READ:
	case MADV_POPULATE_WRITE:
		return false;
	default:
		return request->op == LAB_ADVISE;
	}
}

static uint64_t
pagemap_entry(int pagemap, const struct mapping *mapping, uint32_t page)
{
	uint64_t entry = 0;
	uintptr_t at = (uintptr_t)mapping_page(mapping, page);
	off_t where = (off_t)(at / mapping->page_size * sizeof(entry));

	if (pagemap < 0 || pread(pagemap, &entry, sizeof(entry), where) != sizeof(entry))
		return 0;
	return entry;
}

static bool
has_no_room(const struct mapping *mapping)
{
	struct statvfs now;

	if (mapping->file < 0 || mapping->file == MAPPING_CLOSED ||
	    fstatvfs(mapping->file, &now) < 0)
		return false;
	return (geteuid() ? now.f_bavail : now.f_bfree) * now.f_frsize < mapping->page_size;
}

static void
do_and_count(const struct actor *actor, const struct mapping *mapping,
    const struct wire_request *request, uint32_t page, struct act *act)
{
	trap.signal = trap.code = 0;
	trap.address = 0;
	if (sigsetjmp(trap.home, 0) == 0) {
		getrusage(RUSAGE_SELF, &trap.before);
		trap.armed = 1;
		act->errnum = perform(actor, mapping, request, page, act);
		getrusage(RUSAGE_SELF, &trap.after);
		trap.armed = 0;
	}
	act->minor = (uint16_t)(trap.after.ru_minflt - trap.before.ru_minflt);
	act->major = (uint16_t)(trap.after.ru_majflt - trap.before.ru_majflt);
	act->signal = trap.signal;
	act->code = trap.code;
	act->address = trap.address;
	act->no_room = trap.signal == SIGBUS && has_no_room(mapping);
}

/* Did it bring the page in, so that a look touches nothing new? */
static bool
brings_in(const struct wire_request *request)
{
	bool populates =
	    request->argument == MADV_POPULATE_READ || request->argument == MADV_POPULATE_WRITE;

	return request->op == LAB_READ || request->op == LAB_WRITE || request->op == LAB_LOCK ||
	    (request->op == LAB_COPY && request->argument <= LAB_COPY_STORE) ||
	    (request->op == LAB_ADVISE && populates);
}

/* By its own loads: reading from outside leaves a reference on the frame, and the next write would
 * copy it. */
static void
evidence_look(const char *at, struct content *content)
{
	if (sigsetjmp(trap.home, 0) != 0)
		return;
	trap.armed = 1;
	for (size_t i = 0; i < CONTENT_MAX; i++)
		content->bytes[i] = load(at + i);
	trap.armed = 0;
	content->length = CONTENT_MAX;
}

static void
act_on(const struct actor *actor, const struct mapping *mapping, const struct wire_request *request,
    uint32_t page, struct act *act)
{
	memset(act, 0, sizeof(*act));
	act->process = actor->name;
	act->verb = request->op;
	act->page = page;
	act->loosens = loosens(request);
	act->before = advises_all(mapping, request) ? all.before[page]
						    : pagemap_entry(actor->pagemap, mapping, page);
	do_and_count(actor, mapping, request, page, act);
	act->after = pagemap_entry(actor->pagemap, mapping, page);
	if (brings_in(request) && !act->signal && !act->errnum && pm_present(act->after))
		evidence_look(mapping_page(mapping, page), &act->content);
}

static bool
is_of_lock(enum lab_op op)
{
	return op == LAB_LOCK || op == LAB_UNLOCK;
}

void
evidence_rehearse(const struct actor *actor, bool locks)
{
	static struct wire_request request;
	static const int arguments[] = {
	    [LAB_SYNC] = MS_ASYNC,
	    [LAB_ADVISE] = MADV_NORMAL,
	    [LAB_PROTECT] = PROT_READ | PROT_WRITE,
	    [LAB_PAGES_LAST] = 0,
	};
	struct act act;

	request.length = 1;
	for (request.op = LAB_READ; request.op <= LAB_PAGES_LAST; request.op++) {
		request.argument = arguments[request.op];
		if (!is_of_lock((enum lab_op)request.op) || locks)
			act_on(actor, &actor->scratch, &request, 0, &act);
	}
	request.op = LAB_COPY;
	for (request.argument = LAB_COPY_LOAD; request.argument <= LAB_COPY_WRITE;
	     request.argument++)
		act_on(actor, &actor->scratch, &request, 0, &act);
	memset(trap.stack, 0, sizeof(trap.stack));
	if (sigsetjmp(trap.home, 0) == 0)
		siglongjmp(trap.home, 1);
}

void
evidence_prepare(const struct actor *actor, const struct wire_request *request)
{
	if (!advises_all(&actor->mapping, request))
		return;
	for (uint32_t i = 0; i < request->count; i++)
		all.before[request->first + i] =
		    pagemap_entry(actor->pagemap, &actor->mapping, request->first + i);
}

void
evidence_act(
    const struct actor *actor, const struct wire_request *request, uint32_t page, struct act *act)
{
	act_on(actor, &actor->mapping, request, page, act);
}
