/* SPDX-License-Identifier: MIT */
#include "core/train/shelf.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/store/record.h"

char *tfu_shelf_path(const char *run, enum tfu_shelf_place place, int64_t step)
{
    static const char *const name[] = {"step", "interrupted", "best", "final"};
    struct tfu_text path = TFU_TEXT_INIT;
    tfu_text_printf(&path, "%s/checkpoints/%s", run, name[place]);
    if (place == TFU_SHELF_STEP)
        tfu_text_printf(&path, "-%" PRId64, step);
    tfu_text_puts(&path, ".safetensors");
    if (path.failed)
        tfu_text_free(&path);
    return path.data;
}

static char *shelf_folder(const char *run)
{
    struct tfu_text path = TFU_TEXT_INIT;
    tfu_text_printf(&path, "%s/checkpoints", run);
    if (path.failed)
        tfu_text_free(&path);
    return path.data;
}

enum tfu_status tfu_shelf_create(const char *run, struct tfu_error *e)
{
    char *folder = shelf_folder(run);
    if (!folder)
        return tfu_error_memory(e, "creating the folder of checkpoints", 0);
    enum tfu_status st = TFU_OK;
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        st = tfu_error_errno(e, errno, "cannot create folder", folder);
    free(folder);
    return st;
}

/* The steps of the step-<n> files, newest first. */
struct steps {
    int64_t *step;
    size_t count;
};

static int newest_first(const void *left, const void *right)
{
    const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? 1 : a > b ? -1 : 0;
}

/* Is it the name of a step checkpoint, exactly as we write it? */
static int parse_name(const char *name, int64_t *step)
{
    char again[64];
    if (sscanf(name, "step-%" SCNd64, step) != 1 || *step < 0)
        return 0;
    snprintf(again, sizeof again, "step-%" PRId64 ".safetensors", *step);
    return strcmp(name, again) == 0;
}

static enum tfu_status list_steps(struct steps *out, const char *run, struct tfu_error *e)
{
    *out = (struct steps){NULL, 0};
    char *folder = shelf_folder(run);
    if (!folder)
        return tfu_error_memory(e, "listing checkpoints", 0);
    enum tfu_status st = TFU_OK;
    DIR *dir = opendir(folder);
    if (!dir && errno != ENOENT)
        st = tfu_error_errno(e, errno, "cannot read", folder);
    for (struct dirent *entry; dir && st == TFU_OK && (entry = readdir(dir));) {
        int64_t step;
        if (!parse_name(entry->d_name, &step))
            continue;
        int64_t *more = realloc(out->step, (out->count + 1) * sizeof *more);
        if (!more) {
            st = tfu_error_memory(e, "listing checkpoints", 0);
            break;
        }
        out->step = more;
        out->step[out->count++] = step;
    }
    if (dir)
        closedir(dir);
    free(folder);
    if (st != TFU_OK) {
        free(out->step);
        *out = (struct steps){NULL, 0};
    } else if (out->count > 0) {
        qsort(out->step, out->count, sizeof *out->step, newest_first);
    }
    return st;
}

enum tfu_status tfu_shelf_steps(const char *run, int64_t **step, size_t *count, struct tfu_error *e)
{
    struct steps steps;
    const enum tfu_status st = list_steps(&steps, run, e);
    for (size_t i = 0; i < steps.count / 2; i++) {
        const int64_t last = steps.step[steps.count - 1 - i];
        steps.step[steps.count - 1 - i] = steps.step[i];
        steps.step[i] = last;
    }
    *step = steps.step;
    *count = steps.count;
    return st;
}

static enum tfu_status remove_one(const char *run, enum tfu_shelf_place place, int64_t step,
                                  struct tfu_error *e)
{
    char *path = tfu_shelf_path(run, place, step);
    if (!path)
        return tfu_error_memory(e, "removing a checkpoint", 0);
    enum tfu_status st = TFU_OK;
    if (unlink(path) != 0 && errno != ENOENT)
        st = tfu_error_errno(e, errno, "cannot remove", path);
    free(path);
    return st;
}

enum tfu_status tfu_shelf_tidy(const char *run, int64_t keep, struct tfu_error *e)
{
    struct steps steps;
    enum tfu_status st = list_steps(&steps, run, e);
    for (size_t i = keep > 1 ? (size_t)keep : 1; st == TFU_OK && i < steps.count; i++)
        st = remove_one(run, TFU_SHELF_STEP, steps.step[i], e);
    free(steps.step);
    return st;
}

