#include "config.h"
#include "lab/lock.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>

#define MADE UINT64_C(0x636f776c6f636b31)

struct lock {
	uint64_t made; /* MADE once the mutex exists */
	char holder;   /* a process's letter; only the holder of the lock writes it */
	pthread_mutex_t mutex;
};

_Static_assert(sizeof(struct lock) <= 128, "it fits where it is put");

static int
make(struct lock *lock)
{
	pthread_mutexattr_t how;
	int errnum = pthread_mutexattr_init(&how);

	if (errnum)
		return errnum;
	pthread_mutexattr_setpshared(&how, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&how, PTHREAD_MUTEX_ROBUST);
	pthread_mutexattr_settype(&how, PTHREAD_MUTEX_ERRORCHECK);
	memset(lock, 0, sizeof(*lock));
	errnum = pthread_mutex_init(&lock->mutex, &how);
	pthread_mutexattr_destroy(&how);
	if (!errnum)
		lock->made = MADE;
	return errnum;
}

static int
lock_wait_for(struct lock *lock, const struct actor *actor)
{
	if (actor->waits)
		actor->waits(actor->whom, lock->holder);
	return pthread_mutex_lock(&lock->mutex);
}

/* Checked by an access that writes, as locking does, so that a page never touched faults once. */
static bool
is_made(struct lock *lock)
{
	uint64_t made = MADE;

	return __atomic_compare_exchange_n(
	    &lock->made, &made, MADE, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

int
lock_page(char *at, const struct actor *actor)
{
	struct lock *lock = (struct lock *)(void *)at;
	int errnum = is_made(lock) ? 0 : make(lock);

	if (!errnum)
		errnum = pthread_mutex_trylock(&lock->mutex);
	if (errnum == EBUSY)
		errnum = lock_wait_for(lock, actor);
	if (errnum == EOWNERDEAD)
		pthread_mutex_consistent(&lock->mutex);
	if (!errnum || errnum == EOWNERDEAD)
		lock->holder = actor->name;
	return errnum;
}

int
unlock_page(char *at)
{
	struct lock *lock = (struct lock *)(void *)at;

	return lock->made == MADE ? pthread_mutex_unlock(&lock->mutex) : EPERM;
}
