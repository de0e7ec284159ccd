/* SPDX-License-Identifier: MIT */
#include "core/config/slurm_options.h"

#include <stdarg.h>
#include <string.h>
#include <strings.h>

static const struct tfu_option rows[] = {
    TFU_OPT_STRING(struct tfu_slurm_options, partition, "", 0, "of Slurm: the partition"),
    TFU_OPT_STRING(struct tfu_slurm_options, account, "", 0, "of Slurm: who is charged"),
    TFU_OPT_STRING(struct tfu_slurm_options, qos, "", 0, "of Slurm: the quality of service"),
    TFU_OPT_STRING(struct tfu_slurm_options, time, "", 0,
                   "of Slurm: limit of a task, such as 90 (minutes), 12:00:00 or 2-12; a task that "
                   "comes near it saves its state and is put into the queue again"),
    TFU_OPT_STRING(struct tfu_slurm_options, memory, "", 0,
                   "of Slurm: of a task, in MiB or with K, M, G or T, such as 8G"),
    TFU_OPT_INT(struct tfu_slurm_options, cpus, 0, 0, 4096,
                "of Slurm: processors of a task; 0: the threads that its cases ask for, else 1"),
    TFU_OPT_INT(struct tfu_slurm_options, at_once, 0, 0, 1000000,
                "of Slurm: so many tasks at a time at most; 0: as many as there is room for"),
    TFU_OPT_INT(struct tfu_slurm_options, per_task, 1, 1, 100000,
                "of Slurm: so many cases in a task, one after the other; for short ones"),
    TFU_OPT_INT(struct tfu_slurm_options, requeues, 20, 0, 1000000,
                "of Slurm: how often a task is put into the queue again at most"),
    TFU_OPT_INT(struct tfu_slurm_options, warning, 120, 1, 65535,
                "of Slurm: seconds before its limit at which a task saves its state"),
    TFU_OPT_INT(struct tfu_slurm_options, array_size, 0, 0, 4000000,
                "of Slurm: tasks of one job array at most; 0: what the cluster allows"),
    TFU_OPT_STRING_LIST(struct tfu_slurm_options, sbatch,
                        "of Slurm: more options of sbatch, such as '-C avx2'"),
    TFU_OPT_STRING_LIST(struct tfu_slurm_options, setup,
                        "of Slurm: lines of shell that a task begins with: 'module load gcc'"),
};

struct tfu_options_table tfu_slurm_options_table(struct tfu_slurm_options *options)
{
    return (struct tfu_options_table)TFU_OPTIONS_TABLE(rows, options);
}

/* ---- time */

/* A number at *s, which is then behind it; -1: there is none, or it is too large. */
static int64_t take_number(const char **s)
{
    int64_t n = 0;
    const char *begin = *s;
    for (; **s >= '0' && **s <= '9'; ++*s)
        n = n > 100000000 ? n : n * 10 + (**s - '0');
    return *s == begin || n > 100000000 ? -1 : n;
}

int64_t tfu_slurm_seconds(const char *time)
{
    int64_t part[3], days = 0;
    size_t count = 0;
    if (strcasecmp(time, "UNLIMITED") == 0 || strcasecmp(time, "INFINITE") == 0)
        return 0;
    const char *dash = strchr(time, '-');
    if (dash && ((days = take_number(&time)) < 0 || time++ != dash))
        return -1;
    do {
        if (count == TFU_COUNT(part) || (part[count++] = take_number(&time)) < 0)
            return -1;
    } while (*time == ':' && *++time);
    if (*time || time[-1] == ':')
        return -1;
    /* behind days come hours first; else one is minutes, two are minutes and seconds */
    const int64_t first = dash || count == 3 ? 3600 : 60;
    int64_t seconds = days * 86400, unit = first;
    for (size_t i = 0; i < count; i++, unit /= 60)
        seconds += part[i] * unit;
    return seconds;
}

/* ---- checks */

/* What is one line of a batch script has no second one in it. */
static bool is_line(const char *s)
{
    for (; *s; s++)
        if ((unsigned char)*s < ' ' || *s == 127)
            return false;
    return true;
}

/* A name, a number, an amount: nothing that begins an option or ends a word. */
static bool is_word(const char *s)
{
    return s[0] != '-' && is_line(s) && !strpbrk(s, " \"'\\#");
}

static bool is_amount(const char *s)
{
    const size_t digits = strspn(s, "0123456789");
    return digits > 0 && digits < 16 &&
           (!s[digits] || (strchr("KMGTkmgt", s[digits]) && !s[digits + 1]));
}

/* Does "--array=0-3" or "-a 0-3" set what the batch script sets itself? */
static const char *collision(const char *option)
{
    static const struct {
        const char *name, *because;
    } ours[] = {
        {"--array", "the tasks are the cases"},
        {"-a", "the tasks are the cases"},
        {"--dependency", "they follow from what cases need"},
        {"-d", "they follow from what cases need"},
        {"--job-name", "a submission is found again by it"},
        {"-J", "a submission is found again by it"},
        {"--signal", "it is `warning`"},
        {"--requeue", "tasks are always"},
        {"--no-requeue", "a task that was interrupted could not go on"},
        {"--output", "it is beside the sweep in the store"},
        {"-o", "it is beside the sweep in the store"},
        {"--wrap", "there is a batch script"},
        {"--parsable", "it is there"},
        {"--test-only", "nothing would be submitted"},
        {"--wait", "nothing else would be submitted meanwhile"},
        {"-W", "nothing else would be submitted meanwhile"},
        {"--kill-on-invalid-dep", "a case whose needs failed is left alone anyway"},
    };
    const size_t n = strcspn(option, "= ");
    for (size_t i = 0; i < TFU_COUNT(ours); i++) {
        const bool is_short = ours[i].name[1] != '-';
        if (is_short ? strncmp(option, ours[i].name, 2) == 0
                     : strlen(ours[i].name) == n && strncmp(option, ours[i].name, n) == 0)
            return ours[i].because;
    }
    return NULL;
}

