/* SPDX-License-Identifier: MIT
 *
 * Labels: how they are counted, which of them are kept, and what is said of those that do not fit.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/data/label_advice.h"
#include "tests/support/check_main.h"
#include "tests/support/choice.h"
#include "tests/support/datasets.h"

#include <transfuse/transform.h>

#undef fail /* a macro of Check; here it is a function of the host */

static struct tfu_registry *registry;

static void setup(void)
{
    registry = open_registry();
}

static void teardown(void)
{
    tfu_registry_free(registry);
}

/* `count` rows of labels; `classes` as the plugin says. */
static struct formula_config with_labels(const float *labels, int64_t count, uint32_t columns,
                                         int64_t classes)
{
    struct formula_config c = formula_config(count, 1, 2, 1);
    c.labels = labels;
    c.label_columns = columns;
    c.classes = classes;
    return c;
}

#define LABELS(...)                                                                                \
    (const float[]){__VA_ARGS__}, (int64_t)(sizeof(float[]){__VA_ARGS__} / sizeof(float))

static void text_is(struct tfu_text *text, const char *want)
{
    ck_assert_str_eq(tfu_text_get(text), want);
    tfu_text_free(text);
    *text = (struct tfu_text)TFU_TEXT_INIT;
}

/* ---- counting */

START_TEST(classes_are_counted)
{
    const struct formula_config c = with_labels(LABELS(0, 2, 2, NAN, 0, 2), 1, 4);
    const struct tfu_data_split split = formula_split(&c);
    struct tfu_dataset *d = open_dataset(&split, registry);
    const struct tfu_census *census = tfu_dataset_census(d);
    struct tfu_text text = TFU_TEXT_INIT;
    ck_assert_int_eq(census->examples, 6);
    ck_assert_int_eq(tfu_census_present(census, 4), 2);
    ck_assert_int_eq(tfu_census_present(census, 2), 1);
    tfu_census_classes(census, 5, NULL, &text);
    text_is(&text, "0: 2, 1: 0, 2: 3, 3: 0, 4: 0, unknown: 1");
    tfu_census_classes(census, 2, (const char *const[]){"well", "ill"}, &text);
    text_is(&text, "well: 2, ill: 0, unknown: 1");
    tfu_census_classes(census, 1000, NULL, &text);
    text_is(&text, "1000 classes of 0 to 3 examples, unknown: 1");
    ck_assert_int_eq(tfu_census_missing(census, 3, &text), 1);
    text_is(&text, "1");
    ck_assert_int_eq(tfu_census_missing(census, 1000, &text), 998);
    text_is(&text, "1, 3 to 999");
    ck_assert_int_eq(tfu_census_missing(census, 1, &text), 0);
    text_is(&text, "");
    tfu_dataset_close(d);
}
END_TEST

START_TEST(many_gaps_are_cut)
{
    float labels[100];
    for (int i = 0; i < 100; i++)
        labels[i] = (float)(2 * i);
    const struct formula_config c = with_labels(labels, 100, 1, 200);
    const struct tfu_data_split split = formula_split(&c);
    struct tfu_dataset *d = open_dataset(&split, registry);
    struct tfu_text text = TFU_TEXT_INIT;
    ck_assert_int_eq(tfu_census_missing(tfu_dataset_census(d), 200, &text), 100);
    text_is(&text, "1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31, 33, 35, 37, ...");
    tfu_dataset_close(d);
}
END_TEST

START_TEST(several_labels_are_counted)
{
    static const float labels[] = {0, 1, NAN, 1, 0.5f, 0, 1, NAN, NAN};
    const struct formula_config c = with_labels(labels, 3, 3, 0);
    const struct tfu_data_split split = formula_split(&c);
    struct tfu_dataset *d = open_dataset(&split, registry);
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_census_labels(tfu_dataset_census(d), (const char *const[]){"a", "b", "c"}, &text);
    text_is(&text, "positive/negative/unknown of each: a 2/1/0, b 1/0/1 and 1 between, c 0/1/2");
    tfu_dataset_close(d);
}
END_TEST

/* ---- keeping */

static const int64_t one_to_three[] = {1, 2, 3}, zero_to_two[] = {0, 1, 2};

