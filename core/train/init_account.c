/* SPDX-License-Identifier: MIT */
#include "core/train/init_account.h"

#include <inttypes.h>
#include <string.h>

#include "core/train/init_adapt.h"

enum { NAMES_SHOWN = 8, LINES_SHOWN = 12 };

/* What a tensor of the file is to the network. */
enum use { USE_PARAMETER, USE_COUNTER, USE_HEAD, USE_BESIDE, USE_ALLOWED, USE_UNEXPECTED };

/* Does `name` belong to a classifier that the host attached: "fc.bias" to "fc"? */
static bool is_of_head(const struct tfu_graph *g, const char *name)
{
    for (uint32_t i = 0; i < g->node_count; i++) {
        const size_t n = strlen(g->node[i].name);
        if (g->node[i].is_head && strncmp(name, g->node[i].name, n) == 0 && name[n] == '.')
            return true;
    }
    return false;
}

static enum use use_of(const struct tfu_init_account *a, const struct tfu_weights_tensor *t)
{
    const char *name = t->name;
    const struct tfu_string_list *allowed = &a->rule->source.unexpected;
    if (tfu_graph_find_param(a->graph, name) != TFU_GRAPH_NONE)
        return USE_PARAMETER;
    if (tfu_weights_is_counter(name))
        return USE_COUNTER;
    if (a->rule->source.head == TFU_INIT_HEAD_REINIT && is_of_head(a->graph, name))
        return USE_HEAD;
    if (t->beside)
        return USE_BESIDE;
    return tfu_text_glob_any(allowed->item, allowed->count, name) ? USE_ALLOWED : USE_UNEXPECTED;
}

static const struct tfu_weights_tensor *tensor_named(const struct tfu_init_account *a,
                                                     const char *name)
{
    const size_t i = tfu_weights_find(a->file->weights, name);
    return i == SIZE_MAX ? NULL : tfu_weights_get(a->file->weights, i);
}

/* ---- the report */

static size_t count_fates(const struct tfu_init_account *a, enum tfu_init_fate fate,
                          int64_t *numbers)
{
    size_t count = 0;
    *numbers = 0;
    for (uint32_t p = 0; p < a->graph->param_count; p++)
        if (a->file->fate[p] == fate) {
            count++;
            *numbers += tfu_shape_count(&a->graph->param[p].shape);
        }
    return count;
}

static size_t count_uses(const struct tfu_init_account *a, enum use use)
{
    size_t count = 0;
    for (size_t i = 0; i < tfu_weights_count(a->file->weights); i++)
        count += use_of(a, tfu_weights_get(a->file->weights, i)) == use;
    return count;
}

static void add_name(struct tfu_text *out, size_t *shown, const char *name)
{
    if (*shown < NAMES_SHOWN)
        tfu_text_printf(out, "%s%s", *shown ? ", " : ": ", name);
    else if (*shown == NAMES_SHOWN)
        tfu_text_puts(out, ", ...");
    ++*shown;
}

/* "  missing      2, allowed: fc.weight, fc.bias"; nothing when there are none, unless `always`. */
static void report_params(const struct tfu_init_account *a, struct tfu_text *out, const char *what,
                          enum tfu_init_fate fate, const char *remark, bool always)
{
    int64_t numbers;
    size_t shown = 0;
    const size_t count = count_fates(a, fate, &numbers);
    if (count == 0 && !always)
        return;
    tfu_text_printf(out, "  %-11s  %zu%s", what, count, count ? remark : "");
    for (uint32_t p = 0; p < a->graph->param_count; p++)
        if (a->file->fate[p] == fate)
            add_name(out, &shown, a->graph->param[p].name);
    tfu_text_puts(out, "\n");
}

static void report_tensors(const struct tfu_init_account *a, struct tfu_text *out, const char *what,
                           enum use use, const char *remark, bool always)
{
    size_t shown = 0;
    const size_t count = count_uses(a, use);
    if (count == 0 && !always)
        return;
    tfu_text_printf(out, "  %-11s  %zu%s", what, count, count ? remark : "");
    for (size_t i = 0; i < tfu_weights_count(a->file->weights); i++) {
        const struct tfu_weights_tensor *t = tfu_weights_get(a->file->weights, i);
        if (use_of(a, t) == use)
            add_name(out, &shown, t->name);
    }
    tfu_text_puts(out, "\n");
}

