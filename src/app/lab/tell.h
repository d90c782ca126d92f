/*
 * What an acting command did besides its snapshot, in words.
 */
#ifndef APP_LAB_TELL_H
#define APP_LAB_TELL_H

#include "app/lab/job.h"

/* Appends to job->text_out what a worker's answer tells about alloc, exec, lock, copy. */
void tell_answer(struct session *session, struct job *job, const struct lab_reply *reply);

/* A worker waits for a lock. */
void tell_wait(struct job *job, const struct lab_reply *reply);

#endif
