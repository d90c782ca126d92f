/* What is read of a process that lives, stops and dies, and what contradicts or cannot be read,
 * beside what this test does and reads by itself. */
#include "config.h"
#include "kernel_fixture.h"

#include <signal.h>

/* A child that writes page 1 and then waits for its end. */
static pid_t
start_child(char *base)
{
	int ready[2];
	char byte;
	pid_t pid;

	if (pipe(ready) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		base[page_size] = 'c';
		if (write(ready[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		printf("# the child did not start\n");
	close(ready[0]);
	return pid;
}

static unsigned long
minor_faults_of(pid_t pid)
{
	char path[64], text[512] = "";
	unsigned long faults = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "r");
	if (file && fgets(text, sizeof(text), file))
		sscanf(strrchr(text, ')'), ") %*c %*d %*d %*d %*d %*d %*u %lu", &faults);
	if (file)
		fclose(file);
	return faults;
}

static enum life
life_now(const struct sample_request *request)
{
	struct snapshot *snapshot = kernel_sample(kernel, request);
	enum life life = snapshot->processes[0].life;

	snapshot_free(snapshot);
	return life;
}

static void
test_alive(const struct sample_request *request, struct subject *subject)
{
	struct snapshot *snapshot = kernel_sample(kernel, request);
	const struct process *process = &snapshot->processes[0];

	is_number(process->life, LIFE_RUNNING, "a child runs");
	is_number(process->ppid, getpid(), "its parent, as the kernel says");
	ok(minor_faults_of(subject->pid) > 0, "it had page faults");
	is_number(process->minor_faults, minor_faults_of(subject->pid), "as many as libproc2 says");
	ok(process->rss_anon_kib > 0 && process->rss_anon_kib < COUNT_UNKNOWN, "RssAnon is known");
	ok(snapshot->memory.used_kib > 0 && snapshot->memory.used_kib < COUNT_UNKNOWN,
	    "system memory in use");
	ok(snapshot->memory.available_kib > 0 && snapshot->memory.available_kib < COUNT_UNKNOWN,
	    "and available");
	ok(snapshot->memory.buff_cache_kib < COUNT_UNKNOWN &&
		snapshot->memory.dirty_kib < COUNT_UNKNOWN,
	    "and cached, and dirty");
	subject->busy = true;
	is_number(life_now(request), LIFE_BUSY, "one that has not answered is busy");
	kill(subject->pid, SIGSTOP);
	waitpid(subject->pid, NULL, WUNTRACED);
	is_number(life_now(request), LIFE_STOPPED, "one that was stopped is stopped, even if busy");
	subject->busy = false;
	kill(subject->pid, SIGCONT);
	waitpid(subject->pid, NULL, WCONTINUED);
	is_number(life_now(request), LIFE_RUNNING, "and runs again");
	snapshot_free(snapshot);
}

static void
test_dead(const struct sample_request *request, struct subject *subject)
{
	struct snapshot *snapshot;
	const struct process *process;
	siginfo_t info;

	kill(subject->pid, SIGKILL);
	waitid(P_PID, (id_t)subject->pid, &info, WEXITED | WNOWAIT);
	snapshot = kernel_sample(kernel, request);
	process = &snapshot->processes[0];
	ok(process->life == LIFE_DEAD && process->exit_status == -1, "a zombie is dead");
	ok(!process->pages[1].pagemap_known && process->pages[1].pagemap == 0,
	    "its pages are unknown");
	ok(process->pages[1].zero == TRI_UNKNOWN && process->pages[1].vma == -1, "all of each");
	ok(process->rss_kib == COUNT_UNKNOWN && process->minor_faults == COUNT_UNKNOWN,
	    "its numbers too");
	snapshot_free(snapshot);
	waitpid(subject->pid, NULL, 0);
	is_number(life_now(request), LIFE_DEAD, "one that is gone is dead");
	subject->dead = true;
	subject->exit_signal = SIGKILL;
	close_subject(subject);
	snapshot = kernel_sample(kernel, request);
	process = &snapshot->processes[0];
	ok(process->life == LIFE_DEAD && process->exit_signal == SIGKILL &&
		!process->pages[0].pagemap_known,
	    "one that the lab calls dead is dead");
	snapshot_free(snapshot);
}

static void
test_child(void)
{
	char *base = map_pages(MAP_PRIVATE | MAP_ANONYMOUS, -1, PAGES);
	struct subject subject = subject_of(start_child(base), base);
	struct sample_request request = request_for(&subject, KIND_PRIVATE_ANON, -1);

	test_alive(&request, &subject);
	test_dead(&request, &subject);
	munmap(base, PAGES * page_size);
}

/* The pagemap of one process with the smaps of another: they contradict each other for as long as
 * one reads. */
static void
test_disagreement(void)
{
	char *base = map_pages(MAP_PRIVATE | MAP_ANONYMOUS, -1, PAGES);
	struct subject subject = subject_of(start_child(base), base);
	struct subject self = subject_of(getpid(), base);
	struct subject mixed = subject;
	struct sample_request request = request_for(&mixed, KIND_PRIVATE_ANON, -1);
	struct snapshot *snapshot;

	mixed.smaps = self.smaps;
	snapshot = kernel_sample(kernel, &request);
	ok(snapshot->processes[0].pages[1].disagrees, "a disagreement that stays is shown");
	ok(!snapshot->processes[0].pages[0].disagrees, "on the page where it is");
	snapshot_free(snapshot);
	kill(subject.pid, SIGKILL);
	waitpid(subject.pid, NULL, 0);
	close_subject(&subject);
	close_subject(&self);
	munmap(base, PAGES * page_size);
}

static void
test_nothing_known(void)
{
	struct subject subject = {
	    .name = 'c',
	    .pid = getpid(),
	    .exit_status = -1,
	    .pagemap = -1,
	    .smaps = -1,
	};
	struct sample_request request = request_for(&subject, KIND_PRIVATE_FILE, -1);
	struct snapshot *snapshot = kernel_sample(kernel, &request);
	const struct process *process = &snapshot->processes[0];

	ok(process->life == LIFE_RUNNING && !process->pages[0].pagemap_known,
	    "without descriptors a process lives and its pages are unknown");
	ok(process->rss_kib == COUNT_UNKNOWN && process->vma_count == 0, "so is its smaps");
	ok(snapshot->file_pages && snapshot->file_pages[0].cached == TRI_UNKNOWN,
	    "and the page cache of a file that is not open");
	snapshot_free(snapshot);
}

static void
test_all(bool root)
{
	(void)root;
	test_child();
	test_disagreement();
	test_nothing_known();
}

int
main(void)
{
	return fixture_main(test_all);
}
