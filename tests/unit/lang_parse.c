#include "config.h"
#include "base/buf.h"
#include "lang/command.h"
#include "model/words.h"
#include "tap.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>

static void
dump_target(struct buf *out, const struct target *target)
{
	static const char *const who[] = {"", "", "all", "@", "file", "memory"};

	buf_add(out, who[target->who]);
	for (int i = 0; target->who == WHO_NAMED && i < 9; i++)
		if (target->processes & (1u << i))
			buf_add_char(out, (char)('a' + i));
	buf_add(out,
	    target->which == PAGES_ALL          ? ":*"
		: target->which == PAGES_CURSOR ? ":@"
						: ":");
	for (size_t i = 0; i < target->range_count; i++)
		buf_addf(
		    out, "%s%u-%u", i ? "," : "", target->ranges[i].first, target->ranges[i].last);
}

/* "write a:2-2 'hello' 0": name, target, text, choice. */
static void
dump(struct buf *out, const struct command *command)
{
	buf_addf(out, "%s ", command->def->name);
	dump_target(out, &command->target);
	if (command->name)
		buf_addf(out, " name=%c", command->name);
	if (command->text)
		buf_addf(out, " '%s'", command->text);
	if (command->count)
		buf_addf(out, " count=%u", command->count);
	if (command->pages)
		buf_addf(out, " pages=%u", command->pages);
	if (command->processes)
		buf_addf(out, " processes=%u", command->processes);
	if (command->pace_ms)
		buf_addf(out, " pace=%u", command->pace_ms);
	if (command->mapping.has_offset)
		buf_addf(out, " offset=%llu", (unsigned long long)command->mapping.offset);
	if (command->mapping.has_length)
		buf_addf(out, " length=%llu", (unsigned long long)command->mapping.length);
	if (command->mapping.has_protection)
		buf_addf(out, " prot=%d", command->mapping.protection);
	if (command->mapping.sharing)
		buf_add(out, command->mapping.sharing == MAP_SHARED ? " shared" : " private");
	if (command->topic)
		buf_addf(out, " topic=%s", command->topic->name);
	for (size_t i = 0; i < command->fact_count; i++) {
		const struct fact *fact = &command->facts[i];

		const char *name = fact->type == FACT_STATE ? "state" : fact_name(fact->type);

		buf_addf(out, " %s%s(%d,%s)", fact->negated ? "not " : "", name, fact->value,
		    fact->text);
		if (fact->type >= FACT_MINOR)
			buf_addf(out, "%c%llu%s", "=><"[fact->compare],
			    (unsigned long long)fact -> number, fact -> in_pages ? "p" : "");
	}
}

