/* What src/blame/code keeps: files for all processes, and for each process which range of its
 * addresses is which file. Only a cache: entries are compared with the mappings at each use. */
#ifndef BLAME_CODE_CODE_PRIVATE_H
#define BLAME_CODE_CODE_PRIVATE_H

#include "blame/code/bytecode.h"
#include "blame/code/code.h"
#include "blame/code/code_module.h"
#include "blame/code/perf_map.h"

#define CODE_PROCESSES 256 /* by their PID; two with the same slot take turns */
#define CODE_MAPPINGS 16   /* of each, likewise: programs run in few files at a time */
#define CODE_PERF_MAPS 8

struct code_process {
	pid_t pid;
	struct code_mapping mapping[CODE_MAPPINGS];
	unsigned next;
};

struct code_perf_map {
	pid_t pid;
	struct perf_map map;
};

struct code {
	struct code_modules modules;
	struct code_process process[CODE_PROCESSES];
	struct code_perf_map perf_map[CODE_PERF_MAPS];
	unsigned next_perf_map;
	struct bytecode_lists bytecode;
};

/* Appends a line, outward; nothing if it equals the last one. */
void code_stack_add(struct code_stack *stack, const struct code_line *line);

/* Borrowed until the next call. NULL: no file is mapped at the address. */
const struct code_mapping *code_mapping_of(
    struct code *code, struct suspect *suspect, uint64_t address);

/* Of an instruction about to run, or (after_call) of a return address. */
void code_place_at(struct code *code, struct suspect *suspect, uint64_t address, bool after_call,
    struct code_place *place);

#endif
