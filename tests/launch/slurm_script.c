/* SPDX-License-Identifier: MIT
 *
 * Batch scripts, byte by byte as in slurm/simple.sh and everything.sh; slurm_task.test runs
 * those.
 */
#include "core/launch/slurm_script.h"

#include <string.h>

#include "core/launch/shell_text.h"
#include "tests/support/check_main.h"
#include "tests/support/scratch.h"

static const char *const keys[] = {"00aa11bb22cc", "33dd44ee55ff,66007711aa22", "99bb88cc77dd"};
static const char *const command[] = {"./program", "sweep", "run", "study.yaml"};
static const struct tfu_slurm_options plain = {.partition = "",
                                               .account = "",
                                               .qos = "",
                                               .time = "",
                                               .memory = "",
                                               .per_task = 1,
                                               .requeues = 2,
                                               .warning = 120};

static struct tfu_slurm_script simple(void)
{
    return (struct tfu_slurm_script){.job = "demo-1a2b3c4d",
                                     .study = "demo",
                                     .folder = "/store/.sweeps/demo.slurm",
                                     .stop = "demo.stop",
                                     .stop_before = "before",
                                     .work = ".",
                                     .command = command,
                                     .command_count = TFU_COUNT(command),
                                     .task = keys,
                                     .tasks = TFU_COUNT(keys),
                                     .cpus = 1,
                                     .options = &plain};
}

static void check_script(const struct tfu_slurm_script *s, const char *name)
{
    struct tfu_text text = TFU_TEXT_INIT;
    struct tfu_error e = TFU_ERROR_INIT;
    char path[512];
    size_t n;
    ck_assert_msg(tfu_slurm_script_put(&text, s, &e) == TFU_OK, "%s", e.text);
    scratch_begin();
    scratch_write(scratch_path(name), text.data, text.length);
    snprintf(path, sizeof path, "%s/tests/launch/slurm/%s", getenv("TOP_SRCDIR"), name);
    char *want = scratch_read(path, &n);
    ck_assert_msg(strcmp(want, text.data) == 0, "%s is not %s", scratch_path(name), path);
    free(want);
    tfu_text_free(&text);
    scratch_end();
}

START_TEST(as_little_as_possible)
{
    const struct tfu_slurm_script s = simple();
    check_script(&s, "simple.sh");
}
END_TEST

START_TEST(everything)
{
    static const char *const sbatch[] = {"--constraint=avx2", "--mail-type=END"};
    static const char *const setup[] = {"module load gcc", ". \"$HOME/env\""};
    static const char *const long_command[] = {"/opt/trans fuse/bin/transfuse",
                                               "--plugin-path",
                                               "/home/user/my plugins:/opt/p",
                                               "sweep",
                                               "run",
                                               "/home/user/it's.yaml",
                                               "train.steps=3"};
    static const char *const environment[] = {"TRANSFUSE_PLUGIN_PATH=/a b:/c"};
    static const char *const after[] = {"41", "42"};
    struct tfu_slurm_options o = plain;
    o.partition = "long";
    o.account = "lab7";
    o.qos = "normal";
    o.time = "2-12:00:00";
    o.memory = "8G";
    o.at_once = 4;
    o.requeues = 20;
    o.warning = 300;
    o.sbatch = (struct tfu_string_list){.item = sbatch, .count = TFU_COUNT(sbatch)};
    o.setup = (struct tfu_string_list){.item = setup, .count = TFU_COUNT(setup)};
    struct tfu_slurm_script s = simple();
    s.folder = "/scratch/50% done/.sweeps/demo.slurm";
    s.stop = "/scratch/50% done/.sweeps/demo.stop";
    s.stop_before = "";
    s.work = "/home/user/my study";
    s.command = long_command;
    s.command_count = TFU_COUNT(long_command);
    s.environment = environment;
    s.environment_count = TFU_COUNT(environment);
    s.level = 1;
    s.cpus = 8;
    s.after = after;
    s.after_count = TFU_COUNT(after);
    s.options = &o;
    check_script(&s, "everything.sh");
}
END_TEST

START_TEST(a_folder_that_cannot_be_said)
{
    static const char *const bad[] = {"/a\"b", "/a\nb", "/a`b`", "/a$b", "/a\\b"};
    for (size_t i = 0; i < TFU_COUNT(bad); i++) {
        struct tfu_slurm_script s = simple();
        struct tfu_text text = TFU_TEXT_INIT;
        struct tfu_error e = TFU_ERROR_INIT;
        s.folder = bad[i];
        ck_assert_int_eq(tfu_slurm_script_put(&text, &s, &e), TFU_EINVAL);
        ck_assert_ptr_nonnull(strstr(e.text, "cannot stand in a batch script"));
        ck_assert_str_eq(tfu_text_get(&text), "");
        tfu_text_free(&text);
    }
}
END_TEST

/* A shell reads back what was put. */
START_TEST(words)
{
    static const char *const word[] = {
        "plain", "",    "a b", "it's", "$HOME `x` \\ \"", "-n",
        "a;b&c", "~/x", "*",   "#",    "train.lr=1e-3",   "line\nline"};
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_text_puts(&text, "printf '%s|' ");
    tfu_shell_put_words(&text, word, TFU_COUNT(word));
    FILE *f = popen(tfu_text_get(&text), "r");
    char got[512];
    got[fread(got, 1, sizeof got - 1, f)] = '\0';
    ck_assert_int_eq(pclose(f), 0);
    const char *s = got;
    for (size_t i = 0; i < TFU_COUNT(word); i++) {
        const size_t n = strlen(word[i]);
        ck_assert_msg(strncmp(s, word[i], n) == 0 && s[n] == '|', "%s: %s", word[i], s);
        s += n + 1;
    }
    ck_assert_str_eq(s, "");
    tfu_text_free(&text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("slurm_script");
    TCase *cases = tcase_create("cases");
    tcase_add_test(cases, as_little_as_possible);
    tcase_add_test(cases, everything);
    tcase_add_test(cases, a_folder_that_cannot_be_said);
    tcase_add_test(cases, words);
    suite_add_tcase(suite, cases);
    return run_suite(suite);
}
