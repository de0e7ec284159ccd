/* SPDX-License-Identifier: MIT
 *
 * libFuzzer target: whatever a list of names holds, and whatever the examples are called, it is
 * refused with a message, or what it takes are examples; and again the same. What stands before a
 * form feed are the examples, "name" or "name<tab>group" a line; the list is what follows.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/data/cut_list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 64 };

struct examples {
    struct tfu_dataset_info info;
    char *text; /* all names and groups */
    const char *name[MOST], *group[MOST];
};

static const char usual[] = "a/train/1.png\tp1\na/train/2.png\tp1\na/test/1.png\tp2\nb/1.jpg\tp3\n"
                            "b/c.d/1.png\np1\tp4\na//x\tp4\n.hidden\tp5\n3\tp5\na/train/1.png\tp6";

static void require(bool right)
{
    if (!right)
        abort();
}

static const char *name_of(const void *self, int64_t index)
{
    return ((const struct examples *)self)->name[index];
}

static const char *group_of(const void *self, int64_t index)
{
    return ((const struct examples *)self)->group[index];
}

static void make_examples(struct examples *x, const uint8_t *data, size_t size)
{
    *x = (struct examples){.text = malloc(size + 1)};
    require(x->text != NULL);
    memcpy(x->text, data, size);
    x->text[size] = '\0';
    char *rest = NULL;
    for (char *line = strtok_r(x->text, "\n", &rest); line && x->info.count < MOST;
         line = strtok_r(NULL, "\n", &rest)) {
        char *tab = strchr(line, '\t');
        if (tab)
            *tab = '\0';
        x->name[x->info.count] = line;
        x->group[x->info.count++] = tab ? tab + 1 : NULL;
    }
}

/* One file for all inputs, which no folder shows. */
static const char *write_list(const uint8_t *data, size_t size)
{
    static char path[64];
    static int fd = -1;
    if (fd < 0) {
        fd = memfd_create("list", 0);
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    }
    require(fd >= 0 && ftruncate(fd, 0) == 0 && pwrite(fd, data, size, 0) == (ssize_t)size);
    return path;
}

static void count(void *arg, int64_t example)
{
    int64_t *taken = arg;
    require(example >= 0 && example < MOST);
    taken[example]++;
}

static enum tfu_status read_list(const char *path, const struct tfu_name_index *x, int64_t *taken)
{
    struct tfu_error e = TFU_ERROR_INIT;
    memset(taken, 0, MOST * sizeof *taken);
    const enum tfu_status st = tfu_cut_list_read(path, x, count, taken, &e);
    require(e.status == st && (st == TFU_OK) == (e.text[0] == '\0'));
    return st;
}

static void read_twice(const char *path, const struct tfu_name_index *x, int64_t examples)
{
    int64_t first[MOST], again[MOST], all = 0;
    const enum tfu_status st = read_list(path, x, first);
    require(read_list(path, x, again) == st && memcmp(first, again, sizeof first) == 0);
    for (int64_t i = 0; i < MOST; i++) {
        require(i < examples || first[i] == 0);
        all += first[i];
    }
    require(st != TFU_OK || all > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct tfu_dataset_ops ops = {
        .struct_size = sizeof ops, .name = name_of, .group = group_of};
    static const struct tfu_plugin plugin = {.name = "fuzzed"};
    const struct tfu_data_split split = {.choice.plugin = &plugin};
    struct tfu_example_names names;
    struct tfu_example_groups groups;
    struct tfu_name_index *index;
    struct tfu_error e = TFU_ERROR_INIT;
    struct examples x;
    const uint8_t *end = size ? memchr(data, '\f', size) : NULL;
    const size_t head = end ? (size_t)(end - data) : 0;
    if (end)
        make_examples(&x, data, head);
    else
        make_examples(&x, (const uint8_t *)usual, sizeof usual - 1);
    if (x.info.count) {
        const struct tfu_source source = {.split = &split, .ops = &ops, .self = &x, .info = x.info};
        require(tfu_example_names_read(&names, &source, &e) == TFU_OK);
        require(tfu_example_groups_read(&groups, &source, &e) == TFU_OK);
        require(tfu_name_index_new(&index, &source, &names, &groups, &e) == TFU_OK);
        const char *path = end ? write_list(end + 1, size - head - 1) : write_list(data, size);
        read_twice(path, index, x.info.count);
        tfu_name_index_free(index);
        tfu_example_groups_free(&groups);
        tfu_example_names_free(&names);
    }
    free(x.text);
    return 0;
}
