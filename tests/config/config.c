/* SPDX-License-Identifier: MIT
 *
 * What a configuration becomes in memory, where golden texts do not show it, and how a hostile one
 * is refused.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/config/load.h"
#include "tests/config/fake_registry.h"
#include "tests/support/check_main.h"

#define TASK  "task: {classes: 3}\n"
#define ARCH  "arch: {plugin: cbr_tiny}\n"
#define DATA  "data: {train: {plugin: idx, images: a, labels: b}}\n"
#define TRAIN "train: {optimizer: {plugin: adam}, epochs: 3}\n"

static struct tfu_diagnostics *diagnostics;
static struct tfu_config *config;

static void setup(void)
{
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_diagnostics_new(&diagnostics, &e), TFU_OK);
}

static void teardown(void)
{
    tfu_config_free(config);
    config = NULL;
    tfu_diagnostics_free(diagnostics);
}

static enum tfu_status load(const char *text, const char *const *overrides, size_t count)
{
    struct tfu_error e = TFU_ERROR_INIT;
    tfu_config_free(config);
    const enum tfu_status st =
        tfu_config_load_text(&config, "folder-free.yaml", text, strlen(text), overrides, count,
                             fake_registry(), diagnostics, &e);
    ck_assert_int_eq(e.status, st);
    return st;
}

static const struct tfu_experiment *load_good(const char *text)
{
    struct tfu_text found = TFU_TEXT_INIT;
    const enum tfu_status st = load(text, NULL, 0);
    tfu_diagnostics_print(diagnostics, &found);
    ck_assert_msg(st == TFU_OK, "%s", tfu_text_get(&found));
    tfu_text_free(&found);
    return tfu_config_experiment(config);
}

/* The text is refused, and one of the findings says `part`. */
static void check_refused(const char *text, const char *part)
{
    struct tfu_text found = TFU_TEXT_INIT;
    ck_assert_int_eq(load(text, NULL, 0), TFU_EINVAL);
    ck_assert_ptr_null(config);
    tfu_diagnostics_print(diagnostics, &found);
    ck_assert_msg(strstr(tfu_text_get(&found), part), "no '%s' in:\n%s", part,
                  tfu_text_get(&found));
    tfu_text_free(&found);
}

/* ---- values */

START_TEST(every_type_fills_its_field)
{
    const struct tfu_experiment *x = load_good(
        TASK DATA TRAIN "arch: {plugin: every, flag: false, mode: auto, whole: 10,\n"
                        "  exact: -9223372036854775808, real: 1e-4, text: 1e-4, file: /a/b,\n"
                        "  sizes: [9, 0], mean: [1E-1, .5], words: [no, ''],\n"
                        "  slim: {from: block1, to: 5}}\n");
    const struct fake_every *c = x->arch.config;
    ck_assert_str_eq(x->arch.name, "every");
    ck_assert_str_eq(x->arch.plugin->name, "every");
    ck_assert_int_eq(c->flag, 0);
    ck_assert_int_eq(c->mode, 2);
    ck_assert_int_eq(c->whole, 10);
    ck_assert(c->exact == INT64_MIN);
    ck_assert(c->real == 1e-4);
    ck_assert_str_eq(c->text, "1e-4");
    ck_assert_str_eq(c->file, "/a/b");
    ck_assert_uint_eq(c->sizes.count, 2);
    ck_assert_int_eq(c->sizes.item[0], 9);
    ck_assert_int_eq(c->sizes.item[1], 0);
    ck_assert_uint_eq(c->mean.count, 2);
    ck_assert(c->mean.item[0] == 0.1 && c->mean.item[1] == 0.5);
    ck_assert_uint_eq(c->words.count, 2);
    ck_assert_str_eq(c->words.item[0], "no");
    ck_assert_str_eq(c->words.item[1], "");
    ck_assert_str_eq(c->slim.from, "block1");
    ck_assert_int_eq(c->slim.to, 5);
}
END_TEST

