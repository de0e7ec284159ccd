/* SPDX-License-Identifier: MIT
 *
 * provenance.h - the program and the plugins that a run is made with, by their contents, and how
 * they differ from those that env.json has of the run so far. They are no part of the run's id: a
 * program that was built again does not orphan the runs that there are.
 */
#ifndef TFU_CORE_STORE_PROVENANCE_H
#define TFU_CORE_STORE_PROVENANCE_H

#include "core/base/hash.h"
#include "core/base/text.h"
#include "core/plugin/registry.h"

struct tfu_made_with {
    const char *key; /* "arch/cbr_tiny"; "transfuse" for the program */
    const char *version, *path;
    char sha256[TFU_HASH_HEX]; /* "": the file cannot be read any more */
    bool shipped;              /* it comes with the program, or is it */
};

/* Something that the run was made with before and that is not the same now. */
struct tfu_made_otherwise {
    char *key, *path;
    char was[TFU_HASH_HEX], is[TFU_HASH_HEX];
    bool shipped;
};

struct tfu_provenance {
    struct tfu_made_with *item; /* sorted by key */
    size_t count;
    struct tfu_made_otherwise *changed; /* since the last session; none before _compare() */
    size_t changed_count;
};

/* Everything that the registry has opened by now; the strings are the plugins' and the registry's
 * own. */
enum tfu_status tfu_provenance_new(struct tfu_provenance **out, const struct tfu_registry *r,
                                   struct tfu_error *e);
void tfu_provenance_free(struct tfu_provenance *p);

/* Fills `changed`: what the last session in the env.json of the folder `run` had otherwise. Of a
 * plugin that is not opened (layers are, when a network is built) the file that it had then is
 * looked at. Nothing changed where there is no env.json, or it cannot be read. */
enum tfu_status tfu_provenance_compare(struct tfu_provenance *p, const char *run,
                                       struct tfu_error *e);
/* How many of `changed` are shipped, or are not. */
size_t tfu_provenance_changed(const struct tfu_provenance *p, bool shipped);
/* Appends them: "arch/mynet ('/lib/mynet.so')", with ", " before all but the first of the text. */
void tfu_provenance_list(const struct tfu_provenance *p, bool shipped, struct tfu_text *out);

#endif
