/* SPDX-License-Identifier: MIT */
#include "core/cli/plugins_check.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/config/choice.h"
#include "core/conformance/check.h"
#include "core/conformance/model.h"

static void print_test(void *arg, const char *test, enum tfu_check_verdict verdict,
                       const char *text)
{
    static const char *const words[] = {
        [TFU_CHECK_PASSED] = "ok", [TFU_CHECK_FAILED] = "FAILED", [TFU_CHECK_SKIPPED] = "skipped"};
    (void)arg;
    printf("%-7s %s%s%s%s\n", words[verdict], test,
           !text[0]                      ? ""
           : verdict == TFU_CHECK_FAILED ? ": "
                                         : " (",
           text, text[0] && verdict != TFU_CHECK_FAILED ? ")" : "");
    fflush(stdout);
}

static int run(const struct tfu_plugin_choice *choice, struct tfu_registry *r,
               const struct tfu_plugins_check_request *q)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_check_count count;
    const struct tfu_check_request request = {.choice = choice,
                                              .registry = r,
                                              .file = q->file,
                                              .seconds = q->seconds,
                                              .report = print_test};
    printf("%s %s, version %s, %s\n", tfu_kind_name((int)choice->plugin->kind),
           choice->plugin->name, choice->plugin->version, tfu_registry_path(r, choice->plugin));
    if (tfu_check_run(&request, &count, &e) != TFU_OK)
        return tfu_cli_error(&e);
    printf("%zu passed, %zu failed, %zu skipped\n", count.passed, count.failed, count.skipped);
    return count.failed ? TFU_EXIT_FAILED : TFU_EXIT_OK;
}

/* ---- a file of weights for an initializer that needs one and was given none */

struct sample {
    char path[PATH_MAX]; /* "": none */
    struct tfu_text option;
    const char **pair; /* the request's, and the option */
};

/* A required path that no pair sets, or NULL. */
static const char *missing_path(const struct tfu_plugin *p,
                                const struct tfu_plugins_check_request *q)
{
    for (uint32_t i = 0; i < p->option_count; i++) {
        const struct tfu_option *o = tfu_plugin_option(p, i);
        const size_t n = strlen(o->name);
        bool given = o->type != TFU_PATH || !(o->flags & TFU_OPT_REQUIRED);
        for (size_t k = 0; k < q->pair_count && !given; k++)
            given = strncmp(q->pair[k], o->name, n) == 0 && q->pair[k][n] == '=';
        if (!given)
            return o->name;
    }
    return NULL;
}

static enum tfu_status write_sample(struct sample *s, struct tfu_error *e)
{
    const char *folder = getenv("TMPDIR");
    snprintf(s->path, sizeof s->path, "%s/transfuse-sample-XXXXXX",
             folder && folder[0] ? folder : "/tmp");
    const int fd = mkstemp(s->path);
    if (fd < 0) {
        const enum tfu_status st = tfu_error_errno(e, errno, "cannot make", s->path);
        s->path[0] = '\0';
        return st;
    }
    close(fd);
    return tfu_check_model_write(s->path, e);
}

/* Adds the sample to the pairs of `q`, where one is needed. */
static enum tfu_status lend_sample(struct sample *s, struct tfu_registry *r,
                                   struct tfu_plugins_check_request *q, struct tfu_error *e)
{
    const struct tfu_plugin *p = NULL;
    if (q->kind != TFU_KIND_INIT)
        return TFU_OK;
    enum tfu_status st = tfu_registry_find(r, q->kind, q->name, NULL, &p, e);
    const char *option = st == TFU_OK ? missing_path(p, q) : NULL;
    if (!option)
        return st;
    s->pair = calloc(q->pair_count + 1, sizeof *s->pair);
    if (!s->pair)
        return tfu_error_memory(e, "checking a plugin", 0);
    st = write_sample(s, e);
    if (st != TFU_OK)
        return st;
    tfu_text_printf(&s->option, "%s=%s", option, s->path);
    for (size_t i = 0; i < q->pair_count; i++)
        s->pair[i] = q->pair[i];
    s->pair[q->pair_count++] = tfu_text_get(&s->option);
    q->pair = s->pair;
    printf("option '%s' is a sample: weights for the check's own network\n", option);
    return TFU_OK;
}

static void take_back(struct sample *s)
{
    if (s->path[0])
        unlink(s->path);
    tfu_text_free(&s->option);
    free(s->pair);
}

int tfu_plugins_check(struct tfu_registry *r, const struct tfu_plugins_check_request *request)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_diagnostics *findings = NULL;
    struct tfu_chosen *choice = NULL;
    struct tfu_plugins_check_request asked = *request, *q = &asked;
    struct sample sample = {.path = ""};
    enum tfu_status st = tfu_diagnostics_new(&findings, &e);
    if (st == TFU_OK)
        st = lend_sample(&sample, r, q, &e);
    if (st == TFU_OK)
        st = tfu_chosen_new(&choice, q->kind, q->name, q->pair, q->pair_count, r, findings, &e);
    int status;
    if (st == TFU_OK)
        status = run(tfu_chosen_get(choice), r, q);
    else
        status = findings && tfu_diagnostics_count(findings) ? tfu_cli_diagnostics(findings)
                                                             : tfu_cli_error(&e);
    take_back(&sample);
    tfu_chosen_free(choice);
    tfu_diagnostics_free(findings);
    return status;
}
