/* SPDX-License-Identifier: MIT */
#include "core/cli/sweep_table.h"
#include "core/base/clock.h"

#include <inttypes.h>
#include <math.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/cli/terminal.h"
#include "core/sweep/title.h"

/* DETAIL: room behind the bar: the line is cut where it takes more, and names are what is looked
 * for. */
enum { BAR = 16, NAME_MIN = 16, DETAIL = 36, DETAIL_SIZE = 64 };

void tfu_sweep_table_init(struct tfu_sweep_table *t, struct tfu_sweep *sweep, size_t count,
                          bool quiet)
{
    *t = (struct tfu_sweep_table){.sweep = sweep,
                                  .out = stdout,
                                  .terminal = isatty(STDOUT_FILENO) == 1,
                                  .quiet = quiet,
                                  .count = count,
                                  .left = NAN};
}

/* Is there nobody any more who reads it? */
static bool is_cut_off(FILE *f)
{
    struct pollfd fd = {.fd = fileno(f), .events = POLLOUT};
    return (fflush(f) != 0 || ferror(f)) && poll(&fd, 1, 0) == 1 && (fd.revents & POLLERR);
}

/* What is trained is not lost with who looked on, as in `sweep run | head`. */
static void flush(struct tfu_sweep_table *t)
{
    if (!is_cut_off(t->out))
        return;
    fputs("transfuse: nobody reads the output any more; the sweep goes on without\n", stderr);
    if (!freopen("/dev/null", "w", t->out))
        perror("transfuse: cannot open '/dev/null'");
}

static void erase(struct tfu_sweep_table *t)
{
    if (t->lines > 0)
        fprintf(t->out, "\r\033[%zuA\033[J", t->lines);
    t->lines = 0;
}

/* ---- what happened */

static void put_left(struct tfu_text *line, double seconds)
{
    char left[32];
    if (isnan(seconds))
        return;
    tfu_duration_put(left, sizeof left, seconds);
    tfu_text_printf(line, "; %s left", left);
}

static void put_seconds(struct tfu_text *line, double seconds)
{
    char text[32];
    tfu_duration_put(text, sizeof text, seconds);
    tfu_text_printf(line, "  %s", text);
}

/* Why, and where more of it stands. */
static void put_failure(struct tfu_text *line, const struct tfu_launch_event *event)
{
    tfu_text_printf(line, "\n    %s", event->text);
    if (event->log)
        tfu_text_printf(line, "\n    log: %s", event->log);
}

static void put_event(struct tfu_sweep_table *t, struct tfu_text *line,
                      const struct tfu_launch_event *event)
{
    static const char *const word[] = {
        [TFU_LAUNCH_STARTED] = "started",       [TFU_LAUNCH_DONE] = "done",
        [TFU_LAUNCH_FOUND] = "done before",     [TFU_LAUNCH_PAUSED] = "at its rung",
        [TFU_LAUNCH_STOPPED] = "stopped",       [TFU_LAUNCH_INTERRUPTED] = "interrupted",
        [TFU_LAUNCH_FAILED] = "failed",         [TFU_LAUNCH_RETRIED] = "failed, once more",
        [TFU_LAUNCH_REFUSED] = "failed before", [TFU_LAUNCH_ELSEWHERE] = "runs elsewhere",
        [TFU_LAUNCH_LOST] = "taken over",       [TFU_LAUNCH_WARNING] = "warning",
        [TFU_LAUNCH_IDLE] = "no step",          [TFU_LAUNCH_REMOVED] = "removed",
        [TFU_LAUNCH_GONE] = "removed",
    };
    tfu_text_printf(line, "[%zu/%zu] %-17s ", t->finished, t->count, word[event->news]);
    tfu_sweep_title_put(line, t->sweep, event->index);
    switch (event->news) {
    case TFU_LAUNCH_STARTED:
        tfu_text_printf(line, "  (process %ld, %" PRId64 " thread%s, launcher %ld)", event->pid,
                        event->threads, event->threads == 1 ? "" : "s", (long)getpid());
        break;
    case TFU_LAUNCH_DONE:
        put_seconds(line, event->seconds);
        put_left(line, t->left);
        break;
    case TFU_LAUNCH_FAILED:
    case TFU_LAUNCH_RETRIED:
    case TFU_LAUNCH_REFUSED:
    case TFU_LAUNCH_WARNING:
        put_failure(line, event);
        break;
    case TFU_LAUNCH_ELSEWHERE:
        tfu_text_printf(line, "  (%s)", event->text);
        break;
    case TFU_LAUNCH_IDLE:
        tfu_text_printf(line, "  (for %s, process %ld)", event->text, event->pid);
        break;
    case TFU_LAUNCH_REMOVED:
    case TFU_LAUNCH_GONE:
        tfu_text_printf(line, "  (somebody removed its run; %s)", event->text);
        break;
    case TFU_LAUNCH_FOUND:
    case TFU_LAUNCH_PAUSED:
    case TFU_LAUNCH_STOPPED:
    case TFU_LAUNCH_INTERRUPTED:
    case TFU_LAUNCH_LOST:
        break;
    }
}

static bool is_bad_news(enum tfu_launch_news news)
{
    return news == TFU_LAUNCH_FAILED || news == TFU_LAUNCH_RETRIED || news == TFU_LAUNCH_REFUSED ||
           news == TFU_LAUNCH_WARNING;
}

