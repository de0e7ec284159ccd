/* SPDX-License-Identifier: MIT */
#include "core/launch/stage.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/atomic_file.h"
#include "core/io/folder.h"
#include "core/launch/shell_text.h"
#include "core/sweep/needs.h"

/* ---- what is left to be done */

static bool is_done(const struct tfu_case_status *o)
{
    return o->state == TFU_CASE_DONE || o->state == TFU_CASE_STOPPED;
}

static void choose(struct tfu_stage *stage, const struct tfu_sweep *s, const bool *meant,
                   const struct tfu_case_status *status, struct tfu_slurm_item *item)
{
    for (size_t i = 0; i < s->count; i++) {
        const struct tfu_case_status *o = &status[i];
        item[i].need = s->item[i].need;
        item[i].need_count = s->item[i].need_count;
        if (!meant[i])
            continue;
        if (is_done(o))
            stage->done++;
        else if (o->state == TFU_CASE_FAILED)
            stage->failed++;
        else if (o->waits_for_failed)
            stage->blocked++;
        else
            item[i].wanted = true;
    }
}

/* One list a level: who waits for whom is of no use here. Arrays of a level stand side by side. */
static void join_levels(struct tfu_slurm_arrays *levels)
{
    size_t kept = 0;
    for (size_t i = 0; i < levels->count; i++) {
        struct tfu_slurm_array *last = kept ? &levels->array[kept - 1] : NULL;
        if (last && last->level == levels->array[i].level)
            last->count += levels->array[i].count;
        else
            levels->array[kept++] = levels->array[i];
    }
    levels->count = kept;
}

enum tfu_status tfu_stage_make(struct tfu_stage *out, const struct tfu_sweep *s, const bool *chosen,
                               struct tfu_error *e)
{
    const struct tfu_slurm_shape shape = {.per_task = 1, .tasks_max = SIZE_MAX};
    struct tfu_case_status *status = calloc(s->count + 1, sizeof *status);
    struct tfu_slurm_item *item = calloc(s->count + 1, sizeof *item);
    bool *meant = calloc(s->count + 1, sizeof *meant);
    *out = (struct tfu_stage){.done = 0};
    tfu_arena_init(&out->levels.arena, 0);
    enum tfu_status st = status && item && meant
                             ? TFU_OK
                             : tfu_error_memory(e, "writing the commands of a sweep", 0);
    if (st == TFU_OK)
        st = tfu_sweep_look(s, status, e);
    if (st == TFU_OK) {
        tfu_sweep_add_needs(s, chosen, meant);
        choose(out, s, meant, status, item);
        st = tfu_slurm_arrays_make(&out->levels, item, s->count, &shape, e);
        if (st == TFU_OK)
            join_levels(&out->levels);
    }
    if (status)
        tfu_case_status_free(status, s->count);
    free(status);
    free(item);
    free(meant);
    return st;
}

void tfu_stage_free(struct tfu_stage *stage)
{
    tfu_slurm_arrays_free(&stage->levels);
}

/* ---- commands */

static enum tfu_status check_word(const char *word, struct tfu_error *e)
{
    if (!strpbrk(word, "\r\n"))
        return TFU_OK;
    return tfu_error_set(e, TFU_EINVAL,
                         "there is a line break in '%s', and a command is one line; give it "
                         "another name",
                         word);
}

enum tfu_status tfu_stage_check(const struct tfu_stage_command *c, struct tfu_error *e)
{
    enum tfu_status st = check_word(c->work, e);
    for (size_t i = 0; i < c->environment_count && st == TFU_OK; i++)
        st = check_word(c->environment[i], e);
    for (size_t i = 0; i < c->words && st == TFU_OK; i++)
        st = check_word(c->word[i], e);
    return st;
}

static void put_command(struct tfu_text *out, const struct tfu_stage_command *c)
{
    tfu_text_puts(out, "cd ");
    tfu_shell_put_word(out, c->work);
    tfu_text_puts(out, " && ");
    for (size_t i = 0; i < c->environment_count; i++) {
        tfu_shell_put_assignment(out, c->environment[i]);
        tfu_text_puts(out, " ");
    }
    tfu_shell_put_words(out, c->word, c->words);
}

void tfu_stage_put_host(struct tfu_text *out, const struct tfu_stage_command *c, const char *only,
                        int64_t jobs)
{
    put_command(out, c);
    if (only) {
        tfu_text_puts(out, " --only ");
        tfu_shell_put_word(out, only);
    }
    tfu_text_printf(out, " --jobs %" PRId64 "\n", jobs);
}

