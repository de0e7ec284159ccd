/* SPDX-License-Identifier: MIT */
#include "core/study/subject.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/path.h"
#include "core/config/defaults.h"
#include "core/config/path.h"
#include "core/data/measure.h"
#include "core/store/run_folder.h"
#include "core/train/edited.h"
#include "core/train/initialise.h"
#include "core/train/monitor.h"
#include "core/train/shelf.h"

/* A request taken apart. */
struct place {
    char *where;           /* the spec without its state */
    const char *state;     /* behind the @, or NULL; lies in `where` */
    char *config;          /* the configuration's file */
    bool is_initial;       /* `init:` says what it is */
    bool is_default;       /* a run, without a state */
    bool is_weights;       /* a file to be read by the initializer `pretrained` */
    const char **override; /* the caller's, and one of ours */
    size_t override_count;
    struct tfu_text source; /* ours */
};

static bool is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static bool is_file(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && !S_ISDIR(info.st_mode);
}

static bool ends_in(const char *s, const char *end)
{
    const size_t n = strlen(s), m = strlen(end);
    return n >= m && strcmp(s + n - m, end) == 0;
}

/* "RUN@best": a file whose own name has an @ is that file. */
static enum tfu_status split_spec(struct place *p, const char *spec, struct tfu_error *e)
{
    p->where = strdup(spec);
    if (!p->where)
        return tfu_error_memory(e, "opening a network", 0);
    struct stat info;
    char *at = stat(spec, &info) == 0 ? NULL : strrchr(p->where, '@');
    if (at) {
        *at = '\0';
        p->state = at + 1;
    }
    while (strlen(p->where) > 1 && p->where[strlen(p->where) - 1] == '/')
        p->where[strlen(p->where) - 1] = '\0';
    if (stat(p->where, &info) != 0)
        return tfu_error_at(e, TFU_ENOTFOUND, p->where, 0, 0,
                            "%s; a network is the folder of a run (RUN, RUN@best, RUN@final, "
                            "RUN@initial, RUN@STEP), a configuration, or a checkpoint",
                            strerror(errno));
    return TFU_OK;
}

/* <folder> when the file is <folder>/checkpoints/<name> and the folder is one of a run. */
static char *run_of_checkpoint(const char *path)
{
    char *full = realpath(path, NULL);
    for (int i = 0; full && i < 2; i++) {
        char *slash = strrchr(full, '/');
        if (!slash || slash == full || (i == 1 && strcmp(slash, "/checkpoints") != 0)) {
            free(full);
            return NULL;
        }
        *slash = '\0';
    }
    if (full && tfu_run_state(full) == TFU_RUN_ABSENT) {
        free(full);
        return NULL;
    }
    return full;
}

/* What stands for the run, when no state is named. */
static enum tfu_status find_default(struct tfu_subject *s, struct tfu_error *e)
{
    const enum tfu_status st = tfu_monitor_checkpoint(&s->path, s->experiment, s->folder, e);
    if (st != TFU_OK || s->path)
        return st;
    return tfu_error_at(e, TFU_ENOTFOUND, s->folder, 0, 0,
                        "the run has no final.safetensors yet; let it finish, or name a state: "
                        "%s@initial, or @ and the number of a step with a checkpoint",
                        s->folder);
}

/* "@1200": the message for one that is not there lists what is. */
static enum tfu_status find_step(struct tfu_subject *s, const char *state, struct tfu_error *e)
{
    char *end;
    errno = 0;
    const int64_t step = strtoll(state, &end, 10);
    if (end == state || *end || errno || step < 0)
        return tfu_error_at(e, TFU_EINVAL, s->folder, 0, 0,
                            "'@%s' is no state of a run; it is @best, @final, @initial or @ and "
                            "the number of a step",
                            state);
    s->path = tfu_shelf_path(s->folder, TFU_SHELF_STEP, step);
    if (!s->path)
        return tfu_error_memory(e, "opening a network", 0);
    if (is_file(s->path))
        return TFU_OK;
    int64_t *all;
    size_t count;
    enum tfu_status st = tfu_shelf_steps(s->folder, &all, &count, e);
    if (st != TFU_OK)
        return st;
    struct tfu_text list = TFU_TEXT_INIT;
    for (size_t i = 0; i < count; i++)
        tfu_text_printf(&list, "%s%" PRId64, i ? ", " : "", all[i]);
    free(all);
    st = list.failed
             ? tfu_error_memory(e, "listing checkpoints", 0)
             : tfu_error_at(
                   e, TFU_ENOTFOUND, s->folder, 0, 0,
                   "the run has no checkpoint of step %" PRId64
                   "; it has of steps: %s (`train: {checkpoint: {every_steps: N, keep: M}}` "
                   "says which are kept)",
                   step, count ? tfu_text_get(&list) : "none");
    tfu_text_free(&list);
    return st;
}