static const struct {
	const char *line, *wanted;
} good[] = {
    {"read a:2", "read a:2-2"},
    {"  read\ta:2  ", "read a:2-2"},
    {"read a", "read a:*"},
    {"read @", "read @:@"},
    {"read @:7", "read @:7-7"},
    {"read a:@", "read a:@"},
    {"read abi:*", "read abi:*"},
    {"read all", "read all:*"},
    {"read all:0,2,5-7", "read all:0-0,2-2,5-7"},
    {"read all:5-7,2,6-9,2", "read all:2-2,5-9"},
    {"read a:4095", "read a:4095-4095"},
    {"read a:0-4095", "read a:0-4095"},
    {"map a:2", "map a:2-2"},
    {"map a:2 offset=0 length=0", "map a:2-2 offset=0 length=0"},
    {"map a:2 length=1099511627776 offset=100", "map a:2-2 offset=100 length=1099511627776"},
    {"map a:2 none", "map a:2-2 prot=0"},
    {"map a:0-3 shared read+write+exec offset=8192", "map a:0-3 offset=8192 prot=7 shared"},
    {"map all read private", "map all:* prot=1 private"},
    {"read a:0,2,4,6,8,10,12,14,16,18,20,22,24,26,28,30",
	"read a:0-0,2-2,4-4,6-6,8-8,10-10,12-12,14-14,16-16,18-18,20-20,22-22,24-24,26-26,28-28,30-30"},
    {"write a:2", "write a:2-2"},
    {"write a:2 hello", "write a:2-2 'hello'"},
    {"write a:2 \"two words; # \\\"x\\\" \\\\ \\x41\"", "write a:2-2 'two words; # \"x\" \\ A'"},
    {"write a:2 x\"y z\"w", "write a:2-2 'xy zw'"},
    {"write a:2 a#b", "write a:2-2 'a#b'"},
    {"write a:2 # not this", "write a:2-2"},
    {"write a:2;read b", "write a:2-2"},
    {"fork a", "fork a:*"},
    {"fork a d", "fork a:* name=d"},
    {"fork @", "fork @:*"},
    {"spawn", "spawn :*"},
    {"spawn i", "spawn :* name=i"},
    {"file read 0-4", "file read :0-4"},
    {"file read @", "file read :@"},
    {"file  write  3  Z", "file write :3-3 'Z'"},
    {"file truncate 0", "file truncate :*"},
    {"file grow 4096", "file grow :* count=4096"},
    {"file sync", "file sync :*"},
    {"lab", "lab :*"},
    {"lab pages=10 processes=9", "lab :* pages=10 processes=9"},
    {"lab shared-anon pages=4096", "lab :* pages=4096"},
    {"expect file:2 cached", "expect file:2-2 cached(0,)"},
    {"expect a:2 copied not dirty mapped_by=2",
	"expect a:2-2 state(3,) not dirty(0,) mapped_by(2,)"},
    {"expect a:2 frame=a2' content=\"a b\"", "expect a:2-2 frame(0,a2') content(0,a b)"},
    {"expect a faulted faulted=SIGBUS", "expect a:* faulted(0,) faulted(7,)"},
    {"expect a:2 code=ACCERR errno=EINVAL errno=0",
	"expect a:2-2 code(0,ACCERR) errno(22,) errno(0,)"},
    {"expect b waiting minor=1 major>=2 rss<=12K",
	"expect b:* waiting(0,) minor(0,)=1 major(0,)>2 rss(0,)<12288"},
    {"expect a calls=10 copied>=40K status=3",
	"expect a:* calls(0,)=10 copied(0,)>40960 status(0,)=3"},
    {"copy a:2 read", "copy a:2-2"},
    {"loop 3 write a:0 hi%; read b # x", "loop :* 'write a:0 hi%; read b # x' count=3"},
    {"expect memory used>=200M shared=1 available<=-3K",
	"expect memory:* used(0,)>209715200 shared(0,)=1 available(0,)<3072"},
    {"lock b:3", "lock b:3-3"},
    {"await file size=3p pss=5", "await file:* size(0,)=3p pss(0,)=5"},
    {"capture \"my screen.txt\"", "capture :* 'my screen.txt'"},
    {"capture a.cast history seconds=2", "capture :* 'a.cast' pace=2000"},
    {"capture a.cast seconds=0.25", "capture :* 'a.cast' pace=250"},
    {"capture a.cast seconds=3600.000", "capture :* 'a.cast' pace=3600000"},
    {"help", "help :*"},
    {"help write", "help :* topic=write"},
    {"help file write", "help :* topic=file write"},
    {"prompt", "prompt :*"},
    {"prompt write @ \"", "prompt :* 'write @ \"'"},
    {"prompt write @ \"; # x  ", "prompt :* 'write @ \"; # x  '"},
    {"\n ; # comment\n;;quit", "quit :*"},
};

static void
test_good(void)
{
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct command command;
		struct err err = {0};
		struct buf out = BUF_INIT;
		const char *at = good[i].line;
		int result = command_parse(&command, &at, &err);

		if (!ok(result == 1, "parses: %s", good[i].line)) {
			printf("# %s\n", err.text);
			continue;
		}
		dump(&out, &command);
		is_text(buf_text(&out), good[i].wanted, "means: %s", good[i].wanted);
		buf_free(&out);
		command_free(&command);
	}
}

