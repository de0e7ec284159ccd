/* SPDX-License-Identifier: MIT */
#include "core/launch/slurm_submit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/base/hash.h"
#include "core/io/atomic_file.h"
#include "core/io/folder.h"
#include "core/launch/command.h"
#include "core/launch/slurm_arrays.h"
#include "core/launch/slurm_choose.h"
#include "core/launch/slurm_paths.h"
#include "core/launch/slurm_rows.h"
#include "core/launch/slurm_script.h"
#include "core/launch/stop.h"
#include "core/store/lease.h"

enum { TASKS_MAX = 1001 }; /* of an array, where the cluster does not say: Slurm's default */

static const double patience = 120; /* seconds that sbatch may take */

struct submitting {
    const struct tfu_slurm_request *request;
    const struct tfu_sweep *sweep;
    struct tfu_slurm_counts *counts;
    struct tfu_arena arena;
    struct tfu_slurm_paths paths;
    char stop[TFU_STOP_SIZE]; /* what the file says */
    struct tfu_slurm_record record;
    struct tfu_case_status *status; /* one for each case */
    struct tfu_slurm_choice choice;
    size_t first; /* job of the record that is submitted now; array i is job first + i */
};

static enum tfu_status out_of_memory(struct tfu_error *e)
{
    return tfu_error_memory(e, "submitting a sweep", 0);
}

/* ---- how large an array may be */

static size_t tasks_max(const struct tfu_slurm_options *o)
{
    const char *const argv[] = {"scontrol", "show", "config", NULL};
    struct tfu_command_end end;
    const struct tfu_command c = {.argv = argv, .seconds = patience};
    int64_t allowed = 0;
    if (tfu_command_run(&c, &end, NULL) == TFU_OK && end.status == 0)
        allowed = tfu_slurm_array_size(tfu_text_get(&end.out));
    tfu_command_end_free(&end);
    if (allowed < 1)
        allowed = TASKS_MAX;
    return (size_t)(o->array_size && o->array_size < allowed ? o->array_size : allowed);
}

/* ---- one array */

/* Letters of the sweep's name, and digits that no other job has. */
static const char *job_name(struct submitting *s, size_t index)
{
    struct timespec now = {.tv_sec = 0};
    char host[256] = "", text[512], hex[TFU_HASH_HEX];
    uint8_t digest[TFU_HASH_SIZE];
    clock_gettime(CLOCK_REALTIME, &now);
    gethostname(host, sizeof host - 1);
    const int n = snprintf(text, sizeof text, "%s %ld %lld %ld %zu", host, (long)getpid(),
                           (long long)now.tv_sec, now.tv_nsec, index);
    tfu_hash_bytes(text, (size_t)n < sizeof text ? (size_t)n : sizeof text - 1, digest);
    tfu_hash_to_hex(digest, hex);
    char *name = tfu_arena_printf(&s->arena, "%s-%.8s", s->sweep->name, hex);
    for (char *c = name; c && *c;
         c++) /* what separates names in a question, and what sbatch reads */
        *c = strchr(",=\" '\\#%", *c) ? '_' : *c;
    return name;
}

static int64_t cpus_of(const struct submitting *s, const struct tfu_slurm_array *a)
{
    int64_t most = 1;
    for (size_t i = 0; i < a->count; i++)
        if (s->sweep->item[a->item[i]].threads > most)
            most = s->sweep->item[a->item[i]].threads;
    return s->request->options->cpus ? s->request->options->cpus : most;
}

