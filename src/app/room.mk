bin_PROGRAMS += src/cowscope
src_cowscope_SOURCES = \
	src/app/able.c src/app/able.h \
	src/app/acts.c \
	src/app/answer.c src/app/answer.h \
	src/app/appearance.c src/app/appearance.h \
	src/app/backlog.c src/app/backlog.h \
	src/app/ballot.c src/app/ballot.h \
	src/app/attach_batch.c src/app/attach_batch.h src/app/attach_diff.c \
	src/app/attach_picture.c \
	src/app/attach_screen.c src/app/attach_screen.h \
	src/app/batch.c src/app/batch.h src/app/batch_lesson.c \
	src/app/burden.c src/app/burden.h \
	src/app/capture.c src/app/capture.h \
	src/app/complain.c src/app/complain.h \
	src/app/dialog.c src/app/dialog.h \
	src/app/expect.c src/app/expect.h \
	src/app/job.h \
	src/app/lab_capture.c src/app/lab_capture.h \
	src/app/follow.c src/app/follow.h \
	src/app/guides.c src/app/guides.h \
	src/app/interactive.c src/app/interactive.h \
	src/app/lead.c src/app/lead.h src/app/lead_guide.c src/app/lead_past.c src/app/lead_place.c \
	src/app/lessons.c src/app/lessons.h \
	src/app/look.c \
	src/app/loop.c \
	src/app/main.c \
	src/app/origin.c src/app/origin.h \
	src/app/output.c src/app/output.h \
	src/app/past.c src/app/past.h \
	src/app/player.c src/app/player.h \
	src/app/provenance.c \
	src/app/quiz.c src/app/quiz.h \
	src/app/quiz_batch.c src/app/quiz_batch.h \
	src/app/quizmaster.c src/app/quizmaster.h \
	src/app/reel.c src/app/reel.h \
	src/app/record.c src/app/record.h \
	src/app/replay.c \
	src/app/resident.c \
	src/app/scales.c \
	src/app/session.c src/app/session.h \
	src/app/shell.c src/app/shell.h \
	src/app/starters.c \
	src/app/table.c src/app/table.h \
	src/app/target.c \
	src/app/tell.c src/app/tell.h \
	src/app/watch.c src/app/watch.h \
	src/app/watch_capture.c src/app/watch_film.c src/app/watch_private.h \
	src/app/watch_commands.c
src_cowscope_LDADD = $(ROOM_LIBS) $(NCURSES_LIBS) $(PROCPS_LIBS) $(JANSSON_LIBS) $(MD4C_LIBS) $(LIBINTL)

app_tests = tests/unit/app_able tests/unit/app_ballot tests/unit/app_player tests/unit/app_reel
check_PROGRAMS += $(app_tests)
TESTS += $(app_tests)
tests_unit_app_able_SOURCES = tests/unit/app_able.c tests/unit/tap.h src/app/able.c
tests_unit_app_able_LDADD = src/liblab.a src/liblang.a src/libkernel.a src/libmodel.a src/libbase.a $(PROCPS_LIBS) $(MD4C_LIBS) $(LIBINTL)
tests_unit_app_ballot_SOURCES = tests/unit/app_ballot.c tests/unit/tap.h src/app/ballot.c
tests_unit_app_ballot_LDADD = src/liblang.a src/libbase.a $(LIBINTL)
tests_unit_app_reel_SOURCES = tests/unit/app_reel.c tests/unit/tap.h src/app/reel.c
tests_unit_app_reel_LDADD = src/libview.a src/liblang.a src/libmodel.a src/libbase.a $(LIBINTL)
tests_unit_app_player_SOURCES = tests/unit/app_player.c tests/unit/tap.h src/app/able.c src/app/burden.c src/app/player.c src/app/table.c
tests_unit_app_player_LDADD = src/liblab.a src/liblang.a src/libkernel.a src/libmodel.a src/libbase.a $(PROCPS_LIBS) $(MD4C_LIBS) $(LIBINTL)
