/*
 * Where a build of the interpreter keeps the next instruction: in which register, or at which
 * offset in its frame. The compiler decided that, so it is learned. Other places hold such
 * addresses too, but stale ones, left from earlier instructions. What tells them apart: each kind
 * of instruction has its own part of the machine code. At the true place the kind changes with the
 * machine's position; a stale value is of one kind wherever that is, and appears only now and then.
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

/* A value in a frame that points into a code object. */
struct python_candidate {
	unsigned place;
	uint64_t object; /* the code object's */
	uint64_t next;
	uint8_t opcode; /* of the instruction before it */
};

struct python_candidates {
	struct python_candidate list[CANDIDATES_MOST];
	size_t count;
	uint64_t frame; /* its size, which is the same for all frames of a function */
	uint64_t pc;    /* in the file */
	bool runs;      /* it is known to belong to the function that executes bytecode */
};

struct python_places {
	struct python_place {
		uint64_t frame;
		unsigned place; /* PLACE_NONE: counts the frames themselves */
		uint32_t hits, alone;
		uint32_t strange; /* how often its instruction had been seen elsewhere first */
	} list[PLACES_MOST];
	size_t count;
	struct python_met {
		uint64_t pc;  /* 0: free */
		uint64_t key; /* place and kind of instruction */
	} met[PLACES_MET];
};

/* Learns from the frame, and chooses. NULL: there is none, or it can't be decided. *sure: no other
 * one is as likely; if false, all candidates are in one code object, and only the line is
 * unknown. */
const struct python_candidate *python_places_choose(
    struct python_places *places, const struct python_candidates *candidates, bool *sure);

#endif