/* -1 makes a column of class indices none for its plugin; those that are listed are some. */
START_TEST(listed_classes_are_kept_beside_a_sign_for_unknown)
{
    const struct formula_config c = with_labels(LABELS(2, -1, 0, 1, -1, NAN, 2), 1, 0);
    struct tfu_data_split split = formula_split(&c);
    split.select.classes = (struct tfu_int_list){zero_to_two, 3};
    struct tfu_dataset *d = open_dataset(&split, registry);
    static const int64_t source[] = {0, 2, 3, 6};
    static const float want[] = {2, 0, 1, 2};
    ck_assert_int_eq(tfu_dataset_info(d)->count, 4);
    ck_assert_int_eq(tfu_dataset_info(d)->classes, 3);
    for (int i = 0; i < 4; i++) {
        float label;
        ck_assert_int_eq(tfu_dataset_source_index(d, i), source[i]);
        ck_assert_int_eq(tfu_dataset_get(d, i, NULL, &label, NULL), TFU_OK);
        ck_assert(label == want[i]);
    }
    tfu_dataset_close(d);
}
END_TEST

START_TEST(fractions_are_no_classes)
{
    const struct formula_config c = with_labels(LABELS(0, 0.5f, 1), 1, 0);
    struct tfu_data_split split = formula_split(&c);
    split.select.classes = (struct tfu_int_list){zero_to_two, 2};
    expect_refusal(&split, registry, TFU_EINVAL,
                   "classes: the dataset's labels are no class indices; drop it, or say `classes: "
                   "[]` for this split");
}
END_TEST

START_TEST(a_listed_class_may_have_no_example)
{
    const struct formula_config c = with_labels(LABELS(1, 2, 1), 1, 3);
    struct tfu_data_split split = formula_split(&c);
    split.select.classes = (struct tfu_int_list){one_to_three, 3};
    struct tfu_dataset *d = open_dataset(&split, registry);
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_census_classes(tfu_dataset_census(d), 3, NULL, &text);
    text_is(&text, "0: 2, 1: 1, 2: 0");
    tfu_dataset_close(d);
    split.select.limit_per_class = 1;
    expect_refusal(&split, registry, TFU_EINVAL,
                   "limit_per_class: class 3 has 0 examples, fewer than 1");
}
END_TEST

/* A limit for each class does not count the numbers below a sign for unknown. */
START_TEST(limits_pass_over_gaps)
{
    const struct formula_config c = with_labels(LABELS(0, 1, 255, 1, 0, 255), 1, 256);
    struct tfu_data_split split = formula_split(&c);
    split.select.limit_per_class = 2;
    struct tfu_dataset *d = open_dataset(&split, registry);
    ck_assert_int_eq(tfu_dataset_info(d)->count, 6);
    tfu_dataset_close(d);
    split.select.limit_per_class = 3;
    expect_refusal(&split, registry, TFU_EINVAL,
                   "limit_per_class: class 0 has 2 examples, fewer than 3; where it is no class, "
                   "list them: `classes: [...]`");
}
END_TEST

/* ---- advice */

enum task { SOFTMAX, SIGMOID, SQUARED };

struct advice {
    const float *labels;
    int64_t count;
    uint32_t columns;
    int64_t classes, outputs;
    enum task task;
    const char *text; /* NULL: they fit */
};

#define OF "of example "
#define IN " of dataset 'formula', which "

