/* SPDX-License-Identifier: MIT */
#include "core/run/versus_other.h"

#include <stdlib.h>
#include <unistd.h>

#include "core/base/path.h"
#include "core/config/versus.h"
#include "core/store/identity.h"

/* Opens the run that `against` names; `d` gets what is wrong in its configuration. */
static enum tfu_status open_run(struct tfu_subject **out, const struct tfu_versus *w,
                                const struct tfu_context *c, struct tfu_diagnostics *d,
                                struct tfu_error *e)
{
    const struct tfu_subject_request request = {
        .spec = w->against, .registry = c->registry, .threads = c->threads, .log = c->log};
    const enum tfu_status st = tfu_subject_open(out, &request, d, e);
    if (st != TFU_OK || (*out)->folder)
        return st;
    tfu_subject_close(*out);
    *out = NULL;
    return tfu_error_at(e, TFU_EINVAL, w->against, 0, 0,
                        "not a run: `against` takes " TFU_VERSUS_INITIAL
                        ", or the folder of a run as RUN or RUN@STATE");
}

/* "metrics.2.against: 'runs/x@7': the run has no ..." */
static void say_why(const struct tfu_versus *w, const struct tfu_error *why, struct tfu_text *out)
{
    tfu_text_printf(out, "metrics.%zu.against: ", w->place);
    if (why->source[0])
        tfu_text_printf(out, "'%s': ", why->source);
    tfu_text_puts(out, why->text);
}

/* The state as bytes: of its checkpoint, or, of an initial state, of what decides it. */
static enum tfu_status digest(struct tfu_versus_other *o, struct tfu_digests *known,
                              struct tfu_error *e)
{
    const struct tfu_subject *s = o->subject;
    if (s->path)
        return tfu_digests_file(known, s->path, o->digest, e);
    char *path = tfu_path_join(s->folder, TFU_IDENTITY_FILE);
    if (path && access(path, F_OK) != 0) { /* a run of an older version */
        free(path);
        path = tfu_path_join(s->folder, "config.yaml");
    }
    const enum tfu_status st =
        path ? tfu_hash_file(path, o->digest, e) : tfu_error_memory(e, "opening a network", 0);
    free(path);
    return st;
}

enum tfu_status tfu_versus_other_open(struct tfu_versus_other *o, const struct tfu_versus *w,
                                      const struct tfu_context *c, struct tfu_error *e)
{
    *o = (struct tfu_versus_other){.subject = NULL};
    struct tfu_diagnostics *d;
    struct tfu_error why = TFU_ERROR_INIT;
    if (!tfu_versus_has_run(w))
        return TFU_OK;
    enum tfu_status st = tfu_diagnostics_new(&d, e);
    if (st != TFU_OK)
        return st;
    st = open_run(&o->subject, w, c, d, &why);
    if (st == TFU_OK)
        st = digest(o, c->digests, &why);
    tfu_diagnostics_free(d);
    if (st == TFU_ENOMEM)
        return tfu_error_memory(e, "opening a network", 0);
    if (st == TFU_OK)
        return TFU_OK;
    struct tfu_text text = TFU_TEXT_INIT;
    const struct tfu_mark m = w->mark;
    say_why(w, &why, &text);
    tfu_error_at(&o->error, TFU_EINVAL, m.source, m.line, m.column, "%s", tfu_text_get(&text));
    tfu_text_free(&text);
    return TFU_OK;
}

void tfu_versus_other_close(struct tfu_versus_other *o)
{
    tfu_subject_close(o->subject);
    o->subject = NULL;
}