static const struct {
	const char *line;
	int choice;
} choices[] = {
    {"sync a", MS_SYNC},
    {"sync a sync", MS_SYNC},
    {"sync a async", MS_ASYNC},
    {"sync a invalidate", MS_SYNC | MS_INVALIDATE},
    {"advise a dontneed", MADV_DONTNEED},
    {"advise a normal", MADV_NORMAL},
    {"advise a populate-write", 23},
    {"advise a keeponfork", 19},
    {"advise a pageout", 21},
    {"protect a none", PROT_NONE},
    {"protect a read+write", PROT_READ | PROT_WRITE},
    {"protect a exec+read+write", PROT_READ | PROT_WRITE | PROT_EXEC},
    {"kill a", SIGKILL},
    {"kill a STOP", SIGSTOP},
    {"kill a SIGCONT", SIGCONT},
    {"kill a term", SIGTERM},
    {"kill a 10", 10},
    {"lab", -1},
    {"lab pages=3", -1},
    {"lab private-file", KIND_PRIVATE_FILE},
    {"lab posix-shm pages=3", KIND_POSIX_SHM},
    {"show", WHAT_STATE},
    {"show frames", WHAT_FRAMES},
    {"show a:2", WHAT_PAGE},
    {"show @", WHAT_PAGE},
    {"show b:@", WHAT_PAGE},
    {"select next", PLACE_NEXT},
    {"select page-up", PLACE_PAGE_UP},
    {"select b", PLACE_TARGET},
    {"select @:7", PLACE_TARGET},
    {"view", VIEW_NEXT},
    {"view frames", VIEW_FRAMES},
    {"view code", VIEW_CODE},
};

static void
test_choices(void)
{
	for (size_t i = 0; i < sizeof(choices) / sizeof(choices[0]); i++) {
		struct command command;
		struct err err;
		const char *at = choices[i].line;

		if (!ok(command_parse(&command, &at, &err) == 1, "parses: %s", choices[i].line))
			continue;
		is_number(command.choice, choices[i].choice, "choice of: %s", choices[i].line);
		command_free(&command);
	}
}

