/* SPDX-License-Identifier: MIT
 *
 * transfuse/option.h - a plugin declares its options as a table. The host parses, checks and
 * documents them and fills the plugin's config struct; a plugin never sees YAML.
 *
 * The idea is FFmpeg's AVOption with explicit choices and exact 64-bit integers.
 */
#ifndef TFU_OPTION_H
#define TFU_OPTION_H

#include <transfuse/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Type of an option, and of the field that holds it. */
enum tfu_type {
    TFU_BOOL = 1,   /* int32_t: 0 or 1 */
    TFU_INT = 2,    /* int64_t */
    TFU_FLOAT = 3,  /* double */
    TFU_STRING = 4, /* const char *, never NULL */
    TFU_ENUM = 5,   /* int32_t: index in `choices` */
    TFU_PATH = 6,   /* const char *: as STRING; a relative path in YAML is relative to that file */
    TFU_INT_LIST = 7,    /* struct tfu_int_list */
    TFU_FLOAT_LIST = 8,  /* struct tfu_float_list */
    TFU_STRING_LIST = 9, /* struct tfu_string_list */
    /* const struct tfu_inner *: another plugin of the same kind with options of its own,
     * `rest: {plugin: random, scheme: he_normal}`, which the plugin has do a part of its work
     * through the host. `sdef` names the one that is taken when the key is left out; NULL or "":
     * none, and the pointer is NULL. */
    TFU_INNER = 10
};

struct tfu_inner; /* the host's */

enum {
    TFU_OPT_REQUIRED = 1u << 0, /* there is no default: the configuration must give a value */
    /* No value of it changes a result (a name for people, a place, an amount of memory):
     * it is not part of a run's identity. */
    TFU_OPT_NO_EFFECT = 1u << 1
};

/* Lists in a config struct. `item` is NULL when `count` is 0. A list that is not required defaults
 * to the empty list. */
struct tfu_int_list {
    const int64_t *item;
    uint64_t count;
};
struct tfu_float_list {
    const double *item;
    uint64_t count;
};
struct tfu_string_list {
    const char *const *item;
    uint64_t count;
};

/* One option. A name with dots is a key in a nested mapping: "slim.from" is `slim: {from: ...}`.
 * Bounds are inclusive and hold for each item of a list. Strings and lists in a filled config
 * struct belong to the host and live as long as the instance made from it. */
struct tfu_option {
    const char *name;
    const char *help; /* one sentence, no full stop: shown by `transfuse plugins describe` */
    uint32_t type;    /* enum tfu_type */
    uint32_t flags;   /* TFU_OPT_* */
    uint32_t offset;  /* of the field in the plugin's config struct */
    uint32_t reserved;
    double fdef, fmin, fmax;    /* FLOAT, FLOAT_LIST */
    int64_t idef, imin, imax;   /* BOOL, INT, INT_LIST: exact beyond 2^53 */
    const char *sdef;           /* STRING, PATH, ENUM; NULL: "" */
    const char *const *choices; /* ENUM: NULL-terminated */
};

/* A table is an array of these lines; `cfg` is the config struct's type. */
#define TFU_OPT_BOOL(cfg, field, def_, help_)                                                      \
    {                                                                                              \
        .name = #field, .help = (help_), .type = TFU_BOOL, .offset = offsetof(cfg, field),         \
        .idef = (def_), .imin = 0, .imax = 1                                                       \
    }
#define TFU_OPT_INT(cfg, field, def_, min_, max_, help_)                                           \
    {                                                                                              \
        .name = #field, .help = (help_), .type = TFU_INT, .offset = offsetof(cfg, field),          \
        .idef = (def_), .imin = (min_), .imax = (max_)                                             \
    }
#define TFU_OPT_FLOAT(cfg, field, def_, min_, max_, help_)                                         \
    {                                                                                              \
        .name = #field, .help = (help_), .type = TFU_FLOAT, .offset = offsetof(cfg, field),        \
        .fdef = (def_), .fmin = (min_), .fmax = (max_)                                             \
    }
#define TFU_OPT_STRING(cfg, field, def_, flags_, help_)                                            \
    {                                                                                              \
        .name = #field, .help = (help_), .type = TFU_STRING, .flags = (flags_),                    \
        .offset = offsetof(cfg, field), .sdef = (def_)                                             \
    }
#define TFU_OPT_PATH(cfg, field, def_, flags_, help_)                                              \
    {                                                                                              \
        .name = #field, .help = (help_), .type = TFU_PATH, .flags = (flags_),                      \
        .offset = offsetof(cfg, field), .sdef = (def_)                                             \
    }
#define TFU_OPT_ENUM(cfg, field, def_, choices_, help_)                                            \
    {                                                                                              \
        .name = #field, .help = (help_), .type = TFU_ENUM, .offset = offsetof(cfg, field),         \
        .sdef = (def_), .choices = (choices_)                                                      \
    }
#define TFU_OPT_INT_LIST(cfg, field, min_, max_, help_)                                            \
    {                                                                                              \
        .name = #field, .help = (help_), .type = TFU_INT_LIST, .offset = offsetof(cfg, field),     \
        .imin = (min_), .imax = (max_)                                                             \
    }
#define TFU_OPT_FLOAT_LIST(cfg, field, min_, max_, help_)                                          \
    {                                                                                              \
        .name = #field, .help = (help_), .type = TFU_FLOAT_LIST, .offset = offsetof(cfg, field),   \
        .fmin = (min_), .fmax = (max_)                                                             \
    }
#define TFU_OPT_STRING_LIST(cfg, field, help_)                                                     \
    {                                                                                              \
        .name = #field, .help = (help_), .type = TFU_STRING_LIST, .offset = offsetof(cfg, field)   \
    }

#define TFU_OPT_INNER(cfg, field, def_, flags_, help_)                                             \
    {                                                                                              \
        .name = #field, .help = (help_), .type = TFU_INNER, .flags = (flags_),                     \
        .offset = offsetof(cfg, field), .sdef = (def_)                                             \
    }

/* The five descriptor fields that announce a table. */
#define TFU_OPTIONS(table, cfg)                                                                    \
    .options = (table), .option_count = TFU_COUNT(table),                                          \
    .option_size = sizeof(struct tfu_option), .config_size = sizeof(cfg)

#ifdef __cplusplus
}
#endif
#endif
