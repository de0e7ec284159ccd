/* SPDX-License-Identifier: MIT */
#include "core/index/column_attribute.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/index/opened.h"

bool tfu_column_number_of(const char *text, double *out)
{
    char *end;
    *out = text && text[0] ? strtod(text, &end) : NAN;
    if (text && text[0] && !*end)
        return true;
    *out = NAN;
    return false;
}

enum attribute {
    RUN,
    NAME,
    ID,
    STATE,
    PROBLEM,
    HOST,
    STARTED,
    UPDATED,
    STEP,
    STEPS,
    SECONDS,
    SEED,
    ARCH,
    INIT,
    BEST,
    BEST_VALUE,
    BEST_STEP,
    OWNER,
    SWEEP, /* which the database has, see column.c */
    ATTRIBUTES
};

static const struct {
    const char *name;
    enum tfu_index_kind kind;
} attributes[ATTRIBUTES] = {
    [RUN] = {"run", TFU_INDEX_TEXT},
    [NAME] = {"name", TFU_INDEX_TEXT},
    [ID] = {"id", TFU_INDEX_TEXT},
    [STATE] = {"state", TFU_INDEX_TEXT},
    [PROBLEM] = {"problem", TFU_INDEX_TEXT},
    [HOST] = {"host", TFU_INDEX_TEXT},
    [STARTED] = {"started", TFU_INDEX_TIME},
    [UPDATED] = {"updated", TFU_INDEX_TIME},
    [STEP] = {"step", TFU_INDEX_NUMBER},
    [STEPS] = {"steps", TFU_INDEX_NUMBER},
    [SECONDS] = {"seconds", TFU_INDEX_NUMBER},
    [SEED] = {"seed", TFU_INDEX_TEXT},
    [ARCH] = {"arch", TFU_INDEX_TEXT},
    [INIT] = {"init", TFU_INDEX_TEXT},
    [BEST] = {"best", TFU_INDEX_TEXT},
    [BEST_VALUE] = {"best_value", TFU_INDEX_NUMBER},
    [BEST_STEP] = {"best_step", TFU_INDEX_NUMBER},
    [OWNER] = {"owner", TFU_INDEX_TEXT},
    [SWEEP] = {"sweep", TFU_INDEX_TEXT},
};

static const char *text_of(const struct tfu_index_run *r, enum attribute a)
{
    switch (a) {
    case RUN:
        return r->path;
    case NAME:
        return r->name;
    case ID:
        return r->id;
    case STATE:
        return tfu_index_state_name(r->state);
    case PROBLEM:
        return r->problem;
    case HOST:
        return r->host;
    case SEED:
        return r->seed;
    case ARCH:
        return r->arch;
    case INIT:
        return r->init;
    case BEST:
        return r->best;
    case OWNER:
        return r->owner;
    default:
        return NULL;
    }
}

static double known(int64_t value)
{
    return value < 0 ? NAN : (double)value;
}

static double number_at(const struct tfu_index_run *r, enum attribute a)
{
    switch (a) {
    case STARTED:
        return known(r->started);
    case UPDATED:
        return known(r->updated);
    case STEP:
        return known(r->step);
    case STEPS:
        return known(r->steps);
    case SECONDS:
        return r->seconds;
    case BEST_VALUE:
        return r->best_value;
    case BEST_STEP:
        return known(r->best_step);
    default:
        return NAN;
    }
}

/* Names, ids and hosts are words, also where they could be read as numbers: 1e3 is not 1000. */
static void fill(const struct tfu_index *x, enum attribute a, struct tfu_index_column *c)
{
    for (size_t i = 0; i < x->tally.runs; i++) {
        struct tfu_index_value *v = &c->value[i];
        v->text = text_of(&x->run[i], a);
        v->number = number_at(&x->run[i], a);
        if (v->text && a == SEED)
            tfu_column_number_of(v->text, &v->number);
        v->there = v->text || !isnan(v->number);
    }
}

bool tfu_column_fill_attribute(const struct tfu_index *x, struct tfu_index_column *c)
{
    for (enum attribute a = RUN; a < ATTRIBUTES; a++)
        if (strcmp(c->key, attributes[a].name) == 0) {
            c->kind = attributes[a].kind;
            fill(x, a, c);
            return true;
        }
    return false;
}

const char *tfu_column_nearest_attribute(const char *key)
{
    const char *name[ATTRIBUTES];
    for (size_t i = 0; i < ATTRIBUTES; i++)
        name[i] = attributes[i].name;
    return tfu_text_nearest(key, name, ATTRIBUTES);
}
