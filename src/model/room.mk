noinst_LIBRARIES += src/libmodel.a
src_libmodel_a_SOURCES = \
	src/model/family/advice.c \
	src/model/family/blame.c src/model/family/blame.h \
	src/model/family/cells.c src/model/family/cells.h \
	src/model/family/cells_count.c src/model/family/cells_count.h \
	src/model/lab/classify.c src/model/lab/classify.h \
	src/model/lab/compare.c \
	src/model/family/copies.c src/model/family/copies.h \
	src/model/family/copies_judge.c src/model/family/copies_judge.h \
	src/model/lab/contents.c src/model/lab/contents.h \
	src/model/family/costs.c src/model/family/costs.h \
	src/model/lab/difference.c src/model/lab/difference.h \
	src/model/family/erosion.c src/model/family/erosion.h \
	src/model/family/erosion_mappings.c \
	src/model/family/erosion_step.h \
	src/model/family/erosion_went.c \
	src/model/teach/deed.c \
	src/model/family/equal_bytes.c src/model/family/equal_bytes.h \
	src/model/lab/events_doings.c \
	src/model/lab/events.c src/model/lab/events.h src/model/lab/events_collect.h \
	src/model/family/family.c src/model/family/family.h \
	src/model/family/family_diff.c src/model/family/family_diff.h \
	src/model/family/forecast.c \
	src/model/lab/frames.c src/model/lab/frames.h \
	src/model/teach/guess.c src/model/teach/guess.h src/model/teach/mistake.c src/model/teach/mistake.def src/model/teach/mistake.h \
	src/model/lab/history.c src/model/lab/history.h src/model/lab/past_step.h \
	src/model/family/holds.c src/model/family/holds.h \
	src/model/family/lineup.c src/model/family/lineup.h \
	src/model/teach/outlook.c src/model/teach/outlook.h \
	src/model/teach/page_set.c src/model/teach/page_set.h \
	src/model/pagemap_bits.h \
	src/model/lab/paragraph.c src/model/lab/paragraph.h \
	src/model/lab/paragraph_deeds.c \
	src/model/lab/paragraph_writes.c \
	src/model/family/partings.c src/model/family/partings.h \
	src/model/family/pfns.c src/model/family/pfns.h \
	src/model/teach/quiz.c src/model/teach/quiz.h \
	src/model/teach/scape.c src/model/teach/scape.h \
	src/model/lab/sentences.c \
	src/model/lab/shares.c src/model/lab/shares.h \
	src/model/lab/snapshot.c src/model/lab/snapshot.h \
	src/model/family/tally.c \
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
check_PROGRAMS += tests/unit/model_costs
TESTS += tests/unit/model_costs
tests_unit_model_costs_SOURCES = tests/unit/model_costs.c tests/unit/tap.h
tests_unit_model_costs_LDADD = src/libmodel.a src/libbase.a $(LIBINTL)
check_PROGRAMS += tests/unit/model_equal_bytes
TESTS += tests/unit/model_equal_bytes
tests_unit_model_equal_bytes_SOURCES = tests/unit/model_equal_bytes.c tests/unit/tap.h
tests_unit_model_equal_bytes_LDADD = src/libmodel.a src/libbase.a $(LIBINTL)
check_PROGRAMS += tests/unit/model_family
TESTS += tests/unit/model_family
tests_unit_model_family_SOURCES = tests/unit/model_family.c tests/unit/tap.h
tests_unit_model_family_LDADD = src/libmodel.a src/libbase.a $(LIBINTL)
check_PROGRAMS += tests/unit/model_blame
TESTS += tests/unit/model_blame
tests_unit_model_blame_SOURCES = tests/unit/model_blame.c tests/unit/tap.h
tests_unit_model_blame_LDADD = src/libmodel.a src/libbase.a $(LIBINTL)
