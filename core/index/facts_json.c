/* SPDX-License-Identifier: MIT */
#include "core/index/facts_json.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>

enum { JSON_MAX = 16 << 20 }; /* bytes; what is larger was not written by a run */

/* NULL: it is not there, or is no object, which is a complaint. */
static json_t *load(struct tfu_facts *f, int folder, const char *name, bool *absent)
{
    struct stat info;
    json_error_t error;
    const int fd = tfu_facts_open(folder, name);
    *absent = fd < 0 && errno == ENOENT;
    if (fd < 0 || fstat(fd, &info) != 0) {
        if (!*absent)
            tfu_facts_complain(f, "%s: %s", name, strerror(errno));
        return NULL;
    }
    json_t *root = NULL;
    if (info.st_size > JSON_MAX)
        tfu_facts_complain(f, "%s is %lld bytes long, which no run writes", name,
                           (long long)info.st_size);
    else if (!(root = tfu_facts_json(fd, (size_t)info.st_size, JSON_REJECT_DUPLICATES, &error)))
        tfu_facts_complain(f, "%s:%d: %s", name, error.line < 1 ? 1 : error.line, error.text);
    else if (!json_is_object(root))
        tfu_facts_complain(f, "%s: expected an object", name);
    close(fd);
    if (json_is_object(root))
        return root;
    json_decref(root);
    return NULL;
}

static double number_at(const json_t *object, const char *key)
{
    const json_t *v = json_object_get(object, key);
    return json_is_number(v) ? json_number_value(v) : NAN;
}

static int64_t whole_at(const json_t *object, const char *key)
{
    const json_t *v = json_object_get(object, key);
    return json_is_integer(v) ? (int64_t)json_integer_value(v) : -1;
}

/* A copy, or NULL where there is no text. */
static const char *text_at(struct tfu_facts *f, const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? tfu_arena_strdup(&f->arena, text) : NULL;
}

/* ---- summary.json */

static enum tfu_status take_scores(struct tfu_facts *f, json_t *splits)
{
    const char *split, *metric;
    json_t *scores, *value;
    size_t count = 0;
    json_object_foreach(splits, split, scores) count += json_object_size(scores);
    f->final = tfu_arena_array(&f->arena, count + 1, sizeof *f->final);
    if (!f->final)
        return TFU_ENOMEM;
    json_object_foreach(splits, split, scores)
    {
        json_object_foreach(scores, metric, value)
        {
            const char *series = tfu_arena_printf(&f->arena, "%s/%s", split, metric);
            if (!series)
                return TFU_ENOMEM;
            f->final[f->finals++] = (struct tfu_fact_final){
                series, json_is_number(value) ? json_number_value(value) : NAN};
        }
    }
    return TFU_OK;
}

static enum tfu_status take_best(struct tfu_facts *f, const json_t *best)
{
    const char *metric = json_string_value(json_object_get(best, "metric"));
    const char *split = json_string_value(json_object_get(best, "split"));
    if (!metric || !split)
        return TFU_OK;
    f->run.best = tfu_arena_printf(&f->arena, "%s/%s", split, metric);
    f->run.best_value = number_at(best, "value");
    f->run.best_step = whole_at(best, "step");
    return f->run.best ? TFU_OK : TFU_ENOMEM;
}

enum tfu_status tfu_facts_read_summary(struct tfu_facts *f, int folder, struct tfu_error *e)
{
    bool absent;
    json_t *root = load(f, folder, "summary.json", &absent);
    if (!root) {
        if (!absent)
            f->run.state = TFU_INDEX_DAMAGED;
        return TFU_OK;
    }
    const int64_t step = whole_at(root, "steps");
    if (step >= 0)
        f->run.step = step;
    f->run.seconds = number_at(root, "seconds");
    /* its values are the last ones now: were it to go, all lines count again */
    f->metrics.to.bytes = 0;
    enum tfu_status st = take_scores(f, json_object_get(root, "metrics"));
    if (st == TFU_OK)
        st = take_best(f, json_object_get(root, "best"));
    json_decref(root);
    return st == TFU_OK ? TFU_OK : tfu_error_memory(e, "reading summary.json", 0);
}

/* ---- env.json */

static int64_t time_at(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    struct tm utc = {.tm_isdst = 0};
    const char *end = text ? strptime(text, "%Y-%m-%dT%H:%M:%SZ", &utc) : NULL;
    return end && !*end ? (int64_t)timegm(&utc) : -1;
}

static struct tfu_index_session session_of(struct tfu_facts *f, const json_t *s)
{
    const json_t *host = json_object_get(s, "host");
    return (struct tfu_index_session){.started = time_at(s, "started"),
                                      .step = whole_at(s, "step"),
                                      .host = text_at(f, host, "name"),
                                      .processor = text_at(f, host, "cpu"),
                                      .version = text_at(f, s, "transfuse"),
                                      .threads = whole_at(host, "threads")};
}

enum tfu_status tfu_facts_read_environment(struct tfu_facts *f, int folder, struct tfu_error *e)
{
    bool absent;
    json_t *root = load(f, folder, "env.json", &absent), *session;
    const json_t *sessions = json_object_get(root, "sessions");
    size_t i;
    f->session = tfu_arena_array(&f->arena, json_array_size(sessions) + 1, sizeof *f->session);
    if (!f->session) {
        json_decref(root);
        return tfu_error_memory(e, "reading env.json", 0);
    }
    json_array_foreach(sessions, i, session) f->session[f->sessions++] = session_of(f, session);
    if (f->sessions) {
        f->run.started = f->session[0].started;
        f->run.host = f->session[f->sessions - 1].host;
    }
    json_decref(root);
    return TFU_OK;
}