/* "3fa2...,90bc..." for each task */
static const char **tasks_of(struct submitting *s, const struct tfu_slurm_array *a)
{
    const size_t per_task = (size_t)s->request->options->per_task;
    const char **task = tfu_arena_array(&s->arena, a->tasks, sizeof *task);
    struct tfu_text keys = TFU_TEXT_INIT;
    bool good = task != NULL;
    for (size_t t = 0; t < a->tasks && good; t++) {
        keys.length = 0;
        for (size_t i = t * per_task; i < a->count && i < (t + 1) * per_task; i++)
            tfu_text_printf(&keys, "%s%s", keys.length ? "," : "", s->sweep->item[a->item[i]].key);
        good = !keys.failed && (task[t] = tfu_arena_strdup(&s->arena, tfu_text_get(&keys)));
    }
    tfu_text_free(&keys);
    return good ? task : NULL;
}

/* The numbers of the jobs that an array waits for: of this call, and of before. */
static const char **numbers_of(struct submitting *s, const struct tfu_slurm_array *a)
{
    const char **after =
        tfu_arena_array(&s->arena, a->after_count + a->after_job_count + 1, sizeof *after);
    for (size_t i = 0; after && i < a->after_job_count; i++)
        after[i] = s->record.job[a->after_job[i]].number;
    for (size_t i = 0; after && i < a->after_count; i++)
        after[a->after_job_count + i] = s->record.job[s->first + a->after[i]].number;
    return after;
}

/* Writes the script into the folder; its path is the arena's. */
static enum tfu_status write_script(struct submitting *s, const struct tfu_slurm_script *script,
                                    const char **path, struct tfu_error *e)
{
    struct tfu_text text = TFU_TEXT_INIT;
    *path = tfu_arena_printf(&s->arena, "%s/%s.sh", s->paths.folder, script->job);
    enum tfu_status st = *path ? tfu_slurm_script_put(&text, script, e) : out_of_memory(e);
    if (st == TFU_OK)
        st = tfu_atomic_write_file(*path, tfu_text_get(&text), text.length, e);
    tfu_text_free(&text);
    return st;
}

/* Gives the newest job of the record its number. TFU_EIO: it was refused. */
static enum tfu_status call_sbatch(struct submitting *s, const char *path, struct tfu_error *e)
{
    /* what a job would inherit from one that this runs in, and what would overrule the script */
    static const char *const unset[] = {
        "SLURM_RESTART_COUNT", "SBATCH_ARRAY_INX", "SBATCH_DEPENDENCY", "SBATCH_JOB_NAME",
        "SBATCH_NO_REQUEUE",   "SBATCH_SIGNAL",    "SBATCH_OPEN_MODE",  NULL};
    const char *const argv[] = {"sbatch", "--parsable", path, NULL};
    struct tfu_command_end end;
    const struct tfu_command c = {.argv = argv, .unset = unset, .seconds = patience};
    enum tfu_status st = tfu_command_run(&c, &end, e);
    if (st == TFU_OK) {
        size_t length = 0;
        const char *number = end.status == 0 && !end.late
                                 ? tfu_slurm_job_number(tfu_text_get(&end.out), &length)
                                 : NULL;
        struct tfu_text words = TFU_TEXT_INIT;
        tfu_command_put_words(&words, &end);
        if (number)
            st = tfu_slurm_record_number(&s->record, s->record.count - 1, number, length, e);
        else
            st = tfu_error_set(e, TFU_EIO, "%s", tfu_text_get(&words));
        tfu_text_free(&words);
    }
    tfu_command_end_free(&end);
    return st;
}

/* What was refused may have been accepted all the same, when the answer was lost: then it has a
 * number now. False: it is out of the record. */
static bool was_accepted(struct submitting *s)
{
    const size_t before = s->record.count;
    bool changed;
    struct tfu_error dropped = TFU_ERROR_INIT;
    /* where Slurm does not say, it stays without a number, and the next call asks */
    tfu_slurm_recover(&s->record, &changed, &dropped);
    return s->record.count == before && s->record.job[before - 1].number[0];
}

