/*
 * Grading: a student's file or program is judged by the expects of a check; a lesson or the quiz
 * by the answers of a file. The report goes to standard output or the file of -o.
 *
 * Whatever a student's file holds, the status is 0 or 1: it acts on the lab that the check made,
 * within what student_may() allows, in a process of its own that ends with the time limit. 2 is
 * for the call and the check, 3 for the machine.
 */
#ifndef APP_GRADE_GRADE_RUN_H
#define APP_GRADE_GRADE_RUN_H

#include "lab/lab.h"
#include "lang/options/options.h"
#include "out/teach/grade_report.h"

/* --grade: returns the exit status. config: of the default lab. */
int grade_run(const struct options *options, const struct lab_config *config);

/* The parts: each fills the grade. -1: err says why there is none. */
int grade_lab(struct grade *grade, const struct options *options, const struct lab_config *config,
    struct err *err);

/* --answers, of a lesson or the quiz: returns the exit status. */
int grade_answers_run(const struct options *options, const struct lab_config *config);

int grade_program(struct grade *grade, const struct options *options, struct err *err);

/* Seconds, of --time-limit. */
int grade_time_limit(const struct options *options);

/* Writes the grade in the format and to the file of the options; returns the exit status. */
int grade_write(const struct grade *grade, const struct options *options);

#endif
