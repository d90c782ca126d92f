src_libblame_a_SOURCES += \
	src/blame/join/blame_sums.c src/blame/join/blame_sums.h \
	src/blame/join/copies_between.c src/blame/join/copies_between.h \
	src/blame/join/fault_explain.c src/blame/join/fault_explain.h \
	src/blame/join/fault_table.c src/blame/join/fault_table.h \
	src/blame/join/inquest.c src/blame/join/inquest.h \
	src/blame/join/kindred.c src/blame/join/kindred.h \
	src/blame/join/names_pool.c src/blame/join/names_pool.h \
	src/blame/join/settling.c src/blame/join/settling.h

join_tests = tests/unit/blame_join tests/unit/blame_sums tests/unit/blame_tables
check_PROGRAMS += $(join_tests)
TESTS += $(join_tests)
join_libs = src/libblame.a src/libkernel.a src/libmodel.a src/libbase.a $(PROCPS_LIBS) $(LIBDW_LIBS) $(LIBINTL)
tests_unit_blame_join_SOURCES = tests/unit/blame_join.c tests/unit/join_fixture.h tests/unit/tap.h
tests_unit_blame_join_LDADD = $(join_libs)
tests_unit_blame_sums_SOURCES = tests/unit/blame_sums.c tests/unit/tap.h
tests_unit_blame_sums_LDADD = $(join_libs)
tests_unit_blame_tables_SOURCES = tests/unit/blame_tables.c tests/unit/tap.h
tests_unit_blame_tables_LDADD = $(join_libs)
