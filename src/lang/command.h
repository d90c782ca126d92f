/*
 * The language: one line of text to one struct command.
 *
 * Pure. Keys, the prompt, --batch, scripts and tests all speak it. Words, "quotes" (with \" \\ \n
 * \t \xHH inside), # comments, ; between commands. A target is PROCESS[:PAGES]: a process is a
 * letter a to i, several letters (ab), all, file (for expect), or @ for the cursor's; PAGES is 3,
 * 0-4, 0,2,5-7, *, or @ for the cursor's. A process alone means all its pages; @ alone means the
 * cursor's process and page. What exists is not known here: only what can be said.
 *
 * Types of arguments (the upper case words of commands.def): TARGET PROCESS NAME PAGES TEXT COUNT
 * STEP SYNC ADVICE PROTECTION MAPPING SIGNAL KIND SETTING WHAT FACT HOW STATUS SIZE ANYWAY FILENAME
 * SCOPE PACE PLACE VIEW ZOOM ORDER FILTER PAGE TERM LESSON NUMBER COMMAND.
 */
#ifndef LANG_COMMAND_H
#define LANG_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum verb {
#define COMMAND(constant, name, arguments, group, help) VERB_##constant,
#include "lang/commands.def"
#undef COMMAND
	VERB_COUNT
};

enum command_group {
	GROUP_PAGES,
	GROUP_PROCESSES,
	GROUP_FILE,
	GROUP_LAB,
	GROUP_LOOK,
	GROUP_STEPS,
	GROUP_LESSON,
	GROUP_FAMILY,
	GROUP_SCREEN,
	GROUP_COUNT
};

struct command_def {
	enum verb verb;
	const char *name;      /* "write", "file write" */
	const char *arguments; /* "TARGET [TEXT]" */
	enum command_group group;
	const char *help; /* untranslated: print _(help) */
};

extern const struct command_def command_defs[VERB_COUNT];

/* The commands of running processes, in the order of their help. */
struct family_command {
	enum verb verb;
	const char *help; /* untranslated; NULL: that of its command_def */
};

extern const struct family_command family_commands[];
extern const size_t family_command_count;

/* NULL: it is only for the lab. */
const struct family_command *family_command_find(enum verb verb);

const char *command_group_title(enum command_group group); /* translated */

enum who { WHO_NONE, WHO_NAMED, WHO_ALL, WHO_CURSOR, WHO_FILE, WHO_MEMORY };
enum which_pages { PAGES_ALL, PAGES_RANGES, PAGES_CURSOR };

#define RANGES_MAX 16
#define FACTS_MAX 8
#define NUMBERS_MAX 9

struct page_range {
	uint32_t first, last; /* both inclusive */
};

struct target {
	enum who who;
	uint16_t processes; /* WHO_NAMED: bit 0 is a */
	enum which_pages which;
	struct page_range ranges[RANGES_MAX];
	size_t range_count;
};

enum fact_type {
	FACT_STATE, /* value: enum page_state */
#define FACT(constant, name, rule) FACT_##constant,
#include "lang/facts.def"
#undef FACT
	FACT_COUNT
};

const char *fact_name(enum fact_type type); /* NULL for FACT_STATE: the state's word is its name */

enum compare { COMPARE_EQUAL, COMPARE_AT_LEAST, COMPARE_AT_MOST };

struct fact {
	enum fact_type type;
	bool negated;    /* "not" before it */
	int value;       /* a state, a count of processes, a signal, an errno; 0 for any */
	char text[32];   /* of a frame, of content, of a code */
	uint64_t number; /* bytes for a size: rss=12K, or rss=3p: in_pages */
	enum compare compare;
	bool in_pages, below_zero;
};