static const struct {
	const char *line, *wanted;
} bad[] = {
    {"wirte a:2", "there is no command wirte: did you mean write?"},
    {"READ a:2", "there is no command READ: did you mean read?"},
    {"xyzzy", "there is no command xyzzy: help lists them all"},
    {"file wirte 3", "there is no command file wirte: did you mean file write?"},
    {"fiel sync", "there is no command fiel: did you mean file?"},
    {"file",
	"file is an incomplete command: expected one of read, write, truncate, grow, sync, drop, link, open, close, unlink after it"},
    {"\"\" a", "there is no command \"\": help lists them all"},
    {"write", "write needs a TARGET such as a:2, b:0-4 or all:*"},
    {"advise a", "advise needs an ADVICE such as dontneed or willneed"},
    {"protect a", "protect needs a PROTECTION such as none, read or read+write"},
    {"expect a:2", "expect needs a FACT such as copied, not dirty or mapped_by=2"},
    {"expect a:2 not", "not comes before a fact, as in not dirty"},
    {"file truncate", "file truncate needs a COUNT of pages such as 4"},
    {"select", "select needs a PLACE such as next, b or a:2"},
    {"read a:4096", "page 4096 is too large: expected at most 4095"},
    {"read a:99999999999999999999999999",
	"page 99999999999999999999999999 is too large: expected at most 4095"},
    {"read a:5-2", "5-2 runs backwards: did you mean 2-5?"},
    {"read a:", "a: names no page: pages are written a:3, a:0-4 or a:*"},
    {"read a:1,,2", "\"\" is not a page: pages are written 3, 0-4, 0,2,5-7 or *"},
    {"read a:-1", "\"\" is not a page: pages are written 3, 0-4, 0,2,5-7 or *"},
    {"read a:x", "x is not a page: pages are written 3, 0-4, 0,2,5-7 or *"},
    {"read a:1-2-3", "2-3 is not a page: pages are written 3, 0-4, 0,2,5-7 or *"},
    {"read a:0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0",
	"0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0 has too many parts: 16 at most, such as 0,2,5-7"},
    {"read x", "x is not a process: processes are a to i, all or @"},
    {"read A:2", "A is not a process: processes are a to i, all or @"},
    {"read 2", "2 is not a process: processes are a to i, all or @"},
    {"expect x dead", "x is not a process: processes are a to i, all, file or @"},
    {"read file:2", "file is not a process: only expect takes it; expected a to i, all or @"},
    {"read xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
	"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx... is not a process: processes are a to i, all or @"},
    {"read \303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
     "\303\251\303\251\303\251\303\251\303\251\303\251\303\251z\303\251\303\251",
	"\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
	"\303\251\303\251\303\251\303\251\303\251\303\251\303\251z... is not a process: processes are a to i, all or @"},
    {"read \"a\\nb\"", "a\357\277\275b is not a process: processes are a to i, all or @"},
    {"read \"a\\x00\"", "read: only a TEXT can hold the byte \\x00"},
    {"read a b", "read takes TARGET: b is one word too many"},
    {"reset now", "reset takes no arguments: now is one word too many"},
    {
	"write a:2 hello world",
	"write takes TARGET [TEXT]: world is one word too many, put quotes around several words",
    },
    {"write a:2 \"\"", "write: a TEXT has 1 to 65536 bytes, this one has 0"},
    {"write a:2 \"hello", "the quote that begins at \"hello is never closed: end it with \""},
    {"write a:2 \"\\q\"",
	"\\q is not an escape: inside quotes there are \\\" \\\\ \\n \\t and \\xHH with two hexadecimal digits"},
    {"write a:2 \"\\x4\"",
	"\\x4 is not an escape: inside quotes there are \\\" \\\\ \\n \\t and \\xHH with two hexadecimal digits"},
    {"advise a dontnead", "advise: dontnead is not an ADVICE: did you mean dontneed?"},
    {"advise a dontdump",
	"advise: dontdump is not an ADVICE: it is one of normal, random, sequential, willneed, "
	"dontneed, cold, pageout, free, remove, populate-read, populate-write, mergeable, unmergeable, hugepage, "
	"nohugepage, collapse, dontfork, dofork, wipeonfork, keeponfork"},
    {"sync a asinc", "sync: asinc is not a SYNC: did you mean async?"},
    {"sync a q", "sync: q is not a SYNC: it is one of sync, async, invalidate"},
    {"protect a read+none", "protect: none cannot be combined: write none alone, or leave it out"},
    {"protect a read+",
	"protect: \"\" is not a PROTECTION: it is one of none, read, write, exec, or several as in read+write"},
    {"protect a raed", "protect: raed is not a PROTECTION: did you mean read?"},
    {"map", "map needs a TARGET such as a:2, b:0-4 or all:*"},
    {"map a ofset=1", "map: ofset=1 is not a MAPPING: did you mean offset=?"},
    {"map a xyzzy",
	"map: xyzzy is not a MAPPING: those are offset=, length=, private, shared, fixed, noreplace, "
	"of=, none, read, write, exec, as in offset=4096 shared read+write"},
    {"map a offset", "map: offset is not a MAPPING: did you mean offset=?"},
    {"map a offset=",
	"invalid value \"\" for offset=: expected a number of bytes, 0 to 1152921504606846976"},
    {"map a offset=-1",
	"invalid value -1 for offset=: expected a number of bytes, 0 to 1152921504606846976"},
    {"map a offset=1x",
	"invalid value 1x for offset=: expected a number of bytes, 0 to 1152921504606846976"},
    {"map a length=1152921504606846977",
	"invalid value 1152921504606846977 for length=: expected a number of bytes, 0 to 1152921504606846976"},
    {"map a length=99999999999999999999999999999999",
	"invalid value 99999999999999999999999999999999 for length=: expected a number of bytes, 0 to 1152921504606846976"},
    {"map a length=1 length=1", "length= is given twice: once is enough"},
    {"map a shared shared", "shared is given twice: once is enough"},
    {"map a shared private", "a mapping is private or shared, not both"},
    {"map a read write", "map takes one protection: join the words of it, as in read+write"},
    {"map a read+none", "map: none cannot be combined: write none alone, or leave it out"},
    {"map a read+shared",
	"map: shared is not a PROTECTION: it is one of none, read, write, exec, or several as in read+write"},
    {"kill ab", "kill: invalid PROCESS ab: expected one letter, a to i, or @"},
    {"kill all", "kill: invalid PROCESS all: expected one letter, a to i, or @"},
    {"kill a 0", "kill: there is no signal 0: their numbers are 1 to 64"},
    {"kill a 99", "kill: there is no signal 99: their numbers are 1 to 64"},
    {"kill a KIL", "kill: KIL is not a SIGNAL: did you mean KILL?"},
    {"fork a z", "fork: invalid NAME z: expected one letter, a to i"},
    {"spawn @", "spawn: invalid NAME @: expected one letter, a to i"},
    {"file grow 4097", "file grow: invalid COUNT 4097: expected 0 to 4096"},
    {"file grow -1", "file grow: invalid COUNT -1: expected 0 to 4096"},
    {"lab shred-anon", "lab: shred-anon is not a KIND: did you mean shared-anon?"},
    {"lab page=3", "lab: page=3 is not a SETTING: did you mean pages=?"},
    {"lab pages=0", "invalid value 0 for pages=: expected 1 to 4096"},
    {"lab pages=", "invalid value \"\" for pages=: expected 1 to 4096"},
    {"lab processes=10", "invalid value 10 for processes=: expected 1 to 9"},
    {"lab pages=3 pages=4", "pages= is given twice: once is enough"},
    {"show frame", "show: frame is not a WHAT: did you mean frames?"},
    {"show a", "show: a is more than one page: take one of one process, such as a:2"},
    {"show ab:2", "show: ab:2 is more than one page: take one of one process, such as a:2"},
    {"show a:2,3", "show: a:2,3 is more than one page: take one of one process, such as a:2"},
    {"select nxt", "select: nxt is not a PLACE: did you mean next?"},
    {"select a:*", "select: a:* is more than one place: take one page of one process, such as a:2"},
    {"view page-up",
	"view: page-up is not a VIEW: it is one of panels, guide, frames, code, family, mappings, map, "
	"page, erosion, same, blame, deeper"},
    {"expect a:2 copyed", "expect: copyed is not a FACT: did you mean copied?"},
    {"expect a:2 maped_by=2", "expect: maped_by= is not a FACT: did you mean mapped_by=?"},
    {"expect a:2 dirty=1", "the fact dirty takes no value: write dirty alone"},
    {"expect a:2 mapped_by",
	"the fact mapped_by needs a value: mapped_by=2, frame=F2 or content=\"hello\""},
    {"expect a:2 mapped_by=10",
	"invalid value 10 for mapped_by=: expected a number of processes, 0 to 9"},
    {"expect a:2 frame=",
	"invalid value \"\" for frame=: expected a name such as F2 or a2, of at most 15 bytes"},
    {"expect a:2 content=12345678901234567",
	"invalid value 12345678901234567 for content=: expected the page's first bytes, 1 to 16 of them"},
    {"expect a:2 faulted=SIGBOSS",
	"invalid value SIGBOSS for faulted=: expected a signal such as SIGBUS or SIGSEGV"},
    {"loop", "loop needs TIMES, a number from 1 to 1000"},
    {"loop 3", "loop needs a LINE of commands such as write a:0 hello%; read b:0"},
    {"loop 1001 read", "loop: invalid TIMES 1001: expected 1 to 1000"},
    {"lab vmas=two",
	"lab: vmas=two is not a SETTING: those are pages=, processes=, vmas=one, vmas=page, as in pages=10"},
    {"exit a 256", "exit: invalid STATUS 256: expected 0 to 255"},
    {"alloc a 3T", "alloc: invalid SIZE 3T: expected bytes such as 300000, 256K or 1G, at most 1G"},
    {"alloc a 0", "alloc: invalid SIZE 0: expected bytes such as 300000, 256K or 1G, at most 1G"},
    {"alloc a 2G", "alloc: invalid SIZE 2G: expected bytes such as 300000, 256K or 1G, at most 1G"},
    {"alloc a", "alloc needs a SIZE such as 256K"},
    {"copy a:2 raed", "copy: raed is not a HOW: did you mean read?"},
    {"copy a:2", "copy needs a HOW: load, store, read or write"},
    {"expect a:2 errno=EINVALID",
	"invalid value EINVALID for errno=: expected a name such as EINVAL or EEXIST, or 0 for none"},
    {"expect a:2 minor", "invalid fact minor: expected a number, as in minor=1 or minor>=1"},
    {"expect a:2 minor=1K", "invalid fact minor=1K: expected a number, as in minor=1 or minor>=1"},
    {"expect a:2 minor>1", "invalid fact minor>1: expected a number, as in minor=1 or minor>=1"},
    {"expect a:2 rss=12k",
	"invalid fact rss=12k: expected a size such as rss=12K or rss>=200M, or in pages rss=3p"},
    {"expect a:2 dirty>=1", "the fact dirty takes no value: write dirty alone"},
    {"map a:2 fixed noreplace", "a mapping is fixed or noreplace, not both"},
    {"map a:2 fixed fixed", "fixed is given twice: once is enough"},
    {"map a:2 of=pip", "map: invalid value pip for of=: did you mean of=pipe?"},
    {"map a:2 of=closed of=pipe", "of= is given twice: once is enough"},
    {"expect a:2 dirty dirty dirty dirty dirty dirty dirty dirty dirty",
	"expect takes at most 8 facts: use expect again for more"},
    {"capture \"\"", "capture: the FILENAME is empty: give one such as screen.txt"},
    {"capture a.cast second=2", "capture: second=2 is not a PACE: did you mean seconds=N?"},
    {"capture a.cast histroy", "capture: histroy is not a SCOPE: did you mean history?"},
    {"capture a.cast seconds=", "invalid value \"\" for seconds=: expected 0.001 to 3600"},
    {"capture a.cast seconds=0", "invalid value 0 for seconds=: expected 0.001 to 3600"},
    {"capture a.cast seconds=1.", "invalid value 1. for seconds=: expected 0.001 to 3600"},
    {"capture a.cast seconds=.5", "invalid value .5 for seconds=: expected 0.001 to 3600"},
    {"capture a.cast seconds=1.2345", "invalid value 1.2345 for seconds=: expected 0.001 to 3600"},
    {"capture a.cast seconds=3600.001",
	"invalid value 3600.001 for seconds=: expected 0.001 to 3600"},
    {"capture a.cast seconds=-1", "invalid value -1 for seconds=: expected 0.001 to 3600"},
    {"capture \"a\\x00b\"", "capture: only a TEXT can hold the byte \\x00"},
    {"help wirte", "there is no command wirte: did you mean write?"},
    {"help file",
	"file is an incomplete command: expected one of read, write, truncate, grow, sync, drop, link, open, close, "
	"unlink after it"},
    {"help write read", "help takes [COMMAND]: read is one word too many"},
};

