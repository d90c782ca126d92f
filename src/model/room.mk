noinst_LIBRARIES += src/libmodel.a
src_libmodel_a_SOURCES = \
	src/model/classify.c src/model/classify.h \
	src/model/compare.c \
	src/model/events.c src/model/events.h \
	src/model/pagemap.h \
	src/model/paragraph.c \
	src/model/sentences.c \
	src/model/snapshot.c src/model/snapshot.h \
	src/model/words.c src/model/words.h

check_PROGRAMS += tests/unit/model_classify tests/unit/model_events
TESTS += tests/unit/model_classify tests/unit/model_events
tests_unit_model_classify_SOURCES = tests/unit/model_classify.c tests/unit/model_fixture.h tests/unit/tap.h
tests_unit_model_classify_LDADD = src/libmodel.a src/libbase.a $(LIBINTL)
tests_unit_model_events_SOURCES = tests/unit/model_events.c tests/unit/model_fixture.h tests/unit/tap.h
tests_unit_model_events_LDADD = src/libmodel.a src/libbase.a $(LIBINTL)