static const struct advice advice[] = {
    {LABELS(0, 1, 2), 1, 3, 3, SOFTMAX, NULL},
    {LABELS(0, 1, NAN), 1, 2, 3, SOFTMAX, NULL},
    {LABELS(0, 1, 1), 1, 1000, 3, SOFTMAX, NULL}, /* of a thousand only these */
    {LABELS(1, 2, 3, 3), 1, 4, 3, SOFTMAX,
     "the train data have classes from 1 to 3, but the task has outputs for 0 to 2: label 3 " OF
     "2" IN "2 of 4 examples have, has no output; labels begin at 0, and these at 1: subtract 1 "
     "from them, or set `data: {train: {classes: [1, 2, 3]}}`"},
    {LABELS(1, 3, 3), 1, 4, 3, SOFTMAX, /* from 1, too, with one class missing */
     "the train data have classes from 1 to 3, but the task has outputs for 0 to 2: label 3 " OF
     "1" IN "2 of 3 examples have, has no output; labels begin at 0, and these at 1: subtract 1 "
     "from them, or set `data: {train: {classes: [1, 2, 3]}}`"},
    {LABELS(0, 255, 1, 2), 1, 256, 3, SOFTMAX,
     "the train data have classes up to 255, but the task has outputs for 0 to 2: label 255 " OF
     "1" IN "1 of 4 examples has, has no output; a number like that often stands for 'unknown': "
     "leave it out with `data: {train: {classes: [0, 1, 2]}}`"},
    {LABELS(0, 255, 1, 2, 3), 1, 256, 3, SOFTMAX,
     "the train data have classes up to 255, but the task has outputs for 0 to 2: label 255 " OF
     "1" IN "1 of 5 examples has, has no output; a number like that often stands for 'unknown': "
     "leave it out with `data: {train: {classes: [0, 1, 2, 3]}}`, and set `task: {classes: 4}`"},
    {LABELS(0, 1, 99), 1, 100, 20, SOFTMAX,
     "the train data have classes up to 99, but the task has outputs for 0 to 19: label 99 " OF
     "2" IN "1 of 3 examples has, has no output; a number like that often stands for 'unknown': "
     "leave it out with `data: {train: {classes: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, "
     "14, 15, ..., 19]}}`"},
    {LABELS(0, 3, 7), 1, 8, 3, SOFTMAX,
     "the train data have classes up to 7, but the task has outputs for 0 to 2: label 7 " OF "2" IN
     "1 of 3 examples has, has no output; number them from 0, or set `data: {train: {classes: [0, "
     "3, 7]}}`"},
    {LABELS(0, 1, 2, 3), 1, 4, 2, SOFTMAX,
     "the train data have classes up to 3, but the task has outputs for 0 to 1: label 3 " OF "3" IN
     "1 of 4 examples has, has no output; set `task: {classes: 4}`, or choose 2 of them with "
     "`data: {train: {classes: [...]}}`"},
    {LABELS(0, 1, -1, -1), 1, 0, 2, SOFTMAX,
     "the train data have a label that is no class index, which is one of 0, 1, 2, ...: label "
     "-1 " OF "2" IN
     "2 of 4 examples have, is none; a number like that often stands for 'unknown': leave "
     "it out with `data: {train: {classes: [0, 1]}}`; where it is a class, number the classes from "
     "0"},
    {LABELS(0, 1.5f), 1, 0, 2, SOFTMAX,
     "the train data have a label that is no class index, which is one of 0, 1, 2, ...: label "
     "1.5 " OF "1" IN
     "1 of 2 examples has, is none; write classes as 0, 1, 2, ..., and for numbers like "
     "this one set `task: {kind: regression}`"},
    {LABELS(0, 1, 1, 0), 1, 0, 2, SOFTMAX,
     "the train data have a label column that their plugin does not take for class indices, which "
     "the softmax loss needs; set `task: {kind: multi_label}` or `regression`, or use other "
     "labels"},
    {LABELS(0, 1, NAN, 0.5f), 1, 0, 1, SIGMOID, NULL},
    {LABELS(0, 1, 255, 255), 1, 0, 1, SIGMOID,
     "the train data do not fit the task: label 255 " OF "2" IN
     "2 of 4 examples have, is not within 0 to 1, which the sigmoid loss needs; -1 and 255 often "
     "stand for 'uncertain' or 'unknown': write nan for what is to be left out"},
    {LABELS(-1e30f, NAN, 255), 1, 0, 1, SQUARED, NULL},
    {LABELS(0, -INFINITY), 1, 0, 1, SQUARED,
     "the train data do not fit the task: label -inf " OF "1" IN
     "1 of 2 examples has, is not finite; write nan for what is to be left out"},
};

START_TEST(what_does_not_fit)
{
    const struct advice *a = &advice[_i];
    const struct formula_config c = with_labels(a->labels, a->count, a->columns, a->classes);
    const struct tfu_data_split split = formula_split(&c);
    struct tfu_dataset *d = open_dataset(&split, registry);
    struct tfu_error e = TFU_ERROR_INIT;
    const enum tfu_status st = a->task == SOFTMAX
                                   ? tfu_label_check_classes(d, "train", a->outputs, &e)
                               : a->task == SIGMOID ? tfu_label_check_several(d, "train", &e)
                                                    : tfu_label_check_targets(d, "train", &e);
    ck_assert_int_eq(st, a->text ? TFU_EINVAL : TFU_OK);
    ck_assert_str_eq(e.text, a->text ? a->text : "");
    tfu_dataset_close(d);
}
END_TEST

/* ---- transforms */

static enum tfu_status spoil_create(void **self, const void *config, struct tfu_transform_host *h)
{
    (void)h;
    *self = (void *)(uintptr_t)config;
    return TFU_OK;
}

static void spoil_destroy(void *self)
{
    (void)self;
}

/* Leaves as many columns as its configuration says, each a 7; fails where that is 0. */
static enum tfu_status spoil_run(const void *self, struct tfu_example *x,
                                 struct tfu_example_host *h)
{
    struct tfu_tensor *t = tfu_example_find(x, TFU_FIELD_NUMBERS);
    const int64_t columns = *(const int64_t *)self;
    if (columns == 0)
        return h->fail(h, TFU_EINVAL, "no columns");
    float *numbers = h->alloc(h, (size_t)columns * sizeof *numbers);
    if (!numbers)
        return TFU_ENOMEM;
    for (int64_t k = 0; k < columns; k++)
        numbers[k] = 7;
    t->data = numbers;
    t->shape = tfu_shape_make(1, columns, 1, 1, 1, 1);
    return TFU_OK;
}