START_TEST(defaults_come_from_the_tables)
{
    const struct tfu_experiment *x = load_good(TASK DATA TRAIN "arch: {plugin: every}\n");
    const struct fake_every *c = x->arch.config;
    ck_assert_int_eq(c->flag, 1);
    ck_assert_int_eq(c->mode, 1);
    ck_assert_int_eq(c->whole, 3);
    ck_assert(c->real == 0.1);
    ck_assert_str_eq(c->text, "no");
    ck_assert_str_eq(c->file, "");
    ck_assert(c->sizes.count == 0 && !c->sizes.item);
    ck_assert(c->words.count == 0 && !c->words.item);
    ck_assert_str_eq(c->slim.from, "");
    ck_assert_int_eq(c->slim.to, 1);
    ck_assert_str_eq(x->name, "folder-free");
    ck_assert_str_eq(x->backend.plugin->name, "cpu");
    ck_assert_uint_eq(x->init_count, 1);
    ck_assert_str_eq(x->init[0].choice.plugin->name, "random");
    ck_assert_uint_eq(x->init[0].match.count, 0);
    ck_assert_uint_eq(x->metric_count, 0);
    ck_assert_int_eq(x->valid_data.present, 0);
    ck_assert_int_eq(x->train_data.present, 1);
    ck_assert_int_eq(x->train.evaluate.every_epochs, 1);
    ck_assert_str_eq(x->train.threshold.metric, "");
    ck_assert_str_eq(x->output, "runs");
}
END_TEST

START_TEST(loss_follows_the_kind)
{
    static const char *const kinds[] = {"classification", "multi_label", "regression"};
    for (int i = 0; i < 3; i++) {
        char text[400];
        snprintf(text, sizeof text, "task: {kind: %s, classes: 3}\n" ARCH DATA TRAIN, kinds[i]);
        ck_assert_int_eq(load_good(text)->task.loss, i);
        ck_assert_int_eq(tfu_config_experiment(config)->task.kind, i);
    }
}
END_TEST

static const char *load_override(const char *override)
{
    ck_assert_int_eq(load(TASK ARCH DATA TRAIN, &override, 1), TFU_OK);
    const char *const *images = tfu_config_experiment(config)->train_data.choice.config;
    return *images;
}

START_TEST(paths_are_relative_to_where_they_are_written)
{
    char here[4096], want[4200];
    ck_assert_ptr_nonnull(getcwd(here, sizeof here));
    snprintf(want, sizeof want, "%s/x/y", strcmp(here, "/") == 0 ? "" : here);
    ck_assert_str_eq(load_override("data.train.images=x/y"), want);
    ck_assert_str_eq(load_override("data.train.images=./x/y"), want);
    ck_assert_str_eq(load_override("data.train.images=/x/y"), "/x/y");
}
END_TEST

START_TEST(another_plugin_by_override_keeps_what_is_not_its_own)
{
    static const char *const overrides[] = {"init.0.gain=3", "init.0.plugin=./random.so",
                                            "data.train.plugin=./idx.so", "data.train.images=x",
                                            "data.train.labels=y"};
    ck_assert_int_eq(
        load(TASK ARCH TRAIN
             "init: [{plugin: random, scheme: constant, stages: [block1]}]\n"
             "data: {train: {plugin: idx, images: a, labels: b, limit: 7, classes: [1, 2, 4]}}\n",
             overrides, TFU_COUNT(overrides)),
        TFU_OK);
    const struct tfu_experiment *x = tfu_config_experiment(config);
    struct tfu_text text = TFU_TEXT_INIT;
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_config_print(x ? config : NULL, true, &text, &e), TFU_OK);
    ck_assert_ptr_nonnull(strstr(tfu_text_get(&text), "scheme: he_normal  # default"));
    ck_assert_ptr_nonnull(strstr(tfu_text_get(&text), "gain: 3.0  # command line"));
    ck_assert_uint_eq(x->init[0].stages.count, 1);
    ck_assert_int_eq(x->train_data.select.limit, 7);
    ck_assert_uint_eq(x->train_data.select.classes.count, 3);
    tfu_text_free(&text);
}
END_TEST

/* ---- identity */

static const char init[] = "init: [{plugin: graft, source: weights}]\n";

static char *identity_of(const struct tfu_config_contents *contents, const char *override)
{
    struct tfu_text text = TFU_TEXT_INIT;
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_int_eq(load(TASK ARCH DATA TRAIN, &override, 1), TFU_OK);
    ck_assert_int_eq(tfu_config_identity(config, contents, &text, &e), TFU_OK);
    return text.data;
}

