/* SPDX-License-Identifier: MIT */
#include "core/launch/slurm_record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/json.h"
#include "core/io/atomic_file.h"

enum { FORMAT = 1 };

/* ---- read */

static const char *text_of(struct tfu_slurm_record *r, const json_t *object, const char *key)
{
    const char *s = json_string_value(json_object_get(object, key));
    return s ? tfu_arena_strdup(&r->arena, s) : NULL;
}

static bool is_number(const char *s)
{
    return strspn(s, "0123456789") == strlen(s) && strlen(s) < 19;
}

/* "3fa2...,90bc...": keys, as the batch script has them */
static bool is_cases(const char *s)
{
    return s[0] && strspn(s, "0123456789abcdef,") == strlen(s);
}

static bool read_tasks(struct tfu_slurm_record *r, const json_t *list, struct tfu_slurm_job *job)
{
    job->tasks = json_array_size(list);
    const char **task = tfu_arena_array(&r->arena, job->tasks + 1, sizeof *task);
    job->task = task;
    for (size_t i = 0; task && i < job->tasks; i++) {
        const char *cases = json_string_value(json_array_get(list, i));
        if (!cases || !is_cases(cases) || !(task[i] = tfu_arena_strdup(&r->arena, cases)))
            return false;
    }
    return task && job->tasks > 0;
}

static bool read_job(struct tfu_slurm_record *r, const json_t *object)
{
    struct tfu_slurm_job job = {.name = text_of(r, object, "name"),
                                .number = text_of(r, object, "job"),
                                .time = json_integer_value(json_object_get(object, "time"))};
    const json_int_t level = json_integer_value(json_object_get(object, "level"));
    job.level = level > 0 ? (size_t)level : 0;
    return job.name && job.name[0] && job.number && is_number(job.number) &&
           read_tasks(r, json_object_get(object, "tasks"), &job) &&
           tfu_slurm_record_add(r, &job, NULL) == TFU_OK;
}

enum tfu_status tfu_slurm_record_read(struct tfu_slurm_record *out, const char *path,
                                      struct tfu_error *e)
{
    json_error_t why;
    *out = (struct tfu_slurm_record){.count = 0};
    tfu_arena_init(&out->arena, 0);
    if (access(path, F_OK) != 0)
        return errno == ENOENT ? TFU_OK : tfu_error_errno(e, errno, "cannot read", path);
    json_t *root = json_load_file(path, 0, &why);
    const json_t *jobs = json_object_get(root, "jobs");
    bool good =
        json_integer_value(json_object_get(root, "format")) == FORMAT && json_is_array(jobs);
    for (size_t i = 0; good && i < json_array_size(jobs); i++)
        good = read_job(out, json_array_get(jobs, i));
    json_decref(root);
    if (good)
        return TFU_OK;
    return tfu_error_at(
        e, TFU_ECORRUPT, path, root ? 0 : why.line, 0,
        "this is not the list of submitted jobs that was written here; once `squeue` "
        "shows none of this sweep, remove the file: no run depends on it");
}

/* ---- written */

static json_t *job_json(const struct tfu_slurm_job *job)
{
    json_t *tasks = json_array();
    for (size_t i = 0; i < job->tasks; i++)
        json_array_append_new(tasks, json_string(job->task[i]));
    return json_pack("{s:s, s:s, s:I, s:I, s:o}", "name", job->name, "job", job->number, "time",
                     (json_int_t)job->time, "level", (json_int_t)job->level, "tasks", tasks);
}

enum tfu_status tfu_slurm_record_write(const struct tfu_slurm_record *r, const char *path,
                                       struct tfu_error *e)
{
    struct tfu_text text = TFU_TEXT_INIT;
    json_t *jobs = json_array();
    for (size_t i = 0; i < r->count; i++)
        json_array_append_new(jobs, job_json(&r->job[i]));
    enum tfu_status st =
        tfu_json_write(json_pack("{s:i, s:o}", "format", FORMAT, "jobs", jobs), &text, e);
    if (st == TFU_OK)
        st = tfu_atomic_write_file(path, tfu_text_get(&text), text.length, e);
    tfu_text_free(&text);
    return st;
}

/* ---- changed */

enum tfu_status tfu_slurm_record_add(struct tfu_slurm_record *r, const struct tfu_slurm_job *job,
                                     struct tfu_error *e)
{
    if (r->count == r->room) {
        const size_t room = r->room ? 2 * r->room : 16;
        struct tfu_slurm_job *more = realloc(r->job, room * sizeof *more);
        if (!more)
            return tfu_error_memory(e, "noting a job", 0);
        r->job = more;
        r->room = room;
    }
    const char **task = tfu_arena_array(&r->arena, job->tasks + 1, sizeof *task);
    bool good = task != NULL;
    for (size_t i = 0; good && i < job->tasks; i++)
        good = (task[i] = tfu_arena_strdup(&r->arena, job->task[i])) != NULL;
    const char *name = tfu_arena_strdup(&r->arena, job->name);
    const char *number = tfu_arena_strdup(&r->arena, job->number);
    if (!good || !name || !number)
        return tfu_error_memory(e, "noting a job", 0);
    r->job[r->count] = *job;
    r->job[r->count].name = name;
    r->job[r->count].number = number;
    r->job[r->count].task = task;
    r->count++;
    return TFU_OK;
}

enum tfu_status tfu_slurm_record_number(struct tfu_slurm_record *r, size_t index,
                                        const char *number, size_t length, struct tfu_error *e)
{
    const char *copy = tfu_arena_strndup(&r->arena, number, length);
    if (!copy)
        return tfu_error_memory(e, "noting a job", 0);
    r->job[index].number = copy;
    return TFU_OK;
}

void tfu_slurm_record_remove(struct tfu_slurm_record *r, size_t index)
{
    r->count--;
    memmove(&r->job[index], &r->job[index + 1], (r->count - index) * sizeof *r->job);
}

void tfu_slurm_record_free(struct tfu_slurm_record *r)
{
    free(r->job);
    r->job = NULL;
    r->count = r->room = 0;
    tfu_arena_free(&r->arena);
}