static void warn(const struct tfu_init_account *a, struct tfu_text *out, const char *text)
{
    tfu_text_printf(out, "  warning: %s\n", text);
    tfu_log_write(a->images->log, TFU_LOG_WARNING, "%s", text);
}

/* An image that is flattened in another order makes another network of the same shapes. */
static void report_unsure(const struct tfu_init_account *a, struct tfu_text *out)
{
    struct tfu_text text = TFU_TEXT_INIT;
    size_t shown = 0;
    tfu_text_printf(&text, "%s does not say in which order its linear layers flatten an image",
                    a->file->path);
    for (uint32_t p = 0; p < a->graph->param_count; p++)
        if (a->file->unsure[p])
            add_name(&text, &shown, a->graph->param[p].name);
    tfu_text_puts(&text, "; here it is H,W,C. PyTorch's order is C,H,W: if the file is of such a "
                         "network, set `flatten: chw` in the rule (`init.0.flatten=chw` for a "
                         "file that is named on the command line), or `.chw = 1` in the "
                         "architecture's tfu_linear(); else set `flatten: hwc`");
    if (shown)
        warn(a, out, tfu_text_get(&text));
    out->failed |= text.failed;
    tfu_text_free(&text);
}

static void report_adapted(const struct tfu_init_account *a, struct tfu_text *out)
{
    for (uint32_t p = 0; p < a->graph->param_count; p++)
        if (a->file->adapted[p]) {
            const char *name = a->graph->param[p].name;
            tfu_text_printf(out, "  %-11s  %s: %s\n", "adapted", name, a->file->adapted[p]);
            tfu_log_write(a->images->log, TFU_LOG_INFO, "%s, %s: %s", a->file->path, name,
                          a->file->adapted[p]);
        }
    if (tfu_weights_warning(a->file->weights)[0])
        warn(a, out, tfu_weights_warning(a->file->weights));
    report_unsure(a, out);
}

static enum tfu_status write_report(const struct tfu_init_account *a, struct tfu_text *out,
                                    struct tfu_error *e)
{
    char hex[TFU_HASH_HEX];
    const struct tfu_init_file *f = a->file;
    const char *unwrapped = tfu_weights_unwrapped(f->weights);
    int64_t numbers;
    const enum tfu_status st = tfu_weights_sha256(f->weights, hex, e);
    if (st != TFU_OK)
        return st;
    const size_t loaded = count_fates(a, TFU_INIT_LOADED, &numbers);
    tfu_log_write(a->images->log, TFU_LOG_INFO,
                  "init.%zu %s: %zu of %" PRIu32 " parameters from %s, SHA-256 %s", f->rule,
                  a->rule->choice.plugin->name, loaded, a->graph->param_count, f->path, hex);
    tfu_text_printf(out, "init.%zu %s takes from %s (%s, SHA-256 %s%s%s)\n", f->rule,
                    a->rule->choice.plugin->name, f->path, tfu_weights_format(f->weights), hex,
                    unwrapped[0] ? "; without " : "", unwrapped);
    tfu_text_printf(out, "  %-11s  %zu of %" PRIu32 " parameters, %" PRId64 " numbers\n", "loaded",
                    loaded, a->graph->param_count, numbers);
    report_params(a, out, "head", TFU_INIT_HEAD, " initialised anew", false);
    report_params(a, out, "missing", TFU_INIT_MISSING_ALLOWED, ", allowed", true);
    report_params(a, out, "mismatched", TFU_INIT_MISMATCHED_ALLOWED, ", allowed", true);
    report_tensors(a, out, "unexpected", USE_ALLOWED, ", allowed", true);
    report_tensors(a, out, "head unused", USE_HEAD, "", false);
    report_tensors(a, out, "no numbers", USE_BESIDE, ", left out", false);
    const size_t counters = count_uses(a, USE_COUNTER);
    if (counters)
        tfu_text_printf(out, "  %-11s  %zu num_batches_tracked, for which there is no use\n",
                        "counters", counters);
    report_adapted(a, out);
    return TFU_OK;
}

