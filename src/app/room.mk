bin_PROGRAMS += src/cowscope
src_cowscope_SOURCES = \
	src/app/lab/able.c src/app/lab/able.h \
	src/app/lab/acts.c \
	src/app/screen/backlog.c src/app/screen/backlog.h \
	src/app/teach/ballot.c src/app/teach/ballot.h \
	src/app/batch/batch_family.c src/app/batch/batch_family.h src/app/batch/batch_diff.c \
	src/app/batch/batch_program.c src/app/batch/batch_program.h \
	src/app/batch/batch_page.c src/app/batch/batch_page.h \
	src/app/batch/batch_picture.c src/app/batch/batch_picture.h \
	src/app/screen/family_screen.c src/app/screen/family_screen.h \
	src/app/batch/batch.c src/app/batch/batch.h src/app/batch/batch_lesson.c \
	src/app/lab/burden.c src/app/lab/burden.h \
	src/app/capture/capture.c src/app/capture/capture.h \
	src/app/batch/complain.c src/app/batch/complain.h \
	src/app/screen/dialog.c src/app/screen/dialog.h \
	src/app/lab/expect.c src/app/lab/expect.h \
	src/app/lab/job.h \
	src/app/capture/lab_capture.c src/app/capture/lab_capture.h \
	src/app/lab/follow.c src/app/lab/follow.h \
	src/app/grade/grade_answers.c \
	src/app/grade/grade_check.c src/app/grade/grade_check.h \
	src/app/grade/grade_lab.c \
	src/app/grade/grade_program.c \
	src/app/grade/grade_run.c src/app/grade/grade_run.h \
	src/app/grade/grade_script.c src/app/grade/grade_script.h \
	src/app/grade/ward.c src/app/grade/ward.h \
	src/app/teach/guides.c src/app/teach/guides.h \
	src/app/screen/lab_screen.c src/app/screen/lab_screen.h \
	src/app/teach/lead.c src/app/teach/lead.h src/app/teach/lead_guide.c src/app/teach/lead_past.c src/app/teach/lead_place.c \
	src/app/teach/lessons.c src/app/teach/lessons.h \
	src/app/lab/lookers.c \
	src/app/lab/loop.c \
	src/app/main.c \
	src/app/capture/origin.c src/app/capture/origin.h \
	src/app/batch/output.c src/app/batch/output.h \
	src/app/lab/past.c src/app/lab/past.h \
	src/app/teach/player.c src/app/teach/player.h \
	src/app/capture/provenance.c \
	src/app/teach/quiz_run.c src/app/teach/quiz_run.h \
	src/app/batch/batch_quiz.c src/app/batch/batch_quiz.h \
	src/app/teach/quizmaster.c src/app/teach/quizmaster.h \
	src/app/family/blaming.c src/app/family/blaming.h \
	src/app/family/family_options.c src/app/family/family_options.h \
	src/app/family/reel.c src/app/family/reel.h \
	src/app/capture/record.c src/app/capture/record.h \
	src/app/lab/replay.c \
	src/app/lab/resident.c \
	src/app/lab/scales.c \
	src/app/lab/session.c src/app/lab/session.h src/app/lab/session_parts.h \
	src/app/lab/since.c \
	src/app/screen/shell.c src/app/screen/shell.h \
	src/app/lab/starters.c \
	src/app/teach/table.c src/app/teach/table.h \
	src/app/lab/targets.c \
	src/app/lab/tell.c src/app/lab/tell.h \
	src/app/family/watch.c src/app/family/watch.h \
	src/app/family/watch_film.c \
	src/app/capture/family_capture.c src/app/capture/family_capture.h \
	src/app/family/watch_commands.c
src_cowscope_LDADD = $(ROOM_LIBS) $(NCURSES_LIBS) $(PROCPS_LIBS) $(JANSSON_LIBS) $(MD4C_LIBS) $(LIBDW_LIBS) $(LIBINTL)

app_tests = tests/unit/app_able tests/unit/app_ballot tests/unit/app_player tests/unit/app_reel
check_PROGRAMS += $(app_tests)
TESTS += $(app_tests)
tests_unit_app_able_SOURCES = tests/unit/app_able.c tests/unit/tap.h src/app/lab/able.c
tests_unit_app_able_LDADD = src/liblab.a src/liblang.a src/libkernel.a src/libmodel.a src/libbase.a $(PROCPS_LIBS) $(MD4C_LIBS) $(LIBINTL)
tests_unit_app_ballot_SOURCES = tests/unit/app_ballot.c tests/unit/tap.h src/app/teach/ballot.c
tests_unit_app_ballot_LDADD = src/liblang.a src/libbase.a $(LIBINTL)
tests_unit_app_reel_SOURCES = tests/unit/app_reel.c tests/unit/tap.h src/app/family/reel.c
tests_unit_app_reel_LDADD = src/libview.a src/liblang.a src/libmodel.a src/libbase.a $(LIBINTL)
tests_unit_app_player_SOURCES = tests/unit/app_player.c tests/unit/tap.h src/app/lab/able.c src/app/lab/burden.c src/app/teach/player.c src/app/teach/table.c
tests_unit_app_player_LDADD = src/liblab.a src/liblang.a src/libkernel.a src/libmodel.a src/libbase.a $(PROCPS_LIBS) $(MD4C_LIBS) $(LIBINTL)
