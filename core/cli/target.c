/* SPDX-License-Identifier: MIT */
#include "core/cli/target.h"

#include <errno.h>
#include <glob.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/cli/cli.h"

static bool is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* The one run whose folder begins as `path`, where runs are kept by default too; "" where there is
 * none, or more than one. A path that reads as a pattern finds others, and is a guess anyway. */
static void complete(const char *path, struct tfu_text *out)
{
    static const char *const where[] = {"", "runs/*/"};
    static const char file[] = "/config.yaml";
    for (size_t i = 0; i < TFU_COUNT(where) && !out->length; i++) {
        struct tfu_text pattern = TFU_TEXT_INIT;
        glob_t found;
        tfu_text_printf(&pattern, "%s%s*%s", where[i], path, file);
        if (!pattern.failed && glob(tfu_text_get(&pattern), 0, NULL, &found) == 0) {
            if (found.gl_pathc == 1)
                tfu_text_append(out, found.gl_pathv[0], strlen(found.gl_pathv[0]) - strlen(file));
            globfree(&found);
        }
        tfu_text_free(&pattern);
    }
}

/* Neither a run nor a configuration, by its name. */
static bool is_no_target(const char *command, const char *path, int *status)
{
    static const char *const network[] = {".tfm", ".onnx", ".safetensors"};
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < TFU_COUNT(network); i++)
        if (strcmp(dot, network[i]) == 0) {
            *status =
                tfu_cli_usage(command,
                              "'%s' is a file of a network alone; what is wanted is the folder "
                              "of a run, or a configuration with --checkpoint FILE",
                              path);
            return true;
        }
    if (strcmp(path, "-") == 0 || access(path, F_OK) == 0)
        return false;
    const int why = errno;
    struct tfu_text whole = TFU_TEXT_INIT;
    complete(path, &whole);
    *status = whole.length
                  ? tfu_cli_usage(command, "cannot open '%s': %s; did you mean '%s'?", path,
                                  strerror(why), tfu_text_get(&whole))
                  : tfu_cli_usage(command,
                                  "cannot open '%s': %s; what is wanted is the folder of a run, or "
                                  "a configuration",
                                  path, strerror(why));
    tfu_text_free(&whole);
    return true;
}

int tfu_cli_target(struct tfu_target_request *out, const struct tfu_cli_arguments *a)
{
    *out = (struct tfu_target_request){.override = a->pair, .override_count = a->pair_count};
    for (size_t i = 0; i < a->positional_count; i++) {
        const char *argument = a->positional[i];
        const bool folder = is_folder(argument);
        int status = 0;
        if (!folder && is_no_target(a->command, argument, &status))
            return status;
        const char **where = folder ? &out->folder : &out->config;
        if (*where)
            return tfu_cli_usage(a->command, "'%s' is one %s too many: there is '%s' already",
                                 argument, folder ? "folder" : "configuration", *where);
        *where = argument;
    }
    return 0;
}