/* What is wrong is told one by one: "KEY: what about it". */
struct telling {
    void (*tell)(void *arg, const struct tfu_error *e);
    void *arg;
};

static void tell(const struct telling *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void tell(const struct telling *t, const char *format, ...)
{
    struct tfu_error e = TFU_ERROR_INIT;
    va_list args;
    va_start(args, format);
    tfu_error_set_v(&e, TFU_EINVAL, format, args);
    va_end(args);
    t->tell(t->arg, &e);
}

static void check_sbatch(const struct tfu_string_list *list, const struct telling *t)
{
    for (uint64_t i = 0; i < list->count; i++) {
        const char *option = list->item[i], *because = collision(option);
        if (option[0] != '-' || !is_line(option))
            tell(t, "sbatch: '%s' is no option of sbatch: one line that begins with -", option);
        else if (because)
            tell(t, "sbatch: '%s' is not free here: %s; remove it", option, because);
    }
}

static void check_time(const struct tfu_slurm_options *o, const struct telling *t)
{
    const int64_t seconds = o->time[0] ? tfu_slurm_seconds(o->time) : 0;
    if (seconds < 0)
        tell(t,
             "time: '%s' is no limit; expected minutes, MM:SS, HH:MM:SS, D-HH, D-HH:MM or "
             "D-HH:MM:SS",
             o->time);
    else if (seconds > 0 && seconds <= o->warning)
        tell(t,
             "time: a limit of '%s' is not longer than `warning`, %lld seconds, at which a task "
             "stops to save its state; raise the one or lower the other",
             o->time, (long long)o->warning);
}

static void check_all(const struct tfu_slurm_options *o, const struct telling *t)
{
    const struct {
        const char *key, *text;
    } words[] = {{"partition", o->partition}, {"account", o->account}, {"qos", o->qos}};
    for (size_t i = 0; i < TFU_COUNT(words); i++)
        if (!is_word(words[i].text))
            tell(t, "%s: '%s' is not one word; expected a name, or several with commas between",
                 words[i].key, words[i].text);
    if (o->memory[0] && !is_amount(o->memory))
        tell(t,
             "memory: '%s' is not an amount; expected MiB, or a whole number with K, M, G or T "
             "behind it",
             o->memory);
    check_time(o, t);
    for (uint64_t i = 0; i < o->setup.count; i++)
        if (!is_line(o->setup.item[i]))
            tell(t, "setup: item %llu is not one line of shell", (unsigned long long)i);
    check_sbatch(&o->sbatch, t);
}

static void keep_first(void *arg, const struct tfu_error *e)
{
    struct tfu_error *first = arg;
    if (first->status == TFU_OK)
        *first = *e;
}

enum tfu_status tfu_slurm_options_check(const struct tfu_slurm_options *o, struct tfu_error *e)
{
    struct tfu_error first = TFU_ERROR_INIT;
    check_all(o, &(struct telling){.tell = keep_first, .arg = &first});
    if (e && e->status == TFU_OK)
        *e = first;
    return first.status;
}

/* ---- the section */

struct section {
    struct tfu_load *load;
    const struct tfu_node *slurm;
};

static void add_finding(void *arg, const struct tfu_error *e)
{
    const struct section *s = arg;
    const struct tfu_node *key = tfu_node_get(s->slurm, e->text, strcspn(e->text, ":"));
    tfu_diagnostics_add(s->load->diagnostics, key ? key->mark : tfu_node_key_mark(s->slurm),
                        "launch.slurm.%s", e->text);
}

void tfu_slurm_options_read(struct tfu_load *l, const struct tfu_node *launch,
                            struct tfu_slurm_options *out)
{
    static const char *const other[] = {"slurm"};
    const struct tfu_options_table table = tfu_slurm_options_table(out);
    const struct tfu_node *n = launch && launch->kind == TFU_NODE_MAPPING ? launch : NULL;
    const struct tfu_node *slurm = tfu_node_at(n, "slurm");
    const struct tfu_mark m = launch ? tfu_node_key_mark(launch) : tfu_load_mark(l);
    if (launch && !n)
        tfu_diagnostics_add(l->diagnostics, launch->mark,
                            "launch: expected a mapping such as {slurm: {partition: gpu}}, got %s",
                            tfu_node_describe(l, launch));
    if (slurm && slurm->kind != TFU_NODE_MAPPING)
        tfu_diagnostics_add(l->diagnostics, slurm->mark,
                            "launch.slurm: expected a mapping such as {partition: long, time: "
                            "12:00:00}, got %s",
                            tfu_node_describe(l, slurm));
    tfu_options_read(l,
                     &(struct tfu_options_section){
                         .path = "launch", .other = other, .other_count = TFU_COUNT(other)},
                     n, m);
    tfu_options_read(
        l, &(struct tfu_options_section){.path = "launch.slurm", .table = &table, .table_count = 1},
        slurm && slurm->kind == TFU_NODE_MAPPING ? slurm : NULL, m);
    /* what has a wrong type, which was told, is its default here */
    if (!l->out_of_memory && slurm && slurm->kind == TFU_NODE_MAPPING)
        check_all(out, &(struct telling){.tell = add_finding,
                                         .arg = &(struct section){.load = l, .slurm = slurm}});
}
