/* SPDX-License-Identifier: MIT */
#include "core/index/holder.h"

#include <stdio.h>

#include "core/store/failure.h"
#include "core/store/lease.h"
#include "core/store/run_folder.h"

static enum tfu_status is_running(struct tfu_facts *f, const char *who, struct tfu_error *e)
{
    f->run.state = TFU_INDEX_RUNNING;
    f->run.owner = tfu_arena_strdup(&f->arena, who);
    return f->run.owner ? TFU_OK : tfu_error_memory(e, "reading a run", 0);
}

static enum tfu_status take_lease(struct tfu_facts *f, const struct tfu_lease_seen *seen,
                                  struct tfu_error *e)
{
    char who[128];
    if (seen->pid)
        snprintf(who, sizeof who, "process %ld on %s", seen->pid, seen->host);
    else
        snprintf(who, sizeof who, "another process");
    if (seen->since > 0)
        f->run.owner_since = seen->since;
    if (seen->step > 0)
        f->run.step = seen->step;
    return is_running(f, who, e);
}

static void take_failure(struct tfu_facts *f, const char *folder)
{
    struct tfu_failure why;
    struct tfu_error found = TFU_ERROR_INIT;
    const enum tfu_status st = tfu_failure_read(&why, folder, &found);
    if (st == TFU_ENOTFOUND)
        return;
    f->run.state = TFU_INDEX_FAILED;
    if (st != TFU_OK)
        tfu_facts_complain(f, "%s: %s", TFU_FAILURE_FILE, found.text);
    else if (why.source[0] && why.line > 0)
        tfu_facts_complain(f, "%s:%d: %s", why.source, why.line, why.error);
    else if (why.source[0])
        tfu_facts_complain(f, "%s: %s", why.source, why.error);
    else
        tfu_facts_complain(f, "%s", why.error);
}

enum tfu_status tfu_holder_look(struct tfu_facts *f, const char *folder, struct tfu_error *e)
{
    struct tfu_lease_seen seen;
    struct tfu_error found = TFU_ERROR_INIT;
    char who[128];
    const enum tfu_status st = tfu_lease_look(&seen, folder, &found);
    if (st == TFU_OK && seen.state == TFU_LEASE_HELD)
        return take_lease(f, &seen, e);
    if (tfu_run_folder_in_use(folder, who, sizeof who))
        return is_running(f, who, e);
    take_failure(f, folder);
    if (st != TFU_OK)
        tfu_facts_complain(f, "%s", found.text);
    return TFU_OK;
}
