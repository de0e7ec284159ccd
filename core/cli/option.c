/* SPDX-License-Identifier: MIT */
#include "core/cli/option.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/cli/cli.h"
#include "core/config/path.h"
#include "core/config/reference.h"
#include "core/store/run_folder.h"

bool tfu_cli_number(const char *command, const char *option, const char *text, int64_t min,
                    int64_t max, int64_t *out, int *status)
{
    char *end = NULL;
    errno = 0;
    const long long v = text ? strtoll(text, &end, 10) : 0;
    if (text && end != text && *end == '\0' && errno == 0 && v >= min && v <= max) {
        *out = v;
        return true;
    }
    *status = tfu_cli_usage(command, "%s needs a whole number from %lld to %lld, not '%s'", option,
                            (long long)min, (long long)max, text ? text : "");
    return false;
}

/* Does `path` exist: as a file, or as a folder that is worth being named? */
static bool is_there(const char *path, bool any_folder)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return false;
    return any_folder || !S_ISDIR(info.st_mode) || tfu_run_state(path) != TFU_RUN_ABSENT;
}

bool tfu_cli_is_pair(const char *argument)
{
    const char *equals = strchr(argument, '=');
    if (!equals)
        return false;
    const bool is_key = tfu_reference_is_root(argument, strcspn(argument, ".="));
    if (is_there(argument, !is_key))
        return false;
    const char *at = strrchr(argument, '@'); /* lr=0.1/run/1f0c@best: a state of a run */
    if (at && at > equals) {
        char path[PATH_MAX];
        const int n = snprintf(path, sizeof path, "%.*s", (int)(at - argument), argument);
        if (n > 0 && (size_t)n < sizeof path && is_there(path, !is_key))
            return false;
    }
    /* algorithm.conv2d/forward=direct is a pair, runs/lr=0.1 is a path */
    return (is_key && strncmp(argument, "algorithm.", 10) == 0) ||
           !memchr(argument, '/', (size_t)(equals - argument));
}

int tfu_cli_missing(const char *command, const char *const *pair, size_t count, const char *fmt,
                    ...)
{
    struct tfu_text text = TFU_TEXT_INIT;
    va_list args;
    va_start(args, fmt);
    tfu_text_printf_v(&text, fmt, args);
    va_end(args);
    for (size_t i = 0; i < count; i++)
        if (tfu_path_is_likely(strchr(pair[i], '=') + 1)) {
            tfu_text_printf(&text,
                            " ('%s' was taken for KEY=VALUE, as there is no file of that name: "
                            "write ./%s if one is meant)",
                            pair[i], pair[i]);
            break;
        }
    const int status = tfu_cli_usage(command, "%s", tfu_text_get(&text));
    tfu_text_free(&text);
    return status;
}

bool tfu_cli_take_output(const char *command, int argc, char **argv, int *i, const char **output,
                         int *status)
{
    if (strcmp(argv[*i], "-o") != 0)
        return false;
    if (*i + 1 >= argc)
        *status = tfu_cli_usage(command, "-o needs a value");
    else
        *output = argv[++*i];
    return true;
}

bool tfu_cli_may_write(const char *command, const char *path, bool force, int *status)
{
    struct stat info;
    const bool exists = stat(path, &info) == 0;
    if (exists && S_ISDIR(info.st_mode))
        *status = tfu_cli_usage(command, "'%s' is a folder; name a file in it", path);
    else if (exists && !force)
        *status = tfu_cli_usage(command, "'%s' exists; --force overwrites it", path);
    return !exists || (force && !S_ISDIR(info.st_mode));
}
