/* SPDX-License-Identifier: MIT */
#include "core/config/include.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/config/merge.h"
#include "core/config/parse.h"
#include "core/config/path.h"

static struct tfu_node *compose(struct tfu_load *l, struct tfu_include *f);

/* ---- reading */

/* "a.yaml -> b.yaml -> a.yaml" */
static const char *chain(struct tfu_load *l, const struct tfu_include *f)
{
    const char *names = f->path;
    for (const struct tfu_include *p = f->parent; p && names; p = p->parent)
        names = tfu_load_printf(l, "%s -> %s", p->path, names);
    return names ? names : "";
}

static bool check_cycle(struct tfu_load *l, const struct tfu_include *f)
{
    for (const struct tfu_include *p = f->parent; p; p = p->parent)
        if (p->device == f->device && p->inode == f->inode) {
            tfu_diagnostics_add(l->diagnostics, f->from, "include goes round in a circle: %s",
                                chain(l, f));
            return false;
        }
    return true;
}

/* All bytes, up to a little more than the limit; false with errno. */
static bool read_bytes(int fd, struct tfu_text *out)
{
    char piece[8192];
    while (out->length <= TFU_LOAD_FILE_BYTES) {
        const ssize_t n = read(fd, piece, sizeof piece);
        if (n < 0 && errno != EINTR)
            return false;
        if (n == 0)
            break;
        if (n > 0)
            tfu_text_append(out, piece, (size_t)n);
    }
    return true;
}

static bool read_open_file(struct tfu_load *l, struct tfu_include *f, int fd, struct tfu_text *out)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || !read_bytes(fd, out)) {
        tfu_diagnostics_add(l->diagnostics, f->from, "cannot read '%s': %s", f->path,
                            strerror(errno));
        return false;
    }
    if (out->length > TFU_LOAD_FILE_BYTES) {
        tfu_diagnostics_add(l->diagnostics, f->from,
                            "'%s' is larger than %d bytes: is it a configuration?", f->path,
                            TFU_LOAD_FILE_BYTES);
        return false;
    }
    f->device = st.st_dev;
    f->inode = st.st_ino;
    return check_cycle(l, f);
}

static bool read_file(struct tfu_load *l, struct tfu_include *f, struct tfu_text *out)
{
    const int fd = strcmp(f->open, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                                             : open(f->open, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        tfu_diagnostics_add(l->diagnostics, f->from, "cannot open '%s': %s", f->open,
                            strerror(errno));
        return false;
    }
    const bool ok = read_open_file(l, f, fd, out);
    close(fd);
    l->out_of_memory |= out->failed;
    return ok && !out->failed;
}

/* ---- composing */

static bool check_bounds(struct tfu_load *l, const struct tfu_include *f)
{
    if (f->depth > TFU_LOAD_INCLUDE_DEPTH) {
        tfu_diagnostics_add(l->diagnostics, f->from, "includes are nested more than %d deep",
                            TFU_LOAD_INCLUDE_DEPTH);
        return false;
    }
    if (l->includes++ == TFU_LOAD_INCLUDES) {
        tfu_diagnostics_add(l->diagnostics, f->from, "more than %d files are included",
                            TFU_LOAD_INCLUDES);
        return false;
    }
    return true;
}

/* Lays one included file over `base`. */
static bool include_file(struct tfu_load *l, const struct tfu_include *parent,
                         const struct tfu_node *name, struct tfu_node *base)
{
    if (name->kind != TFU_NODE_SCALAR || tfu_node_is_null(name) || !name->text[0]) {
        tfu_diagnostics_add(l->diagnostics, name->mark,
                            "include: expected the name of a file, or a list of names, got %s",
                            tfu_node_describe(l, name));
        return false;
    }
    struct tfu_include f;
    struct tfu_node *over = tfu_include_open(l, parent, name, &f);
    if (over)
        tfu_merge(l, "", base, over);
    return over;
}

/* What `n` includes, with `n` over it. */
static struct tfu_node *resolve(struct tfu_load *l, const struct tfu_include *f, struct tfu_node *n)
{
    struct tfu_node *include = tfu_node_at(n, "include");
    if (!include)
        return n;
    tfu_node_remove(n, include);
    struct tfu_node *base = tfu_node_new(l, TFU_NODE_MAPPING, n->mark);
    if (!base)
        return NULL;
    bool ok = true;
    if (include->kind != TFU_NODE_SEQUENCE)
        ok = include_file(l, f, include, base);
    else
        for (const struct tfu_node *name = include->first; name; name = name->next)
            ok &= include_file(l, f, name, base);
    tfu_merge(l, "", base, n);
    return ok ? base : NULL;
}

/* The tree of a text that is the whole of a file. */
static struct tfu_node *parse_file(struct tfu_load *l, const struct tfu_include *f,
                                   const char *text, size_t length)
{
    const struct tfu_mark from = f->parent ? f->from : (struct tfu_mark){.source = NULL};
    tfu_diagnostics_source(l->diagnostics, f->path, text, length, from);
    const struct tfu_mark start = {.source = f->path, .line = 1, .column = 1};
    struct tfu_node *n = tfu_parse_yaml(l, text, length, start);
    if (!n)
        return NULL;
    if (tfu_node_is_null(n)) {
        tfu_diagnostics_add(l->diagnostics, (struct tfu_mark){.source = f->path},
                            "the file is empty");
        return NULL;
    }
    if (n->kind != TFU_NODE_MAPPING) {
        tfu_diagnostics_add(l->diagnostics, n->mark,
                            "expected the sections of a configuration (task, arch, data, train, "
                            "...), got %s",
                            tfu_node_describe(l, n));
        return NULL;
    }
    if (n->replaces)
        tfu_diagnostics_add(l->diagnostics, n->mark,
                            "'!replace' is for a mapping in a file, not for all of the file: mark "
                            "the sections that replace others");
    return n;
}

static struct tfu_node *compose(struct tfu_load *l, struct tfu_include *f)
{
    struct tfu_text text = TFU_TEXT_INIT;
    struct tfu_node *n = NULL;
    if (read_file(l, f, &text))
        n = parse_file(l, f, tfu_text_get(&text), text.length);
    tfu_text_free(&text);
    return n ? resolve(l, f, n) : NULL;
}

struct tfu_node *tfu_include_open(struct tfu_load *l, const struct tfu_include *parent,
                                  const struct tfu_node *name, struct tfu_include *f)
{
    *f = (struct tfu_include){.parent = parent,
                              .path = tfu_path_beside(l, name->mark.source, name->text),
                              .from = name->mark,
                              .depth = parent->depth + 1};
    f->open = f->path;
    return f->path && check_bounds(l, f) ? compose(l, f) : NULL;
}

struct tfu_node *tfu_include_compose(struct tfu_load *l, const char *text, size_t length)
{
    struct tfu_include f = {.path = l->path, .open = l->open, .from = tfu_load_mark(l)};
    if (!text)
        return compose(l, &f);
    struct tfu_node *n = parse_file(l, &f, text, length);
    return n ? resolve(l, &f, n) : NULL;
}

struct tfu_node *tfu_include_resolve(struct tfu_load *l, struct tfu_node *n)
{
    const struct tfu_node *include = tfu_node_at(n, "include");
    if (!include)
        return n;
    const struct tfu_include f = {.path = include->mark.source, .from = include->mark};
    return resolve(l, &f, n);
}
