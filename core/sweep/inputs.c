/* SPDX-License-Identifier: MIT */
#include "core/sweep/inputs.h"

#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/config/load.h"

/* What such a record looks like: another number makes one of before be made anew. */
#define FORMAT "2"

/* ---- texts and plugins */

static void put_state(struct tfu_text *out, const char *path)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return;
    const struct tfu_file_state s = tfu_file_state_of(&info);
    tfu_text_printf(
        out,
        "%s %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRId64 ".%" PRId64 " %" PRId64 ".%" PRId64 "\n",
        path, s.device, s.inode, s.size, s.modified, s.modified_ns, s.changed, s.changed_ns);
}

static enum tfu_status put_plugins(struct tfu_sweep_priv *p, struct tfu_text *out,
                                   struct tfu_error *e)
{
    struct tfu_registry_list list;
    const enum tfu_status st = tfu_registry_list(p->registry, 0, &list, e);
    if (st != TFU_OK)
        return st;
    for (size_t i = 0; i < list.count; i++)
        if (!list.entry[i].hidden)
            put_state(out, list.entry[i].path);
    tfu_registry_list_free(&list);
    return TFU_OK;
}

static void digest(const struct tfu_text *text, char hex[TFU_HASH_HEX])
{
    uint8_t bytes[TFU_HASH_SIZE];
    tfu_hash_bytes(tfu_text_get(text), text->length, bytes);
    tfu_hash_to_hex(bytes, hex);
}

/* What files say, wherever they lie. */
static bool digest_texts(struct tfu_sweep_priv *p, const struct tfu_diagnostics *d)
{
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_diagnostics_put_texts(d, TFU_LOAD_COMMAND_LINE, &text);
    digest(&text, p->texts);
    const bool failed = text.failed;
    tfu_text_free(&text);
    return !failed;
}

enum tfu_status tfu_inputs_digest(struct tfu_sweep_priv *p, const struct tfu_diagnostics *d,
                                  struct tfu_error *e)
{
    struct tfu_text text = TFU_TEXT_INIT;
    char *here = getcwd(NULL, 0);
    tfu_text_puts(&text, PACKAGE_VERSION " " FORMAT "\n");
    tfu_text_puts(&text, here ? here : "");
    tfu_text_puts(&text, "\n");
    free(here);
    tfu_diagnostics_put_sources(d, &text);
    const enum tfu_status st = put_plugins(p, &text, e);
    digest(&text, p->sources);
    const bool failed = text.failed || !digest_texts(p, d);
    tfu_text_free(&text);
    return st == TFU_OK && failed ? tfu_error_memory(e, "planning a sweep", 0) : st;
}

/* ---- files */

struct listing {
    json_t *files;
    bool vague;
};

/* What was changed just now may be changed again without another time. */
static bool is_young(const struct tfu_file_state *s)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return s->changed >= (int64_t)now.tv_sec - 1;
}

static void list_file(void *arg, const char *path, const struct tfu_file_state *s)
{
    struct listing *l = arg;
    struct stat info;
    json_t *one = NULL;
    if (!s && stat(path, &info) != 0)
        one = json_pack("[s]", path); /* it is not there */
    else if (!s && S_ISDIR(info.st_mode))
        one = json_pack("[sb]", path, 1); /* its path is what counts */
    else if (s && !is_young(s))
        one = json_pack("[sIIIIIII]", path, (json_int_t)s->device, (json_int_t)s->inode,
                        (json_int_t)s->size, (json_int_t)s->modified, (json_int_t)s->modified_ns,
                        (json_int_t)s->changed, (json_int_t)s->changed_ns);
    l->vague |= !one || json_array_append_new(l->files, one) != 0;
}

/* Plugins that are not on the search path are found by rules of their own. */
static bool has_plugins_elsewhere(const struct tfu_sweep_priv *p)
{
    struct tfu_registry_list list;
    if (tfu_registry_list(p->registry, 0, &list, NULL) != TFU_OK)
        return true;
    const struct tfu_plugin *plugin;
    bool elsewhere = false;
    for (size_t i = 0; !elsewhere && (plugin = tfu_registry_opened(p->registry, i)); i++) {
        const char *path = tfu_registry_path(p->registry, plugin);
        size_t k = 0;
        while (path && k < list.count && strcmp(list.entry[k].path, path) != 0)
            k++;
        elsewhere = !path || k == list.count;
    }
    tfu_registry_list_free(&list);
    return elsewhere;
}

json_t *tfu_inputs_files(const struct tfu_sweep_priv *p)
{
    struct listing l = {.files = json_array()};
    l.vague = !l.files || has_plugins_elsewhere(p);
    if (!l.vague)
        tfu_digests_each_file(p->digests, list_file, &l);
    if (!l.vague)
        return l.files;
    json_decref(l.files);
    return NULL;
}

static bool is_file(const json_t *one, bool *gone)
{
    struct stat info;
    const char *path = json_string_value(json_array_get(one, 0));
    const bool there = path && stat(path, &info) == 0;
    if (!path || json_array_size(one) == 1)
        return path && !there;
    if (json_array_size(one) == 2)
        return there && S_ISDIR(info.st_mode);
    if (json_array_size(one) != 8)
        return false;
    if (!there && (errno == ENOENT || errno == ENOTDIR))
        return *gone = true;
    if (!there)
        return false;
    const struct tfu_file_state now = tfu_file_state_of(&info);
    int64_t v[8] = {0};
    for (size_t i = 1; i < 8; i++)
        v[i] = (int64_t)json_integer_value(json_array_get(one, i));
    const struct tfu_file_state then = {.device = (uint64_t)v[1],
                                        .inode = (uint64_t)v[2],
                                        .size = (uint64_t)v[3],
                                        .modified = v[4],
                                        .modified_ns = v[5],
                                        .changed = v[6],
                                        .changed_ns = v[7]};
    return tfu_file_state_is_same(&now, &then);
}

bool tfu_inputs_are_files(const json_t *files, bool *gone)
{
    bool are = json_is_array(files);
    *gone = false;
    for (size_t i = 0; are && i < json_array_size(files); i++)
        are = is_file(json_array_get(files, i), gone);
    return are;
}

static void find_lack(void *arg, const char *path, const struct tfu_file_state *s)
{
    bool *lacks = arg;
    /* runs that are not there yet have names that no file has */
    *lacks |= !s && strncmp(path, "/case:", 6) != 0 && access(path, F_OK) != 0;
}

bool tfu_inputs_lack_a_file(const struct tfu_sweep_priv *p)
{
    bool lacks = false;
    tfu_digests_each_file(p->digests, find_lack, &lacks);
    return lacks;
}
