# End to end: the built program in a terminal, and what a person there sees.
e2e_tests = \
	tests/e2e/attach.py \
	tests/e2e/bytes.py \
	tests/e2e/keys.py \
	tests/e2e/lesson.py \
	tests/e2e/lines.py \
	tests/e2e/outside.py \
	tests/e2e/presses.py \
	tests/e2e/quiz.py \
	tests/e2e/shell.py tests/e2e/signals.py \
	tests/e2e/sizes.py
TESTS += $(e2e_tests)
dist_check_SCRIPTS += $(e2e_tests)
EXTRA_DIST += tests/e2e/e2e.py
