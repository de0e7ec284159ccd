/* SPDX-License-Identifier: MIT
 *
 * Reads a table as the dataset csv_images does, without an image, and prints what it holds:
 *
 *   table_counts OPTION=VALUE...
 *
 * ("labels=Edema;Fracture" is a list.) Lines "examples 17", "groups 5", the notes, "sex 'male' 3"
 * of each attribute's values, and "bytes" an example; or the reason why it is refused.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/data/contents.h"
#include "plugins/dataset/csv_examples.h"
#include "tests/plugins/dataset/plain_options.h"

/* Of each value of attribute `which`: in the order in which they came. */
static void print_attribute(const struct csv_examples *x, size_t which)
{
    int64_t *count = calloc(x->about.words.count + 1, sizeof *count);
    for (size_t i = 0; count && i < x->about.examples; i++)
        count[x->about.value[i * x->about.attributes + which]]++;
    for (uint32_t k = 0; count && k < x->about.words.count; k++)
        if (count[k])
            printf("%s '%s' %lld\n", x->about.name[which], csv_words_get(&x->about.words, k),
                   (long long)count[k]);
    free(count);
}

static void print(const struct csv_examples *x)
{
    printf("examples %u\ngroups %u\nboxes %zu\n", x->images.count, x->about.groups.count,
           x->boxes.count);
    for (size_t i = 0; i < x->notes; i++)
        printf("%s\n", x->note[i]);
    for (size_t k = 0; k < x->about.attributes; k++)
        print_attribute(x, k);
}

int main(int argc, char **argv)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_contents contents;
    struct csv_examples x;
    struct csv_config c;
    plain_options_begin(&c);
    for (int i = 1; i < argc; i++)
        if (!plain_options_set(&c, argv[i])) {
            fprintf(stderr, "table_counts: %s?\n", argv[i]);
            return 2;
        }
    tfu_contents_init(&contents, NULL, NULL);
    const clock_t begun = clock();
    const enum tfu_status st = csv_examples_read(&x, &c, tfu_contents_host(&contents, true, &e));
    if (st == TFU_OK) {
        print(&x);
        csv_examples_finish(&x);
        printf("bytes %.1f\n", (double)csv_examples_bytes(&x) / x.images.count);
        fprintf(stderr, "seconds %.3f\n", (double)(clock() - begun) / CLOCKS_PER_SEC);
    } else {
        printf("%s\n", e.text);
    }
    csv_examples_free(&x);
    tfu_contents_free(&contents);
    plain_options_free(&c);
    return st == TFU_OK ? 0 : 1;
}