enum tfu_status tfu_shelf_drop_interrupted(const char *run, struct tfu_error *e)
{
    return remove_one(run, TFU_SHELF_INTERRUPTED, 0, e);
}

/* Out of the way, but not away: somebody may want to look at it. */
static enum tfu_status set_aside(const char *path, struct tfu_log *log, const struct tfu_error *why,
                                 struct tfu_error *e)
{
    struct tfu_text aside = TFU_TEXT_INIT;
    tfu_text_printf(&aside, "%s.damaged", path);
    enum tfu_status st = TFU_OK;
    if (aside.failed)
        st = tfu_error_memory(e, "setting a checkpoint aside", 0);
    else if (rename(path, aside.data) != 0)
        st = tfu_error_errno(e, errno, "cannot rename", path);
    else
        tfu_log_write(log, TFU_LOG_WARNING,
                      "damaged checkpoint '%s' (%s) is now '%s'; an older one is looked for", path,
                      why->text, aside.data);
    tfu_text_free(&aside);
    return st;
}

/* Opens one; `*out` stays NULL when it is not there or was damaged. */
static enum tfu_status try_one(struct tfu_checkpoint **out, const char *run,
                               enum tfu_shelf_place place, int64_t step, struct tfu_log *log,
                               struct tfu_error *e)
{
    *out = NULL;
    char *path = tfu_shelf_path(run, place, step);
    if (!path)
        return tfu_error_memory(e, "opening a checkpoint", 0);
    enum tfu_status st = TFU_OK;
    struct tfu_error why = TFU_ERROR_INIT;
    if (access(path, F_OK) == 0)
        st = tfu_checkpoint_open(out, path, NULL, &why);
    if (st == TFU_ECORRUPT || st == TFU_EUNSUPPORTED || st == TFU_EINVAL)
        st = set_aside(path, log, &why, e);
    else if (st != TFU_OK && e)
        *e = why;
    free(path);
    return st;
}

/* Closes one whose numbers were recorded in lines that are gone: going on from it would leave a
 * hole. */
static void drop_ahead_of_metrics(struct tfu_checkpoint **c, const char *run, size_t *dropped,
                                  struct tfu_log *log)
{
    if (!*c || tfu_record_has(run, tfu_checkpoint_state(*c)->metrics_bytes))
        return;
    tfu_log_write(log, TFU_LOG_WARNING,
                  "the checkpoint of step %" PRId64 " knows of %" PRId64
                  " bytes of whole lines of metrics.csv, which has fewer: an older one is looked "
                  "for",
                  tfu_checkpoint_state(*c)->step, tfu_checkpoint_state(*c)->metrics_bytes);
    tfu_checkpoint_close(*c);
    *c = NULL;
    ++*dropped;
}

enum tfu_status tfu_shelf_newest(struct tfu_checkpoint **out, const char *run, struct tfu_log *log,
                                 struct tfu_error *e)
{
    *out = NULL;
    struct steps steps;
    size_t dropped = 0;
    enum tfu_status st = list_steps(&steps, run, e);
    struct tfu_checkpoint *interrupted = NULL;
    if (st == TFU_OK)
        st = try_one(&interrupted, run, TFU_SHELF_INTERRUPTED, 0, log, e);
    drop_ahead_of_metrics(&interrupted, run, &dropped, log);
    for (size_t i = 0; st == TFU_OK && !*out && i < steps.count; i++) {
        /* at the same step the step checkpoint is the later one: it was evaluated */
        if (interrupted && tfu_checkpoint_state(interrupted)->step > steps.step[i])
            break;
        st = try_one(out, run, TFU_SHELF_STEP, steps.step[i], log, e);
        drop_ahead_of_metrics(out, run, &dropped, log);
    }
    const bool were_some = st == TFU_OK && steps.count > 0;
    free(steps.step);
    if (st == TFU_OK && !*out) {
        *out = interrupted;
        interrupted = NULL;
    }
    tfu_checkpoint_close(interrupted);
    if (st == TFU_OK && !*out && dropped > 0)
        return tfu_error_at(e, TFU_ECORRUPT, run, 0, 0,
                            "metrics.csv was cut or removed, and no checkpoint is old enough to go "
                            "on from what it has left; put the file back, or begin the run anew "
                            "(`force`)");
    if (st == TFU_OK && !*out && were_some)
        tfu_log_write(log, TFU_LOG_WARNING,
                      "no checkpoint is left to go on from: the training begins at step 0");
    return st;
}
