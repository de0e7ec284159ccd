/* SPDX-License-Identifier: MIT */
#include "core/cli/sweep_command.h"

#include <stdlib.h>

#include "core/cli/option.h"
#include "core/cli/sweep_choose.h"
#include "core/report/section_check.h"
#include "core/sweep/record.h"

/* All that is wrong with the file is said, with what is asked of its runs as well. */
static enum tfu_status load(struct tfu_cli_sweep *s, const struct tfu_document *document,
                            struct tfu_error *e)
{
    struct tfu_error other = TFU_ERROR_INIT;
    const enum tfu_status st = s->known ? tfu_sweep_load_known(&s->sweep, document, s->findings, e)
                               : s->wants_runs
                                   ? tfu_sweep_load_runs(&s->sweep, document, s->findings, e)
                                   : tfu_sweep_load(&s->sweep, document, s->findings, e);
    if (s->known || (st != TFU_OK && st != TFU_EINVAL))
        return st;
    const enum tfu_status of_sections =
        tfu_study_sections_check(document, s->sweep, s->findings, &other);
    if (st == TFU_OK)
        *e = other;
    return st == TFU_OK ? of_sections : st;
}

int tfu_cli_sweep_open(struct tfu_cli_sweep *s, struct tfu_cli *cli,
                       const struct tfu_cli_arguments *a)
{
    struct tfu_error e = TFU_ERROR_INIT;
    *s = (struct tfu_cli_sweep){.wants_runs = s->wants_runs, .known = s->known, .only = s->only};
    if (a->positional_count != 1)
        return tfu_cli_missing(a->command, a->pair, a->pair_count,
                               "it takes one study file, not %zu words", a->positional_count);
    enum tfu_status st = tfu_cli_registry(cli, &s->registry, &e);
    if (st == TFU_OK)
        st = tfu_diagnostics_new(&s->findings, &e);
    const struct tfu_document document = {.path = a->positional[0],
                                          .override = a->pair,
                                          .override_count = a->pair_count,
                                          .registry = s->registry};
    if (st == TFU_OK)
        st = load(s, &document, &e);
    if (s->findings)
        tfu_diagnostics_write_notes(s->findings, &cli->log);
    if (st != TFU_OK)
        return tfu_cli_failure(s->findings, &e);
    return s->only ? tfu_cli_sweep_choose(a, s->sweep, s->only, &s->chosen) : TFU_EXIT_OK;
}

void tfu_cli_sweep_close(struct tfu_cli_sweep *s)
{
    free(s->chosen);
    tfu_sweep_free(s->sweep);
    tfu_diagnostics_free(s->findings);
    tfu_registry_free(s->registry);
}
