/* SPDX-License-Identifier: MIT
 *
 * What people write for networks: patterns over folders of runs, ids, states; runs by what their
 * configurations say.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/io/folder.h"
#include "core/study/find_where.h"
#include "core/study/pattern.h"
#include "tests/support/check_main.h"
#include "tests/support/scratch.h"

static struct tfu_found found;
static struct tfu_error error;

static void make_run(const char *name, const char *config)
{
    char path[300];
    ck_assert_int_eq(tfu_folder_make(name, NULL), TFU_OK);
    snprintf(path, sizeof path, "%s/checkpoints", name);
    ck_assert_int_eq(tfu_folder_make(path, NULL), TFU_OK);
    snprintf(path, sizeof path, "%s/config.yaml", name);
    scratch_write(path, config, strlen(config));
}

/* Runs of two experiments, a folder that is no run, and something that is no folder. */
static void begin(void)
{
    scratch_begin();
    ck_assert_int_eq(chdir(scratch), 0);
    make_run("runs/target/3fa2c01d9b44", "seed: 1\narch: {plugin: cbr_tiny}\n"
                                         "train: {optimizer: {plugin: sgd, lr: 0.001}}\n"
                                         "data: {test: {resize: [16, 16]}}\n"
                                         "init:\n  - {plugin: random}\n  - {plugin: gabor}\n");
    make_run("runs/target/3fa2d7700000", "seed: 2\narch: {plugin: cbr_tiny}\n");
    make_run("runs/target/9b0e00aa1122", "seed: 3\narch: {plugin: resnet50}\n");
    make_run("runs/source/41c0ffee0000", "seed: 1\narch: {plugin: resnet18}\n");
    ck_assert_int_eq(tfu_folder_make("runs/target/notes", NULL), TFU_OK);
    ck_assert_int_eq(tfu_folder_make("runs/.old/41c0ffee9999", NULL), TFU_OK);
    scratch_write("runs/target/README", "x", 1);
    scratch_write("c.yaml", "seed: 1\n", 8);
    scratch_write("odd@name.yaml", "seed: 1\n", 8);
    error = (struct tfu_error)TFU_ERROR_INIT;
}

static void end(void)
{
    tfu_found_free(&found);
    ck_assert_int_eq(chdir("/"), 0);
    scratch_end();
}

static enum tfu_status look(const char *what)
{
    tfu_found_free(&found);
    error = (struct tfu_error)TFU_ERROR_INIT;
    return tfu_find(&found, what, NULL, &error);
}

/* ---- what stands for what */

/* "a b": these specs, in this order. */
static const struct {
    const char *what, *specs;
} good[] = {
    /* what opening a network knows */
    {"c.yaml", "c.yaml"},
    {"odd@name.yaml", "odd@name.yaml"},
    {"runs/target/3fa2c01d9b44", "runs/target/3fa2c01d9b44"},
    {"runs/target/3fa2c01d9b44/", "runs/target/3fa2c01d9b44/"},
    {"runs/target/3fa2c01d9b44@best", "runs/target/3fa2c01d9b44@best"},
    {"not/there", "not/there"},
    {"not/there@initial", "not/there@initial"},
    {"-", "-"},
    /* patterns, in order, runs only, hidden folders only by their dot */
    {"runs/target/*", "runs/target/3fa2c01d9b44 runs/target/3fa2d7700000 runs/target/9b0e00aa1122"},
    {"runs/*/4*", "runs/source/41c0ffee0000"},
    {"runs/target/3fa2[c]*@initial", "runs/target/3fa2c01d9b44@initial"},
    {"runs/target/3fa2?01d9b44", "runs/target/3fa2c01d9b44"},
    {"./runs/s*/*@120", "./runs/source/41c0ffee0000@120"},
    {"runs//target/9*", "runs/target/9b0e00aa1122"},
    {"runs/**", "runs/source/41c0ffee0000 runs/target/3fa2c01d9b44 runs/target/3fa2d7700000 "
                "runs/target/9b0e00aa1122"},
    {"**/9*", "runs/target/9b0e00aa1122"},
    /* ids */
    {"9b0e", "runs/target/9b0e00aa1122"},
    {"9B0E00", "runs/target/9b0e00aa1122"},
    {"3fa2c@final", "runs/target/3fa2c01d9b44@final"},
    {"41c0", "runs/source/41c0ffee0000"},
    {"target/9b0e", "runs/target/9b0e00aa1122"},
    {"runs/target/9b0e@7", "runs/target/9b0e00aa1122@7"},
    /* too short for one */
    {"9b0", "9b0"},
};

