/* SPDX-License-Identifier: MIT
 *
 * libFuzzer target: whatever the bytes, a table is refused with a message, or its examples can be
 * asked for everything; and reading it again gives the same. The first byte chooses the options.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/data/contents.h"
#include "plugins/dataset/csv_examples.h"
#include "tests/plugins/dataset/plain_options.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const options[] = {
    "image=i",
    "image=i labels=a group=a attributes=b",
    "image=i labels=a;b uncertain=smooth blank=ignore view=b views=PA;UNKNOWN",
    "image=i label_list=a labels=x;y sex=b age=a",
    "image=i labels=a kind=numbers where=b=1 delimiter=;",
    "image=i labels=a binary=referable_dr group=(\\d+)",
    "image=i labels=a rows=grouped boxes=a;b;c;d",
    "image=i pattern={a}/{};{} labels=a values=x=1;y=0",
    "preset=chexpert",
    "preset=nih14",
    "preset=padchest",
    "preset=rsna",
    "preset=eyepacs",
    "preset=messidor2",
    "preset=idrid",
};

/* One file for all inputs, removed at exit. */
static char path[256];

static void remove_file(void)
{
    unlink(path);
}

static void write_file(const uint8_t *data, size_t size)
{
    int fd;
    if (path[0]) {
        fd = open(path, O_WRONLY | O_TRUNC);
    } else {
        const char *folder = getenv("TMPDIR");
        snprintf(path, sizeof path, "%s/transfuse-fuzz.XXXXXX", folder ? folder : "/tmp");
        fd = mkstemp(path);
        atexit(remove_file);
    }
    if (fd < 0 || write(fd, data, size) != (ssize_t)size || close(fd) != 0)
        abort();
}

static uint64_t add(uint64_t sum, const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        sum = (sum ^ ((const uint8_t *)bytes)[i]) * UINT64_C(0x100000001b3);
    return sum;
}

/* A sum over all that can be asked. */
static uint64_t ask(struct csv_examples *x)
{
    uint64_t sum = 0;
    float *labels = calloc(x->labels.columns + 1, sizeof *labels);
    for (uint32_t i = 0; i < x->images.count; i++) {
        const char *name = csv_words_get(&x->images, i), *group = csv_about_group(&x->about, i);
        const struct csv_box *box;
        bool found;
        uint32_t place;
        char file[8192];
        if (!labels || csv_places_leaves(name))
            abort();
        sum = add(sum, name, strlen(name));
        sum = add(sum, group, group ? strlen(group) : 0);
        for (size_t k = 0; k < x->about.attributes; k++) {
            const char *text = csv_about_attribute(&x->about, i, k);
            sum = add(sum, text, strlen(text));
        }
        csv_labels_get(&x->labels, i, name, labels);
        sum = add(sum, labels, x->labels.columns * sizeof *labels);
        for (size_t k = csv_boxes_of(&x->boxes, i, &box); k > 0; k--)
            sum = add(sum, &box[k - 1].left, sizeof(float));
        if (i < 4 && (csv_places_find(&x->places, name, x->folder[i], &found, &place, NULL) ||
                      !csv_places_path(&x->places, name, place, file, sizeof file)))
            abort();
    }
    free(labels);
    return sum;
}

/* 0: it was refused */
static uint64_t read_table(const char *which)
{
    struct csv_config config;
    struct csv_examples x;
    struct tfu_contents contents;
    struct tfu_error e = TFU_ERROR_INIT;
    char text[1024], *rest = NULL;
    plain_options_begin(&config);
    snprintf(text, sizeof text, "table=%s root=/proc/self/fdinfo %s", path, which);
    for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
        if (!plain_options_set(&config, word))
            abort();
    tfu_contents_init(&contents, NULL, NULL);
    const enum tfu_status st =
        csv_examples_read(&x, &config, tfu_contents_host(&contents, true, &e));
    if (e.status != st || (st != TFU_OK) != (e.text[0] != 0))
        abort();
    const uint64_t sum = st == TFU_OK ? ask(&x) | 1 : 0;
    csv_examples_free(&x);
    tfu_contents_free(&contents);
    plain_options_free(&config);
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const char *which = options[data[0] % TFU_COUNT(options)];
    write_file(data + 1, size - 1);
    const uint64_t sum = read_table(which);
    if (read_table(which) != sum)
        abort();
    return 0;
}
