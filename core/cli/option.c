/* SPDX-License-Identifier: MIT */
#include "core/cli/option.h"

#include <string.h>

#include "core/cli/cli.h"
#include "core/cli/model.h"

bool tfu_cli_option_take(const struct tfu_cli_option *table, size_t count, const char *command,
                         int argc, char **argv, int *i, int *status)
{
    for (size_t k = 0; k < count; k++) {
        const struct tfu_cli_option *o = &table[k];
        const size_t n = strlen(o->name);
        const char *value = NULL;
        if (strncmp(argv[*i], o->name, n) != 0 || (argv[*i][n] && argv[*i][n] != '='))
            continue;
        if (o->flag) {
            *o->flag = true;
            if (argv[*i][n])
                *status = tfu_cli_usage(command, "%s takes no value", o->name);
            return true;
        }
        if (argv[*i][n] == '=')
            value = argv[*i] + n + 1;
        else if (*i + 1 < argc)
            value = argv[++*i];
        if (!value)
            *status = tfu_cli_usage(command, "%s needs a value", o->name);
        else if (o->text)
            *o->text = value;
        else
            tfu_model_number(command, o->name, value, o->min, o->max, o->number, status);
        return true;
    }
    return false;
}

bool tfu_cli_is_pair(const char *argument)
{
    const char *equals = strchr(argument, '=');
    return equals && !memchr(argument, '/', (size_t)(equals - argument));
}
