/* SPDX-License-Identifier: MIT */
#include "core/audit/audit.h"

#include "core/audit/parts.h"

static enum tfu_status look(struct tfu_audit_work *w, struct tfu_error *e)
{
    const struct tfu_audit_request *r = w->request;
    enum tfu_status st = TFU_OK;
    for (size_t s = 0; st == TFU_OK && s < r->count; s++)
        st = tfu_looks_take(&w->looks[s], r->dataset[s], s == 0, r->threads, &r->progress, e);
    return st;
}

static enum tfu_status tell(const struct tfu_audit_work *w, struct tfu_error *e)
{
    tfu_audit_splits(w);
    tfu_audit_notes(w);
    tfu_audit_unreadable(w);
    tfu_audit_conversions(w);
    tfu_audit_labels(w);
    tfu_audit_attributes(w);
    enum tfu_status st = tfu_audit_sizes(w, e);
    if (st == TFU_OK)
        st = tfu_audit_groups(w, e);
    if (st == TFU_OK)
        st = tfu_audit_twice(w, e);
    if (st == TFU_OK)
        tfu_audit_pixels(w);
    return st == TFU_OK ? tfu_result_check(w->out, e) : st;
}

enum tfu_status tfu_audit(struct tfu_result *out, struct tfu_audit_findings *found,
                          const struct tfu_audit_request *request, struct tfu_error *e)
{
    struct tfu_audit_work w = {.request = request, .found = found, .out = out};
    *found = (struct tfu_audit_findings){.unreadable = 0};
    enum tfu_status st = look(&w, e);
    if (st == TFU_OK)
        st = tell(&w, e);
    for (size_t s = 0; s < request->count; s++)
        tfu_looks_free(&w.looks[s]);
    return st;
}
