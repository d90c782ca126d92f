#include "config.h"
#include "out/picture/shapes.h"

#include <stddef.h>

static const struct shape shapes[] = {
    {0x25A0, false, "m1 5h6v6h-6z"},                               /* ■ */
    {0x25A1, true, "m1.5 5.5h5v5h-5z"},                            /* □ */
    {0x25B2, false, "m4 4.5l3.5 7h-7z"},                           /* ▲ */
    {0x25B3, true, "m4 5.5l2.9 5.5h-5.8z"},                        /* △ */
    {0x25BD, true, "m4 11l2.9-5.5h-5.8z"},                         /* ▽ */
    {0x25C6, false, "m4 4l3.5 4-3.5 4-3.5-4z"},                    /* ◆ */
    {0x25CB, true, "m1.5 8a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0z"}, /* ○ */
    {0x25CF, false, "m1 8a3 3 0 1 0 6 0a3 3 0 1 0-6 0z"},          /* ● */
};

const struct shape *
shape_of(uint32_t code)
{
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		if (shapes[i].code == code)
			return &shapes[i];
	return NULL;
}