static enum tfu_status find_in_run(struct tfu_subject *s, struct place *p, struct tfu_error *e)
{
    p->config = tfu_path_join(s->folder, "config.yaml");
    if (!p->config)
        return tfu_error_memory(e, "opening a network", 0);
    if (tfu_run_state(s->folder) == TFU_RUN_ABSENT)
        return tfu_error_at(e, TFU_EINVAL, s->folder, 0, 0,
                            "not the folder of a run: it has no config.yaml");
    p->is_default = !p->state;
    if (!p->state)
        return TFU_OK;
    if (strcmp(p->state, "initial") == 0) {
        p->is_initial = true;
        return TFU_OK;
    }
    const bool best = strcmp(p->state, "best") == 0;
    if (!best && strcmp(p->state, "final") != 0)
        return find_step(s, p->state, e);
    s->path = tfu_shelf_path(s->folder, best ? TFU_SHELF_BEST : TFU_SHELF_FINAL, 0);
    if (!s->path)
        return tfu_error_memory(e, "opening a network", 0);
    return is_file(s->path) ? TFU_OK
                            : tfu_error_at(e, TFU_ENOTFOUND, s->path, 0, 0,
                                           "the run has no such checkpoint yet");
}

/* A file of weights: of a run when it lies in one, else for the configuration that was named. */
static enum tfu_status find_file(struct tfu_subject *s, struct place *p, const char *config,
                                 struct tfu_error *e)
{
    s->path = strdup(p->where);
    if (!config)
        s->folder = run_of_checkpoint(p->where);
    if (!config && !s->folder)
        return tfu_error_at(e, TFU_EINVAL, p->where, 0, 0,
                            "it does not lie in the folder of a run; say by `config` "
                            "which architecture and data it belongs to");
    p->config = config ? strdup(config) : tfu_path_join(s->folder, "config.yaml");
    p->is_weights = config != NULL;
    return s->path && p->config ? TFU_OK : tfu_error_memory(e, "opening a network", 0);
}

static enum tfu_status find(struct tfu_subject *s, struct place *p, const char *config,
                            struct tfu_error *e)
{
    if (is_folder(p->where)) {
        s->folder = strdup(p->where);
        return s->folder ? find_in_run(s, p, e) : tfu_error_memory(e, "opening a network", 0);
    }
    if (p->state && strcmp(p->state, "initial") != 0)
        return tfu_error_at(e, TFU_EINVAL, p->where, 0, 0,
                            "only the folder of a run has states; '@%s' goes behind one", p->state);
    if (tfu_path_is_stream(p->where) || ends_in(p->where, ".yaml") || ends_in(p->where, ".yml")) {
        p->is_initial = true;
        p->config = strdup(p->where);
        return p->config ? TFU_OK : tfu_error_memory(e, "opening a network", 0);
    }
    return find_file(s, p, config, e);
}

enum tfu_status tfu_subject_override(struct tfu_text *out, const char *path, struct tfu_error *e)
{
    char *full = realpath(path, NULL);
    if (!full)
        return tfu_error_errno(e, errno, "cannot open", path);
    tfu_text_puts(out, "init=[{plugin: " TFU_DEFAULT_INIT_FILE ", source: \"");
    for (const char *c = full; *c; c++) {
        if (*c == '"' || *c == '\\')
            tfu_text_puts(out, "\\");
        tfu_text_append(out, c, 1);
    }
    tfu_text_puts(out, "\"}]");
    free(full);
    return out->failed ? tfu_error_memory(e, "opening a network", 0) : TFU_OK;
}

/* The caller's, but for keys of the first rule, or these: where the rule is ours, they belong to
 * it and say how the file is read. */
static void add_overrides(struct place *p, const struct tfu_subject_request *request, bool of_rule)
{
    static const char rule[] = "init.0.";
    for (size_t i = 0; i < request->override_count; i++)
        if ((strncmp(request->override[i], rule, sizeof rule - 1) == 0) == of_rule)
            p->override[p->override_count++] = request->override[i];
}

static enum tfu_status make_overrides(struct tfu_subject *s, struct place *p,
                                      const struct tfu_subject_request *request,
                                      struct tfu_error *e)
{
    p->override = calloc(request->override_count + 2, sizeof *p->override);
    if (!p->override)
        return tfu_error_memory(e, "opening a network", 0);
    if (s->folder)
        p->override[p->override_count++] = TFU_SUBJECT_NO_TRAINING;
    add_overrides(p, request, false);
    if (p->is_weights) {
        const enum tfu_status st = tfu_subject_override(&p->source, s->path, e);
        if (st != TFU_OK)
            return st;
        p->override[p->override_count++] = tfu_text_get(&p->source);
    }
    add_overrides(p, request, true);
    return TFU_OK;
}

/* "cbr_tiny (random, seed 1)" */
static void put_name(const struct tfu_subject *s, const struct place *p, struct tfu_text *out)
{
    const struct tfu_experiment *x = s->experiment;
    tfu_text_printf(out, "%s (", x->arch.plugin->name);
    if (p->is_weights) {
        const char *slash = strrchr(p->where, '/');
        tfu_text_printf(out, "%s)", slash ? slash + 1 : p->where);
        return;
    }
    for (size_t i = 0; i < x->init_count; i++)
        tfu_text_printf(out, "%s%s", i ? " + " : "", x->init[i].choice.plugin->name);
    tfu_text_printf(out, ", seed %" PRId64 ")", x->seed);
}

