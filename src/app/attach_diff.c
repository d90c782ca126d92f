#include "config.h"
#include "app/attach_batch.h"

#include "app/complain.h"

int
attach_diff_run(const struct options *options)
{
	(void)options;
	return 0;
}