/* ---- preprocessing */

enum tfu_status tfu_init_source_images(const struct tfu_init_rule *rule, size_t number,
                                       const struct tfu_weights *w, struct tfu_preprocessing *out,
                                       bool *found, struct tfu_error *e)
{
    const char *name = rule->source.preprocessing;
    const struct tfu_mark *m = &rule->choice.mark;
    if (!name || !name[0])
        return tfu_preprocessing_from_notes(out, found, w, e);
    *found = tfu_preprocessing_named(name, out);
    if (*found)
        return TFU_OK;
    struct tfu_text names = TFU_TEXT_INIT;
    for (const char *const *known = tfu_preprocessing_names(); *known; known++)
        tfu_text_printf(&names, "%s%s", names.length ? ", " : "", *known);
    tfu_error_at(e, TFU_EINVAL, m->source, m->line, m->column,
                 "init.%zu.preprocessing: there is no '%s'; there are %s", number, name,
                 tfu_text_get(&names));
    tfu_text_free(&names);
    return TFU_EINVAL;
}

static bool is_folded(const struct tfu_init_account *a)
{
    for (uint32_t p = 0; p < a->graph->param_count; p++)
        if (a->file->adapted[p] && tfu_init_reads_image(a->graph, p))
            return a->rule->source.channels == TFU_INIT_CHANNELS_FOLD;
    return false;
}

static enum tfu_status compare_images(const struct tfu_init_account *a, struct tfu_text *report,
                                      struct tfu_error *e)
{
    const struct tfu_preprocessing *mine = a->images->preprocessing;
    struct tfu_preprocessing theirs;
    struct tfu_text text = TFU_TEXT_INIT;
    bool found;
    const enum tfu_status st =
        tfu_init_source_images(a->rule, a->file->rule, a->file->weights, &theirs, &found, e);
    if (st != TFU_OK || !found)
        return st;
    tfu_preprocessing_text(&theirs, &text);
    tfu_text_printf(report, "  %-11s  %s\n", "images", tfu_text_get(&text));
    if (is_folded(a))
        tfu_text_puts(report, "               folded into the weights\n");
    else if (mine && mine->channels && !tfu_preprocessing_equal(mine, &theirs)) {
        tfu_text_puts(&text, ", but the training data are ");
        tfu_preprocessing_text(mine, &text);
        tfu_text_printf(report, "  warning: the source's images were %s\n", tfu_text_get(&text));
        tfu_log_write(a->images->log, TFU_LOG_WARNING,
                      "%s: its images were %s; set `normalise:` in data", a->file->path,
                      tfu_text_get(&text));
    }
    tfu_text_free(&text);
    return TFU_OK;
}

/* ---- the refusal */

/* Lines of a table; when it has enough of them they are only counted. */
struct table {
    struct tfu_text text;
    size_t missing, mismatched, unexpected, lines;
    const char *channels; /* a weight that another number of the image's channels keeps out */
};

static bool begin_line(struct table *t, const char *what, const char *name)
{
    if (t->lines++ >= LINES_SHOWN)
        return false;
    tfu_text_printf(&t->text, "\n  %-10s  %s  ", what, name);
    return true;
}

static void add_params(const struct tfu_init_account *a, struct table *t)
{
    for (uint32_t i = 0; i < a->graph->param_count; i++) {
        const struct tfu_graph_param *p = &a->graph->param[i];
        if (a->file->fate[i] == TFU_INIT_MISSING) {
            t->missing++;
            if (begin_line(t, "missing", p->name))
                tfu_text_dims(&t->text, p->shape.rank, p->shape.dim);
        } else if (a->file->fate[i] == TFU_INIT_MISMATCHED) {
            const struct tfu_weights_tensor *other = tensor_named(a, p->name);
            t->mismatched++;
            if (tfu_init_reads_image(a->graph, i) && other->rank == 4 &&
                other->dim[1] != p->shape.dim[1])
                t->channels = p->name;
            if (begin_line(t, "mismatched", p->name)) {
                tfu_text_dims(&t->text, p->shape.rank, p->shape.dim);
                tfu_text_puts(&t->text, " in the network, in the file ");
                tfu_text_dims(&t->text, other->rank, other->dim);
            }
        }
    }
}

