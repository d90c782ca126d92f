# Live tests: the built program against what they read from /proc themselves.
live_tests = \
	tests/live/acts.py \
	tests/live/badluck.py \
	tests/live/container.py \
	tests/live/endings.py \
	tests/live/errors.py \
	tests/live/faults.py \
	tests/live/grade.py \
	tests/live/grade_program.py \
	tests/live/lessons.py \
	tests/live/history.py \
	tests/live/past.py \
	tests/live/plain.py \
	tests/live/program.py \
	tests/live/quiz.py \
	tests/live/recreate.py \
	tests/live/reuse.py \
	tests/live/saved.py \
	tests/live/states.py \
	tests/live/strangers.py \
	tests/live/table.py \
	tests/live/traces.py \
	tests/live/typed.py
TESTS += $(live_tests)
dist_check_SCRIPTS += $(live_tests)
EXTRA_DIST += tests/live/live.py tests/live/lesson.md tests/golden/lesson.txt
# The ordinary program that plain.py compares the lab with.
check_PROGRAMS += tests/live/plain
tests_live_plain_SOURCES = tests/live/plain.c
# By hand: see HACKING.md, Other kernels, and Fresh systems.
EXTRA_DIST += tests/fresh/overlay.sh tests/fresh/run.sh
EXTRA_DIST += tests/kernels/run.sh tests/kernels/init tests/kernels/guest.sh tests/kernels/guest.py tests/kernels/table.cow
# The assignments that grade_program.py tries, with their solutions.
EXTRA_DIST += course/README.md course/grade.yml \
	course/assignments/one-copy/README.md course/assignments/one-copy/check.cow \
	course/assignments/one-copy/right.cow course/assignments/one-copy/wrong.cow \
	course/assignments/workers/README.md course/assignments/workers/check.cow \
	course/assignments/workers/right.c course/assignments/workers/wrong.c
