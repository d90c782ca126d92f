noinst_LIBRARIES += src/libmodel.a
src_libmodel_a_SOURCES = \
	src/model/cells.c src/model/cells.h \
	src/model/classify.c src/model/classify.h \
	src/model/compare.c \
	src/model/copies.c src/model/copies.h \
	src/model/contents.c src/model/contents.h \
	src/model/difference.c src/model/difference.h \
	src/model/erosion.c src/model/erosion.h \
	src/model/erosion_mappings.c \
	src/model/erosion_step.h \
	src/model/erosion_went.c \
	src/model/deed.c \
	src/model/deeds.c \
	src/model/events.c src/model/events.h src/model/events_collect.h \
	src/model/family.c src/model/family.h \
	src/model/family_diff.c src/model/family_diff.h \
	src/model/frames.c src/model/frames.h \
	src/model/guess.c src/model/guess.h src/model/mistake.c src/model/mistake.h \
	src/model/history.c src/model/history.h \
	src/model/lineup.c src/model/lineup.h \
	src/model/outlook.c src/model/outlook.h \
	src/model/pagemap.h \
	src/model/paragraph.c src/model/paragraph.h \
	src/model/paragraph_deeds.c \
	src/model/paragraph_writes.c \
	src/model/pfns.c src/model/pfns.h \
	src/model/quiz.c src/model/quiz.h \
	src/model/scape.c src/model/scape.h \
	src/model/sentences.c \
	src/model/shares.c src/model/shares.h \
	src/model/snapshot.c src/model/snapshot.h \
	src/model/tally.c \
	src/model/words.c src/model/words.h

check_PROGRAMS += tests/unit/model_classify tests/unit/model_contents tests/unit/model_erosion tests/unit/model_events tests/unit/model_history tests/unit/model_quiz
TESTS += tests/unit/model_classify tests/unit/model_contents tests/unit/model_erosion tests/unit/model_events tests/unit/model_history tests/unit/model_quiz
tests_unit_model_classify_SOURCES = tests/unit/model_classify.c tests/unit/model_fixture.h tests/unit/tap.h
tests_unit_model_classify_LDADD = src/libmodel.a src/libbase.a $(LIBINTL)
tests_unit_model_contents_SOURCES = tests/unit/model_contents.c tests/unit/model_fixture.h tests/unit/tap.h
tests_unit_model_contents_LDADD = src/libmodel.a src/libbase.a $(LIBINTL)
tests_unit_model_erosion_SOURCES = tests/unit/model_erosion.c tests/unit/tap.h
tests_unit_model_erosion_LDADD = src/libmodel.a src/libbase.a $(LIBINTL)
tests_unit_model_events_SOURCES = tests/unit/model_events.c tests/unit/model_fixture.h tests/unit/tap.h
tests_unit_model_events_LDADD = src/libmodel.a src/libbase.a $(LIBINTL)
tests_unit_model_history_SOURCES = tests/unit/model_history.c tests/unit/model_fixture.h tests/unit/tap.h
tests_unit_model_history_LDADD = src/libmodel.a src/libbase.a $(LIBINTL)
tests_unit_model_quiz_SOURCES = tests/unit/model_quiz.c tests/unit/model_fixture.h tests/unit/tap.h
tests_unit_model_quiz_LDADD = src/libmodel.a src/libbase.a $(LIBINTL)
check_PROGRAMS += tests/unit/model_cells
TESTS += tests/unit/model_cells
tests_unit_model_cells_SOURCES = tests/unit/model_cells.c tests/unit/tap.h
tests_unit_model_cells_LDADD = src/libmodel.a src/libbase.a $(LIBINTL)
check_PROGRAMS += tests/unit/model_family
TESTS += tests/unit/model_family
tests_unit_model_family_SOURCES = tests/unit/model_family.c tests/unit/tap.h
tests_unit_model_family_LDADD = src/libmodel.a src/libbase.a $(LIBINTL)