static void add_tensors(const struct tfu_init_account *a, struct table *t)
{
    for (size_t i = 0; i < tfu_weights_count(a->file->weights); i++) {
        const struct tfu_weights_tensor *tensor = tfu_weights_get(a->file->weights, i);
        if (use_of(a, tensor) != USE_UNEXPECTED)
            continue;
        t->unexpected++;
        if (begin_line(t, "unexpected", tensor->name))
            tfu_text_dims(&t->text, tensor->rank, tensor->dim);
    }
}

/* What to write where all of it is meant. */
static void add_advice(const struct tfu_init_account *a, struct table *t, size_t loaded)
{
    bool head = false;
    for (uint32_t p = 0; p < a->graph->param_count; p++)
        head = head ||
               (a->graph->node[a->graph->param[p].node].is_head &&
                (a->file->fate[p] == TFU_INIT_MISSING || a->file->fate[p] == TFU_INIT_MISMATCHED));
    if (t->lines > LINES_SHOWN)
        tfu_text_printf(&t->text, "\n  and %zu more", t->lines - LINES_SHOWN);
    if (loaded == 0 && t->unexpected) {
        tfu_text_puts(&t->text, "\nnothing fits: is it a file of another architecture, or do its "
                                "names have a prefix to `strip`?");
        return;
    }
    tfu_text_puts(&t->text, "\nallow by name what is meant:");
    if (head)
        tfu_text_puts(&t->text, " `head: reinit` for a new classifier;");
    if (t->missing)
        tfu_text_puts(&t->text, " `allow_missing: [PATTERN]`");
    if (t->mismatched)
        tfu_text_puts(&t->text, " `allow_mismatched: [PATTERN]`");
    if (t->channels)
        tfu_text_printf(
            &t->text,
            "\nor adapt '%s' to the image's number of channels: `channels: sum` (or mean, "
            "first, repeat, fold)",
            t->channels);
    if (t->unexpected)
        tfu_text_puts(&t->text, " `allow_unexpected: [PATTERN]`");
}

static enum tfu_status refuse(const struct tfu_init_account *a, size_t taken, size_t loaded,
                              struct tfu_error *e)
{
    struct table t = {.lines = 0};
    add_params(a, &t);
    if (taken) /* one that was only looked at need not fit */
        add_tensors(a, &t);
    enum tfu_status st = TFU_OK;
    if (t.lines > 0) {
        add_advice(a, &t, loaded);
        st = t.text.failed
                 ? tfu_error_memory(e, "reporting on weights", 0)
                 : tfu_error_at(e, TFU_ESHAPE, a->file->path, 0, 0,
                                "does not fit the network: %zu missing, %zu mismatched, %zu "
                                "unexpected (of %" PRIu32 " parameters and %zu tensors)%s",
                                t.missing, t.mismatched, t.unexpected, a->graph->param_count,
                                tfu_weights_count(a->file->weights), tfu_text_get(&t.text));
    }
    tfu_text_free(&t.text);
    return st;
}

enum tfu_status tfu_init_account(const struct tfu_init_account *a, struct tfu_text *report,
                                 struct tfu_error *e)
{
    size_t taken = 0, loaded = 0;
    for (uint32_t p = 0; p < a->graph->param_count; p++) {
        taken += a->file->fate[p] != TFU_INIT_NOT_TAKEN;
        loaded += a->file->fate[p] == TFU_INIT_LOADED;
    }
    enum tfu_status st = refuse(a, taken, loaded, e);
    if (st == TFU_OK)
        st = write_report(a, report, e);
    return st == TFU_OK && taken ? compare_images(a, report, e) : st;
}
