noinst_LIBRARIES += src/libattach.a
src_libattach_a_SOURCES = \
	src/attach/ahead.c src/attach/ahead.h \
	src/attach/attach.h \
	src/attach/copied_bytes.c \
	src/attach/forks.c \
	src/attach/freeze.c src/attach/freeze.h \
	src/attach/held.c src/attach/held.h \
	src/attach/memories.c \
	src/attach/page_look.c \
	src/attach/prior.c src/attach/prior.h \
	src/attach/attach_private.h \
	src/attach/pss.c \
	src/attach/reader.c src/attach/reader.h \
	src/attach/readers.c src/attach/readers.h \
	src/attach/refresh.c \
	src/attach/sample.c \
	src/attach/sharing.c \
	src/attach/siblings.c \
	src/attach/unseen.c src/attach/unseen.h \
	src/attach/who.c src/attach/who.h \
	src/attach/window.c \
	src/attach/writers.c

check_PROGRAMS += tests/unit/attach_ahead tests/unit/attach_facts tests/unit/attach_siblings
TESTS += tests/unit/attach_ahead tests/unit/attach_facts tests/unit/attach_siblings
tests_unit_attach_ahead_SOURCES = tests/unit/attach_ahead.c tests/unit/tap.h
tests_unit_attach_ahead_LDADD = src/libattach.a src/libkernel.a src/libmodel.a src/libbase.a $(PROCPS_LIBS) $(LIBINTL)
tests_unit_attach_facts_SOURCES = tests/unit/attach_facts.c tests/unit/tap.h
tests_unit_attach_facts_LDADD = src/libattach.a src/libkernel.a src/libmodel.a src/libbase.a $(PROCPS_LIBS) $(LIBINTL)
tests_unit_attach_siblings_SOURCES = tests/unit/attach_siblings.c tests/unit/tap.h
tests_unit_attach_siblings_LDADD = src/libattach.a src/libkernel.a src/libmodel.a src/libbase.a $(PROCPS_LIBS) $(LIBINTL)