static void
test_bad(void)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct command command;
		struct err err = {0};
		const char *at = bad[i].line;

		if (!ok(command_parse(&command, &at, &err) == -1, "is refused: %s", bad[i].line))
			command_free(&command);
		is_text(err.text, bad[i].wanted, "says: %s", bad[i].wanted);
		is_number(err.kind, ERR_USAGE, "as a mistake of usage");
		is_text(at, "", "and stands behind it");
	}
}

static void
test_sequence(void)
{
	static const char line[] =
	    " read a:2 ; ; wirte b; write c:1 \"a;b\" # end; read d\nread \"x\\qy\" ; quit;";
	const char *at = line;
	struct command command;
	struct err err;

	is_number(command_parse(&command, &at, &err), 1, "the first of several commands");
	is_text(command.source, "read a:2", "its text is trimmed");
	command_free(&command);
	is_number(command_parse(&command, &at, &err), -1, "the second is wrong");
	is_number(command_parse(&command, &at, &err), 1, "the third is read all the same");
	is_text(command.source, "write c:1 \"a;b\"", "its text has its quotes");
	is_number(command.text_length, 3, "the ; inside them is text");
	command_free(&command);
	is_number(command_parse(&command, &at, &err), -1, "the next line has a wrong escape");
	is_number(command_parse(&command, &at, &err), 1, "what stands behind it is read");
	is_text(command.source, "quit", "it is quit");
	command_free(&command);
	is_number(command_parse(&command, &at, &err), 0, "nothing is left");
	is_number(command_parse(&command, &at, &err), 0, "nor is when asked again");
}

static void
test_bytes(void)
{
	const char *at = "write a:2 \"\\x00\\xfF\\n\\t\"";
	struct command command;
	struct err err;

	is_number(command_parse(&command, &at, &err), 1, "a text of any bytes");
	is_number(command.text_length, 4, "has its length");
	ok(memcmp(command.text, "\0\377\n\t", 5) == 0, "and its bytes");
	command_free(&command);
}

static int
parse_text_of(size_t length)
{
	char *line = malloc(length + 32);
	const char *at = line;
	struct command command;
	struct err err;
	int result, start = sprintf(line, "write a ");

	memset(line + start, 'x', length);
	line[(size_t)start + length] = '\0';
	result = command_parse(&command, &at, &err);
	if (result == 1)
		command_free(&command);
	free(line);
	return result;
}

int
main(void)
{
	test_good();
	test_choices();
	test_bad();
	test_sequence();
	test_bytes();
	is_number(parse_text_of(65536), 1, "65536 bytes of text");
	is_number(parse_text_of(65537), -1, "65537 are too many");
	return done_testing();
}
