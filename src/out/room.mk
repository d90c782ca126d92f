noinst_LIBRARIES += src/libout.a
src_libout_a_SOURCES = \
	src/out/json.c src/out/json.h \
	src/out/save.c \
	src/out/text.c src/out/text.h


out_tests = tests/unit/out_json tests/unit/out_text
out_test_libraries = src/libout.a src/libview.a src/liblang.a src/libmodel.a src/libbase.a $(LIBINTL)
check_PROGRAMS += $(out_tests)
TESTS += $(out_tests)

tests_unit_out_json_SOURCES = \
	tests/unit/out_json.c tests/unit/view_fixture.h tests/unit/view_stories.h tests/unit/tap.h
tests_unit_out_json_LDADD = $(out_test_libraries)
tests_unit_out_text_SOURCES = tests/unit/out_text.c tests/unit/tap.h
tests_unit_out_text_LDADD = $(out_test_libraries)
