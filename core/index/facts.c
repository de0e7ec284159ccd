/* SPDX-License-Identifier: MIT */
#include "core/index/facts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

void tfu_facts_free(struct tfu_facts *f)
{
    tfu_text_free(&f->problem);
    free(f->leaf);
    free(f->metrics.row);
    free(f->metrics.series);
    free(f->artefact);
    tfu_arena_free(&f->arena);
}

bool tfu_facts_grow(struct tfu_facts *f, void **array, size_t count, size_t *room, size_t size)
{
    (void)f;
    if (count < *room)
        return true;
    const size_t more = *room ? 2 * *room : 64;
    void *grown = reallocarray(*array, more, size);
    if (!grown)
        return false;
    *array = grown;
    *room = more;
    return true;
}

void tfu_facts_complain(struct tfu_facts *f, const char *fmt, ...)
{
    enum { ENOUGH = 600 };
    if (f->problem.length > ENOUGH)
        return;
    va_list args;
    va_start(args, fmt);
    if (f->problem.length)
        tfu_text_puts(&f->problem, "; ");
    tfu_text_printf_v(&f->problem, fmt, args);
    va_end(args);
}

int tfu_facts_open(int folder, const char *name)
{
    struct stat info;
    const int fd = openat(folder, name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd >= 0 && (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode))) {
        close(fd);
        errno = EINVAL;
        return -1;
    }
    return fd;
}

json_t *tfu_facts_json(int fd, size_t bytes, size_t flags, json_error_t *error)
{
    char *text = malloc(bytes + 1);
    size_t n = 0;
    *error = (json_error_t){.line = 0, .text = "it cannot be read"};
    while (text && n < bytes) {
        const ssize_t got = pread(fd, text + n, bytes - n, (off_t)n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        n += (size_t)got;
    }
    json_t *root = text ? json_loadb(text, n, flags, error) : NULL;
    free(text);
    return root;
}
