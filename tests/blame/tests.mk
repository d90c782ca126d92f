# Why pages were copied, and by which code: programs that know what they write, beside what is told.
blame_live_tests = \
	tests/blame/advice.py \
	tests/blame/blamed.py \
	tests/blame/charts.py \
	tests/blame/code.py \
	tests/blame/code_python.py \
	tests/blame/code_redis.py \
	tests/blame/code_ruby.py \
	tests/blame/servers.py
TESTS += $(blame_live_tests)
dist_check_SCRIPTS += $(blame_live_tests)
EXTRA_DIST += tests/blame/jit.py tests/blame/native.c tests/blame/lines.py tests/blame/methods.rb tests/blame/watched.py

check_PROGRAMS += tests/blame/code_check
tests_blame_code_check_SOURCES = tests/blame/code_check.c
tests_blame_code_check_LDADD = src/libblame.a src/libkernel.a src/libmodel.a src/libbase.a $(LIBDW_LIBS) $(LIBINTL)

# What lies at an address, by the interpreter itself.
decode_tests = \
	tests/blame/decode.py
TESTS += $(decode_tests)
dist_check_SCRIPTS += $(decode_tests)
EXTRA_DIST += tests/blame/decode_python.py tests/blame/decode_ruby.rb
check_PROGRAMS += tests/blame/decode
tests_blame_decode_SOURCES = tests/blame/decode.c
tests_blame_decode_LDADD = src/libblame.a src/libkernel.a src/libmodel.a src/libbase.a $(PROCPS_LIBS) $(LIBDW_LIBS) $(LIBINTL)

# The kernel bounds what one user may lock for rings of events, in all programs together: so these run one after the other.
tests/blame/advice.log: $(filter tests/blame/blamed.log,$(TEST_LOGS))
tests/blame/code.log: $(filter tests/blame/advice.log,$(TEST_LOGS))
tests/blame/code_python.log: $(filter tests/blame/code.log,$(TEST_LOGS))
tests/blame/code_redis.log: $(filter tests/blame/code_python.log,$(TEST_LOGS))
tests/blame/code_ruby.log: $(filter tests/blame/code_redis.log,$(TEST_LOGS))
tests/blame/servers.log: $(filter tests/blame/code_ruby.log,$(TEST_LOGS))
tests/blame/charts.log: $(filter tests/blame/servers.log,$(TEST_LOGS))
