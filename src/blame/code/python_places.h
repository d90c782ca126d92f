/*
 * Where a build of the interpreter keeps the next instruction: in which register, or how far into
 * its frame. The compiler decided it, so it is learned: other places hold such addresses too, but
 * those are left over from earlier instructions. What tells them apart: each kind of instruction
 * has a part of the machine's code of its own. At the true place the kind changes with where the
 * machine is; what is left over is of one kind wherever that is, and is there only now and then.
 */
#ifndef BLAME_CODE_PYTHON_PLACES_H
#define BLAME_CODE_PYTHON_PLACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLACES_MOST 128
#define CANDIDATES_MOST 32
#define PLACES_MET 1024
#define PLACE_SLOT 64 /* register n is place n; the slot at offset n is place 64 + n */

/* A value of a frame that leads into a code object. */
struct python_candidate {
	unsigned place;
	uint64_t object; /* the code object's */
	uint64_t next;
	uint8_t opcode; /* of the instruction before */
};

struct python_candidates {
	struct python_candidate list[CANDIDATES_MOST];
	size_t count;
	uint64_t frame; /* its size: frames of one function have one */
	uint64_t pc;    /* in the file */
	bool runs;      /* it is known to be of the function that runs bytecode */
};

struct python_places {
	struct python_place {
		uint64_t frame;
		unsigned place; /* PLACE_NONE: the frames themselves */
		uint32_t hits, alone;
		uint32_t strange; /* times that its instruction was met elsewhere first */
	} list[PLACES_MOST];
	size_t count;
	struct python_met {
		uint64_t pc;  /* 0: free */
		uint64_t key; /* place and kind of instruction */
	} met[PLACES_MET];
};

/* Learns from the frame, and chooses. NULL: none, or it can't be told which. *sure: no other one
 * is as likely; where it is false, all are of one code object, and only the line isn't known. */
const struct python_candidate *python_places_choose(
    struct python_places *places, const struct python_candidates *candidates, bool *sure);

#endif
