/* Prints the completions of a shell, for tests/completion.sh: bash, zsh or fish. */
#include "config.h"
#include "lang/command.h"
#include "lang/options/option_table.h"
#include "view/canvas/theme.h"

#include <stdio.h>
#include <string.h>

/* What may stand as an option's value. */
enum value_kind {
	VALUE_NONE,
	VALUE_WORDS,
	VALUE_FILE,
	VALUE_JSON,
	VALUE_PROCESS,
	VALUE_COMMAND,
	VALUE_OTHER
};

static enum value_kind
kind_of(const struct option_def *def)
{
	const char *argument = def->argument;

	if (!argument)
		return VALUE_NONE;
	if (strcmp(def->name, "pid") == 0)
		return VALUE_PROCESS;
	if (strcmp(argument, "CMD") == 0)
		return VALUE_COMMAND;
	if (strcmp(def->name, "theme") == 0 || strcmp(argument, "KIND") == 0)
		return VALUE_WORDS;
	if (strstr(argument, ".json"))
		return VALUE_JSON;
	if (strstr(argument, "FILE") || strstr(argument, "PATH"))
		return VALUE_FILE;
	return strpbrk(argument, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") ? VALUE_OTHER : VALUE_WORDS;
}

static void
print_list(const char *const *list)
{
	for (size_t i = 0; list[i]; i++)
		printf("%s%s", i ? " " : "", list[i]);
}

/* The words of a value, with blanks between: those of the argument's own text have bars there. */
static void
print_values(const struct option_def *def)
{
	if (strcmp(def->name, "theme") == 0) {
		print_list(theme_names());
		return;
	}
	if (strcmp(def->argument, "KIND") == 0) {
		print_list(argument_words("KIND"));
		return;
	}
	for (const char *at = def->argument; *at; at++)
		if (!strchr("[]", *at))
			putchar(*at == '|' ? ' ' : *at);
}

static void
print_commands(const char *separator)
{
	for (size_t i = 0; i < VERB_COUNT; i++)
		printf("%s%s", i ? separator : "", command_defs[i].name);
}

/* Text within single quotes of a shell; brackets and colons mean something to zsh. */
static void
print_help(const char *text, const char *escaped)
{
	for (; *text; text++) {
		if (*text == '\'')
			fputs("'\\'", stdout);
		else if (strchr(escaped, *text))
			putchar('\\');
		putchar(*text);
	}
}

static void
bash_names(void)
{
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		printf(
		    " --%s%s", option_defs[i].name, option_needs_value(&option_defs[i]) ? "=" : "");
		if (option_defs[i].letter)
			printf(" -%c", option_defs[i].letter);
	}
}

static void
bash_cases(enum value_kind kind)
{
	const char *bar = "";

	printf("\t");
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		if (kind_of(&option_defs[i]) != kind)
			continue;
		printf("%s--%s", bar, option_defs[i].name);
		if (option_defs[i].letter)
			printf(" | -%c", option_defs[i].letter);
		bar = " | ";
	}
	printf(")");
}

static void
print_bash(void)
{
	puts(
	    "# Completion of cowscope in bash. Made from the program's tables: tests/completion.sh.\n"
	    "\n"
	    "_cowscope_files() { # _cowscope_files ENDING...: directories, and files that end so\n"
	    "\tlocal ending\n"
	    "\tcompopt -o filenames 2>/dev/null\n"
	    "\tCOMPREPLY+=($(compgen -d -- \"$cur\"))\n"
	    "\tfor ending; do\n"
	    "\t\tCOMPREPLY+=($(compgen -f -X \"!*$ending\" -- \"$cur\"))\n"
	    "\tdone\n"
	    "}\n"
	    "\n"
	    "_cowscope() {\n"
	    "\tlocal IFS=$' \\t\\n' cur=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]}\n"
	    "\tCOMPREPLY=()\n"
	    "\t# --option=value comes as three words\n"
	    "\tif [[ $cur == = ]]; then\n"
	    "\t\tcur=\n"
	    "\telif [[ $option == = ]]; then\n"
	    "\t\toption=${COMP_WORDS[COMP_CWORD - 2]}\n"
	    "\tfi\n"
	    "\tcase $option in");
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		if (kind_of(&option_defs[i]) != VALUE_WORDS)
			continue;
		printf("\t--%s) COMPREPLY=($(compgen -W '", option_defs[i].name);
		print_values(&option_defs[i]);
		puts("' -- \"$cur\")) ;;");
	}
	bash_cases(VALUE_PROCESS);
	puts(" COMPREPLY=($(compgen -W \"$(ps -eo pid=,comm= 2>/dev/null)\" -- \"$cur\")) ;;");
	bash_cases(VALUE_COMMAND);
	printf("\n\t\tlocal IFS=$'\\n'\n\t\tCOMPREPLY=($(compgen -W $'");
	print_commands("\\n");
	puts("' -- \"$cur\")) ;;");
	bash_cases(VALUE_JSON);
	puts(" _cowscope_files .json ;;");
	bash_cases(VALUE_FILE);
	puts(" _cowscope_files '' ;;");
	bash_cases(VALUE_OTHER);
	puts(" ;;\n"
	     "\t*)\n"
	     "\t\tif [[ $cur == -* ]]; then");
	printf("\t\t\tCOMPREPLY=($(compgen -W '");
	bash_names();
	puts(
	    "' -- \"$cur\"))\n"
	    "\t\t\t[[ ${COMPREPLY-} != *= ]] || compopt -o nospace 2>/dev/null\n"
	    "\t\telse\n"
	    "\t\t\tCOMPREPLY=($(compgen -W \"quiz $(\"${COMP_WORDS[0]}\" --list 2>/dev/null | awk '{ print $1 }')\" -- \"$cur\"))\n"
	    "\t\t\t_cowscope_files .md .cow\n"
	    "\t\tfi\n"
	    "\t\t;;\n"
	    "\tesac\n"
	    "}\n"
	    "complete -F _cowscope cowscope");
}

