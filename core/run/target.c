/* SPDX-License-Identifier: MIT */
#include "core/run/target.h"

#include <stdlib.h>

#include "core/base/path.h"
#include "core/data/measure.h"
#include "core/run/versus.h"
#include "core/store/run_folder.h"

static enum tfu_status check_name(const struct tfu_target *p, const struct tfu_target_request *r,
                                  struct tfu_error *e)
{
    if (r->folder || !p->experiment->nameless)
        return TFU_OK;
    return tfu_error_at(e, TFU_EINVAL, "stdin", 0, 0,
                        "the configuration comes through a pipe, so no file's name says what the "
                        "experiment is called; give it one: `name: NAME` in it, or name=NAME on "
                        "the command line");
}

/* Takes `path` for the folder; one given as "run/" is shown without the slash. */
static enum tfu_status set_folder(struct tfu_target *p, struct tfu_text *path, struct tfu_error *e)
{
    while (path->length > 1 && path->data[path->length - 1] == '/')
        path->data[path->length -= 1] = '\0';
    if (path->failed) {
        tfu_text_free(path);
        return tfu_error_memory(e, "naming the run folder", 0);
    }
    p->folder = path->data;
    return TFU_OK;
}

static const char *fingerprint(const struct tfu_session *s, enum tfu_split split)
{
    return s->data[split] ? tfu_dataset_info(s->data[split])->fingerprint : NULL;
}

enum tfu_status tfu_target_identify(struct tfu_target *p, const struct tfu_session *s,
                                    struct tfu_error *e)
{
    const struct tfu_config_contents contents = {
        .train = fingerprint(s, TFU_SPLIT_TRAIN),
        .valid = fingerprint(s, TFU_SPLIT_VALID),
        .test = fingerprint(s, TFU_SPLIT_TEST),
        .against = s->observer.against,
        .digests = s->context.digests,
    };
    const enum tfu_status st = tfu_config_identity(p->config, &contents, &p->identity, e);
    if (st != TFU_OK || p->folder)
        return st;
    struct tfu_text path = TFU_TEXT_INIT;
    char id[TFU_RUN_ID_SIZE];
    tfu_run_id(tfu_text_get(&p->identity), id);
    tfu_text_printf(&path, "%s/%s/%s", p->experiment->output, p->experiment->name, id);
    return set_folder(p, &path, e);
}

enum tfu_status tfu_target_find_folder(struct tfu_target *p, struct tfu_error *e)
{
    if (p->folder)
        return TFU_OK;
    struct tfu_session *s;
    enum tfu_status st = tfu_session_open(&s, p->experiment, p->registry, p->log, e);
    if (st == TFU_OK)
        st = tfu_run_versus_open(s, e);
    if (st == TFU_OK)
        st = tfu_target_identify(p, s, e);
    tfu_session_free(s);
    return st;
}

static enum tfu_status load(struct tfu_target *p, const struct tfu_target_request *r,
                            struct tfu_diagnostics *d, struct tfu_error *e)
{
    char *own = r->config ? NULL : tfu_path_join(r->folder, "config.yaml");
    const char *path = r->config ? r->config : own;
    enum tfu_status st = path ? TFU_OK : tfu_error_memory(e, "opening a run folder", 0);
    if (st == TFU_OK && own && tfu_run_state(r->folder) == TFU_RUN_ABSENT)
        st = tfu_error_at(e, TFU_EINVAL, r->folder, 0, 0,
                          "not the folder of a run: it has no config.yaml");
    if (st == TFU_OK)
        st = tfu_config_load(&p->config, path, r->override, r->override_count, p->registry, d, e);
    tfu_diagnostics_write_notes(d, p->log);
    free(own);
    return st;
}

static enum tfu_status open_target(struct tfu_target *p, const struct tfu_target_request *r,
                                   struct tfu_diagnostics *d, struct tfu_error *e)
{
    enum tfu_status st = load(p, r, d, e);
    if (st != TFU_OK)
        return st;
    p->experiment = tfu_config_experiment(p->config);
    st = check_name(p, r, e);
    if (st == TFU_OK)
        st = tfu_measure(p->config, p->registry, p->log, e);
    if (st == TFU_OK)
        st = tfu_config_print(p->config, false, &p->resolved, e);
    if (st != TFU_OK || !r->folder)
        return st;
    struct tfu_text folder = TFU_TEXT_INIT;
    tfu_text_puts(&folder, r->folder);
    return set_folder(p, &folder, e);
}

enum tfu_status tfu_target_open(struct tfu_target *p, const struct tfu_target_request *request,
                                struct tfu_diagnostics *d, struct tfu_error *e)
{
    *p = (struct tfu_target){.registry = request->registry, .log = request->log};
    const enum tfu_status st = open_target(p, request, d, e);
    if (st != TFU_OK)
        tfu_target_close(p);
    return st;
}

void tfu_target_close(struct tfu_target *p)
{
    tfu_text_free(&p->resolved);
    tfu_text_free(&p->identity);
    tfu_config_free(p->config);
    free(p->folder);
    *p = (struct tfu_target){.registry = NULL};
}
