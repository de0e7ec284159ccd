/* SPDX-License-Identifier: MIT */
#include "core/cli/progress.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/cli/terminal.h"

enum { BAR_MAX = 40, BAR_MIN = 8 };

void tfu_progress_init(struct tfu_progress *p, bool quiet)
{
    const double now = tfu_clock_seconds();
    *p = (struct tfu_progress){
        .quiet = quiet,
        .terminal = isatty(STDERR_FILENO) == 1,
        .begin = now,
        .last_shown = now,
        .step_begin = now,
        .loss = NAN,
    };
}

void tfu_progress_end(struct tfu_progress *p)
{
    if (p->drawn)
        fprintf(stderr, "\r%*s\r", (int)tfu_terminal_width(STDERR_FILENO) - 1, "");
    p->drawn = false;
    fflush(stderr);
}

/* Is it time to show something again? */
static bool is_due(struct tfu_progress *p)
{
    const double now = tfu_clock_seconds();
    if (p->quiet || now - p->last_shown < (p->terminal ? 0.1 : 10))
        return false;
    p->last_shown = now;
    return true;
}

/* "[####----] text", cut to the terminal; the bar goes first when there is no room. */
static void draw(struct tfu_progress *p, double share, const char *text)
{
    const size_t width = tfu_terminal_width(STDERR_FILENO) - 1;
    char line[TFU_TERMINAL_WIDTH_MAX + 1];
    if (strlen(text) > p->text_width)
        p->text_width = strlen(text);
    size_t bar = width > p->text_width + 3 ? width - p->text_width - 3 : 0;
    if (bar > BAR_MAX)
        bar = BAR_MAX;
    size_t at = 0;
    if (bar >= BAR_MIN) {
        line[at++] = '[';
        for (size_t i = 0; i < bar; i++)
            line[at++] = (double)i < share * (double)bar ? '#' : '-';
        line[at++] = ']';
        line[at++] = ' ';
    }
    snprintf(line + at, sizeof line - at, "%s", text);
    fprintf(stderr, "\r%-*.*s", (int)width, (int)width, line);
    fflush(stderr);
    p->drawn = true;
}

static void show(struct tfu_progress *p, double share, const char *text)
{
    if (p->terminal)
        draw(p, share, text);
    else
        fprintf(stderr, "%s\n", text);
}

static void on_loaded(void *arg, const char *account)
{
    const struct tfu_progress *p = arg;
    if (!p->quiet)
        fputs(account, stderr);
}

static void on_started(void *arg, const struct tfu_session *s, int64_t step)
{
    struct tfu_progress *p = arg;
    p->first_step = step;
    p->steps = s->steps;
    p->step_begin = tfu_clock_seconds();
    if (!p->quiet && step > 0)
        fprintf(stderr, "going on after step %" PRId64 " of %" PRId64 "\n", step, s->steps);
}

static void on_step(void *arg, const struct tfu_step_report *r)
{
    struct tfu_progress *p = arg;
    const double now = tfu_clock_seconds();
    p->step_seconds += now - p->step_begin;
    p->step_begin = now;
    p->images += r->rows;
    if (!isnan(r->loss))
        p->loss = isnan(p->loss) ? r->loss : 0.9 * p->loss + 0.1 * r->loss;
    if (!is_due(p))
        return;
    char text[160], left[32];
    const double per_step = p->step_seconds / (double)(r->step - p->first_step);
    tfu_duration_put(left, sizeof left, per_step * (double)(r->steps - r->step));
    snprintf(text, sizeof text, "step %" PRId64 "/%" PRId64 "  loss %.4f  %.0f images/s  %s left",
             r->step, r->steps, p->loss, (double)p->images / p->step_seconds, left);
    show(p, (double)r->step / (double)r->steps, text);
}

void tfu_progress_evaluating(void *arg, enum tfu_split split, int64_t done, int64_t total)
{
    struct tfu_progress *p = arg;
    p->step_begin = tfu_clock_seconds();
    if (!is_due(p))
        return;
    char text[160];
    snprintf(text, sizeof text, "evaluating %s data: %" PRId64 "/%" PRId64, tfu_split_name(split),
             done, total);
    show(p, (double)done / (double)total, text);
}

static void on_evaluated(void *arg, int64_t step, enum tfu_split split, struct tfu_scores scores)
{
    struct tfu_progress *p = arg;
    if (p->quiet)
        return;
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_scores_headline(scores, &text);
    tfu_progress_end(p);
    fprintf(stderr, "step %" PRId64 "/%" PRId64 "  %s:  %s\n", step, p->steps,
            tfu_split_name(split), tfu_text_get(&text));
    tfu_text_free(&text);
    p->last_shown = tfu_clock_seconds();
}

static void on_saved(void *arg, int64_t step, const char *path)
{
    struct tfu_progress *p = arg;
    (void)step;
    (void)path;
    p->step_begin = tfu_clock_seconds(); /* writing is not training */
}

struct tfu_train_hooks tfu_progress_hooks(struct tfu_progress *p)
{
    return (struct tfu_train_hooks){
        .arg = p,
        .loaded = on_loaded,
        .started = on_started,
        .step = on_step,
        .evaluating = tfu_progress_evaluating,
        .evaluated = on_evaluated,
        .saved = on_saved,
    };
}
