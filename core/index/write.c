/* SPDX-License-Identifier: MIT */
#include "core/index/write.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/index/once.h"

enum statement {
    FIND_RUN,
    PUT_RUN,
    DROP_RUN,
    DROP_CONFIG,
    DROP_METRICS,
    DROP_SCORES,
    DROP_ARTEFACTS,
    DROP_SESSIONS,
    PUT_CONFIG,
    PUT_METRIC,
    PUT_SCORE,
    PUT_FINAL,
    PUT_ARTEFACT,
    PUT_SESSION,
    STATEMENTS
};

static const char *const sql[STATEMENTS] = {
    [FIND_RUN] = "SELECT row, metrics_inode, metrics_bytes, metrics_tail FROM run WHERE path=?1",
    [PUT_RUN] =
        "INSERT INTO run(row, path, name, id, state, problem, started, updated, host, step, steps,"
        " seconds, seed, arch, init, best, best_value, best_step, owner, owner_since, stamp,"
        " metrics_inode, metrics_bytes, metrics_lines, metrics_step, metrics_tail)"
        " VALUES"
        "(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22,?23,?24,"
        "?25,?26)",
    [DROP_RUN] = "DELETE FROM run WHERE row=?1",
    [DROP_CONFIG] = "DELETE FROM config WHERE run=?1 AND key IN (SELECT id FROM key)",
    [DROP_METRICS] = "DELETE FROM metric WHERE run=?1",
    [DROP_SCORES] = "DELETE FROM score WHERE run=?1 AND series IN (SELECT id FROM series)",
    [DROP_ARTEFACTS] = "DELETE FROM artefact WHERE run=?1",
    [DROP_SESSIONS] = "DELETE FROM session WHERE run=?1",
    [PUT_CONFIG] = "INSERT OR REPLACE INTO config(key, run, value) VALUES(?1,?2,?3)",
    [PUT_METRIC] =
        "INSERT OR REPLACE INTO metric(run, series, step, value, note) VALUES(?1,?2,?3,?4,?5)",
    [PUT_SCORE] =
        "INSERT INTO score(series, run, last, last_step, note, low, low_step, high, high_step)"
        " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9) ON CONFLICT(series, run) DO UPDATE SET"
        " last=excluded.last, last_step=excluded.last_step, note=excluded.note,"
        " low_step=CASE WHEN low IS NULL OR excluded.low<low THEN excluded.low_step"
        " ELSE low_step END,"
        " low=CASE WHEN low IS NULL OR excluded.low<low THEN excluded.low ELSE low END,"
        " high_step=CASE WHEN high IS NULL OR excluded.high>high THEN excluded.high_step"
        " ELSE high_step END,"
        " high=CASE WHEN high IS NULL OR excluded.high>high THEN excluded.high ELSE high END",
    [PUT_FINAL] = "INSERT INTO score(series, run, last, last_step) VALUES(?1,?2,?3,?4)"
                  " ON CONFLICT(series, run) DO UPDATE SET last=excluded.last",
    [PUT_ARTEFACT] = "INSERT INTO artefact(run, name, step, bytes) VALUES(?1,?2,?3,?4)",
    [PUT_SESSION] = "INSERT INTO session(run, number, started, step, host, processor, version,"
                    " threads) VALUES(?1,?2,?3,?4,?5,?6,?7,?8)",
};

struct tfu_index_writer {
    struct tfu_database *database;
    sqlite3_stmt *statement[STATEMENTS];
    struct tfu_once key, value, series;
};