static char *identity(const char *override)
{
    static const struct tfu_config_contents none;
    return identity_of(&none, override);
}

START_TEST(identity_is_what_changes_results)
{
    static const char *const same[] = {"name=other",
                                       "output=/elsewhere",
                                       "threads=7",
                                       "data.workers=8",
                                       "train.optimizer.lr=0.001",
                                       "train.batch=+32",
                                       "train.memory=low",
                                       "train.checkpoint.keep=7",
                                       "train.checkpoint.every_steps=9",
                                       "task.class_names=[a, b, c]",
                                       "data.train.exif=apply",
                                       "data.readers=[]",
                                       "data.readers=[{plugin: scan, frame: 0}]",
                                       "arch.plugin=/far/away/cbr_tiny.so"};
    static const char *const different[] = {"seed=1",
                                            "train.optimizer.lr=0.0010000000000000002",
                                            "data.train.images=c",
                                            "data.train.exif=ignore",
                                            "data.readers=[{plugin: scan, window: [40, 400]}]",
                                            "backend.plugin=reference",
                                            "algorithm.conv2d=im2col",
                                            "train.drop_last=true",
                                            "deterministic=false"};
    char *plain = identity("seed=0");
    /* what a later version adds with a default makes no other run */
    ck_assert_ptr_null(strstr(plain, "schedule"));
    ck_assert_ptr_null(strstr(plain, "beta1"));
    ck_assert_ptr_null(strstr(plain, "nan"));
    for (size_t i = 0; i < TFU_COUNT(same); i++) {
        char *other = identity(same[i]);
        ck_assert_msg(strcmp(plain, other) == 0, "%s", same[i]);
        free(other);
    }
    for (size_t i = 0; i < TFU_COUNT(different); i++) {
        char *other = identity(different[i]);
        ck_assert_msg(strcmp(plain, other) != 0, "%s", different[i]);
        free(other);
    }
    free(plain);
}
END_TEST

START_TEST(data_are_what_they_hold)
{
    const struct tfu_config_contents contents = {.train = "0123"}, others = {.train = "4567"};
    char *here = identity_of(&contents, "seed=0");
    char *moved = identity_of(&contents, "data.train.images=elsewhere");
    char *changed = identity_of(&others, "seed=0");
    ck_assert_str_eq(here, moved);
    ck_assert_str_ne(here, changed);
    ck_assert_ptr_nonnull(strstr(here, "train_contents: 0123\n"));
    ck_assert_ptr_null(strstr(here, "images"));
    free(here);
    free(moved);
    free(changed);
}
END_TEST

/* A metric compares with what a state holds, wherever its run lies. */
START_TEST(states_are_what_they_hold)
{
    static const char here[] = TASK ARCH
        "data: {train: {plugin: idx, images: a, labels: b}, test: {plugin: idx, images: a, labels: "
        "b}}\n" TRAIN "metrics: [{plugin: svcca, against: initial}, {plugin: auc}, "
        "{plugin: cka, against: here/runs/x@7}]\n";
    static const char *const moved = "metrics.2.against=/there/y@best";
    static const char *const digest[] = {NULL, "0123"}, *const other[] = {NULL, "4567"};
    const struct tfu_config_contents known = {.against = digest}, changed = {.against = other},
                                     gone = {.against = NULL};
    const struct {
        const struct tfu_config_contents *contents;
        size_t overrides;
    } run[] = {{&known, 0}, {&known, 1}, {&changed, 0}, {&gone, 1}};
    struct tfu_text text[TFU_COUNT(run)] = {TFU_TEXT_INIT};
    struct tfu_error e = TFU_ERROR_INIT;
    for (size_t i = 0; i < TFU_COUNT(run); i++) {
        ck_assert_int_eq(load(here, &moved, run[i].overrides), TFU_OK);
        ck_assert_int_eq(tfu_config_identity(config, run[i].contents, &text[i], &e), TFU_OK);
    }
    ck_assert_ptr_nonnull(strstr(text[0].data, "- plugin: svcca\n    against: initial\n  - plugin: "
                                               "auc\n  - plugin: cka\n    against: sha256 "
                                               "0123\nbackend"));
    ck_assert_str_eq(text[0].data, text[1].data);
    ck_assert_str_ne(text[0].data, text[2].data);
    ck_assert_ptr_nonnull(strstr(text[3].data, "    against: \"/there/y@best\"\n"));
    for (size_t i = 0; i < TFU_COUNT(run); i++)
        tfu_text_free(&text[i]);
}
END_TEST

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
}

