#include "config.h"

#include <string.h>

#include "blame/code/code.h"

static const char *const command_servers[] = {"redis-server", "redis-check-rdb", "valkey-server"};

static bool
is_command_server(const char *module)
{
	for (size_t i = 0; i < sizeof(command_servers) / sizeof(*command_servers); i++)
		if (strcmp(module, command_servers[i]) == 0)
			return true;
	return false;
}

/* Functions that several commands jump to, so the stack doesn't show which command it was. */
static const struct {
	const char *function, *commands;
} shared_functions[] = {
    {"delGenericCommand", "del/unlink"},
    {"expireGenericCommand", "expire/pexpire"},
    {"incrDecrCommand", "incr/decr"},
    {"pushGenericCommand", "lpush/rpush"},
    {"popGenericCommand", "lpop/rpop"},
    {"setGenericCommand", "set"},
    {"zaddGenericCommand", "zadd/zincrby"},
};

static bool
served_command(const char *function, char command[BLAME_NAME_MAX])
{
	static const char lower[] = "abcdefghijklmnopqrstuvwxyz";
	size_t length = strspn(function, lower);

	for (size_t i = 0; i < sizeof(shared_functions) / sizeof(*shared_functions); i++)
		if (strcmp(function, shared_functions[i].function) == 0) {
			strcpy(command, shared_functions[i].commands);
			return true;
		}
	if (!length || length >= BLAME_NAME_MAX || strcmp(function + length, "Command") != 0)
		return false;
	memcpy(command, function, length); /* "setrange" from setrangeCommand */
	command[length] = '\0';
	return true;
}

/* The outermost one: a script's commands count as those of the script's caller. */
bool
code_command(const struct code_stack *stack, char command[BLAME_NAME_MAX])
{
	command[0] = '\0';
	for (size_t i = stack->count; i-- > 1;)
		if (strcmp(stack->frames[i].function, "call") == 0 &&
		    is_command_server(stack->frames[i - 1].module) &&
		    served_command(stack->frames[i - 1].function, command))
			return true;
	return false;
}
