#include "config.h"
#include "out/family_json.h"

int
family_load(const char *path, struct family ***families, size_t *count, struct err *err)
{
	(void)families;
	(void)count;
	return err_set(err, ERR_USAGE, "%s", path);
}

bool
family_has_cells(const struct family *family)
{
	(void)family;
	return false;
}

bool
family_file(const char *path)
{
	(void)path;
	return false;
}
