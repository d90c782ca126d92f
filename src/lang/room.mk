noinst_LIBRARIES += src/liblang.a
src_liblang_a_SOURCES = \
	src/lang/answer.c src/lang/answer.h \
	src/lang/arguments.c \
	src/lang/command.h \
	src/lang/commands.c \
	src/lang/commands.def \
	src/lang/complete.c \
	src/lang/fact.c \
	src/lang/family_fact.c src/lang/family_fact.h src/lang/family_facts.def \
	src/lang/glossary.c src/lang/facts.def src/lang/glossary.def src/lang/glossary.h \
	src/lang/grammar.c \
	src/lang/grammar.h \
	src/lang/in_c/in_c.c src/lang/in_c/in_c.h src/lang/in_c/in_c_private.h \
	src/lang/in_c/in_c_lab.c src/lang/in_c/in_c_pages.c src/lang/in_c/in_c_words.c \
	src/lang/keys.c \
	src/lang/options/formats.def src/lang/family_commands.def \
	src/lang/family_keys.def src/lang/family_views.def src/lang/keys.def src/lang/lesson_keys.def \
	src/lang/keys.h \
	src/lang/teach/lesson.c src/lang/teach/lesson.h \
	src/lang/teach/lesson_check.c \
	src/lang/teach/lesson_make.c src/lang/teach/lesson_make.h \
	src/lang/teach/lesson_may.c src/lang/teach/lesson_may.h \
	src/lang/lexer.c \
	src/lang/lexer.h \
	src/lang/map_arguments.c \
	src/lang/nearest.c \
	src/lang/options/option_parsing.h \
	src/lang/options/option_rules.c \
	src/lang/options/option_table.h \
	src/lang/options/option_values.c \
	src/lang/options/options.c \
	src/lang/options/options.def \
	src/lang/options/options.h \
	src/lang/options/options_help.c \
	src/lang/parse.c \
	src/lang/suggest.c \
	src/lang/target.c \
	src/lang/target.h \
	src/lang/word_lists.c \
	src/lang/word_lists.h

lang_tests = \
	tests/unit/lang_complete \
	tests/unit/lang_family_fact \
	tests/unit/lang_glossary \
	tests/unit/lang_in_c \
	tests/unit/lang_keys \
	tests/unit/lang_lesson \
	tests/unit/lang_options \
	tests/unit/lang_parse \
	tests/unit/lang_random \
	tests/unit/lang_tables
lang_test_libraries = src/liblang.a src/libbase.a $(LIBINTL)
check_PROGRAMS += $(lang_tests)
TESTS += $(lang_tests)

tests_unit_lang_family_fact_SOURCES = tests/unit/lang_family_fact.c tests/unit/tap.h
tests_unit_lang_family_fact_LDADD = $(lang_test_libraries)
tests_unit_lang_glossary_SOURCES = tests/unit/lang_glossary.c tests/unit/tap.h
tests_unit_lang_glossary_LDADD = $(lang_test_libraries)
tests_unit_lang_in_c_SOURCES = tests/unit/lang_in_c.c tests/unit/command_list.h tests/unit/tap.h
tests_unit_lang_in_c_LDADD = src/liblang.a src/libmodel.a src/libbase.a $(LIBINTL)
tests_unit_lang_complete_SOURCES = tests/unit/lang_complete.c tests/unit/tap.h
tests_unit_lang_complete_LDADD = $(lang_test_libraries)
tests_unit_lang_keys_SOURCES = tests/unit/lang_keys.c tests/unit/tap.h
tests_unit_lang_keys_LDADD = $(lang_test_libraries)
tests_unit_lang_lesson_SOURCES = tests/unit/lang_lesson.c tests/unit/tap.h
tests_unit_lang_lesson_LDADD = $(lang_test_libraries) $(MD4C_LIBS)
tests_unit_lang_options_SOURCES = tests/unit/lang_options.c tests/unit/tap.h
tests_unit_lang_options_LDADD = $(lang_test_libraries)
tests_unit_lang_parse_SOURCES = tests/unit/lang_parse.c tests/unit/tap.h
tests_unit_lang_parse_LDADD = $(lang_test_libraries)
tests_unit_lang_random_SOURCES = tests/unit/lang_random.c tests/unit/tap.h
tests_unit_lang_random_LDADD = $(lang_test_libraries)
tests_unit_lang_tables_SOURCES = tests/unit/lang_tables.c tests/unit/tap.h
tests_unit_lang_tables_LDADD = $(lang_test_libraries)
