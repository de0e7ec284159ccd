/* SPDX-License-Identifier: MIT */
#include "core/cli/runs_record.h"

#include <stdlib.h>

#include "core/base/json.h"
#include "core/cli/output.h"

static json_t *whole(int64_t v)
{
    return v < 0 ? json_null() : json_integer((json_int_t)v);
}

static json_t *moment(int64_t seconds)
{
    char buffer[TFU_INDEX_TIME_SIZE];
    return seconds < 0 ? json_null() : json_string(tfu_index_time_text(seconds, buffer));
}

static json_t *describe_best(const struct tfu_index_run *run)
{
    return run->best ? json_pack("{s:s, s:o, s:o}", "metric", run->best, "value",
                                 tfu_json_number(run->best_value), "step", whole(run->best_step))
                     : json_null();
}

static json_t *describe(struct tfu_runs *r, const struct tfu_index_run *run)
{
    json_t *root = json_object();
    const char *path = tfu_runs_path(r, run);
    json_object_set_new(root, "run", tfu_json_text(run->path));
    json_object_set_new(root, "folder", tfu_json_text(path));
    json_object_set_new(root, "name", tfu_json_text(run->name));
    json_object_set_new(root, "id", tfu_json_text(run->id));
    json_object_set_new(root, "state", tfu_json_text(tfu_index_state_name(run->state)));
    json_object_set_new(root, "problem", tfu_json_text(run->problem));
    json_object_set_new(root, "owner", tfu_json_text(run->owner));
    json_object_set_new(root, "owner_since", moment(run->owner_since));
    json_object_set_new(root, "started", moment(run->started));
    json_object_set_new(root, "updated", moment(run->updated));
    json_object_set_new(root, "host", tfu_json_text(run->host));
    json_object_set_new(root, "step", whole(run->step));
    json_object_set_new(root, "steps", whole(run->steps));
    json_object_set_new(root, "seconds", tfu_json_number(run->seconds));
    json_object_set_new(root, "seed", tfu_json_text(run->seed));
    json_object_set_new(root, "arch", tfu_json_text(run->arch));
    json_object_set_new(root, "init", tfu_json_text(run->init));
    json_object_set_new(root, "best", describe_best(run));
    return root;
}

static enum tfu_status add_scores(struct tfu_runs *r, const struct tfu_index_run *run, json_t *root,
                                  struct tfu_error *e)
{
    struct tfu_index_score *score;
    size_t count;
    const enum tfu_status st = tfu_index_scores(r->index, run, &r->arena, &score, &count, e);
    json_t *metrics = json_object(), *why = json_object();
    for (size_t i = 0; st == TFU_OK && i < count; i++) {
        json_object_set_new(metrics, score[i].series, tfu_json_number(score[i].last));
        if (score[i].note)
            json_object_set_new(why, score[i].series, tfu_json_text(score[i].note));
    }
    json_object_set_new(root, "metrics", metrics);
    if (json_object_size(why))
        json_object_set(root, "undefined", why);
    json_decref(why);
    return st;
}

static enum tfu_status add_config(struct tfu_runs *r, const struct tfu_index_run *run, json_t *root,
                                  struct tfu_error *e)
{
    struct tfu_index_leaf *leaf;
    size_t count;
    const enum tfu_status st = tfu_index_leaves(r->index, run, &r->arena, &leaf, &count, e);
    json_t *config = json_object();
    for (size_t i = 0; st == TFU_OK && i < count; i++)
        json_object_set_new(config, leaf[i].key, tfu_json_text(leaf[i].value));
    json_object_set_new(root, "config", config);
    return st;
}

static enum tfu_status add_files(struct tfu_runs *r, const struct tfu_index_run *run, json_t *root,
                                 struct tfu_error *e)
{
    struct tfu_index_artefact *file;
    struct tfu_index_session *session;
    size_t count;
    json_t *files = json_array(), *sessions = json_array();
    enum tfu_status st = tfu_index_artefacts(r->index, run, &r->arena, &file, &count, e);
    for (size_t i = 0; st == TFU_OK && i < count; i++)
        json_array_append_new(files, json_pack("{s:o, s:o, s:o}", "file",
                                               tfu_json_text(file[i].name), "step",
                                               whole(file[i].step), "bytes", whole(file[i].bytes)));
    if (st == TFU_OK)
        st = tfu_index_sessions(r->index, run, &r->arena, &session, &count, e);
    for (size_t i = 0; st == TFU_OK && i < count; i++)
        json_array_append_new(
            sessions,
            json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "started", moment(session[i].started),
                      "step", whole(session[i].step), "host", tfu_json_text(session[i].host),
                      "processor", tfu_json_text(session[i].processor), "threads",
                      whole(session[i].threads), "transfuse", tfu_json_text(session[i].version)));
    json_object_set_new(root, "artefacts", files);
    json_object_set_new(root, "sessions", sessions);
    return st;
}

static enum tfu_status add_points(struct tfu_runs *r, const struct tfu_index_run *run, json_t *root,
                                  struct tfu_error *e)
{
    struct tfu_index_point *point;
    size_t count;
    json_t *series = json_object(), *list = NULL;
    struct tfu_arena arena; /* of one run: there may be many lines, of many runs */
    tfu_arena_init(&arena, 0);
    const enum tfu_status st = tfu_index_points(r->index, run, &arena, &point, &count, e);
    for (size_t i = 0; st == TFU_OK && i < count; i++) {
        list = json_object_get(series, point[i].series);
        if (!list) {
            json_object_set_new(series, point[i].series, json_array());
            list = json_object_get(series, point[i].series);
        }
        json_t *one =
            json_pack("[I, o]", (json_int_t)point[i].step, tfu_json_number(point[i].value));
        if (point[i].note)
            json_array_append_new(one, tfu_json_text(point[i].note));
        json_array_append_new(list, one);
    }
    json_object_set_new(root, "points", series);
    tfu_arena_free(&arena);
    return st;
}

enum tfu_status tfu_runs_record(struct tfu_runs *r, const struct tfu_index_run *run, uint32_t what,
                                json_t **out, struct tfu_error *e)
{
    json_t *root = describe(r, run);
    enum tfu_status st = TFU_OK;
    if (what & TFU_RUNS_RECORD_SCORES)
        st = add_scores(r, run, root, e);
    if (st == TFU_OK && (what & TFU_RUNS_RECORD_CONFIG))
        st = add_config(r, run, root, e);
    if (st == TFU_OK && (what & TFU_RUNS_RECORD_FILES))
        st = add_files(r, run, root, e);
    if (st == TFU_OK && (what & TFU_RUNS_RECORD_POINTS))
        st = add_points(r, run, root, e);
    if (st != TFU_OK) {
        json_decref(root);
        root = NULL;
    }
    *out = root;
    return st;
}

enum tfu_status tfu_runs_print_line(json_t *root, struct tfu_error *e)
{
    char *line = root ? json_dumps(root, JSON_COMPACT | JSON_PRESERVE_ORDER) : NULL;
    json_decref(root);
    if (!line)
        return tfu_error_memory(e, "writing JSON", 0);
    fprintf(tfu_cli_output(), "%s\n", line);
    free(line);
    return TFU_OK;
}
