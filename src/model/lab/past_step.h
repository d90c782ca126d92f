/*
 * A step of a session that is past: its command, and the lab that it left.
 */
#ifndef MODEL_LAB_PAST_STEP_H
#define MODEL_LAB_PAST_STEP_H

#include <stdbool.h>
#include <stdint.h>

#include "model/words.h"

struct past_step {
	char *command; /* NULL: not known */
	uint32_t step, lab;
	enum kind kind; /* of the lab at this step */
	uint32_t pages, page_size;
	bool one_vma;
	unsigned processes;      /* the lab's, at its start */
	uint16_t alive, stopped; /* processes at its last moment: bit 0 is a */
	uint16_t waiting;        /* for a lock that another process holds */
};

#endif
