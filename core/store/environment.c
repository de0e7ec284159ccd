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

/* Sets a text that may be NULL. */
static void set_text(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, text ? json_string(text) : json_null());
}

/* In the first line of `path` that has `word`: the text from `from` on, which `word` is part of or
 * follows. */
static int find_in_file(const char *path, const char *from, const char *word, char *out,
                        size_t size)
{
    FILE *f = fopen(path, "r");
    char line[4096];
    int found = 0;
    while (f && !found && fgets(line, sizeof line, f)) {
        const char *at = strstr(line, from);
        if (!at || !strstr(at, word))
            continue;
        found = 1;
        snprintf(out, size, "%s", at);
        out[strcspn(out, "\n")] = '\0';
    }
    if (f)
        fclose(f);
    return found;
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

/* Which BLAS a backend brought along: its file, as the loader mapped it. */
static void describe_blas(json_t *session)
{
    char path[4096];
    if (find_in_file("/proc/self/maps", "/", "blas", path, sizeof path))
        set_text(session, "blas", path);
}

static void add_plugin(json_t *plugins, const struct tfu_registry *r,
                       const struct tfu_plugin_choice *c)
{
    char key[256], hex[TFU_HASH_HEX];
    if (!c->plugin)
        return;
    snprintf(key, sizeof key, "%s/%s", tfu_kind_name((int)c->plugin->kind), c->plugin->name);
    if (json_object_get(plugins, key))
        return;
    const char *path = tfu_registry_path(r, c->plugin);
    json_t *plugin = json_object();
    set_text(plugin, "version", c->plugin->version);
    set_text(plugin, "path", path);
    if (path && tfu_hash_file(path, hex, NULL) == TFU_OK)
        set_text(plugin, "sha256", hex);
    json_object_set_new(plugins, key, plugin);
}

static json_t *describe_plugins(const struct tfu_experiment *x, const struct tfu_registry *r)
{
    json_t *plugins = json_object();
    const struct tfu_data_split *split[] = {&x->train_data, &x->valid_data, &x->test_data};
    add_plugin(plugins, r, &x->arch);
    for (size_t i = 0; i < x->init_count; i++)
        add_plugin(plugins, r, &x->init[i].choice);
    for (size_t i = 0; i < TFU_COUNT(split); i++)
        if (split[i]->present)
            add_plugin(plugins, r, &split[i]->choice);
    add_plugin(plugins, r, &x->train.optimizer);
    for (size_t i = 0; i < x->metric_count; i++)
        add_plugin(plugins, r, &x->metric[i]);
    add_plugin(plugins, r, &x->backend);
    return plugins;
}

static json_t *describe_session(const struct tfu_environment *env)
{
    json_t *session = json_object(), *data = json_object();
    char started[64];
    struct tm utc;
    const time_t now = time(NULL);
    strftime(started, sizeof started, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    set_text(session, "started", started);
    json_object_set_new(session, "step", json_integer((json_int_t)env->step));
    set_text(session, "transfuse", PACKAGE_VERSION);
    json_object_set_new(session, "abi",
                        json_sprintf("%u.%u", TFU_ABI_MAJOR, (unsigned)TFU_ABI_MINOR));
    set_text(session, "compiler", __VERSION__);
    json_object_set_new(session, "host", describe_host(env->threads));
    describe_blas(session);
    for (size_t i = 0; i < env->data_count; i++)
        set_text(data, env->data[i].split, env->data[i].fingerprint);
    json_object_set_new(session, "data", data);
    json_object_set_new(session, "plugins", describe_plugins(env->experiment, env->registry));
    return session;
}

enum tfu_status tfu_environment_write(const char *path, const struct tfu_environment *env,
                                      struct tfu_error *e)
{
    json_t *root = env->step > 0 ? json_load_file(path, 0, NULL) : NULL;
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
