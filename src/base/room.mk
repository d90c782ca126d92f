noinst_LIBRARIES += src/libbase.a
src_libbase_a_SOURCES = \
	src/base/buf.c src/base/buf.h \
	src/base/dice.c src/base/dice.h \
	src/base/err.c src/base/err.h \
	src/base/i18n.h \
	src/base/mem.c src/base/mem.h \
	src/base/utf8.c src/base/utf8.h src/base/widths.def
EXTRA_DIST += src/base/widths.py

check_PROGRAMS += tests/unit/base_buf tests/unit/base_dice tests/unit/base_err tests/unit/base_utf8
TESTS += tests/unit/base_buf tests/unit/base_dice tests/unit/base_err tests/unit/base_utf8
tests_unit_base_buf_SOURCES = tests/unit/base_buf.c tests/unit/tap.h
tests_unit_base_buf_LDADD = src/libbase.a $(LIBINTL)
tests_unit_base_dice_SOURCES = tests/unit/base_dice.c tests/unit/tap.h
tests_unit_base_dice_LDADD = src/libbase.a $(LIBINTL)
tests_unit_base_err_SOURCES = tests/unit/base_err.c tests/unit/tap.h
tests_unit_base_err_LDADD = src/libbase.a $(LIBINTL)
tests_unit_base_utf8_SOURCES = tests/unit/base_utf8.c tests/unit/tap.h
tests_unit_base_utf8_LDADD = src/libbase.a $(LIBINTL)