START_TEST(it_stands_for)
{
    struct tfu_text list = TFU_TEXT_INIT;
    ck_assert_msg(look(good[_i].what) == TFU_OK, "%s: %s", good[_i].what, error.text);
    for (size_t i = 0; i < found.count; i++)
        tfu_text_printf(&list, "%s%s", i ? " " : "", found.item[i].spec);
    ck_assert_str_eq(tfu_text_get(&list), good[_i].specs);
    tfu_text_free(&list);
}
END_TEST

START_TEST(runs_are_told_from_other_things)
{
    ck_assert_int_eq(look("runs/target/9*@best"), TFU_OK);
    ck_assert_str_eq(found.item[0].run, "runs/target/9b0e00aa1122");
    ck_assert_int_eq(look("runs/source/41c0ffee0000@best"), TFU_OK);
    ck_assert_str_eq(found.item[0].run, "runs/source/41c0ffee0000");
    ck_assert_int_eq(look("c.yaml"), TFU_OK);
    ck_assert_ptr_null(found.item[0].run);
}
END_TEST

START_TEST(ids_are_looked_for_in_the_folder_that_is_named)
{
    ck_assert_int_eq(tfu_find(&found, "41c0", "runs/source", &error), TFU_OK);
    ck_assert_str_eq(found.item[0].spec, "runs/source/41c0ffee0000");
    tfu_found_free(&found);
    ck_assert_int_eq(tfu_find(&found, "41c0", "runs/target", &error), TFU_ENOTFOUND);
    /* a folder's name is no pattern */
    ck_assert_int_eq(rename("runs", "r[u]ns"), 0);
    ck_assert_int_eq(tfu_find(&found, "41c0", "r[u]ns", &error), TFU_OK);
    ck_assert_str_eq(found.item[0].spec, "r[u]ns/source/41c0ffee0000");
}
END_TEST

/* ---- what stands for nothing, and why */

static const struct {
    const char *what;
    enum tfu_status status;
    const char *says[3];
} bad[] = {
    {"runs/taget/*",
     TFU_ENOTFOUND,
     {"nothing fits 'runs/taget/*'", "in 'runs' is no folder 'taget'", "source, target"}},
    {"runs/target/x*",
     TFU_ENOTFOUND,
     {"in 'runs/target' is no folder 'x*'", "3fa2c01d9b44, 3fa2d7700000, 9b0e00aa1122, notes"}},
    {"runs/*/x*", TFU_ENOTFOUND, {"in 'runs/source' (nor in 1 folders beside it)"}},
    {"runs/target/notes/*", TFU_ENOTFOUND, {"there is no folder at all"}},
    {"run?/README/*", TFU_ENOTFOUND, {"in 'runs' is no folder 'README'"}},
    {"none*/x", TFU_ENOTFOUND, {"in '.' is no folder 'none*'", "there are runs"}},
    {"runs/*", TFU_ENOTFOUND, {"none of the 2 folders", "config.yaml", "'runs/*/*' may be meant"}},
    {"3fa2",
     TFU_EINVAL,
     {"2 runs in 'runs'", "runs/target/3fa2c01d9b44, runs/target/3fa2d7700000", "more digits"}},
    {"3fb2c0", TFU_ENOTFOUND, {"'3fb2c0'", "did you mean 'runs/target/3fa2c01d9b44'?"}},
    {"deadbeef", TFU_ENOTFOUND, {"there is no 'deadbeef'", "none of the 4 runs in 'runs'"}},
    {"nowhere/9b0e", TFU_ENOTFOUND, {"no folder 'runs/nowhere'", "'9b0e'"}},
};

START_TEST(it_stands_for_nothing)
{
    ck_assert_int_eq(look(bad[_i].what), bad[_i].status);
    ck_assert_ptr_null(found.item);
    for (size_t i = 0; i < 3 && bad[_i].says[i]; i++)
        ck_assert_msg(strstr(error.text, bad[_i].says[i]), "%s: '%s' lacks '%s'", bad[_i].what,
                      error.text, bad[_i].says[i]);
}
END_TEST

/* A link into itself is followed by its name, and not by **. */
START_TEST(links_do_not_go_round)
{
    ck_assert_int_eq(symlink("../../runs", "runs/target/loop"), 0);
    ck_assert_int_eq(look("runs/**"), TFU_OK);
    ck_assert_uint_eq(found.count, 4);
    ck_assert_int_eq(look("runs/target/loop/source/*"), TFU_OK);
    ck_assert_uint_eq(found.count, 1);
}
END_TEST

