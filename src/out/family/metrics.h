/*
 * A family as OpenMetrics text, for the textfile collector of Prometheus' node_exporter.
 */
#ifndef OUT_FAMILY_METRICS_H
#define OUT_FAMILY_METRICS_H

#include "base/buf.h"
#include "model/family/erosion.h"
#include "model/family/family.h"

/*
 * Appends a whole exposition, including "# EOF". erosion may be NULL. Unknown values are left out.
 * label: the label `family` of every sample, without which two files in one directory would
 * describe two families as one. summary: without processes and mappings.
 */
void metrics_family(struct buf *out, const struct family *family, const struct erosion *erosion,
    const char *label, bool summary);

#endif
