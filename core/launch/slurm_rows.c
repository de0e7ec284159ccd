/* SPDX-License-Identifier: MIT */
#include "core/launch/slurm_rows.h"

#include <stdlib.h>
#include <string.h>

/* ---- how they are asked */

void tfu_slurm_question(enum tfu_slurm_source source, const char *jobs,
                        const char *argv[TFU_SLURM_ARGUMENTS])
{
    const char *const ask[][TFU_SLURM_ARGUMENTS] = {
        /* -r: a row for each task, also of those that wait; -t all: also what has ended lately */
        [TFU_SLURM_SQUEUE] = {"squeue", "-h", "-r", "-t", "all", "-o", "%F|%K|%T|%r|%N|%j|", "-j",
                              jobs},
        [TFU_SLURM_SACCT] = {"sacct", "-n", "-P", "-X", "-o",
                             "JobID,State,ExitCode,NodeList,JobName", "-j", jobs},
        [TFU_SLURM_SCONTROL] = {"scontrol", "-o", "show", "job", jobs},
    };
    memcpy(argv, ask[source], sizeof ask[source]);
}

void tfu_slurm_question_by_name(const char *names, const char *argv[TFU_SLURM_ARGUMENTS])
{
    tfu_slurm_question(TFU_SLURM_SQUEUE, names, argv);
    argv[7] = "-n";
}

/* ---- parts of a line */

static bool is_number(const char *s)
{
    const size_t n = strspn(s, "0123456789");
    return n > 0 && n < 19 && s[n] == '\0';
}

/* Digits, commas and what ranges have; "N/A" is what squeue says of no array. */
static bool take_tasks(char *s, const char **out)
{
    if (strcmp(s, "N/A") == 0 || !*s) {
        *out = "";
        return true;
    }
    size_t n = strlen(s);
    if (s[0] == '[' && s[n - 1] == ']') {
        s[n - 1] = '\0';
        s++;
    }
    *out = s;
    n = strspn(s, "0123456789-,:%.");
    return n > 0 && s[n] == '\0'; /* "..." stands where a list was too long: */
}

/* "0-3,5...": the end of a list was left out, and nothing is known of those tasks. */
static bool is_cut_off(const char *tasks)
{
    return strchr(tasks, '.') != NULL;
}

/* Cuts at '|' into exactly `count` fields. */
static bool cut(char *line, char **field, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        field[i] = line;
        char *bar = strchr(line, '|');
        if (i + 1 == count)
            return !bar;
        if (!bar)
            return false;
        *bar = '\0';
        line = bar + 1;
    }
    return false;
}

/* "7:0", a status and a signal. */
static int exit_of(const char *s)
{
    char *end;
    const long n = strtol(s, &end, 10);
    return end != s && *end == ':' && n >= 0 && n < 256 ? (int)n : -1;
}

static void set_state(struct tfu_slurm_row *row, const char *word)
{
    row->word = word;
    row->state = tfu_slurm_state_of(word, strlen(word));
    /* what was held is told by its reason alone */
    if (row->state == TFU_SLURM_PENDING &&
        (strncmp(row->reason, "JobHeld", 7) == 0 || strstr(row->reason, "held")))
        row->state = TFU_SLURM_HELD;
}

/* ---- lines */

static bool read_squeue(char *line, struct tfu_slurm_row *row)
{
    char *f[7]; /* the line ends with a bar, so that one that was cut short is seen to be */
    if (!cut(line, f, TFU_COUNT(f)) || f[6][0] || !is_number(f[0]) ||
        !take_tasks(f[1], &row->tasks))
        return false;
    row->job = f[0];
    row->reason = strcmp(f[3], "None") == 0 ? "" : f[3];
    row->node = f[4];
    row->name = f[5];
    set_state(row, f[2]);
    return f[2][0] != '\0';
}

/* "41_3", "41_[0-4%2]", "41" */
static bool read_sacct(char *line, struct tfu_slurm_row *row)
{
    char *f[5];
    if (!cut(line, f, TFU_COUNT(f)))
        return false;
    char *task = strchr(f[0], '_');
    if (task)
        *task++ = '\0';
    if (!is_number(f[0]) || (task && !take_tasks(task, &row->tasks)))
        return false;
    row->job = f[0];
    row->exit = exit_of(f[2]);
    row->node = strcmp(f[3], "None assigned") == 0 ? "" : f[3];
    row->name = f[4];
    set_state(row, f[1]);
    return f[1][0] != '\0';
}

/* The value of " KEY=VALUE ..." in a line, cut out of it; NULL: it has no such key. */
static char *value_of(char *line, const char *key)
{
    const size_t n = strlen(key);
    for (char *at = strstr(line, key); at; at = strstr(at + 1, key))
        if (at[n] == '=' && (at == line || at[-1] == ' '))
            return at + n + 1;
    return NULL;
}

