# Live tests: the built program against what they read from /proc themselves.
live_tests = \
	tests/live/endings.py \
	tests/live/errors.py \
	tests/live/reuse.py \
	tests/live/states.py \
	tests/live/table.py
TESTS += $(live_tests)
dist_check_SCRIPTS += $(live_tests)
EXTRA_DIST += tests/live/live.py
