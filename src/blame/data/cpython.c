#include "config.h"
#include "blame/data/decoders.h"

static void *
cpython_recognize(const struct module *module, const struct memory_reader *memory)
{
	(void)module;
	(void)memory;
	return NULL;
}

static void
cpython_forget(void *layout)
{
	(void)layout;
}

static bool
cpython_find(void *layout, const struct data_place *place, struct data_found *found)
{
	(void)layout;
	(void)place;
	(void)found;
	return false;
}

const struct decoder decoder_cpython = {
    RUNTIME_CPYTHON, cpython_recognize, cpython_forget, cpython_find, NULL, NULL};
