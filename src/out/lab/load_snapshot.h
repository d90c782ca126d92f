/*
 * One line of a saved session as a snapshot with its events. Internal to src/out.
 */
#ifndef OUT_LAB_LOAD_SNAPSHOT_H
#define OUT_LAB_LOAD_SNAPSHOT_H

#include "out/json/json_reader.h"
#include "out/lab/load.h"

/* -1: the reader has failed, and *moment holds nothing. */
int load_snapshot(struct json_reader *reader, const json_t *root, struct moment *moment);
void moment_free(struct moment *moment);

/* The parts, in the order in which they are read: each requires those before it. */
void load_frames(struct json_reader *reader, const json_t *root, struct snapshot *now);
void load_processes(struct json_reader *reader, const json_t *root, struct snapshot *now);
void load_acts(struct json_reader *reader, const json_t *root, struct snapshot *now);
void load_events(struct json_reader *reader, const json_t *root, const struct snapshot *now,
    struct events *events);

/* Signal, code and address of a fault, or the call and errno of a refusal, if the object has
 * them. */
void load_fault(
    struct json_reader *reader, const json_t *object, int *signal, int *code, uint64_t *address);
int load_errno(struct json_reader *reader, const json_t *object);

#endif