/* "cbr_tiny (random, seed 1) at step 40" */
static enum tfu_status make_label(struct tfu_subject *s, const struct place *p, const char *name,
                                  struct tfu_error *e)
{
    struct tfu_text label = TFU_TEXT_INIT;
    if (name)
        tfu_text_puts(&label, name);
    else
        put_name(s, p, &label);
    if (!p->is_weights && p->is_initial)
        tfu_text_puts(&label, " initial");
    else if (!p->is_weights)
        tfu_text_printf(&label, " at step %" PRId64, s->step);
    if (label.failed) {
        tfu_text_free(&label);
        return tfu_error_memory(e, "naming a network", 0);
    }
    s->label = label.data;
    return TFU_OK;
}

/* Reads the step, and so checks the whole file once before anything is run. */
static enum tfu_status check_checkpoint(struct tfu_subject *s, struct tfu_error *e)
{
    struct tfu_checkpoint *c;
    const enum tfu_status st = tfu_checkpoint_open(&c, s->path, s->context.digests, e);
    if (st == TFU_OK)
        s->step = tfu_checkpoint_state(c)->step;
    if (st == TFU_OK)
        tfu_checkpoint_close(c);
    return st;
}

static enum tfu_status open_subject(struct tfu_subject *s, struct place *p,
                                    const struct tfu_subject_request *request,
                                    struct tfu_diagnostics *d, struct tfu_error *e)
{
    enum tfu_status st = split_spec(p, request->spec, e);
    if (st == TFU_OK)
        st = find(s, p, request->config, e);
    if (request->initial) {
        p->is_initial = true;
        p->is_weights = p->is_default = false;
        free(s->path);
        s->path = NULL;
    }
    if (st == TFU_OK)
        st = make_overrides(s, p, request, e);
    if (st == TFU_OK)
        st = tfu_config_load(&s->config, p->config, p->override, p->override_count,
                             request->registry, d, e);
    tfu_diagnostics_write_notes(d, request->log);
    if (st == TFU_OK)
        st = tfu_measure(s->config, request->registry, request->log, e);
    if (st != TFU_OK)
        return st;
    s->experiment = tfu_config_experiment(s->config);
    s->context = (struct tfu_context){.experiment = s->experiment,
                                      .registry = request->registry,
                                      .threads = request->threads,
                                      .log = request->log,
                                      .digests = request->digests};
    if (p->is_default)
        st = find_default(s, e);
    if (st == TFU_OK && p->is_weights) {
        /* read by init: from here on */
        free(s->path);
        s->path = NULL;
        s->step = -1;
    } else if (st == TFU_OK && !p->is_initial) {
        st = check_checkpoint(s, e);
    }
    return st == TFU_OK ? make_label(s, p, request->name, e) : st;
}

enum tfu_status tfu_subject_open(struct tfu_subject **out,
                                 const struct tfu_subject_request *request,
                                 struct tfu_diagnostics *d, struct tfu_error *e)
{
    *out = NULL;
    struct tfu_subject *s = calloc(1, sizeof *s);
    if (!s)
        return tfu_error_memory(e, "opening a network", 0);
    struct place p = {.source = TFU_TEXT_INIT};
    enum tfu_status st = open_subject(s, &p, request, d, e);
    if (st == TFU_OK && s->folder)
        st = tfu_edited_warn(s->folder, request->registry, request->log, request->digests, e);
    free(p.where);
    free(p.config);
    free(p.override);
    tfu_text_free(&p.source);
    if (st != TFU_OK)
        tfu_subject_close(s);
    else
        *out = s;
    return st;
}

void tfu_subject_close(struct tfu_subject *s)
{
    if (!s)
        return;
    tfu_config_free(s->config);
    free(s->folder);
    free(s->path);
    free(s->label);
    free(s);
}

enum tfu_status tfu_subject_load(const struct tfu_subject *s, struct tfu_network *network,
                                 const struct tfu_preprocessing *preprocessing, struct tfu_error *e)
{
    if (!s->path) {
        const struct tfu_initialise_request request = {
            .network = network,
            .rule = s->experiment->init,
            .rule_count = s->experiment->init_count,
            .registry = s->context.registry,
            .seed = (uint64_t)s->experiment->seed,
            .threads = s->context.threads,
            .preprocessing = preprocessing,
            .log = s->context.log,
            .digests = s->context.digests,
        };
        return tfu_initialise(&request, NULL, e);
    }
    struct tfu_checkpoint *c;
    enum tfu_status st = tfu_checkpoint_open(&c, s->path, s->context.digests, e);
    if (st != TFU_OK)
        return st;
    st = tfu_checkpoint_load(c, network, NULL, e);
    tfu_checkpoint_close(c);
    return st;
}