/* Weights are their bytes, wherever they lie; what is not there has its path. */
START_TEST(other_files_are_what_they_hold)
{
    static const struct tfu_config_contents none;
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_text text = TFU_TEXT_INIT,
                    with[4] = {TFU_TEXT_INIT, TFU_TEXT_INIT, TFU_TEXT_INIT, TFU_TEXT_INIT};
    char folder[] = "/tmp/transfuse-identity-XXXXXX", path[2][64];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    for (int i = 0; i < 2; i++)
        snprintf(path[i], sizeof path[i], "%s/%d", folder, i);
    write_file(path[0], "abc");
    write_file(path[1], "abc");
    tfu_text_printf(&text, TASK ARCH DATA TRAIN "%s", init);
    for (int i = 0; i < 4; i++) {
        char override[128];
        const char *const overrides[] = {override};
        snprintf(override, sizeof override, "init.0.source=%s", i < 3 ? path[i % 2] : "/not/there");
        if (i == 2)
            write_file(path[0], "abd");
        ck_assert_int_eq(load(tfu_text_get(&text), overrides, 1), TFU_OK);
        ck_assert_int_eq(tfu_config_identity(config, &none, &with[i], &e), TFU_OK);
    }
    ck_assert_str_eq(with[0].data, with[1].data);
    ck_assert_str_ne(with[0].data, with[2].data);
    ck_assert_ptr_nonnull(strstr(
        with[0].data,
        "source: sha256 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n"));
    ck_assert_ptr_nonnull(strstr(with[3].data, "source: /not/there\n"));
    for (int i = 0; i < 4; i++)
        tfu_text_free(&with[i]);
    tfu_text_free(&text);
    for (int i = 0; i < 2; i++)
        unlink(path[i]);
    rmdir(folder);
}
END_TEST

/* ---- hostile files */

START_TEST(every_finding_is_counted_and_the_first_are_kept)
{
    struct tfu_text text = TFU_TEXT_INIT, found = TFU_TEXT_INIT;
    tfu_text_puts(&text, TASK ARCH DATA TRAIN "metrics:\n");
    for (int i = 0; i < 200; i++)
        tfu_text_puts(&text, "- {plugin: nothing}\n");
    ck_assert_int_eq(load(tfu_text_get(&text), NULL, 0), TFU_EINVAL);
    ck_assert_uint_eq(tfu_diagnostics_count(diagnostics), 200);
    tfu_diagnostics_print(diagnostics, &found);
    ck_assert_ptr_nonnull(strstr(tfu_text_get(&found), "\nand 100 more\n"));
    tfu_text_free(&text);
    tfu_text_free(&found);
}
END_TEST

/* `repeat` times `piece`, between two other texts. */
static void check_repeated(const char *before, const char *piece, size_t repeat, const char *after,
                           const char *part)
{
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_text_puts(&text, before);
    for (size_t i = 0; i < repeat; i++)
        tfu_text_puts(&text, piece);
    tfu_text_puts(&text, after);
    check_refused(tfu_text_get(&text), part);
    tfu_text_free(&text);
}

START_TEST(hostile_texts_are_refused)
{
    check_repeated("a: ", "[", 500000, "", "64 levels");
    check_repeated("a: ", "{a: ", 100000, "", "64 levels");
    check_repeated("", "- ", 300000, "", "64 levels");
    check_repeated("a: [", "x,", 300000, "]", "100000 values");
    check_repeated("a:\n", "- &a x\n", 100000, "", "100 anchors");
    check_repeated("a: &a [x, x, x, x, x, x, x, x]\nb: [", "*a,", 100000, "]", "100000 values");
    check_repeated("a: 1", "\n", 900000, "}", "not YAML");
    check_repeated("\"", "x", 900000, "", "not YAML");
    check_repeated(TASK ARCH DATA TRAIN "seed: ", "1", 900000, "", "expected an integer");
    check_repeated(TASK ARCH DATA TRAIN, "? ", 100000, "", "64 levels");
    check_repeated("a: ", "!x ", 10, "x", "not YAML");
    check_repeated(TASK ARCH DATA TRAIN "metrics: [", "{},", 20000, "]", "256 items");
}
END_TEST