static const struct tfu_transform_ops spoil_ops = {.struct_size = sizeof spoil_ops,
                                                   .flags = TFU_TRANSFORM_LABELS,
                                                   .create = spoil_create,
                                                   .destroy = spoil_destroy,
                                                   .run = spoil_run};

static const struct tfu_plugin spoil = {
    TFU_PLUGIN_HEADER(TFU_KIND_TRANSFORM),
    .name = "spoil",
    .version = "1",
    .summary = "another number of labels",
    .ops_size = sizeof spoil_ops,
    .ops = &spoil_ops,
};

static enum tfu_status get_spoilt(int64_t columns, float labels[3], struct tfu_error *e)
{
    struct formula_config c = formula_config(5, 2, 2, 1);
    c.classes = 0;
    c.label_columns = 3;
    struct tfu_plugin_choice step = {.name = "spoil", .plugin = &spoil, .config = &columns};
    struct tfu_data_split split = formula_split(&c);
    split.transform = &step;
    split.transform_count = 1;
    float image[4];
    struct tfu_dataset *d = NULL;
    ck_assert_int_eq(tfu_dataset_open(&d, &split, registry, NULL, NULL), TFU_OK);
    const enum tfu_status st = tfu_dataset_get(d, 2, image, labels, e);
    tfu_dataset_close(d);
    return st;
}

START_TEST(a_transform_keeps_the_number_of_labels)
{
    float labels[3] = {0};
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_int_eq(get_spoilt(3, labels, &e), TFU_OK);
    ck_assert_float_eq(labels[0] + labels[1] + labels[2], 21);
    for (int64_t columns = 1; columns < 10; columns += 4) {
        e = (struct tfu_error)TFU_ERROR_INIT;
        ck_assert_int_eq(get_spoilt(columns, labels, &e), TFU_ESHAPE);
        char text[200];
        snprintf(text, sizeof text,
                 "example 2 of dataset 'formula' has %d label columns behind its transforms, where "
                 "the dataset has 3",
                 (int)columns);
        ck_assert_str_eq(e.text, text);
    }
}
END_TEST

START_TEST(a_failure_of_a_transform_names_the_example)
{
    float labels[3];
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_int_eq(get_spoilt(0, labels, &e), TFU_EINVAL);
    ck_assert_str_eq(e.text, "example 2 of dataset 'formula': transform 'spoil': no columns");
}
END_TEST

/* Its product is beyond any integer. */
static enum tfu_status endless_shape(void *self, const struct tfu_shape *in, struct tfu_shape *out,
                                     struct tfu_transform_host *h)
{
    (void)self, (void)in, (void)h;
    *out = tfu_shape_make(3, INT64_MAX / 2, INT64_C(1) << 30, 8, 1, 1);
    return TFU_OK;
}

START_TEST(a_transform_has_a_size_that_can_be_counted)
{
    struct tfu_transform_ops endless_ops = spoil_ops;
    endless_ops.shape = endless_shape;
    struct tfu_plugin endless = spoil;
    endless.ops = &endless_ops;
    struct formula_config c = formula_config(5, 2, 2, 1);
    struct tfu_plugin_choice step = {.name = "spoil", .plugin = &endless};
    struct tfu_data_split split = formula_split(&c);
    split.transform = &step;
    split.transform_count = 1;
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_dataset *d = NULL;
    ck_assert_int_eq(tfu_dataset_open(&d, &split, registry, NULL, &e), TFU_ESHAPE);
    ck_assert_str_eq(e.text, "transform 'spoil': shape() gives rank 3 and 4611686018427387903 x "
                             "1073741824 x 8; it is to be H,W,C");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("data/labels");
    TCase *t = tcase_create("labels");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, classes_are_counted);
    tcase_add_test(t, many_gaps_are_cut);
    tcase_add_test(t, several_labels_are_counted);
    tcase_add_test(t, listed_classes_are_kept_beside_a_sign_for_unknown);
    tcase_add_test(t, fractions_are_no_classes);
    tcase_add_test(t, a_listed_class_may_have_no_example);
    tcase_add_test(t, limits_pass_over_gaps);
    tcase_add_loop_test(t, what_does_not_fit, 0, (int)TFU_COUNT(advice));
    tcase_add_test(t, a_transform_keeps_the_number_of_labels);
    tcase_add_test(t, a_failure_of_a_transform_names_the_example);
    tcase_add_test(t, a_transform_has_a_size_that_can_be_counted);
    suite_add_tcase(s, t);
    return run_suite(s);
}
