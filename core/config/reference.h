/* SPDX-License-Identifier: MIT
 *
 * reference.h - every key of a configuration, for documentation: the tables by which configurations
 * are read, in the order in which they are written, and the few keys that are in no table.
 */
#ifndef TFU_CORE_CONFIG_REFERENCE_H
#define TFU_CORE_CONFIG_REFERENCE_H

#include "core/config/options.h"

struct tfu_reference_section {
    const char *path; /* "" the file itself, "train", "init.N", "data.SPLIT" */
    const char *help; /* sentences */
    const char *yaml; /* an example, or NULL */
    int kind;         /* of the plugin that the section chooses, and whose options stand in it; 0 */
    struct tfu_options_table other; /* keys that are in no table: `plugin`, `include` */
    struct tfu_options_table table;
    struct tfu_options_table more; /* of metrics that score one network; `table`: that compare */
};

size_t tfu_reference_count(void);
struct tfu_reference_section tfu_reference_section(size_t index);
/* The section that chooses a plugin of `kind`; false where no configuration does. */
bool tfu_reference_of_kind(int kind, struct tfu_reference_section *out);

/* Of all keys of a section, those in no table first. */
size_t tfu_reference_key_count(const struct tfu_reference_section *s);
const struct tfu_option *tfu_reference_key(const struct tfu_reference_section *s, size_t index);

/* What a reader has to be told instead of the option's type or default; NULL where those say it. */
struct tfu_reference_words {
    const char *type, *standard;
};
struct tfu_reference_words tfu_reference_words(const char *section, const char *key);

/* Can a key of a configuration begin with this word: "train", "seed"? */
bool tfu_reference_is_root(const char *word, size_t length);

/* `path` as the sections have it: init.0.match and init.+.match are init.N.match, data.test.limit
 * is data.SPLIT.limit. */
void tfu_reference_normalise(struct tfu_text *out, const char *path);

#endif