void tfu_index_writer_free(struct tfu_index_writer *w)
{
    if (!w)
        return;
    for (size_t i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(w->statement[i]);
    tfu_once_close(&w->key);
    tfu_once_close(&w->value);
    tfu_once_close(&w->series);
    free(w);
}

int tfu_index_writer_new(struct tfu_index_writer **out, struct tfu_database *d)
{
    struct tfu_index_writer *w = calloc(1, sizeof *w);
    *out = NULL;
    if (!w)
        return SQLITE_NOMEM;
    w->database = d;
    int rc = SQLITE_OK;
    for (size_t i = 0; rc == SQLITE_OK && i < STATEMENTS; i++)
        rc = tfu_database_prepare(d, &w->statement[i], sql[i]);
    if (rc == SQLITE_OK)
        rc = tfu_once_open(&w->key, d, "key", "name");
    if (rc == SQLITE_OK)
        rc = tfu_once_open(&w->value, d, "value", "text");
    if (rc == SQLITE_OK)
        rc = tfu_once_open(&w->series, d, "series", "name");
    if (rc != SQLITE_OK) {
        tfu_index_writer_free(w);
        return rc;
    }
    *out = w;
    return SQLITE_OK;
}

/* ---- doing one */

static sqlite3_stmt *statement(struct tfu_index_writer *w, enum statement which)
{
    sqlite3_stmt *s = w->statement[which];
    sqlite3_reset(s);
    return s;
}

static int done(sqlite3_stmt *s)
{
    const int rc = sqlite3_step(s);
    sqlite3_reset(s);
    return rc == SQLITE_DONE || rc == SQLITE_ROW ? SQLITE_OK : rc;
}

static int do_with(struct tfu_index_writer *w, enum statement which, int64_t row)
{
    sqlite3_stmt *s = statement(w, which);
    sqlite3_bind_int64(s, 1, row);
    return done(s);
}

/* ---- a run */

static int put_config(struct tfu_index_writer *w, int64_t row, const struct tfu_facts *f)
{
    int rc = SQLITE_OK;
    for (size_t i = 0; rc == SQLITE_OK && i < f->leaves; i++) {
        struct tfu_once_text *key;
        rc = tfu_once_meet(&w->key, f->leaf[i].key, &key);
        if (rc == SQLITE_OK && (!key->value || strcmp(key->value, f->leaf[i].value) != 0)) {
            rc = tfu_once_number(&w->value, f->leaf[i].value, &key->value_id);
            free(key->value);
            key->value = rc == SQLITE_OK ? strdup(f->leaf[i].value) : NULL;
        }
        if (rc != SQLITE_OK)
            break;
        sqlite3_stmt *s = statement(w, PUT_CONFIG);
        sqlite3_bind_int64(s, 1, key->id);
        sqlite3_bind_int64(s, 2, row);
        sqlite3_bind_int64(s, 3, key->value_id);
        rc = done(s);
    }
    return rc;
}

/* What the new lines of one series come to. */
struct score {
    int64_t id;
    bool any;
    double last, low, high;
    int64_t last_step, low_step, high_step;
    const char *note;
};

static void count_in(struct score *s, const struct tfu_fact_metric *row)
{
    s->any = true;
    s->last = row->value;
    s->last_step = row->step;
    s->note = row->note;
    if (row->value < s->low || isnan(s->low)) {
        s->low = row->value;
        s->low_step = isnan(row->value) ? -1 : row->step;
    }
    if (row->value > s->high || isnan(s->high)) {
        s->high = row->value;
        s->high_step = isnan(row->value) ? -1 : row->step;
    }
}

static int put_score(struct tfu_index_writer *w, int64_t row, const struct score *x)
{
    sqlite3_stmt *s = statement(w, PUT_SCORE);
    sqlite3_bind_int64(s, 1, x->id);
    sqlite3_bind_int64(s, 2, row);
    tfu_bind_number(s, 3, x->last);
    tfu_bind_whole(s, 4, x->last_step);
    tfu_bind_text(s, 5, x->note);
    tfu_bind_number(s, 6, x->low);
    tfu_bind_whole(s, 7, x->low_step);
    tfu_bind_number(s, 8, x->high);
    tfu_bind_whole(s, 9, x->high_step);
    return done(s);
}

static int put_lines(struct tfu_index_writer *w, int64_t row, const struct tfu_facts_metrics *m,
                     struct score *score)
{
    int rc = SQLITE_OK;
    for (size_t i = 0; rc == SQLITE_OK && i < m->count; i++) {
        const struct tfu_fact_metric *line = &m->row[i];
        sqlite3_stmt *s = statement(w, PUT_METRIC);
        sqlite3_bind_int64(s, 1, row);
        sqlite3_bind_int64(s, 2, score[line->series].id);
        sqlite3_bind_int64(s, 3, line->step);
        tfu_bind_number(s, 4, line->value);
        tfu_bind_text(s, 5, line->note);
        rc = done(s);
        count_in(&score[line->series], line);
    }
    for (size_t i = 0; rc == SQLITE_OK && i < m->series_count; i++)
        if (score[i].any)
            rc = put_score(w, row, &score[i]);
    return rc;
}

static int put_metrics(struct tfu_index_writer *w, int64_t row, const struct tfu_facts *f)
{
    const struct tfu_facts_metrics *m = &f->metrics;
    struct score *score = calloc(m->series_count + 1, sizeof *score);
    int rc = score ? SQLITE_OK : SQLITE_NOMEM;
    for (size_t i = 0; rc == SQLITE_OK && i < m->series_count; i++) {
        struct tfu_once_text *series;
        rc = tfu_once_meet(&w->series, m->series[i], &series);
        if (rc == SQLITE_OK)
            score[i] = (struct score){.id = series->id, .low = NAN, .high = NAN};
    }
    if (rc == SQLITE_OK)
        rc = put_lines(w, row, m, score);
    free(score);
    for (size_t i = 0; rc == SQLITE_OK && i < f->finals; i++) {
        struct tfu_once_text *series;
        rc = tfu_once_meet(&w->series, f->final[i].series, &series);
        if (rc != SQLITE_OK)
            break;
        sqlite3_stmt *s = statement(w, PUT_FINAL);
        sqlite3_bind_int64(s, 1, series->id);
        sqlite3_bind_int64(s, 2, row);
        tfu_bind_number(s, 3, f->final[i].value);
        tfu_bind_whole(s, 4, f->run.step);
        rc = done(s);
    }
    return rc;
}

static int put_rest(struct tfu_index_writer *w, int64_t row, const struct tfu_facts *f)
{
    int rc = SQLITE_OK;
    for (size_t i = 0; rc == SQLITE_OK && i < f->artefacts; i++) {
        sqlite3_stmt *s = statement(w, PUT_ARTEFACT);
        sqlite3_bind_int64(s, 1, row);
        tfu_bind_text(s, 2, f->artefact[i].name);
        tfu_bind_whole(s, 3, f->artefact[i].step);
        tfu_bind_whole(s, 4, f->artefact[i].bytes);
        rc = done(s);
    }
    for (size_t i = 0; rc == SQLITE_OK && i < f->sessions; i++) {
        const struct tfu_index_session *x = &f->session[i];
        sqlite3_stmt *s = statement(w, PUT_SESSION);
        sqlite3_bind_int64(s, 1, row);
        sqlite3_bind_int64(s, 2, (int64_t)i);
        tfu_bind_whole(s, 3, x->started);
        tfu_bind_whole(s, 4, x->step);
        tfu_bind_text(s, 5, x->host);
        tfu_bind_text(s, 6, x->processor);
        tfu_bind_text(s, 7, x->version);
        tfu_bind_whole(s, 8, x->threads);
        rc = done(s);
    }
    return rc;
}

static int put_run(struct tfu_index_writer *w, int64_t *row, const struct tfu_facts *f)
{
    const struct tfu_index_run *r = &f->run;
    const struct tfu_facts_place *to = &f->metrics.to;
    sqlite3_stmt *s = statement(w, PUT_RUN);
    if (*row >= 0)
        sqlite3_bind_int64(s, 1, *row);
    else
        sqlite3_bind_null(s, 1);
    tfu_bind_text(s, 2, r->path);
    tfu_bind_text(s, 3, r->name);
    tfu_bind_text(s, 4, r->id);
    tfu_bind_text(s, 5, tfu_index_state_name(r->state));
    tfu_bind_text(s, 6, r->problem);
    tfu_bind_whole(s, 7, r->started);
    tfu_bind_whole(s, 8, r->updated);
    tfu_bind_text(s, 9, r->host);
    tfu_bind_whole(s, 10, r->step);
    tfu_bind_whole(s, 11, r->steps);
    tfu_bind_number(s, 12, r->seconds);
    tfu_bind_text(s, 13, r->seed);
    tfu_bind_text(s, 14, r->arch);
    tfu_bind_text(s, 15, r->init);
    tfu_bind_text(s, 16, r->best);
    tfu_bind_number(s, 17, r->best_value);
    tfu_bind_whole(s, 18, r->best_step);
    tfu_bind_text(s, 19, r->owner);
    tfu_bind_whole(s, 20, r->owner_since);
    sqlite3_bind_int64(s, 21, (int64_t)f->stamp);
    sqlite3_bind_int64(s, 22, (int64_t)to->inode);
    sqlite3_bind_int64(s, 23, to->bytes);
    sqlite3_bind_int64(s, 24, to->lines);
    sqlite3_bind_int64(s, 25, to->step);
    tfu_bind_text(s, 26, to->tail);
    const int rc = done(s);
    if (rc == SQLITE_OK && *row < 0)
        *row = sqlite3_last_insert_rowid(w->database->handle);
    return rc;
}

static int drop(struct tfu_index_writer *w, int64_t row, bool metrics)
{
    static const enum statement all[] = {DROP_RUN,      DROP_CONFIG,  DROP_ARTEFACTS,
                                         DROP_SESSIONS, DROP_METRICS, DROP_SCORES};
    int rc = SQLITE_OK;
    for (size_t i = 0; rc == SQLITE_OK && i < (metrics ? 6u : 4u); i++)
        rc = do_with(w, all[i], row);
    return rc;
}

int tfu_index_write_gone(struct tfu_index_writer *w, int64_t row)
{
    return drop(w, row, true);
}

int tfu_index_write_run(struct tfu_index_writer *w, const struct tfu_facts *f)
{
    const struct tfu_facts_place *from = &f->metrics.from;
    sqlite3_stmt *s = statement(w, FIND_RUN);
    tfu_bind_text(s, 1, f->run.path);
    int64_t row = -1;
    bool goes_on = false;
    int rc = sqlite3_step(s);
    if (rc == SQLITE_ROW) {
        const char *tail = tfu_column_text(s, 3);
        row = sqlite3_column_int64(s, 0);
        goes_on = (uint64_t)sqlite3_column_int64(s, 1) == from->inode &&
                  sqlite3_column_int64(s, 2) == from->bytes && tail &&
                  strcmp(tail, from->tail) == 0;
    }
    sqlite3_reset(s);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return rc;
    if (!f->metrics.anew && !goes_on)
        return TFU_DATABASE_STALE;
    rc = row >= 0 ? drop(w, row, f->metrics.anew) : SQLITE_OK;
    if (rc == SQLITE_OK)
        rc = put_run(w, &row, f);
    if (rc == SQLITE_OK)
        rc = put_config(w, row, f);
    if (rc == SQLITE_OK)
        rc = put_metrics(w, row, f);
    return rc == SQLITE_OK ? put_rest(w, row, f) : rc;
}