/* ---- what configurations say */

static const struct {
    const char *key, *value;
    bool matches;
} said[] = {
    {"arch.plugin", "cbr_tiny", true},
    {"arch.plugin", "cbr", false},
    {"seed", "1", true},
    {"seed", "10", false},
    {"train.optimizer.lr", "1e-3", true}, /* as numbers */
    {"train.optimizer.lr", "0.0010", true},
    {"data.test.resize", "[16,16]", true}, /* whatever the blanks */
    {"data.test.resize", "[16, 17]", false},
    {"init.1.plugin", "gabor", true},
    {"init.2.plugin", "gabor", false},
    {"arch", "cbr_tiny", false}, /* a section has no value */
    {"arch.widht", "1", false},
};

START_TEST(a_configuration_says)
{
    bool matches;
    ck_assert_int_eq(tfu_find_matches("runs/target/3fa2c01d9b44", said[_i].key, said[_i].value,
                                      &matches, &error),
                     TFU_OK);
    ck_assert_int_eq(matches, said[_i].matches);
}
END_TEST

START_TEST(runs_are_kept_by_what_they_say)
{
    ck_assert_int_eq(look("runs/**@initial"), TFU_OK);
    ck_assert_int_eq(tfu_found_keep(&found, "arch.plugin", "cbr_tiny", &error), TFU_OK);
    ck_assert_uint_eq(found.count, 2);
    ck_assert_str_eq(found.item[1].spec, "runs/target/3fa2d7700000@initial");
    ck_assert_int_eq(tfu_found_keep(&found, "seed", "2", &error), TFU_OK);
    ck_assert_uint_eq(found.count, 1);
    ck_assert_str_eq(found.item[0].run, "runs/target/3fa2d7700000");
}
END_TEST

static const struct {
    const char *what, *key, *value;
    enum tfu_status status;
    const char *says[2];
} left[] = {
    {"runs/target/*",
     "arch.plugin",
     "cbr_tny",
     TFU_ENOTFOUND,
     {"none of 3 runs has 'arch.plugin: cbr_tny'", "they have 'cbr_tiny', 'resnet50'"}},
    {"runs/target/*",
     "arch.plugn",
     "cbr_tiny",
     TFU_ENOTFOUND,
     {"under the key 'arch.plugn'", "did you mean 'arch.plugin'?"}},
    {"c.yaml", "seed", "1", TFU_EINVAL, {"'c.yaml' is no folder of a run"}},
};

START_TEST(nothing_is_left)
{
    ck_assert_int_eq(look(left[_i].what), TFU_OK);
    ck_assert_int_eq(tfu_found_keep(&found, left[_i].key, left[_i].value, &error), left[_i].status);
    for (size_t i = 0; i < 2 && left[_i].says[i]; i++)
        ck_assert_msg(strstr(error.text, left[_i].says[i]), "'%s' lacks '%s'", error.text,
                      left[_i].says[i]);
}
END_TEST

START_TEST(a_file_that_is_no_configuration_is_an_error)
{
    bool matches;
    make_run("runs/bad/000000000000", "seed: [1\n");
    ck_assert_int_eq(tfu_find_matches("runs/bad/000000000000", "seed", "1", &matches, &error),
                     TFU_EINVAL);
    ck_assert_ptr_nonnull(strstr(error.text, "runs/bad/000000000000/config.yaml"));
    ck_assert(!matches);
    ck_assert_int_eq(tfu_find_matches("runs/none", "seed", "1", &matches, &error), TFU_EINVAL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("find");
    TCase *t = tcase_create("find");
    tcase_add_checked_fixture(t, begin, end);
    tcase_add_loop_test(t, it_stands_for, 0, (int)TFU_COUNT(good));
    tcase_add_test(t, runs_are_told_from_other_things);
    tcase_add_test(t, ids_are_looked_for_in_the_folder_that_is_named);
    tcase_add_loop_test(t, it_stands_for_nothing, 0, (int)TFU_COUNT(bad));
    tcase_add_test(t, links_do_not_go_round);
    tcase_add_loop_test(t, a_configuration_says, 0, (int)TFU_COUNT(said));
    tcase_add_test(t, runs_are_kept_by_what_they_say);
    tcase_add_loop_test(t, nothing_is_left, 0, (int)TFU_COUNT(left));
    tcase_add_test(t, a_file_that_is_no_configuration_is_an_error);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
