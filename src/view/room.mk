noinst_LIBRARIES += src/libview.a
src_libview_a_SOURCES = \
	src/view/bars.c \
	src/view/canvas.c src/view/canvas.h \
	src/view/draw.h \
	src/view/explain.c src/view/explain.h \
	src/view/frames.c src/view/frames.h \
	src/view/glyph.c src/view/glyph.h \
	src/view/layout.c \
	src/view/pages.c \
	src/view/panels.c \
	src/view/report.c src/view/report.h \
	src/view/report_help.c \
	src/view/scene.c src/view/scene.h \
	src/view/theme.c src/view/theme.h \
	src/view/words.c \
	src/view/wrap.c src/view/wrap.h