static enum tfu_status submit_array(struct submitting *s, const struct tfu_slurm_array *a,
                                    size_t index, struct tfu_error *e)
{
    const struct tfu_slurm_request *q = s->request;
    const struct tfu_slurm_job job = {.name = job_name(s, index),
                                      .number = "",
                                      .time = (int64_t)time(NULL),
                                      .level = a->level,
                                      .task = tasks_of(s, a),
                                      .tasks = a->tasks};
    const char **after = numbers_of(s, a), *path;
    const struct tfu_slurm_script script = {.job = job.name,
                                            .study = s->sweep->name,
                                            .folder = s->paths.folder,
                                            .stop = s->paths.stop,
                                            .stop_before = s->stop,
                                            .work = q->work,
                                            .command = q->command,
                                            .command_count = q->command_count,
                                            .environment = q->environment,
                                            .environment_count = q->environment_count,
                                            .task = job.task,
                                            .tasks = job.tasks,
                                            .level = a->level,
                                            .cpus = cpus_of(s, a),
                                            .after = after,
                                            .after_count = a->after_count + a->after_job_count,
                                            .options = q->options};
    if (!job.name || !job.task || !after)
        return out_of_memory(e);
    enum tfu_status st = tfu_slurm_record_add(&s->record, &job, e);
    if (st == TFU_OK && !q->dry)
        st = write_script(s, &script, &path, e);
    if (st == TFU_OK && !q->dry)
        st = tfu_slurm_record_write(&s->record, s->paths.record, e);
    if (st == TFU_OK && !q->dry) {
        st = call_sbatch(s, path, e);
        if (st == TFU_EIO && was_accepted(s))
            st = TFU_OK;
        else if (st == TFU_ENOTFOUND) /* nobody was asked */
            tfu_slurm_record_remove(&s->record, s->record.count - 1);
        struct tfu_error dropped = TFU_ERROR_INIT;
        const enum tfu_status written =
            tfu_slurm_record_write(&s->record, s->paths.record, st == TFU_OK ? e : &dropped);
        st = st == TFU_OK ? written : st;
    }
    if (st != TFU_OK)
        return st;
    s->counts->submitted += a->count;
    s->counts->left -= a->count;
    if (q->submitted)
        q->submitted(q->arg, &s->record.job[s->record.count - 1], a->count, after,
                     q->dry ? 0 : script.after_count);
    return TFU_OK;
}

/* ---- all of them */

/* Is every case of a job one of this sweep? What is not may be of a file that was changed since. */
static bool is_of_sweep(const struct submitting *s, const struct tfu_slurm_job *job)
{
    for (size_t t = 0; t < job->tasks; t++)
        for (const char *at = job->task[t]; *at;) {
            char key[TFU_CASE_KEY_SIZE] = "";
            const size_t n = strcspn(at, ",");
            if (n < sizeof key)
                memcpy(key, at, n);
            if (!key[0] || tfu_sweep_find(s->sweep, key) == SIZE_MAX)
                return false;
            at += n + (at[n] == ',');
        }
    return true;
}

/* Jobs of which every case was submitted again since are of no use any more. */
static void forget_old(struct submitting *s)
{
    bool *used = tfu_arena_array(&s->arena, s->record.count + 1, sizeof *used);
    size_t *moved = tfu_arena_array(&s->arena, s->record.count + 1, sizeof *moved), kept = 0;
    if (!used || !moved)
        return;
    for (size_t i = 0; i < s->sweep->count; i++)
        if (s->choice.seen[i].job != SIZE_MAX)
            used[s->choice.seen[i].job] = true;
    for (size_t j = 0; j < s->record.count; j++) {
        if (!used[j])
            used[j] = !is_of_sweep(s, &s->record.job[j]);
        moved[j] = used[j] ? kept++ : SIZE_MAX;
    }
    for (size_t j = s->record.count; j-- > 0;)
        if (!used[j])
            tfu_slurm_record_remove(&s->record, j);
    for (size_t i = 0; i < s->sweep->count; i++)
        if (s->choice.item[i].is_queued)
            s->choice.item[i].job = moved[s->choice.item[i].job];
}

