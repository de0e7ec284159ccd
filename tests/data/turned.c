/* SPDX-License-Identifier: MIT
 *
 * What a split says of image files reaches their readers: `exif`, and the options in `readers`; and
 * what was done to them is counted.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/config/choice.h"
#include "core/config/diagnostic.h"
#include "core/data/source.h"
#include "tests/support/check_main.h"

#undef fail /* a macro of Check; here it is a function of the host */

static struct tfu_registry *registry;

static void setup(void)
{
    const char *top = getenv("TOP_SRCDIR"), *path = getenv("TRANSFUSE_PLUGIN_PATH");
    char folder[4096];
    snprintf(folder, sizeof folder, "%s/tests/plugins/reader/good", top ? top : ".");
    ck_assert_msg(path && chdir(folder) == 0, "set TOP_SRCDIR and TRANSFUSE_PLUGIN_PATH");
    ck_assert_int_eq(tfu_registry_new(&registry, path, NULL), TFU_OK);
}

static void teardown(void)
{
    tfu_registry_free(registry);
}

/* ---- a dataset of one file, which is its config */

static enum tfu_status data_open(void **self, const void *config, struct tfu_dataset_host *h)
{
    *self = (void *)(uintptr_t)config;
    return h->add_image(h, config, 1);
}

static void nothing(void *self)
{
    (void)self;
}

static const struct tfu_dataset_info *data_info(const void *self)
{
    static const struct tfu_dataset_info info = {.struct_size = sizeof info, .count = 1};
    (void)self;
    return &info;
}

static enum tfu_status data_get(const void *self, int64_t index, struct tfu_example_host *h)
{
    (void)index;
    return h->read_image(h, self, 1);
}

static const struct tfu_dataset_ops data_ops = {.struct_size = sizeof data_ops,
                                                .open = data_open,
                                                .close = nothing,
                                                .info = data_info,
                                                .get = data_get};
static const struct tfu_plugin data_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_DATASET), .name = "file",   .version = "1", .summary = "one file",
    .ops_size = sizeof data_ops,         .ops = &data_ops,
};

static struct tfu_data_split split_of(const char *path)
{
    return (struct tfu_data_split){
        .present = 1, .name = "train", .choice = {.plugin = &data_plugin, .config = path}};
}

/* Of the only image of a split, as it is opened and as it is read. */
static void check_size(const struct tfu_data_split *split, int64_t height, int64_t width,
                       int64_t turned, int64_t gray)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_source s;
    struct tfu_example_work w;
    tfu_source_open(&s, split, registry, NULL, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    ck_assert_int_eq(s.info.height, height);
    ck_assert_int_eq(s.info.width, width);
    ck_assert_int_eq(s.kinds.images, 1);
    ck_assert_int_eq(s.kinds.of[6], turned);
    ck_assert_int_eq(s.kinds.of[2], gray);
    tfu_example_begin(&w, s.files, &e);
    ck_assert_int_eq(tfu_source_get(&s, 0, &w, &e), TFU_OK);
    const struct tfu_tensor *image = tfu_example_find(&w.example, TFU_FIELD_IMAGE);
    ck_assert_int_eq(image->shape.dim[0], height);
    ck_assert_int_eq(image->shape.dim[1], width);
    tfu_example_end(&w);
    tfu_source_close(&s);
}

START_TEST(exif_is_applied_or_ignored)
{
    static const char *const those[] = {"turned6.jpg", "turned5.png", "turned7.tif"};
    static const int64_t size[][2] = {{29, 37}, {4, 5}, {10, 6}};
    for (size_t i = 0; i < TFU_COUNT(those); i++) {
        struct tfu_data_split split = split_of(those[i]);
        check_size(&split, size[i][0], size[i][1], 1, 1);
        split.select.exif = TFU_DATA_EXIF_IGNORE;
        check_size(&split, size[i][1], size[i][0], 0, 1);
    }
}
END_TEST

START_TEST(readers_have_their_options)
{
    const char *option = "frame=1";
    struct tfu_data_split split = split_of("pages.tif");
    struct tfu_chosen *chosen;
    struct tfu_diagnostics *d;
    check_size(&split, 3, 5, 0, 0);
    ck_assert_int_eq(tfu_diagnostics_new(&d, NULL), TFU_OK);
    ck_assert_int_eq(
        tfu_chosen_new(&chosen, TFU_KIND_READER, "tiff", &option, 1, registry, d, NULL), TFU_OK);
    split.reader = tfu_chosen_get(chosen);
    split.reader_count = 1;
    check_size(&split, 6, 10, 0, 1);
    tfu_chosen_free(chosen);
    tfu_diagnostics_free(d);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("data/turned");
    TCase *t = tcase_create("turned");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, exif_is_applied_or_ignored);
    tcase_add_test(t, readers_have_their_options);
    suite_add_tcase(s, t);
    return run_suite(s);
}