static void end_value(char *value)
{
    if (value)
        value[strcspn(value, " ")] = '\0';
}

static bool read_scontrol(char *line, struct tfu_slurm_row *row)
{
    char *job = value_of(line, "JobId"), *array = value_of(line, "ArrayJobId");
    char *task = value_of(line, "ArrayTaskId"), *state = value_of(line, "JobState");
    char *reason = value_of(line, "Reason"), *restarts = value_of(line, "Restarts");
    char *exit = value_of(line, "ExitCode"), *node = value_of(line, "NodeList");
    char *name = value_of(line, "JobName");
    char *const found[] = {job, array, task, state, reason, restarts, exit, node, name};
    for (size_t i = 0; i < TFU_COUNT(found); i++)
        end_value(found[i]);
    /* NodeList is the last of these that is always there: without it the line was cut short */
    if (!job || !state || !state[0] || !node || !is_number(array ? array : job) ||
        (task && !take_tasks(task, &row->tasks)))
        return false;
    row->job = array ? array : job;
    row->reason = !reason || strcmp(reason, "None") == 0 ? "" : reason;
    row->exit = exit ? exit_of(exit) : -1;
    row->restarts = restarts && is_number(restarts) ? strtoll(restarts, NULL, 10) : -1;
    row->node = strcmp(node, "(null)") == 0 ? "" : node;
    row->name = name ? name : "";
    set_state(row, state);
    return true;
}

enum tfu_status tfu_slurm_rows_read(enum tfu_slurm_source source, char *text,
                                    void (*each)(void *arg, const struct tfu_slurm_row *row),
                                    void *arg, struct tfu_error *e)
{
    static bool (*const read[])(char *, struct tfu_slurm_row *) = {
        [TFU_SLURM_SQUEUE] = read_squeue,
        [TFU_SLURM_SACCT] = read_sacct,
        [TFU_SLURM_SCONTROL] = read_scontrol,
    };
    static const char *const program[] = {"squeue", "sacct", "scontrol"};
    char *rest = text;
    for (char *line; (line = strsep(&rest, "\n"));) {
        char shown[80];
        line[strcspn(line, "\r")] = '\0';
        if (!*line || strncmp(line, "CLUSTER:", 8) == 0)
            continue;
        const size_t n = strnlen(line, sizeof shown - 1);
        memcpy(shown, line, n);
        shown[n] = '\0';
        struct tfu_slurm_row row = {.job = "",
                                    .tasks = "",
                                    .word = "",
                                    .reason = "",
                                    .node = "",
                                    .name = "",
                                    .exit = -1,
                                    .restarts = -1};
        if (!read[source](line, &row))
            return tfu_error_set(e, TFU_EINVAL, "%s printed a line that is not understood: '%s'",
                                 program[source], shown);
        if (!is_cut_off(row.tasks))
            each(arg, &row);
        else
            return tfu_error_set(e, TFU_EINVAL,
                                 "%s left tasks out of a line: '%s'; set SLURM_BITSTR_LEN=0 in the "
                                 "environment",
                                 program[source], shown);
    }
    return TFU_OK;
}

/* ---- lists of tasks */

bool tfu_slurm_tasks_have(const char *tasks, int64_t task)
{
    while (*tasks && *tasks != '%') {
        char *end;
        const int64_t first = strtoll(tasks, &end, 10);
        int64_t last = first, step = 1;
        if (end == tasks)
            return false;
        if (*end == '-')
            last = strtoll(end + 1, &end, 10);
        if (*end == ':')
            step = strtoll(end + 1, &end, 10);
        if (task >= first && task <= last && step > 0 && (task - first) % step == 0)
            return true;
        if (*end != ',')
            return false;
        tasks = end + 1;
    }
    return false;
}

/* ---- other answers */

int64_t tfu_slurm_array_size(const char *config)
{
    static const char key[] = "MaxArraySize";
    for (const char *at = strstr(config, key); at; at = strstr(at + 1, key)) {
        if (at != config && at[-1] != '\n')
            continue;
        const char *s = at + sizeof key - 1;
        s += strspn(s, " \t");
        if (*s++ != '=')
            continue;
        char *end;
        const long long n = strtoll(s, &end, 10);
        if (end != s && n > 0 && n < 1LL << 31)
            return n;
    }
    return 0;
}

const char *tfu_slurm_job_number(const char *printed, size_t *length)
{
    const char *found = NULL;
    for (const char *line = printed; *line;) {
        const size_t n = strspn(line, "0123456789"), all = strcspn(line, "\r\n");
        if (n > 0 && n < 19 && line[0] != '0' && (n == all || line[n] == ';')) {
            found = line;
            *length = n;
        }
        line += all + strspn(line + all, "\r\n");
    }
    return found;
}
