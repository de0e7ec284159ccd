/* SPDX-License-Identifier: MIT */
#include "core/index/support_runs.h"

#include "core/index/opened.h"

enum tfu_status tfu_index_support_runs(struct tfu_index *x, const char *sweep, bool *support,
                                       struct tfu_error *e)
{
    sqlite3_stmt *s = NULL;
    int rc = tfu_database_prepare(&x->database, &s,
                                  "SELECT r.row FROM sweep_case k JOIN sweep w ON w.id=k.sweep"
                                  " JOIN run r ON r.path=k.run WHERE w.name=?1"
                                  " GROUP BY r.row HAVING min(k.support)=1");
    if (rc == SQLITE_OK)
        tfu_bind_text(s, 1, sweep);
    while (rc == SQLITE_OK && (rc = sqlite3_step(s)) == SQLITE_ROW) {
        const size_t i = tfu_opened_find_row(x, sqlite3_column_int64(s, 0));
        if (i != SIZE_MAX)
            support[i] = true;
        rc = SQLITE_OK;
    }
    sqlite3_finalize(s);
    return rc == SQLITE_DONE ? TFU_OK : tfu_database_error(&x->database, rc, e);
}
