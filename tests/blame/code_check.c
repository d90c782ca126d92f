/*
 * Page faults of a process, each with its code as src/blame/code tells it; what the process knows
 * better is compared by code.py. code_check PID: "ready" when faults are recorded, then, at the end
 * of standard input, a line for each fault with a stack.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/perf_event.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "blame/code/code.h"

#define RING_PAGES 8192
#define STACK_KEPT 4096

#if defined(__x86_64__)
#define REGISTERS (0xff00ffULL | 1ULL << 8)
#else
#define REGISTERS ((1ULL << 33) - 1)
#endif

struct ring {
	int fd;
	struct perf_event_mmap_page *head;
	const uint8_t *data;
	size_t size;
};

static bool
ring_open(struct ring *ring, pid_t pid)
{
	struct perf_event_attr attr = {.type = PERF_TYPE_SOFTWARE,
	    .size = sizeof(attr),
	    .config = PERF_COUNT_SW_PAGE_FAULTS,
	    .sample_period = 1,
	    .sample_type =
		PERF_SAMPLE_IP | PERF_SAMPLE_ADDR | PERF_SAMPLE_REGS_USER | PERF_SAMPLE_STACK_USER,
	    .exclude_kernel = 1,
	    .sample_regs_user = REGISTERS,
	    .sample_stack_user = STACK_KEPT,
	    .wakeup_events = 1};
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	ring->fd = (int)syscall(SYS_perf_event_open, &attr, pid, -1, -1, PERF_FLAG_FD_CLOEXEC);
	if (ring->fd < 0)
		return false;
	ring->size = RING_PAGES * page;
	ring->head = mmap(NULL, ring->size + page, PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd, 0);
	ring->data = (const uint8_t *)ring->head + page;
	return ring->head != MAP_FAILED;
}

static void
ring_copy(const struct ring *ring, uint64_t from, void *to, size_t size)
{
	for (size_t i = 0; i < size; i++)
		((uint8_t *)to)[i] = ring->data[(from + i) % ring->size];
}

static void
print_stack(const struct fault *fault, const struct code_stack *stack)
{
	char command[BLAME_NAME_MAX];

	printf("%" PRIx64 "\t%" PRIx64 "\t%s\t", fault->address, fault->ip,
	    stack->whole ? "whole" : "cut");
	for (size_t i = 0; i < stack->count; i++)
		printf("%s%s!%s!%" PRIx64, i ? ";" : "", stack->frames[i].module,
		    stack->frames[i].function, stack->frames[i].offset);
	putchar('\t');
	for (size_t i = 0; i < stack->line_count; i++)
		printf("%s%s!%s!%s", i ? ";" : "", stack->lines[i].language,
		    stack->lines[i].function, stack->lines[i].source);
	code_command(stack, command);
	printf("\t%s", command);
	putchar('\n');
}

struct check {
	struct ring ring;
	struct code *code;
	struct suspect suspect;
	uint64_t stacks, took_ns, lost;
};

/* ip, addr, abi, registers, size of the stack, the stack, size that it has */
static void
check_sample(struct check *check, const uint8_t *at)
{
	static struct code_stack stack;
	size_t registers = (size_t)__builtin_popcountll(REGISTERS);
	const uint64_t *word = (const uint64_t *)at;
	struct fault fault = {.pid = check->suspect.pid, .ip = word[0], .address = word[1]};
	uint64_t begun;

	if (!word[2])
		return;
	fault.registers = word + 3;
	fault.register_mask = REGISTERS;
	fault.register_word = word[2] == PERF_SAMPLE_REGS_ABI_32 ? 4 : 8;
	fault.stack = (const uint8_t *)(word + 3 + registers + 1);
	memcpy(&fault.stack_bytes, fault.stack + word[3 + registers], sizeof(uint64_t));
	if (!suspect_vma(&check->suspect, fault.ip))
		suspect_refresh_maps(&check->suspect);
	begun = clock_cpu_ns();
	if (!code_unwind(check->code, &check->suspect, &fault, &stack)) {
		stack.count = stack.line_count = 0;
		stack.count = 1;
		code_place(check->code, &check->suspect, fault.ip, &stack.frames[0]);
	}
	check->took_ns += clock_cpu_ns() - begun;
	check->stacks++;
	print_stack(&fault, &stack);
}

static void
check_drain(struct check *check)
{
	static uint8_t bytes[65536] __attribute__((aligned(8)));
	uint64_t tail = check->ring.head->data_tail;
	uint64_t head = __atomic_load_n(&check->ring.head->data_head, __ATOMIC_ACQUIRE);
	struct perf_event_header header;

	suspect_forget(&check->suspect);
	for (; tail < head; tail += header.size) {
		ring_copy(&check->ring, tail, &header, sizeof(header));
		ring_copy(&check->ring, tail, bytes, header.size);
		if (header.type == PERF_RECORD_SAMPLE)
			check_sample(check, bytes + sizeof(header));
		else if (header.type == PERF_RECORD_LOST)
			check->lost += ((uint64_t *)(bytes + sizeof(header)))[1];
		__atomic_store_n(
		    &check->ring.head->data_tail, tail + header.size, __ATOMIC_RELEASE);
	}
}

static void
check_until_told(struct check *check)
{
	struct pollfd poll_for[2] = {{STDIN_FILENO, POLLIN, 0}, {check->ring.fd, POLLIN, 0}};

	do {
		poll(poll_for, 2, -1);
		check_drain(check);
		if (poll_for[1].revents & POLLHUP)
			poll_for[1].fd = -1;
	} while (!poll_for[0].revents);
	check_drain(check);
}

int
main(int argc, char **argv)
{
	static struct check check;
	pid_t pid = argc > 1 ? atoi(argv[1]) : 0;

	if (!ring_open(&check.ring, pid)) {
		printf("cannot watch its page faults: %s\n", strerror(errno));
		return 77;
	}
	if (!suspect_open(&check.suspect, pid)) {
		printf("cannot read its memory: %s\n", strerror(errno));
		return 77;
	}
	check.code = code_new();
	printf("ready\n");
	fflush(stdout);
	check_until_told(&check);
	printf("end\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\n", check.stacks, check.lost,
	    check.stacks ? check.took_ns / check.stacks : 0);
	code_free(check.code);
	suspect_close(&check.suspect);
	return 0;
}
