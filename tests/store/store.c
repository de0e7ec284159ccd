/* SPDX-License-Identifier: MIT
 *
 * The run folder and what is written there.
 */
#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/difference.h"
#include "core/io/csv.h"
#include "core/store/crc32c.h"
#include "core/store/metrics_log.h"
#include "core/store/run_folder.h"
#include "core/store/tensorboard.h"
#include "tests/support/check_main.h"
#include "tests/support/scratch.h"

START_TEST(crc32c_has_its_check_value)
{
    ck_assert_uint_eq(tfu_crc32c("123456789", 9), 0xe3069283u);
    ck_assert_uint_eq(tfu_crc32c("", 0), 0);
}
END_TEST

/* Records as TensorFlow writes them. */
START_TEST(events_have_golden_bytes)
{
    const unsigned char version[] = "\x18\0\0\0\0\0\0\0\xa3\x7f\x4b\x22\x09";
    const unsigned char scalar[] =
        "\x1d\0\0\0\0\0\0\0\x60\x2f\xdf\x23"
        "\x09\0\0\x40\x40\xfc\x54\xd9\x41\x10\x07\x2a\x10\x0a\x0e\x0a\x07val/auc\x15\0\0\0\x3f"
        "\x55\x27\x7b\xfe";
    const unsigned char start[] = "\x09\0\0\x40\x40\xfc\x54\xd9\x41\x10\xac\x02\x3a\x02\x08\x01";
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_tensorboard_version_record(&text, 1.7e9);
    ck_assert_uint_eq(text.length, 24 + 16);
    ck_assert_mem_eq(text.data, version, sizeof version - 1);
    ck_assert_mem_eq(text.data + 12 + 9 + 2, "brain.Event:2", 13);
    tfu_text_free(&text);
    tfu_tensorboard_scalar_record(&text, 1700000001, 7, "val/auc", 0.5);
    ck_assert_uint_eq(text.length, sizeof scalar - 1);
    ck_assert_mem_eq(text.data, scalar, text.length);
    tfu_text_free(&text);
    /* a zero is a value, not a field left out */
    tfu_tensorboard_scalar_record(&text, 1700000001, 7, "val/auc", 0);
    ck_assert_uint_eq(text.length, sizeof scalar - 1);
    tfu_text_free(&text);
    /* a session that begins at step 300, with SessionLog{status: START} */
    tfu_tensorboard_start_record(&text, 1700000001, 300);
    ck_assert_uint_eq(text.length, 12 + sizeof start - 1 + 4);
    ck_assert_mem_eq(text.data + 12, start, sizeof start - 1);
    tfu_text_free(&text);
}
END_TEST

START_TEST(csv_quotes_what_needs_it)
{
    const char *path = scratch_path("x.csv");
    struct tfu_csv csv = {.file = fopen(path, "wb")};
    ck_assert_ptr_nonnull(csv.file);
    tfu_csv_text(&csv, "plain");
    tfu_csv_text(&csv, "a,b \"c\"\nd");
    tfu_csv_int(&csv, -5);
    tfu_csv_number(&csv, 0.1, 9);
    tfu_csv_number(&csv, NAN, 9);
    tfu_csv_end_line(&csv);
    tfu_csv_text(&csv, "next");
    tfu_csv_end_line(&csv);
    ck_assert_int_eq(fclose(csv.file), 0);
    size_t n;
    char *data = scratch_read(path, &n);
    ck_assert_str_eq(data, "plain,\"a,b \"\"c\"\"\nd\",-5,0.1,\nnext\n");
    free(data);
}
END_TEST

static struct tfu_metrics_log *open_log(const char *path, int64_t keep)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_metrics_log *m;
    ck_assert_msg(tfu_metrics_log_open(&m, path, keep, &e) == TFU_OK, "%s", e.text);
    return m;
}

START_TEST(metrics_go_on_where_the_checkpoint_was)
{
    const char *path = scratch_path("metrics.csv");
    struct tfu_error e = TFU_ERROR_INIT;
    int64_t keep, end;
    struct tfu_metrics_log *m = open_log(path, 0);
    tfu_metrics_log_add(m, 1, 0.5, "train", "loss", 2.25, NULL);
    ck_assert_int_eq(tfu_metrics_log_sync(m, &keep, &e), TFU_OK);
    tfu_metrics_log_add(m, 2, 1, "test", "auc", NAN, "0 positives");
    ck_assert_int_eq(tfu_metrics_log_sync(m, &end, &e), TFU_OK);
    tfu_metrics_log_close(m);
    size_t n;
    char *data = scratch_read(path, &n);
    ck_assert_str_eq(data, "step,epoch,split,metric,value,note\n1,0.5,train,loss,2.25,\n"
                           "2,1,test,auc,,0 positives\n");
    ck_assert_int_eq(end, (int64_t)n);
    free(data);

    m = open_log(path, keep);
    tfu_metrics_log_add(m, 3, 1.5, "train", "loss", 1, NULL);
    tfu_metrics_log_close(m);
    data = scratch_read(path, &n);
    ck_assert_str_eq(data, "step,epoch,split,metric,value,note\n1,0.5,train,loss,2.25,\n"
                           "3,1.5,train,loss,1,\n");
    free(data);

    /* a file that was edited since is refused, whether it is shorter or cut elsewhere */
    ck_assert_int_eq(tfu_metrics_log_open(&m, path, keep - 1, &e), TFU_ECORRUPT);
    e = (struct tfu_error)TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_metrics_log_open(&m, path, 10000, &e), TFU_ECORRUPT);
    ck_assert_ptr_nonnull(strstr(e.text, "10000 bytes"));
}
END_TEST