void tfu_stage_put_level(struct tfu_text *out, const struct tfu_stage_command *c,
                         const struct tfu_sweep *s, const struct tfu_slurm_array *level,
                         int64_t threads)
{
    for (size_t i = 0; i < level->count; i++) {
        const struct tfu_sweep_case *item = &s->item[level->item[i]];
        put_command(out, c);
        tfu_text_printf(out, " --only %s --alone --jobs 1", item->key);
        if (threads)
            tfu_text_printf(out, " --threads %" PRId64, threads);
        tfu_text_puts(out, "\n");
    }
}

void tfu_stage_put_readme(struct tfu_text *out, const struct tfu_stage *stage,
                          const struct tfu_sweep *s)
{
    const struct tfu_slurm_arrays *levels = &stage->levels;
    tfu_text_printf(
        out,
        "The sweep '%s' as commands. The folder of runs is\n"
        "    %s\n"
        "and has to be the same, under this path, wherever one of them is started; so "
        "have the program,\n"
        "the study file and the data.\n"
        "\n"
        "EITHER start host.sh on any number of machines:\n"
        "    ssh node1 sh host.sh & ssh node2 sh host.sh & wait\n"
        "Each works until nothing is left. They share the cases: what one has, no other "
        "takes; what one\n"
        "was killed at, another goes on with.\n"
        "\n"
        "OR start the cases one by one, a line each, level by level. What a level has "
        "needs those before\n"
        "it to be done:\n",
        s->name, s->store);
    for (size_t i = 0; i < levels->count; i++)
        tfu_text_printf(out, "    parallel --jobs 4 <level-%zu.txt     # %zu case%s\n",
                        levels->array[i].level, levels->array[i].count,
                        levels->array[i].count == 1 ? "" : "s");
    tfu_text_puts(
        out, "by GNU parallel, or by any queue that takes a line of shell, such as\n"
             "    while read -r line; do echo \"$line\" | qsub; done <level-0.txt\n"
             "\n"
             "A command that is started twice does no harm. It leaves with 0: done; 1: failed, "
             "or something that\n"
             "it needs is not done; 75: interrupted (SIGTERM, SIGINT, SIGUSR1), with its state "
             "kept: start it\n"
             "again. `transfuse sweep status` says how far all of them are.\n");
    if (stage->failed + stage->blocked)
        tfu_text_printf(out,
                        "\nThere is no line for %zu cases that failed and %zu that need them: see "
                        "`transfuse sweep retry`.\n",
                        stage->failed, stage->blocked);
}

/* ---- files */

static enum tfu_status write_text(struct tfu_text *text, const char *folder, const char *name,
                                  struct tfu_error *e)
{
    char path[PATH_MAX];
    const int n = snprintf(path, sizeof path, "%s/%s", folder, name);
    enum tfu_status st = TFU_OK;
    if (text->failed)
        st = tfu_error_memory(e, "writing the commands of a sweep", 0);
    else if (n < 0 || (size_t)n >= sizeof path)
        st = tfu_error_set(e, TFU_EINVAL, "the path '%s' is too long", folder);
    else
        st = tfu_atomic_write_file(path, tfu_text_get(text), text->length, e);
    tfu_text_free(text);
    *text = (struct tfu_text)TFU_TEXT_INIT;
    return st;
}

/* Of an earlier call, when there was more to do. */
static void remove_levels(const char *folder, size_t from)
{
    for (size_t level = from;; level++) {
        char path[PATH_MAX];
        const int n = snprintf(path, sizeof path, "%s/level-%zu.txt", folder, level);
        if (n < 0 || (size_t)n >= sizeof path || unlink(path) != 0)
            return;
    }
}

enum tfu_status tfu_stage_write(const struct tfu_stage *stage, const struct tfu_stage_command *c,
                                const struct tfu_sweep *s, const struct tfu_stage_files *files,
                                struct tfu_error *e)
{
    const char *folder = files->folder;
    const struct tfu_slurm_arrays *levels = &stage->levels;
    struct tfu_text text = TFU_TEXT_INIT;
    enum tfu_status st = tfu_stage_check(c, e);
    if (st == TFU_OK)
        st = tfu_folder_make(folder, e);
    for (size_t i = 0; i < levels->count && st == TFU_OK; i++) {
        char name[64];
        snprintf(name, sizeof name, "level-%zu.txt", levels->array[i].level);
        tfu_stage_put_level(&text, c, s, &levels->array[i], files->threads);
        st = write_text(&text, folder, name, e);
    }
    if (st == TFU_OK)
        remove_levels(folder, levels->levels);
    if (st == TFU_OK) {
        tfu_text_puts(&text, "#!/bin/sh\n");
        tfu_stage_put_host(&text, c, files->only, files->jobs);
        st = write_text(&text, folder, "host.sh", e);
    }
    if (st == TFU_OK) {
        tfu_stage_put_readme(&text, stage, s);
        st = write_text(&text, folder, "README.txt", e);
    }
    tfu_text_free(&text);
    return st;
}
