/* SPDX-License-Identifier: MIT
 *
 * transfuse weights stats
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/cli/cmd_weights.h"
#include "core/io/csv.h"
#include "core/io/weights_order.h"
#include "core/io/weights_stats.h"

/* Where the lines go and how. */
struct output {
    const struct tfu_weights_command *command;
    struct tfu_patterns match;
    struct tfu_csv csv;
    int width;   /* of names */
    bool blocks; /* the terminal has UTF-8's */
    int64_t *histogram;
};

enum { NUMBER_TEXT = 32 };

static const char *whole_text(struct tfu_whole v, char text[NUMBER_TEXT])
{
    snprintf(text, NUMBER_TEXT, "%s%" PRIu64, v.negative ? "-" : "", v.magnitude);
    return text;
}

/* The least or largest for people: as an integer where it is one. */
static const char *end_text(const struct tfu_weights_stats *s, double x, struct tfu_whole v,
                            char text[NUMBER_TEXT])
{
    if (s->exact)
        return whole_text(v, text);
    snprintf(text, NUMBER_TEXT, "%.4g", x);
    return text;
}

static bool has_blocks(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < TFU_COUNT(variables); i++) {
        const char *value = getenv(variables[i]);
        if (value && value[0]) /* the first that is set decides */
            return isatty(STDOUT_FILENO) && (strstr(value, "UTF-8") || strstr(value, "utf8"));
    }
    return false;
}

/* A character an interval, the higher the fuller. */
static void print_bar(const struct output *o)
{
    static const char *const blocks[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    static const char *const letters[] = {" ", ".", ":", "-", "=", "+", "*", "#", "@"};
    enum { LEVELS = TFU_COUNT(blocks) - 1 };
    int64_t most = 1;
    for (int64_t b = 0; b < o->command->bins; b++)
        most = o->histogram[b] > most ? o->histogram[b] : most;
    fputs("  |", stdout);
    for (int64_t b = 0; b < o->command->bins; b++) {
        /* what is not empty is seen */
        const double share = (double)o->histogram[b] / (double)most;
        const size_t level = o->histogram[b] ? 1 + (size_t)(share * (LEVELS - 1) + 0.5) : 0;
        fputs((o->blocks ? blocks : letters)[level], stdout);
    }
    fputs("|", stdout);
}

static void print_csv(struct output *o, const struct tfu_weights_tensor *t,
                      const struct tfu_weights_stats *d)
{
    enum { ALL_DIGITS = 17 };
    const struct tfu_numbers *s = &d->numbers;
    tfu_csv_text(&o->csv, t->name);
    tfu_csv_text(&o->csv, tfu_stored_type_name(t->type));
    tfu_csv_int(&o->csv, s->count);
    tfu_csv_number(&o->csv, s->mean, ALL_DIGITS);
    tfu_csv_number(&o->csv, s->variance, ALL_DIGITS);
    char text[NUMBER_TEXT];
    if (d->exact) {
        tfu_csv_text(&o->csv, whole_text(d->least, text));
        tfu_csv_text(&o->csv, whole_text(d->most, text));
    } else {
        tfu_csv_number(&o->csv, s->min, ALL_DIGITS);
        tfu_csv_number(&o->csv, s->max, ALL_DIGITS);
    }
    tfu_csv_int(&o->csv, s->zeros);
    tfu_csv_int(&o->csv, s->not_finite);
    for (int64_t b = 0; b < o->command->bins; b++)
        tfu_csv_int(&o->csv, o->histogram[b]);
    tfu_csv_end_line(&o->csv);
}

static void print_line(const struct output *o, const struct tfu_weights_tensor *t,
                       const struct tfu_weights_stats *d)
{
    const struct tfu_numbers *s = &d->numbers;
    char least[NUMBER_TEXT], most[NUMBER_TEXT];
    const double zeros = s->count ? 100.0 * (double)s->zeros / (double)s->count : 0;
    tfu_cmd_weights_put_name(t->name, o->width);
    printf("  %-7s %10" PRId64 " %11.4g %11.4g %11s %11s %7.2f %10" PRId64,
           tfu_stored_type_name(t->type), s->count, s->mean, s->variance,
           end_text(d, s->min, d->least, least), end_text(d, s->max, d->most, most), zeros,
           s->not_finite);
    if (o->command->bins)
        print_bar(o);
    putchar('\n');
}

static void print_head(struct output *o)
{
    static const char *const columns[] = {"name", "type", "count", "mean",      "variance",
                                          "min",  "max",  "zeros", "not_finite"};
    if (!o->command->csv) {
        printf("%-*s  %-7s %10s %11s %11s %11s %11s %7s %10s%s\n", o->width, columns[0], columns[1],
               columns[2], columns[3], columns[4], columns[5], columns[6], "zeros %", "not finite",
               o->command->bins ? "  from min to max" : "");
        return;
    }
    for (size_t i = 0; i < TFU_COUNT(columns); i++)
        tfu_csv_text(&o->csv, columns[i]);
    for (int64_t b = 0; b < o->command->bins; b++) {
        char name[32];
        snprintf(name, sizeof name, "bin_%" PRId64, b);
        tfu_csv_text(&o->csv, name);
    }
    tfu_csv_end_line(&o->csv);
}

static enum tfu_status print_tensor(struct output *o, const struct tfu_weights *w, size_t i,
                                    struct tfu_error *e)
{
    const struct tfu_weights_tensor *t = tfu_weights_get(w, i);
    struct tfu_weights_stats s;
    if (t->problem) {
        fprintf(stderr, "transfuse: warning: tensor '%s' (%s) is left out: %s\n", t->name, t->kind,
                t->problem);
        return TFU_OK;
    }
    const enum tfu_status st =
        tfu_weights_stats(&s, w, i, (size_t)o->command->bins, o->histogram, e);
    if (st != TFU_OK)
        return st;
    if (o->command->csv)
        print_csv(o, t, &s);
    else
        print_line(o, t, &s);
    return TFU_OK;
}

static enum tfu_status print_all(struct output *o, const struct tfu_weights *w, struct tfu_error *e)
{
    enum tfu_status st = tfu_patterns_check(&o->match, w, NULL, e);
    if (st != TFU_OK)
        return st;
    size_t *order;
    st = tfu_weights_order(&order, w, e);
    if (st != TFU_OK)
        return st;
    print_head(o);
    for (size_t i = 0; st == TFU_OK && i < tfu_weights_count(w); i++)
        if (tfu_patterns_fit(&o->match, tfu_weights_get(w, order[i])->name))
            st = print_tensor(o, w, order[i], e);
    free(order);
    return st;
}

int tfu_cmd_weights_stats(const struct tfu_weights_command *c)
{
    struct tfu_weights *w = tfu_cmd_weights_open(c, 0);
    if (!w)
        return TFU_EXIT_FAILED;
    struct tfu_error e = TFU_ERROR_INIT;
    struct output o = {
        .command = c,
        .match = tfu_cmd_weights_match(c),
        .csv = {.file = stdout},
        .width = tfu_cmd_weights_name_width(c, w, 4),
        .blocks = has_blocks(),
        .histogram = calloc((size_t)c->bins + 1, sizeof *o.histogram),
    };
    const enum tfu_status st =
        o.histogram ? print_all(&o, w, &e) : tfu_error_memory(&e, "reading the numbers", 0);
    free(o.histogram);
    tfu_weights_close(w);
    return st == TFU_OK ? TFU_EXIT_OK : tfu_cli_error(&e);
}
