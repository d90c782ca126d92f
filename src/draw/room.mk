if CAIRO
noinst_LIBRARIES += src/libdraw.a
pkglibexec_PROGRAMS += src/cowscope-draw
endif
src_libdraw_a_SOURCES = \
	src/draw/files.h \
	src/draw/letters.c src/draw/letters.h \
	src/draw/pdf.c \
	src/draw/png.c \
	src/draw/sheet.c src/draw/sheet.h \
	src/draw/trial.c src/draw/trial.h
src_libdraw_a_CPPFLAGS = $(AM_CPPFLAGS) $(CAIRO_CFLAGS)

# A program of its own: who takes no picture does not load Cairo.
draw_libraries = src/libdraw.a src/libview.a src/libbase.a $(CAIRO_LIBS) -lm $(LIBINTL)
src_cowscope_draw_SOURCES = src/draw/draw_main.c
src_cowscope_draw_LDADD = $(draw_libraries)