enum copy_how { COPY_LOAD, COPY_STORE, COPY_READ, COPY_WRITE };
enum place {
	PLACE_TARGET,
	PLACE_NEXT,
	PLACE_PREVIOUS,
	PLACE_UP,
	PLACE_DOWN,
	PLACE_LEFT,
	PLACE_RIGHT,
	PLACE_FIRST,
	PLACE_LAST,
	PLACE_PAGE_UP,
	PLACE_PAGE_DOWN
};
enum what { WHAT_STATE, WHAT_FRAMES, WHAT_FILE, WHAT_MEMORY, WHAT_SCREEN, WHAT_PAGE };
enum scope { SCOPE_SCREEN, SCOPE_HISTORY };
/* VIEW_PAGE exists in the lab too. */
enum view_choice {
	VIEW_NEXT,
	VIEW_DEEPER,
	VIEW_PANELS,
	VIEW_GUIDE,
	VIEW_FRAMES,
	VIEW_CODE,
#define FAMILY_VIEW(constant, word, name) VIEW_##constant,
#include "lang/family_views.def"
#undef FAMILY_VIEW
	VIEW_COUNT
};
#define VIEW_FAMILY_FIRST VIEW_PROCESSES
enum zoom { ZOOM_IN, ZOOM_OUT, ZOOM_PAGE, ZOOM_ALL };
enum order {
	ORDER_NEXT,
	ORDER_COPIED,
	ORDER_SHARED,
	ORDER_PRIVATE,
	ORDER_SIZE,
	ORDER_ADDRESS,
	ORDER_NAME,
	ORDER_COUNT
};
enum filter {
	FILTER_NEXT,
	FILTER_ALL,
	FILTER_ANONYMOUS,
	FILTER_HEAP,
	FILTER_STACKS,
	FILTER_FILES,
	FILTER_COUNT
};

/* Which descriptor mmap(2) is given: the lab's, or one that it refuses. */
enum map_of {
	MAP_OF_LAB,
	MAP_OF_CLOSED,
	MAP_OF_PIPE,
	MAP_OF_DIRECTORY,
	MAP_OF_READ_ONLY,
	MAP_OF_WRITE_ONLY
};

/* What MAPPING says about an mmap(2). */
struct mapping_wish {
	bool has_offset, has_length, has_protection;
	uint64_t offset, length;
	int protection; /* PROT_ */
	int sharing;    /* MAP_PRIVATE, MAP_SHARED; 0: not given */
	bool fixed;     /* MAP_FIXED: replaces what is there; else MAP_FIXED_NOREPLACE */
	bool has_how;   /* fixed or noreplace was given */
	enum map_of of; /* what is mapped */
};

struct command {
	const struct command_def *def;
	char *source;         /* the command's text, trimmed, as typed */
	struct target target; /* TARGET, PROCESS, PAGES (which), WHAT_PAGE, PLACE_TARGET */
	char name;            /* NAME; 0: none given */
	/* TEXT, FILENAME, LESSON, LINE; NULL: not given. May hold any byte: see text_length */
	char *text;
	size_t text_length;
	uint32_t count; /* COUNT, STEP, STATUS, TIMES */
	uint64_t size;  /* SIZE: bytes; 0: none given */
	bool anyway;    /* ANYWAY */
	int choice;     /* ADVICE: MADV_; PROTECTION: PROT_; SYNC: MS_; SIGNAL: number;
			 * PLACE, WHAT, SCOPE, VIEW, ZOOM, ORDER, FILTER: their enums; TERM: its index
			 * in terms, or -1; KIND: enum kind or -1 */
	const struct command_def *topic; /* COMMAND of help; NULL: all */
	unsigned pages, processes;       /* SETTING; 0: not given */
	bool one_vma;                    /* SETTING: vmas=one */
	uint32_t pace_ms;                /* PACE; 0: not given */
	struct mapping_wish mapping;     /* MAPPING */
	struct fact facts[FACTS_MAX];
	size_t fact_count;
	uint32_t numbers[NUMBERS_MAX]; /* NUMBER */
	size_t number_count;
};

/* Parses the first command of line and moves *line past it and its ';'. 1: *command filled, free
 * with command_free(); 0: only blanks and comments were left; -1: one line says what is wrong and
 * what would be right, and *line is after the bad command. */
int command_parse(struct command *command, const char **line, struct err *err);
void command_free(struct command *command);

/* "write", "file write"; NULL: there is none of that name. */
const struct command_def *command_find(const char *name);

/* The words that an argument type allows, NULL-terminated; NULL for a type without a list. */
const char *const *argument_words(const char *type);

/* What may follow at the end of line. */
struct vocabulary {
	uint16_t processes; /* bit 0 is a */
	uint32_t pages;
};

struct completion {
	size_t start; /* byte of line where the completed word begins */
	char **words; /* ascending, NULL-terminated */
	size_t count;
	char *hint; /* what is expected here: "TARGET [TEXT]"; "" if nothing */
};

void complete(struct completion *completion, const char *line, const struct vocabulary *vocabulary);
void completion_free(struct completion *completion);

#endif