/* "<folder>/<name>", in a static place. */
static const char *scratch_below(const char *folder, const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void touch(const char *name)
{
    scratch_write(scratch_path(name), "x", 1);
}

START_TEST(a_run_folder_knows_its_state)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_run_folder *f, *again;
    char id[TFU_RUN_ID_SIZE];
    tfu_run_id("abc", id);
    ck_assert_str_eq(id, "ba7816bf8f01"); /* FIPS 180-2, appendix B.1 */

    ck_assert_int_eq(tfu_run_folder_open(&f, scratch_path("a/b/c"), &e), TFU_OK);
    ck_assert_int_eq(tfu_run_state(scratch_path("a/b/c")), TFU_RUN_ABSENT);
    touch("a/b/c/config.yaml");
    ck_assert_int_eq(tfu_run_state(scratch_path("a/b/c")), TFU_RUN_BEGUN);
    touch("a/b/c/summary.json");
    ck_assert_int_eq(tfu_run_state(scratch_path("a/b/c")), TFU_RUN_FINISHED);

    char pid[64];
    snprintf(pid, sizeof pid, "in use by process %ld", (long)getpid());
    ck_assert_int_eq(tfu_run_folder_open(&again, scratch_path("a/b/c"), &e), TFU_EIO);
    ck_assert_msg(strstr(e.text, pid) != NULL, "%s", e.text);

    touch("a/b/c/notes.txt");
    touch("a/b/c/events.out.tfevents.1.x");
    touch("a/b/c/events.out.tfevents.1700000000.node.of.mine.4711.0");
    ck_assert_int_eq(mkdir(scratch_path("a/b/c/checkpoints"), 0777), 0);
    static const char *const own[] = {
        "checkpoints/step-3.safetensors", "checkpoints/step-4.safetensors.damaged",
        "checkpoints/best.safetensors.tmp", "env.json.tmp", "identity.yaml"};
    static const char *const others[] = {"checkpoints/mine.safetensors",
                                         "checkpoints/step-3b.safetensors",
                                         "checkpoints/final.safetensors.old", "my.tmp"};
    for (size_t i = 0; i < TFU_COUNT(own); i++)
        touch(scratch_below("a/b/c", own[i]));
    for (size_t i = 0; i < TFU_COUNT(others); i++)
        touch(scratch_below("a/b/c", others[i]));
    e = (struct tfu_error)TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_run_folder_clear(f, &e), TFU_OK);
    ck_assert_int_eq(tfu_run_state(scratch_path("a/b/c")), TFU_RUN_ABSENT);
    ck_assert_int_eq(access(scratch_path("a/b/c/notes.txt"), F_OK), 0);
    ck_assert_int_eq(access(scratch_path("a/b/c/events.out.tfevents.1.x"), F_OK), 0);
    ck_assert_int_ne(
        access(scratch_path("a/b/c/events.out.tfevents.1700000000.node.of.mine.4711.0"), F_OK), 0);
    for (size_t i = 0; i < TFU_COUNT(own); i++)
        ck_assert_msg(access(scratch_path(scratch_below("a/b/c", own[i])), F_OK) != 0, "%s",
                      own[i]);
    for (size_t i = 0; i < TFU_COUNT(others); i++)
        ck_assert_msg(access(scratch_path(scratch_below("a/b/c", others[i])), F_OK) == 0, "%s",
                      others[i]);
    tfu_run_folder_close(f);
    ck_assert_int_eq(tfu_run_folder_open(&f, scratch_path("a/b/c"), &e), TFU_OK);
    tfu_run_folder_close(f);

    touch("file");
    ck_assert_int_eq(tfu_run_folder_open(&f, scratch_path("file/run"), &e), TFU_EIO);
    ck_assert_ptr_nonnull(strstr(e.text, "file"));
}
END_TEST

START_TEST(differences_are_lines)
{
    static const struct {
        const char *before, *after, *shown;
    } cases[] = {
        {"a\nb\nc\n", "a\nb\nc\n", ""},
        {"a\nb\nc\n", "a\nx\nc\n", "  - b\n  + x"},
        {"a\nb\n", "b\n", "  - a"},
        {"", "b", "  + b"},
        {"a\nb\nc\nd\n", "b\nc\nd\ne\n", "  - a\n  + e"},
    };
    for (size_t i = 0; i < TFU_COUNT(cases); i++) {
        struct tfu_text text = TFU_TEXT_INIT;
        tfu_text_difference(&text, cases[i].before, cases[i].after);
        ck_assert_str_eq(tfu_text_get(&text), cases[i].shown);
        tfu_text_free(&text);
    }
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("store");
    TCase *t = tcase_create("store");
    tcase_add_checked_fixture(t, scratch_begin, scratch_end);
    tcase_add_test(t, crc32c_has_its_check_value);
    tcase_add_test(t, events_have_golden_bytes);
    tcase_add_test(t, csv_quotes_what_needs_it);
    tcase_add_test(t, metrics_go_on_where_the_checkpoint_was);
    tcase_add_test(t, a_run_folder_knows_its_state);
    tcase_add_test(t, differences_are_lines);
    suite_add_tcase(suite, t);
    return suite;
}

int main(void)
{
    return run_suite(make_suite());
}
