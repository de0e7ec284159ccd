/* SPDX-License-Identifier: MIT
 *
 * diagnostic.h - all errors of a configuration, reported at once:
 *
 *     demo.yaml:7:12: error: ...
 *         lr: 1e-3x
 *             ^
 */
#ifndef TFU_CORE_CONFIG_DIAGNOSTIC_H
#define TFU_CORE_CONFIG_DIAGNOSTIC_H

#include <stdbool.h>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/mark.h"
#include "core/base/text.h"

struct tfu_diagnostics; /* grows; each entry has a mark and a text */

enum tfu_status tfu_diagnostics_new(struct tfu_diagnostics **out, struct tfu_error *e);
void tfu_diagnostics_free(struct tfu_diagnostics *d);
/* Keeps a copy of a source's text, to show lines of it. `from` is the `include:` that asked for it
 * (its `source` NULL: none did). Entries are sorted by the order of these calls. */
void tfu_diagnostics_source(struct tfu_diagnostics *d, const char *name, const char *text,
                            size_t length, struct tfu_mark from);
/* That copy; NULL: there is none. */
const char *tfu_diagnostics_source_text(const struct tfu_diagnostics *d, const char *name,
                                        size_t *length);
/* The text may have several lines. */
void tfu_diagnostics_add(struct tfu_diagnostics *d, struct tfu_mark m, const char *fmt, ...)
    TFU_PRINTF(3, 4);
/* Is there a finding at this place already? */
bool tfu_diagnostics_has(const struct tfu_diagnostics *d, struct tfu_mark m);
/* Something that is no error, but should be known: one line. What was noted before is not noted
 * again. */
void tfu_diagnostics_note(struct tfu_diagnostics *d, const char *fmt, ...) TFU_PRINTF(2, 3);
/* Writes the notes that were not written yet, as warnings; `log` may be NULL. */
void tfu_diagnostics_write_notes(struct tfu_diagnostics *d, struct tfu_log *log);
/* What is kept, in the order of places: the place and the text of number `index`; false: there are
 * not so many. */
bool tfu_diagnostics_get(const struct tfu_diagnostics *d, size_t index, struct tfu_mark *m,
                         const char **text);
/* Notes all that `from` has noted. */
void tfu_diagnostics_note_all(struct tfu_diagnostics *d, const struct tfu_diagnostics *from);
/* All sources whose text is kept, with their names: what was read. */
void tfu_diagnostics_put_sources(const struct tfu_diagnostics *d, struct tfu_text *out);
/* Their texts alone, of all but the source `except`: copies of the files say the same. */
void tfu_diagnostics_put_texts(const struct tfu_diagnostics *d, const char *except,
                               struct tfu_text *out);
size_t tfu_diagnostics_count(const struct tfu_diagnostics *d);
/* Memory ran out in one of the calls above: what is there is not complete. */
bool tfu_diagnostics_failed(const struct tfu_diagnostics *d);
/* The entries in order of file, line and column, with source line and caret. Of very many
 * only the first are kept, and the others counted. */
void tfu_diagnostics_print(const struct tfu_diagnostics *d, struct tfu_text *out);

#endif
