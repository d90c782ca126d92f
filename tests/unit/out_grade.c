#include "config.h"
#include "out/teach/grade_report.h"
#include "tap.h"

static void
fill(struct grade *grade)
{
	*grade = (struct grade){.name = "check.cow", .student = "s<&>\"'.cow"};
	grade_add(grade,
	    &(struct grade_row){.file = "s.cow", .what = "plays", .holds = TRI_YES, .found = NULL});
	grade_add(grade,
	    &(struct grade_row){.file = "check.cow",
		.line = 3,
		.what = "expect a:2 content=\"<&>\" # why",
		.holds = TRI_NO,
		.found = "a:2 \"]]>\"\033[2J\\ \377"});
}

static void
test_status(void)
{
	struct grade grade = {.name = "x", .student = "y"};

	is_number(grade_status(&grade), 0, "nothing was checked: 0");
	grade_add(&grade, &(struct grade_row){.what = "one", .holds = TRI_YES});
	is_number(grade_status(&grade), 0, "all hold: 0");
	grade_add(&grade, &(struct grade_row){.what = "two", .holds = TRI_UNKNOWN});
	is_number(grade_status(&grade), 3, "one is unknown: 3");
	grade_add(&grade, &(struct grade_row){.what = "three", .holds = TRI_NO});
	is_number(grade_status(&grade), 1, "one is false: 1");
	is_number(grade_passed(&grade), 1, "one of three passed");
	grade_free(&grade);
}

static void
test_many(void)
{
	struct grade grade = {.name = "x", .student = "y"};
	char what[16];

	for (int i = 0; i < 1000; i++) {
		snprintf(what, sizeof(what), "check %d", i);
		grade_add(&grade, &(struct grade_row){.what = what, .holds = TRI_YES});
	}
	is_text(grade.rows[17].what, "check 17", "rows keep their texts");
	is_number(grade_passed(&grade), 1000, "all of a thousand passed");
	grade_free(&grade);
}

int
main(void)
{
	struct grade grade;
	struct buf out = BUF_INIT;

	test_status();
	test_many();
	fill(&grade);
	grade_text(&out, &grade);
	is_text(buf_text(&out),
	    "passed: s.cow: plays\n"
	    "failed: check.cow:3: expect a:2 content=\"<&>\" # why: a:2 \"]]>\"\xEF\xBF\xBD[2J\\ \xEF\xBF\xBD\n"
	    "1 of 2 passed.\n",
	    "text");
	buf_clear(&out);
	grade_tap(&out, &grade);
	is_text(buf_text(&out),
	    "TAP version 13\n1..2\n"
	    "ok 1 - s.cow: plays\n"
	    "not ok 2 - check.cow:3: expect a:2 content=\"<&>\" \\# why\n"
	    "  ---\n  message: \"a:2 \\\"]]>\\\"\\u001b[2J\\\\ \xEF\xBF\xBD\"\n  result: failed\n  ...\n",
	    "TAP: no directive, a message that YAML and JSON read alike");
	buf_clear(&out);
	grade_junit(&out, &grade);
	is_text(buf_text(&out),
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<testsuites name=\"cowscope\" tests=\"2\" failures=\"1\" errors=\"0\">\n"
	    "  <testsuite name=\"check.cow\" tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\">\n"
	    "    <testcase classname=\"s&lt;&amp;&gt;&quot;&#39;.cow\" name=\"s.cow: plays\"/>\n"
	    "    <testcase classname=\"s&lt;&amp;&gt;&quot;&#39;.cow\" name=\"check.cow:3: expect a:2 content=&quot;&lt;&amp;&gt;&quot; # why\">\n"
	    "      <failure message=\"a:2 &quot;]]&gt;&quot;\xEF\xBF\xBD[2J\\ \xEF\xBF\xBD\" type=\"failed\"/>\n"
	    "    </testcase>\n"
	    "  </testsuite>\n"
	    "</testsuites>\n",
	    "JUnit: well-formed, whatever was found");
	buf_clear(&out);
	grade_json(&out, &grade);
	ok(strstr(buf_text(&out), "\"passed\":false,\"score\":1,\"of\":2"), "JSON: the score");
	ok(strstr(buf_text(&out), "\"file\":\"s.cow\",\"line\":null"), "JSON: no line");
	ok(strstr(buf_text(&out), "\"result\":\"failed\""), "JSON: the result");
	buf_free(&out);
	grade_free(&grade);
	return done_testing();
}