static enum tfu_status submit_all(struct submitting *s, struct tfu_error *e)
{
    const struct tfu_slurm_options *o = s->request->options;
    const struct tfu_slurm_shape shape = {
        .per_task = (size_t)o->per_task, .tasks_max = tasks_max(o), .in_turn = o->at_once > 0};
    struct tfu_slurm_arrays arrays;
    enum tfu_status st = tfu_slurm_arrays_make(&arrays, s->choice.item, s->sweep->count, &shape, e);
    tfu_stop_read(s->sweep->store, s->sweep->name, s->stop);
    for (size_t n = strlen(s->stop); n > 0 && s->stop[n - 1] == '\n'; n--)
        s->stop[n - 1] = '\0'; /* as a shell reads it */
    s->first = s->record.count;
    for (size_t i = 0; i < arrays.count && st == TFU_OK; i++) {
        if (s->request->interrupted && s->request->interrupted(s->request->arg))
            st = tfu_error_set(e, TFU_EINTERRUPTED, "interrupted");
        else
            st = submit_array(s, &arrays.array[i], i, e);
    }
    tfu_slurm_arrays_free(&arrays);
    return st;
}

static enum tfu_status submit(struct submitting *s, struct tfu_error *e)
{
    bool changed = false;
    enum tfu_status st = tfu_slurm_record_read(&s->record, s->paths.record, e);
    if (st == TFU_OK)
        st = tfu_slurm_recover(&s->record, &changed, e);
    if (st == TFU_OK && changed && !s->request->dry)
        st = tfu_slurm_record_write(&s->record, s->paths.record, e);
    if (st == TFU_OK)
        st = tfu_slurm_choose(&s->choice, s->sweep, s->status, &s->record, s->request->chosen,
                              s->counts, e);
    if (st == TFU_OK)
        forget_old(s);
    if (st == TFU_OK && s->counts->left > 0)
        st = submit_all(s, e);
    return st;
}

/* Two that submit at the same time would each think that nothing is queued. */
static enum tfu_status submit_alone(struct submitting *s, struct tfu_error *e)
{
    struct tfu_lease *lease = NULL;
    struct tfu_lease_seen by;
    if (s->request->dry)
        return submit(s, e);
    enum tfu_status st = tfu_folder_make(s->paths.folder, e);
    if (st == TFU_OK)
        st = tfu_lease_take(&lease, &by, s->paths.folder, e);
    if (st == TFU_OK && !lease) {
        char who[256];
        tfu_lease_who(&by, who, sizeof who);
        return tfu_error_set(e, TFU_EIO, "this sweep is being submitted by %s; wait for it", who);
    }
    if (st == TFU_OK)
        st = submit(s, e);
    tfu_lease_free(lease);
    return st;
}

enum tfu_status tfu_slurm_submit(const struct tfu_slurm_request *request,
                                 struct tfu_slurm_counts *counts, struct tfu_error *e)
{
    const struct tfu_sweep *sweep = request->sweep;
    struct submitting s = {.request = request, .sweep = sweep, .counts = counts};
    *counts = (struct tfu_slurm_counts){.done = 0};
    tfu_arena_init(&s.arena, 0);
    tfu_arena_init(&s.record.arena, 0);
    s.status = calloc(sweep->count + 1, sizeof *s.status);
    enum tfu_status st = s.status ? tfu_slurm_paths_of(&s.paths, sweep, e) : out_of_memory(e);
    if (st == TFU_OK) {
        st = tfu_sweep_look(sweep, s.status, e);
        if (st == TFU_OK)
            st = submit_alone(&s, e);
        tfu_case_status_free(s.status, sweep->count);
    }
    free(s.status);
    tfu_slurm_choice_free(&s.choice);
    tfu_slurm_record_free(&s.record);
    tfu_arena_free(&s.arena);
    return st;
}
