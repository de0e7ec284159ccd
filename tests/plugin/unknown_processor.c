/* SPDX-License-Identifier: MIT
 *
 * To be preloaded: OpenBLAS finds itself on a processor that it does not know. What the environment
 * says is seen as it is.
 */
#include <stddef.h>
#include <string.h>

extern char **environ;

char *getenv(const char *name)
{
    static char fallback[] = "Prescott";
    const size_t n = strlen(name);
    for (char **e = environ; *e; e++)
        if (strncmp(*e, name, n) == 0 && (*e)[n] == '=')
            return *e + n + 1;
    return strcmp(name, "OPENBLAS_CORETYPE") == 0 ? fallback : NULL;
}
