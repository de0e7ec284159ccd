/* SPDX-License-Identifier: MIT
 *
 * What a job of Slurm is to have: limits of time as Slurm reads them, and values that cannot be.
 */
#include "core/config/slurm_options.h"

#include <string.h>

#include "tests/support/check_main.h"

START_TEST(times)
{
    /* sbatch(1): minutes, minutes:seconds, hours:minutes:seconds, days-hours, days-hours:minutes
     * and days-hours:minutes:seconds */
    static const struct {
        const char *text;
        int64_t seconds;
    } time[] = {
        {"90", 5400},
        {"0", 0},
        {"10:30", 630},
        {"1:30:00", 5400},
        {"2-12", 216000},
        {"2-12:30", 217800},
        {"2-12:30:15", 217815},
        {"1-0", 86400},
        {"UNLIMITED", 0},
        {"infinite", 0},
        {"", -1},
        {"1h", -1},
        {"1:2:3:4", -1},
        {":30", -1},
        {"30:", -1},
        {"1-", -1},
        {"-1", -1},
        {"1-2-3", -1},
        {"1-:30", -1},
        {" 30", -1},
        {"30 ", -1},
        {"1.5", -1},
        {"99999999999999999999", -1},
        {"1:2:", -1},
    };
    for (size_t i = 0; i < TFU_COUNT(time); i++)
        ck_assert_msg(tfu_slurm_seconds(time[i].text) == time[i].seconds, "'%s': %lld",
                      time[i].text, (long long)tfu_slurm_seconds(time[i].text));
}
END_TEST

static struct tfu_slurm_options good(void)
{
    return (struct tfu_slurm_options){.partition = "",
                                      .account = "",
                                      .qos = "",
                                      .time = "",
                                      .memory = "",
                                      .per_task = 1,
                                      .requeues = 20,
                                      .warning = 120};
}

static void check_refused(const struct tfu_slurm_options *o, const char *said)
{
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_slurm_options_check(o, &e), TFU_EINVAL);
    ck_assert_msg(strstr(e.text, said) != NULL, "%s", e.text);
}

START_TEST(possible)
{
    static const char *const sbatch[] = {"-C avx2", "--mail-user=a@b", "--output-mode", "--arrays"};
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_slurm_options o = good();
    ck_assert_int_eq(tfu_slurm_options_check(&o, &e), TFU_OK);
    o.partition = "long,short";
    o.time = "2:01";
    o.memory = "16000M";
    o.sbatch = (struct tfu_string_list){.item = sbatch, .count = TFU_COUNT(sbatch)};
    ck_assert_msg(tfu_slurm_options_check(&o, &e) == TFU_OK, "%s", e.text);
    o.time = "UNLIMITED";
    ck_assert_int_eq(tfu_slurm_options_check(&o, &e), TFU_OK);
}
END_TEST

START_TEST(impossible)
{
    static const char *const taken[] = {"--array=0-3",   "-a 0-3",       "--dependency=singleton",
                                        "-d x",          "--job-name x", "-Jx",
                                        "--signal=TERM", "--no-requeue", "--requeue",
                                        "-o x",          "--output=x",   "--wrap=true",
                                        "--wait",        "--test-only"};
    static const char *const none[] = {"constraint=avx2", "", "--mail\n#SBATCH --array=1"};
    struct tfu_slurm_options o = good();
    o.partition = "a b";
    check_refused(&o, "partition: 'a b' is not one word");
    o = good();
    o.account = "x\n#SBATCH --array=1";
    check_refused(&o, "account: ");
    o = good();
    o.qos = "-x";
    check_refused(&o, "qos: ");
    o = good();
    o.memory = "8GB";
    check_refused(&o, "memory: '8GB' is not an amount");
    o = good();
    o.time = "2";
    check_refused(&o, "not longer than `warning`, 120 seconds");
    o = good();
    for (size_t i = 0; i < TFU_COUNT(taken); i++) {
        o.sbatch = (struct tfu_string_list){.item = &taken[i], .count = 1};
        check_refused(&o, "is not free here");
    }
    for (size_t i = 0; i < TFU_COUNT(none); i++) {
        o.sbatch = (struct tfu_string_list){.item = &none[i], .count = 1};
        check_refused(&o, "is no option of sbatch");
    }
    o = good();
    o.setup = (struct tfu_string_list){.item = &none[2], .count = 1};
    check_refused(&o, "setup: item 0 is not one line");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("slurm_options");
    TCase *cases = tcase_create("cases");
    tcase_add_test(cases, times);
    tcase_add_test(cases, possible);
    tcase_add_test(cases, impossible);
    suite_add_tcase(suite, cases);
    return run_suite(suite);
}
