#include "config.h"
#include "kernel/able.h"
#include "tap.h"

#include <unistd.h>

int
main(void)
{
	struct buf reason = BUF_INIT;

	for (size_t i = 0; able_words[i]; i++) {
		bool yes;

		buf_clear(&reason);
		yes = able(able_words[i], &reason);
		ok(yes == (reason.length == 0), "%s: %s", able_words[i], yes ? "yes" : buf_text(&reason));
	}
	buf_clear(&reason);
	ok(able("root", &reason) == (geteuid() == 0), "root is who is root");
	buf_clear(&reason);
	ok(!able("wings", &reason) && reason.length, "what nobody knows is not here: %s", buf_text(&reason));
	buf_clear(&reason);
	ok(!able("", &reason), "nor is nothing");
	buf_free(&reason);
	return done_testing();
}