static void
zsh_action(const struct option_def *def)
{
	switch (kind_of(def)) {
	case VALUE_NONE:
		break;
	case VALUE_WORDS:
		printf(":%s:(", def->name);
		print_values(def);
		putchar(')');
		break;
	case VALUE_FILE:
		printf(":file:_files");
		break;
	case VALUE_JSON:
		printf(":file:_files -g \"*.json\"");
		break;
	case VALUE_PROCESS:
		printf(":process:_cowscope_processes");
		break;
	case VALUE_COMMAND:
		printf(":command:((");
		for (size_t i = 0; i < VERB_COUNT; i++) {
			printf("%s", i ? " " : "");
			print_help(command_defs[i].name, " ");
		}
		printf("))");
		break;
	case VALUE_OTHER:
		printf(":%s: ", def->argument[0] == '[' ? "value" : "VALUE");
		break;
	}
}

static void
print_zsh(void)
{
	puts(
	    "#compdef cowscope\n"
	    "# Completion of cowscope in zsh. Made from the program's tables: tests/completion.sh.\n"
	    "\n"
	    "_cowscope_processes() {\n"
	    "\tlocal -a found\n"
	    "\tfound=(${(f)\"$(ps -eo pid=,comm= 2>/dev/null | sed 's/^ *\\([0-9]*\\) /\\1:/')\"} ${(fu)\"$(ps -eo comm= 2>/dev/null)\"})\n"
	    "\t_describe process found\n"
	    "}\n"
	    "\n"
	    "_cowscope_lessons() {\n"
	    "\tlocal -a found\n"
	    "\tfound=(quiz ${(f)\"$($words[1] --list 2>/dev/null | sed 's/^ *\\([^ ]*\\)  */\\1:/')\"})\n"
	    "\t_describe lesson found\n"
	    "\t_files -g '*.(md|cow)'\n"
	    "}\n"
	    "\n"
	    "_arguments -s \\");
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const struct option_def *def = &option_defs[i];

		if (def->letter) {
			printf("\t'-%c%s[", def->letter, option_needs_value(def) ? "+" : "");
			print_help(def->help, "[]:\\");
			putchar(']');
			zsh_action(def);
			puts("' \\");
		}
		printf("\t'%s--%s%s[", strcmp(def->name, "command") == 0 ? "*" : "", def->name,
		    !def->argument                ? ""
			: option_needs_value(def) ? "="
						  : "=-");
		print_help(def->help, "[]:\\");
		putchar(']');
		if (def->argument && !option_needs_value(def))
			putchar(':');
		zsh_action(def);
		puts("' \\");
	}
	puts("\t'*:lesson or file:_cowscope_lessons'");
}

static void
print_fish(void)
{
	puts(
	    "# Completion of cowscope in fish. Made from the program's tables: tests/completion.sh.\n"
	    "\n"
	    "function __cowscope_lessons\n"
	    "\tcowscope --list 2>/dev/null | string replace -r '^\\s*(\\S+)\\s+' '$1\\t'\n"
	    "\techo quiz\n"
	    "end\n"
	    "\n"
	    "function __cowscope_processes\n"
	    "\tps -eo pid=,comm= 2>/dev/null | string replace -r '^\\s*(\\d+)\\s+' '$1\\t'\n"
	    "\tps -eo comm= 2>/dev/null\n"
	    "end\n"
	    "\n"
	    "complete -c cowscope -a '(__cowscope_lessons)'");
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const struct option_def *def = &option_defs[i];

		printf("complete -c cowscope -l %s", def->name);
		if (def->letter)
			printf(" -s %c", def->letter);
		switch (kind_of(def)) {
		case VALUE_NONE:
			break;
		case VALUE_WORDS:
			printf(option_needs_value(def) ? " -x -a '" : " -f -a '");
			print_values(def);
			putchar('\'');
			break;
		case VALUE_FILE:
			printf(" -r -F");
			break;
		case VALUE_JSON:
			printf(" -r -k -a '(__fish_complete_suffix .json)'");
			break;
		case VALUE_PROCESS:
			printf(" -x -a '(__cowscope_processes)'");
			break;
		case VALUE_COMMAND:
			printf(" -x -a '");
			for (size_t k = 0; k < VERB_COUNT; k++) {
				printf("%s\"", k ? " " : "");
				printf("%s\"", command_defs[k].name);
			}
			putchar('\'');
			break;
		case VALUE_OTHER:
			printf(" -x");
			break;
		}
		printf(" -d '");
		print_help(def->help, "\\");
		puts("'");
	}
}

int
main(int argc, char *argv[])
{
	const char *shell = argc == 2 ? argv[1] : "";

	if (strcmp(shell, "bash") == 0)
		print_bash();
	else if (strcmp(shell, "zsh") == 0)
		print_zsh();
	else if (strcmp(shell, "fish") == 0)
		print_fish();
	else
		return 2;
	return 0;
}
