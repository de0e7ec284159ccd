/* SPDX-License-Identifier: MIT */
#include "core/run/eval_state.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/io/safetensors.h"
#include "core/study/subject.h"
#include "core/train/initialise.h"
#include "core/train/monitor.h"
#include "core/train/shelf.h"

static bool is_there(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0;
}

/* ---- which file */

/* Does it begin as our checkpoints do, and may be cut off behind that? */
static bool begins_as_checkpoint(const char *path)
{
    enum { SIZE = 4096 };
    char bytes[SIZE + 1] = "";
    FILE *file = fopen(path, "rbe");
    const size_t n = file ? fread(bytes, 1, SIZE, file) : 0;
    if (file)
        fclose(file);
    return n > 8 && bytes[8] == '{' && strstr(bytes + 8, "\"transfuse.config\"");
}

static enum tfu_status is_checkpoint(const char *path, bool *out, struct tfu_error *e)
{
    struct tfu_safetensors *file;
    struct tfu_error error = TFU_ERROR_INIT;
    const enum tfu_status st = tfu_safetensors_open(&file, path, &error);
    if (st == TFU_ENOMEM)
        return tfu_error_set(e, st, "%s", error.text);
    *out = st == TFU_OK ? tfu_safetensors_note(file, "transfuse.config") != NULL
                        : begins_as_checkpoint(path);
    if (st == TFU_OK)
        tfu_safetensors_close(file);
    return TFU_OK;
}

static bool is_step(const char *text, int64_t *step)
{
    char *end;
    errno = 0;
    *step = strtoll(text, &end, 10);
    return end != text && !*end && errno == 0 && *step >= 0;
}

/* The word for a state of a run, as long as there is no file of that name. */
static bool is_word(const char *text)
{
    int64_t step;
    return strcmp(text, "best") == 0 || strcmp(text, "final") == 0 ||
           strcmp(text, "initial") == 0 || is_step(text, &step);
}

enum tfu_status tfu_eval_state_find(struct tfu_eval_state *s, const char *wanted,
                                    const struct tfu_target_request *target, struct tfu_error *e)
{
    *s = (struct tfu_eval_state){.wanted = wanted, .step = -1};
    struct stat info;
    if (!wanted) {
        s->is_initial = target->config != NULL;
        s->is_of_run = !s->is_initial;
        return TFU_OK;
    }
    if (stat(wanted, &info) == 0) {
        if (S_ISDIR(info.st_mode))
            return tfu_error_set(e, TFU_EINVAL, "`checkpoint` '%s' is a folder; name a file of it",
                                 wanted);
        bool ours;
        const enum tfu_status st = is_checkpoint(wanted, &ours, e);
        s->is_weights = st == TFU_OK && !ours;
        return s->is_weights ? tfu_subject_override(&s->override, wanted, e) : st;
    }
    const int why = errno;
    s->is_initial = strcmp(wanted, "initial") == 0;
    s->is_of_run = !s->is_initial;
    if (is_word(wanted))
        return TFU_OK;
    return tfu_error_set(e, TFU_ENOTFOUND,
                         "cannot open '%s': %s; `checkpoint` takes a file of weights, or best, "
                         "final, initial or the number of a step of the run",
                         wanted, strerror(why));
}

void tfu_eval_state_free(struct tfu_eval_state *s)
{
    tfu_text_free(&s->override);
    free(s->path);
    free(s->data);
    free(s->classes);
}

static enum tfu_status find_word(struct tfu_eval_state *s, const char *run, struct tfu_error *e)
{
    int64_t step = 0;
    const enum tfu_shelf_place place = strcmp(s->wanted, "best") == 0    ? TFU_SHELF_BEST
                                       : strcmp(s->wanted, "final") == 0 ? TFU_SHELF_FINAL
                                                                         : TFU_SHELF_STEP;
    is_step(s->wanted, &step);
    s->path = tfu_shelf_path(run, place, step);
    if (!s->path)
        return tfu_error_memory(e, "opening a checkpoint", 0);
    if (is_there(s->path))
        return TFU_OK;
    return tfu_error_at(e, TFU_ENOTFOUND, s->path, 0, 0, "the run has no such checkpoint%s",
                        place == TFU_SHELF_BEST
                            ? "; there is one where data.valid, or train.monitor, can choose it"
                            : "");
}