START_TEST(large_files_are_refused)
{
    char path[] = "/tmp/transfuse-config.XXXXXX";
    const int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(ftruncate(fd, (1 << 20) + 1), 0);
    close(fd);
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_text found = TFU_TEXT_INIT;
    const enum tfu_status st =
        tfu_config_load(&config, path, NULL, 0, fake_registry(), diagnostics, &e);
    unlink(path);
    tfu_diagnostics_print(diagnostics, &found);
    ck_assert_int_eq(st, TFU_EINVAL);
    ck_assert_ptr_nonnull(strstr(tfu_text_get(&found), "larger than 1048576 bytes"));
    tfu_text_free(&found);
}
END_TEST

START_TEST(a_missing_file_is_a_finding)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_text found = TFU_TEXT_INIT;
    ck_assert_int_eq(
        tfu_config_load(&config, "/nowhere/x.yaml", NULL, 0, fake_registry(), diagnostics, &e),
        TFU_EINVAL);
    tfu_diagnostics_print(diagnostics, &found);
    ck_assert_str_eq(tfu_text_get(&found),
                     "/nowhere/x.yaml: error: cannot open '/nowhere/x.yaml': No such file or "
                     "directory\n");
    ck_assert_str_eq(e.text, "1 error in the configuration");
    ck_assert_str_eq(e.source, "/nowhere/x.yaml");
    tfu_text_free(&found);
}
END_TEST

START_TEST(findings_cannot_drive_a_terminal)
{
    struct tfu_text found = TFU_TEXT_INIT;
    const char *override = "name\x1b[31m=\x7f";
    ck_assert_int_eq(load(TASK ARCH DATA TRAIN, &override, 1), TFU_EINVAL);
    check_refused("name: [\"\\e[31m\"]\n\"\\e[32m\": 1\n", "unknown key");
    tfu_diagnostics_print(diagnostics, &found);
    for (const char *s = tfu_text_get(&found); *s; s++)
        ck_assert_msg(*s == '\n' || (unsigned char)*s >= 0x20, "%s", tfu_text_get(&found));
    tfu_text_free(&found);
}
END_TEST

/* ---- the fuzzer's corpus, without the fuzzer */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

START_TEST(corpus_holds)
{
    const char *top = getenv("TOP_SRCDIR");
    char path[4096];
    static uint8_t data[65536];
    snprintf(path, sizeof path, "%s/tests/config/fuzz_config_corpus", top ? top : ".");
    ck_assert_msg(chdir(path) == 0, "set TOP_SRCDIR to the source folder");
    DIR *folder = opendir(".");
    ck_assert_ptr_nonnull(folder);
    int count = 0;
    for (const struct dirent *entry; (entry = readdir(folder)); count++) {
        FILE *f = fopen(entry->d_name, "r");
        ck_assert_ptr_nonnull(f);
        LLVMFuzzerTestOneInput(data, fread(data, 1, sizeof data, f));
        fclose(f);
    }
    closedir(folder);
    ck_assert_int_gt(count, 10);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *s = suite_create("config");
    TCase *t = tcase_create("config");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, every_type_fills_its_field);
    tcase_add_test(t, defaults_come_from_the_tables);
    tcase_add_test(t, loss_follows_the_kind);
    tcase_add_test(t, paths_are_relative_to_where_they_are_written);
    tcase_add_test(t, another_plugin_by_override_keeps_what_is_not_its_own);
    tcase_add_test(t, identity_is_what_changes_results);
    tcase_add_test(t, data_are_what_they_hold);
    tcase_add_test(t, states_are_what_they_hold);
    tcase_add_test(t, other_files_are_what_they_hold);
    tcase_add_test(t, every_finding_is_counted_and_the_first_are_kept);
    tcase_add_test(t, hostile_texts_are_refused);
    tcase_add_test(t, large_files_are_refused);
    tcase_add_test(t, a_missing_file_is_a_finding);
    tcase_add_test(t, findings_cannot_drive_a_terminal);
    tcase_add_test(t, corpus_holds);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_suite(make_suite());
}
