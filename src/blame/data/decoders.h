/* All decoders, in the order in which they are asked: interpreters before the allocators from which
 * they take memory. */
#ifndef BLAME_DATA_DECODERS_H
#define BLAME_DATA_DECODERS_H

#include "blame/data/decoder.h"

extern const struct decoder decoder_cpython;
extern const struct decoder decoder_ruby;
extern const struct decoder decoder_glibc;

#endif