/* Those that were done before are one line, before the next that is told. */
static void tell_found(struct tfu_sweep_table *t)
{
    if (t->found > 0 && !t->quiet)
        fprintf(t->out, "[%zu/%zu] %s before: %zu\n", t->finished, t->count,
                t->settled ? "done or stopped" : "done", t->found);
    t->found = 0;
    t->settled = false;
}

void tfu_sweep_table_event(void *table, const struct tfu_launch_event *event)
{
    struct tfu_sweep_table *t = table;
    struct tfu_text line = TFU_TEXT_INIT;
    if (event->news == TFU_LAUNCH_FOUND) {
        t->finished++;
        t->found++;
        t->settled |= event->text[0] != '\0';
        return;
    }
    erase(t);
    tell_found(t);
    if (event->news == TFU_LAUNCH_DONE || event->news == TFU_LAUNCH_STOPPED)
        t->finished++;
    else if (event->news == TFU_LAUNCH_GONE)
        t->finished--;
    if (!t->quiet || is_bad_news(event->news)) {
        put_event(t, &line, event);
        fprintf(t->out, "%s\n", tfu_text_get(&line));
    }
    flush(t);
    tfu_text_free(&line);
}

/* ---- what runs */

static void put_bar(char bar[BAR + 1], int64_t step, int64_t steps)
{
    for (size_t i = 0; i < BAR; i++)
        bar[i] = steps > 0 && (double)i < (double)BAR * (double)step / (double)steps ? '#' : '-';
    bar[BAR] = '\0';
}

static void draw_running(struct tfu_sweep_table *t, const struct tfu_launch_running *r,
                         size_t width)
{
    char bar[BAR + 1], detail[DETAIL_SIZE] = "", elapsed[32], line[TFU_TERMINAL_WIDTH_MAX + 1];
    const size_t room = width > BAR + DETAIL + NAME_MIN ? width - BAR - DETAIL : NAME_MIN;
    put_bar(bar, r->step, r->steps);
    tfu_duration_put(elapsed, sizeof elapsed, r->seconds);
    if (r->steps > 0)
        snprintf(detail, sizeof detail, "step %" PRId64 "/%" PRId64, r->step, r->steps);
    if (r->idle > 0) {
        const size_t n = strlen(detail);
        char idle[32];
        tfu_duration_put(idle, sizeof idle, r->idle);
        snprintf(detail + n, sizeof detail - n, "%s for %s", n ? ", none" : "no step", idle);
    }
    struct tfu_text title = TFU_TEXT_INIT;
    tfu_sweep_title_put(&title, t->sweep, r->index);
    snprintf(line, sizeof line, "  %-*.*s [%s] %s  %s", (int)room, (int)room, tfu_text_get(&title),
             bar, elapsed, detail);
    tfu_text_free(&title);
    fprintf(t->out, "%.*s\n", (int)width, line);
    t->lines++;
}

void tfu_sweep_table_look(void *table, const struct tfu_launch_view *view)
{
    struct tfu_sweep_table *t = table;
    t->left = view->left;
    t->count = view->count;
    if (!t->terminal || t->quiet)
        return;
    const size_t width = tfu_terminal_width(STDOUT_FILENO) - 1;
    const size_t height = tfu_terminal_height(STDOUT_FILENO);
    const size_t most = height > 6 ? height - 4 : 2;
    erase(t);
    tell_found(t);
    for (size_t i = 0; i < view->running_count && i < most; i++)
        draw_running(t, &view->running[i], width);
    struct tfu_text line = TFU_TEXT_INIT;
    const size_t elsewhere = view->count_of[TFU_SLOT_ELSEWHERE];
    tfu_text_printf(&line, "%zu of %zu done, %zu running", t->finished, t->count,
                    view->running_count);
    if (elsewhere > 0)
        tfu_text_printf(&line, ", %zu elsewhere", elsewhere);
    if (view->count_of[TFU_SLOT_FAILED] > 0)
        tfu_text_printf(&line, ", %zu failed", view->count_of[TFU_SLOT_FAILED]);
    put_left(&line, view->left);
    fprintf(t->out, "%.*s\n", (int)width, tfu_text_get(&line));
    t->lines++;
    flush(t);
    tfu_text_free(&line);
}

/* ---- what came of it */

static void put_count(struct tfu_text *line, size_t count, const char *what)
{
    if (count > 0)
        tfu_text_printf(line, ", %zu %s", count, what);
}

void tfu_sweep_table_end(struct tfu_sweep_table *t, const struct tfu_launch_result *result)
{
    const size_t *n = result->count_of;
    struct tfu_text line = TFU_TEXT_INIT;
    erase(t);
    tell_found(t);
    tfu_text_printf(&line, "%zu case%s: %zu done", result->count, result->count == 1 ? "" : "s",
                    n[TFU_SLOT_DONE]);
    put_count(&line, n[TFU_SLOT_STOPPED], "stopped at a rung");
    put_count(&line, n[TFU_SLOT_FAILED], "failed");
    put_count(&line, n[TFU_SLOT_BLOCKED], "in want of one that failed");
    put_count(&line, n[TFU_SLOT_LEFT], "interrupted");
    put_count(&line, n[TFU_SLOT_ELSEWHERE], "elsewhere");
    put_count(&line, n[TFU_SLOT_PAUSED], "at a rung");
    put_count(&line, n[TFU_SLOT_READY] + n[TFU_SLOT_WAITING], "not begun");
    fprintf(t->out, "%s\n", tfu_text_get(&line));
    flush(t);
    tfu_text_free(&line);
}
