/* SPDX-License-Identifier: MIT */
#include "core/store/environment.h"

#include "config.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "core/base/hash.h"
#include "core/base/processor.h"
#include "core/io/atomic_file.h"
#include "core/plugin/blas.h"

/* Sets a text that may be NULL. */
static void set_text(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, text ? json_string(text) : json_null());
}

static json_t *describe_host(uint32_t threads)
{
    json_t *host = json_object();
    struct utsname system;
    char text[4096];
    if (uname(&system) == 0) {
        set_text(host, "name", system.nodename);
        set_text(host, "system", system.sysname);
        set_text(host, "kernel", system.release);
        set_text(host, "machine", system.machine);
    }
    if (tfu_processor_name(text, sizeof text))
        set_text(host, "cpu", text);
    json_object_set_new(host, "processors", json_integer(sysconf(_SC_NPROCESSORS_ONLN)));
    json_object_set_new(host, "threads", json_integer((json_int_t)threads));
    return host;
}

/* Which BLAS the plugins use, and whose choice its kernels are. */
static json_t *describe_blas(const struct tfu_blas *b)
{
    if (b->how == TFU_BLAS_NONE)
        return json_null();
    json_t *blas = json_object();
    set_text(blas, "file", b->file);
    set_text(blas, "config", b->config[0] ? b->config : NULL);
    set_text(blas, "core", b->core[0] ? b->core : NULL);
    set_text(blas, "chosen_by", tfu_blas_how_name(b->how));
    if (b->how == TFU_BLAS_FITTED || b->how == TFU_BLAS_STUCK)
        set_text(blas, "took_by_itself", b->took);
    if (b->how == TFU_BLAS_USER || b->how == TFU_BLAS_STUCK)
        set_text(blas, "wanted", b->wanted);
    /* in each of our tasks; the program tells it so */
    json_object_set_new(blas, "threads", json_integer(1));
    return blas;
}

static json_t *describe_plugins(const struct tfu_provenance *p)
{
    json_t *plugins = json_object();
    for (size_t i = 0; i < p->count; i++) {
        const struct tfu_made_with *item = &p->item[i];
        json_t *plugin = json_object();
        set_text(plugin, "version", item->version);
        if (item->path[0])
            set_text(plugin, "path", item->path);
        set_text(plugin, "sha256", item->sha256[0] ? item->sha256 : NULL);
        json_object_set_new(plugin, "shipped", json_boolean(item->shipped));
        json_object_set_new(plugins, item->key, plugin);
    }
    return plugins;
}

/* What changed since the session before, and was gone on with. */
static json_t *describe_changes(const struct tfu_provenance *p)
{
    json_t *changes = json_object();
    for (size_t i = 0; i < p->changed_count; i++)
        json_object_set_new(
            changes, p->changed[i].key,
            json_pack("{s:s, s:s}", "was", p->changed[i].was, "is", p->changed[i].is));
    return changes;
}

static json_t *describe_session(const struct tfu_environment *env)
{
    json_t *session = json_object(), *data = json_object(), *lists = json_object();
    char started[64];
    struct tm utc;
    const time_t now = time(NULL);
    strftime(started, sizeof started, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    set_text(session, "started", started);
    if (env->accepted)
        json_object_set_new(session, "accepted", json_true());
    else
        json_object_set_new(session, "step", json_integer((json_int_t)env->step));
    set_text(session, "transfuse", PACKAGE_VERSION);
    json_object_set_new(session, "abi",
                        json_sprintf("%u.%u", TFU_ABI_MAJOR, (unsigned)TFU_ABI_MINOR));
    set_text(session, "compiler", __VERSION__);
    json_object_set_new(session, "host", describe_host(env->threads));
    json_object_set_new(session, "blas", describe_blas(env->blas));
    for (size_t i = 0; i < env->data_count; i++) {
        set_text(data, env->data[i].split, env->data[i].fingerprint);
        if (env->data[i].list)
            set_text(lists, env->data[i].split, env->data[i].list);
    }
    json_object_set_new(session, "data", data);
    if (json_object_size(lists))
        json_object_set(session, "lists", lists);
    json_decref(lists);
    json_object_set_new(session, "plugins", describe_plugins(env->provenance));
    if (env->provenance->changed_count > 0)
        json_object_set_new(session, "changed", describe_changes(env->provenance));
    return session;
}

enum tfu_status tfu_environment_write(const char *path, const struct tfu_environment *env,
                                      struct tfu_error *e)
{
    json_t *root = env->step > 0 || env->accepted ? json_load_file(path, 0, NULL) : NULL;
    if (!json_is_array(json_object_get(root, "sessions"))) {
        json_decref(root);
        root = json_pack("{s:[]}", "sessions");
    }
    json_array_append_new(json_object_get(root, "sessions"), describe_session(env));
    char *text = root ? json_dumps(root, JSON_INDENT(2)) : NULL;
    const enum tfu_status st = text ? tfu_atomic_write_file(path, text, strlen(text), e)
                                    : tfu_error_memory(e, "writing env.json", 0);
    free(text);
    json_decref(root);
    return st;
}
