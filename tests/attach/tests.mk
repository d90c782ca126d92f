# Attaching: families of our own and real programs, beside what /proc says.
attach_tests = \
	tests/attach/costs.py \
	tests/attach/edges.py \
	tests/attach/family.py \
	tests/attach/freeze.py \
	tests/attach/lives.py \
	tests/attach/metrics.py \
	tests/attach/readings.py \
	tests/attach/real.py \
	tests/attach/samples.py \
	tests/attach/siblings.py \
	tests/attach/unseen.py \
	tests/attach/untouched.py \
	tests/attach/writers.py \
	tests/attach/zeros.py
TESTS += $(attach_tests)
dist_check_SCRIPTS += $(attach_tests)
EXTRA_DIST += tests/attach/oracle.py
check_PROGRAMS += tests/attach/target
tests_attach_target_SOURCES = tests/attach/target.c
# Without sanitizers: what they map is many tebibytes of shadow, more than the oracle could read.
tests_attach_target_CFLAGS = -std=gnu11 $(WARN_CFLAGS)
tests_attach_target_LDFLAGS =
