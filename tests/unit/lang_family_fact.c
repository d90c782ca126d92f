#include "config.h"
#include "lang/family_fact.h"
#include "tap.h"

static const struct {
	const char *line, *wanted;
} bad[] = {
    {"write b:2", "write is no command here: a program's check has expect and await"},
    {"expect", "\"\" is not a process: processes of a program are a to z, aa ..., or family"},
    {"expect b:2 copied>=1",
	"b:2 is not a process: processes of a program are a to z, aa ..., or family"},
    {"expect abcd rss=1",
	"abcd is not a process: processes of a program are a to z, aa ..., or family"},
    {"expect b", "there is no fact: write one such as copied<=500K behind the process"},
    {"expect b copied", "invalid fact copied: expected a size such as copied>=500K or copied<=40M"},
    {"expect b copied>500K",
	"invalid fact copied>500K: expected a size such as copied>=500K or copied<=40M"},
    {"expect b copied>=500X",
	"invalid fact copied>=500X: expected a size such as copied>=500K or copied<=40M"},
    {"expect b copied>=500KB",
	"invalid fact copied>=500KB: expected a size such as copied>=500K or copied<=40M"},
    {"expect b copied==5",
	"invalid fact copied==5: expected a size such as copied>=500K or copied<=40M"},
    {"expect a status=1K",
	"invalid fact status=1K: expected a number, as in status=1 or status>=1"},
    {"expect family status=1", "status is a fact of a process: expect a ..."},
    {"expect b frames<=1M", "frames is a fact of the family: expect family ..."},
    {"expect b copeid>=1",
	"copeid>=1 is not a fact of a program: it is one of copied, shared, private, rss, frames, processes, status"},
};

int
main(void)
{
	struct family_check check;
	struct err err;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		is_number(
		    family_check_parse(&check, bad[i].line, &err), -1, "refused: %s", bad[i].line);
		is_text(err.text, bad[i].wanted, "and why");
	}
	is_number(family_check_parse(&check, "", &err), 0, "nothing");
	is_number(family_check_parse(&check, " \t# expect b copied>=1", &err), 0, "a comment");
	is_number(
	    family_check_parse(&check, "await family processes>=4 # workers", &err), 1, "await");
	ok(check.awaits && !*check.target && check.fact_count == 1 &&
		check.facts[0].type == FAMILY_FACT_PROCESSES &&
		check.facts[0].compare == COMPARE_AT_LEAST && check.facts[0].number == 4,
	    "the family, at least 4 processes");
	is_number(family_check_parse(&check, "expect aa copied<=500K rss=2M shared>=1G", &err), 1,
	    "three facts");
	ok(!check.awaits && strcmp(check.target, "aa") == 0 && check.fact_count == 3, "of aa");
	ok(check.facts[0].compare == COMPARE_AT_MOST && check.facts[0].number == 500 << 10 &&
		check.facts[1].compare == COMPARE_EQUAL && check.facts[1].number == 2 << 20 &&
		check.facts[2].number == UINT64_C(1) << 30,
	    "sizes in bytes");
	is_number(family_check_parse(&check,
		      "expect a rss=1 rss=1 rss=1 rss=1 rss=1 rss=1 rss=1 rss=1 rss=1", &err),
	    -1, "nine facts are too many");
	return done_testing();
}