enum tfu_status tfu_eval_state_open(struct tfu_eval_state *s, struct tfu_target *target,
                                    struct tfu_error *e)
{
    if (s->is_initial || s->is_weights)
        return TFU_OK;
    if (!s->is_of_run) {
        s->path = strdup(s->wanted);
        return s->path ? TFU_OK : tfu_error_memory(e, "opening a checkpoint", 0);
    }
    enum tfu_status st = tfu_target_find_folder(target, e);
    if (st == TFU_OK && s->wanted)
        return find_word(s, target->folder, e);
    if (st == TFU_OK)
        st = tfu_monitor_checkpoint(&s->path, target->experiment, target->folder, e);
    if (st != TFU_OK || s->path)
        return st;
    return tfu_error_at(e, TFU_ENOTFOUND, target->folder, 0, 0,
                        "the run has no final.safetensors yet; let it finish, or name a checkpoint "
                        "by `checkpoint`: a file, or initial or the number of a step");
}

/* ---- into the network */

static enum tfu_status load_checkpoint(struct tfu_eval_state *s, struct tfu_network *network,
                                       struct tfu_digests *digests, struct tfu_error *e)
{
    struct tfu_checkpoint *c;
    enum tfu_status st = tfu_checkpoint_open(&c, s->path, digests, e);
    if (st != TFU_OK)
        return st;
    s->step = tfu_checkpoint_state(c)->step;
    const char *classes = tfu_checkpoint_classes(c);
    s->data = strdup(tfu_checkpoint_data(c));
    s->classes = classes ? strdup(classes) : NULL;
    st = s->data && (s->classes || !classes) ? tfu_checkpoint_load(c, network, NULL, e)
                                             : tfu_error_memory(e, "opening a checkpoint", 0);
    tfu_checkpoint_close(c);
    return st;
}

enum tfu_status tfu_eval_state_load(struct tfu_eval_state *s, const struct tfu_context *c,
                                    struct tfu_network *network,
                                    const struct tfu_preprocessing *preprocessing,
                                    struct tfu_text *account, struct tfu_error *e)
{
    if (s->path)
        return load_checkpoint(s, network, c->digests, e);
    const struct tfu_initialise_request request = {
        .network = network,
        .rule = c->experiment->init,
        .rule_count = c->experiment->init_count,
        .registry = c->registry,
        .seed = (uint64_t)c->experiment->seed,
        .threads = c->threads,
        .account = account,
        .preprocessing = preprocessing,
        .log = c->log,
        .digests = c->digests,
    };
    if (s->is_initial)
        s->step = 0;
    return tfu_initialise(&request, NULL, e);
}

/* ---- the data it comes from */

enum tfu_status tfu_eval_state_other_data(const struct tfu_eval_state *s, enum tfu_split split,
                                          const struct tfu_dataset *data, char **was,
                                          struct tfu_error *e)
{
    const char *is = tfu_dataset_info(data)->fingerprint, *name = tfu_split_name(split);
    const size_t n = strlen(name);
    *was = NULL;
    for (const char *line = s->data; line && *line && is && *is;) {
        const size_t length = strcspn(line, "\n");
        if (length > n + 2 && strncmp(line, name, n) == 0 && strncmp(line + n, ": ", 2) == 0) {
            const char *value = line + n + 2;
            const size_t size = length - n - 2;
            if (strlen(is) == size && strncmp(value, is, size) == 0)
                return TFU_OK;
            *was = strndup(value, size);
            return *was ? TFU_OK : tfu_error_memory(e, "comparing data", 0);
        }
        line += length + (line[length] == '\n');
    }
    return TFU_OK;
}
