/* SPDX-License-Identifier: MIT */
#include "core/io/zip_entry.h"

#include <stdbool.h>
#include <string.h>

/* A byte of deflate makes at most so many. */
enum { DEFLATE_MAX = 1032 };

static bool leads_out(const char *name)
{
    if (name[0] == '/' || strchr(name, '\\'))
        return true;
    for (const char *part = name; part; part = strchr(part, '/')) {
        part += *part == '/';
        if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || part[2] == '\0'))
            return true;
    }
    return false;
}

static bool has_control_characters(const char *name)
{
    for (; *name; name++)
        if ((unsigned char)*name < ' ' || *name == 127)
            return true;
    return false;
}

static enum tfu_status check_name(const char *path, size_t i, const char *name, struct tfu_error *e)
{
    if (!name[0])
        return tfu_error_at(e, TFU_ECORRUPT, path, 0, 0,
                            "entry %zu has no name; the file is damaged", i);
    if (has_control_characters(name))
        return tfu_error_at(e, TFU_ECORRUPT, path, 0, 0,
                            "the name of entry %zu has control characters; the file is damaged", i);
    if (leads_out(name))
        return tfu_error_at(
            e, TFU_ECORRUPT, path, 0, 0,
            "the entry name '%.200s' leads out of the archive; such files are made to do "
            "harm",
            name);
    return TFU_OK;
}

static enum tfu_status check_sizes(const char *path, const zip_stat_t *s, uint64_t room,
                                   struct tfu_error *e)
{
    if (s->encryption_method != ZIP_EM_NONE)
        return tfu_error_at(e, TFU_EUNSUPPORTED, path, 0, 0,
                            "entry '%.200s' is encrypted; decrypt the archive first", s->name);
    if (s->comp_method != ZIP_CM_STORE && s->comp_method != ZIP_CM_DEFLATE)
        return tfu_error_at(e, TFU_EUNSUPPORTED, path, 0, 0,
                            "entry '%.200s' is compressed with method %d; only stored and deflated "
                            "entries are read: write the file again without compression",
                            s->name, s->comp_method);
    if (s->comp_size > room)
        return tfu_error_at(
            e, TFU_ECORRUPT, path, 0, 0,
            "entry '%.200s' claims %llu bytes where the file has %llu to give; it is "
            "damaged, or its entries share bytes",
            s->name, (unsigned long long)s->comp_size, (unsigned long long)room);
    if (s->comp_method == ZIP_CM_STORE && s->size != s->comp_size)
        return tfu_error_at(e, TFU_ECORRUPT, path, 0, 0,
                            "entry '%.200s' is stored in %llu bytes but claims %llu", s->name,
                            (unsigned long long)s->comp_size, (unsigned long long)s->size);
    if (s->size / DEFLATE_MAX + (s->size % DEFLATE_MAX != 0) > s->comp_size)
        return tfu_error_at(e, TFU_ECORRUPT, path, 0, 0,
                            "entry '%.200s' claims %llu bytes, which deflate cannot make of %llu",
                            s->name, (unsigned long long)s->size, (unsigned long long)s->comp_size);
    return TFU_OK;
}

enum tfu_status tfu_zip_entry_check(const char *path, size_t i, const zip_stat_t *s, uint64_t room,
                                    struct tfu_error *e)
{
    const enum tfu_status st = check_name(path, i, s->name, e);
    return st == TFU_OK ? check_sizes(path, s, room, e) : st;
}
