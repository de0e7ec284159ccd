/* SPDX-License-Identifier: MIT
 *
 * The file of the index itself: damaged, of others, locked, of another version, on another kind of
 * disk.
 */
#include <dirent.h>
#include <sqlite3.h>
#include <unistd.h>

#include "tests/index/store.h"
#include "tests/support/check_main.h"

static void begin(void)
{
    scratch_begin();
    for (unsigned i = 0; i < 6; i++) {
        store_begin("demo", i + 1, i, 4);
        store_finish("demo", i + 1, 0.5);
    }
    store_begin("demo", 100, 1, 2);
    store_settle();
}

/* Opens it, expects all runs and a note with these words ("": none); in memory or not. */
static void expect(const char *note, bool memory)
{
    struct store_log said;
    struct tfu_index *x = store_open(&said);
    ck_assert_uint_eq(tfu_index_count(x), 7);
    ck_assert_msg(note[0] ? strstr(said.text, note) != NULL : !said.text[0], "said: %s", said.text);
    ck_assert_int_eq(tfu_index_tally(x)->memory, memory);
    tfu_index_close(x);
}

static void do_sql(const char *sql)
{
    sqlite3 *db;
    ck_assert_int_eq(sqlite3_open(scratch_path("runs/index.sqlite"), &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static size_t count_files(const char *begin_of_name)
{
    size_t n = 0;
    DIR *dir = opendir(scratch_path("runs"));
    for (const struct dirent *d; (d = readdir(dir));)
        n += strncmp(d->d_name, begin_of_name, strlen(begin_of_name)) == 0;
    closedir(dir);
    return n;
}

START_TEST(a_file_that_is_no_database_is_put_aside)
{
    store_put("runs/index.sqlite",
              "this is a letter, and long enough to have no head of SQLite's\n");
    expect("is damaged: it is", false);
    ck_assert_uint_eq(count_files("index.sqlite.damaged-"), 1);
    expect("", false);
}
END_TEST

START_TEST(a_damaged_database_is_put_aside)
{
    expect("", false);
    size_t n;
    char *bytes = scratch_read(scratch_path("runs/index.sqlite"), &n);
    ck_assert_uint_gt(n, 8192);
    if (_i == 0) {
        ck_assert_int_eq(truncate(scratch_path("runs/index.sqlite"), 8192), 0);
    } else {
        memset(bytes + 4096 * _i, 0xa5, 4096 < n - (size_t)(4096 * _i) ? 4096 : 1);
        scratch_write(scratch_path("runs/index.sqlite"), bytes, n);
    }
    free(bytes);
    /* some pages are not looked at when nothing changed: `reindex` meets all of them */
    const struct tfu_index_request request = {.rebuild = true};
    struct store_log said;
    struct tfu_index *x = store_open_as(&request, &said);
    ck_assert_uint_eq(tfu_index_count(x), 7);
    char *is = store_dump(x);
    tfu_index_close(x);
    char *rebuilt = store_rebuilt();
    store_same(is, rebuilt);
    free(is);
    free(rebuilt);
}
END_TEST

/* With our mark, but not as we made it. */
START_TEST(one_that_lacks_a_table_is_put_aside)
{
    static const char *const sql[] = {"DROP TABLE run", "DROP TABLE config", "DROP TABLE sweep",
                                      "ALTER TABLE run RENAME COLUMN host TO hosts"};
    expect("", false);
    do_sql(sql[_i]);
    store_begin("demo", 100, 1, 3);
    expect("is damaged: it is", false);
    ck_assert_uint_eq(count_files("index.sqlite.damaged-"), 1);
    expect("", false);
}
END_TEST

START_TEST(the_database_of_another_program_is_put_aside)
{
    do_sql("CREATE TABLE recipes(title TEXT); INSERT INTO recipes VALUES('soup')");
    expect("the database of another program: it is", false);
    ck_assert_uint_eq(count_files("index.sqlite.foreign-"), 1);
    expect("", false);
}
END_TEST

START_TEST(that_of_a_later_version_is_left_alone)
{
    expect("", false);
    do_sql("PRAGMA user_version=99; DROP TABLE config");
    expect("a later version of this program made it", true);
    expect("a later version of this program made it", true);
    ck_assert_uint_eq(count_files("index.sqlite"), 1);
}
END_TEST

START_TEST(that_of_an_earlier_version_is_built_anew)
{
    expect("", false);
    do_sql("PRAGMA user_version=0; DROP TABLE config; DROP TABLE run; CREATE TABLE run(x)");
    expect("", false);
    expect("", false);
}
END_TEST

START_TEST(a_folder_in_its_place_is_no_hindrance)
{
    store_make("runs/index.sqlite");
    expect("cannot be used (it is no file)", true);
}
END_TEST

START_TEST(a_pipe_in_its_place_is_not_waited_for)
{
    ck_assert_int_eq(mkfifo(scratch_path("runs/index.sqlite"), 0666), 0);
    expect("cannot be used (it is no file)", true);
}
END_TEST

START_TEST(who_is_locked_out_for_long_goes_on_in_memory)
{
    expect("", false);
    store_begin("demo", 100, 1, 3); /* something to write */
    sqlite3 *db;
    ck_assert_int_eq(sqlite3_open(scratch_path("runs/index.sqlite"), &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    const struct tfu_index_request request = {.patience_ms = 50};
    struct store_log said;
    struct tfu_index *x = store_open_as(&request, &said);
    ck_assert_ptr_nonnull(strstr(said.text, "another process has had it locked for 0.05 s"));
    ck_assert_uint_eq(tfu_index_count(x), 7);
    ck_assert(tfu_index_tally(x)->memory);
    tfu_index_close(x);
    sqlite3_close(db);
    expect("", false);
}
END_TEST

START_TEST(who_reads_keeps_nobody_from_writing)
{
    expect("", false);
    sqlite3 *db;
    sqlite3_stmt *s;
    ck_assert_int_eq(sqlite3_open(scratch_path("runs/index.sqlite"), &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_prepare_v2(db, "SELECT * FROM run", -1, &s, NULL), SQLITE_OK);
    ck_assert_int_eq(sqlite3_step(s), SQLITE_ROW); /* in the middle of it */
    store_begin("demo", 100, 1, 3);
    const struct tfu_index_request request = {.patience_ms = 50};
    struct tfu_index *x = store_open_as(&request, NULL);
    ck_assert(!tfu_index_tally(x)->memory);
    ck_assert_uint_eq(tfu_index_tally(x)->read, 1);
    tfu_index_close(x);
    sqlite3_finalize(s);
    sqlite3_close(db);
}
END_TEST

START_TEST(a_store_that_machines_share_has_a_rollback_journal)
{
    const struct tfu_index_request request = {.storage = TFU_STORAGE_NETWORK};
    struct store_log said;
    struct tfu_index *x = store_open_as(&request, &said);
    ck_assert_ptr_nonnull(strstr(said.text, "with a rollback journal"));
    tfu_index_close(x);
    size_t n;
    char *bytes = scratch_read(scratch_path("runs/index.sqlite"), &n);
    ck_assert_int_eq(bytes[18], 1); /* 2: WAL */
    free(bytes);
    /* names alone are compared there, and it is said once */
    store_finish("demo", 1, 0.125);
    x = store_open_as(&request, &said);
    ck_assert_str_eq(said.text, "");
    ck_assert_uint_eq(tfu_index_tally(x)->read, 0);
    tfu_index_close(x);
    x = store_open(NULL);
    ck_assert_uint_eq(tfu_index_tally(x)->read, 1);
    tfu_index_close(x);
}
END_TEST

START_TEST(there_has_to_be_a_store)
{
    struct tfu_index *x;
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_index_request request = {.store = scratch_path("nowhere")};
    ck_assert_int_eq(tfu_index_open(&x, &request, &e), TFU_ENOTFOUND);
    ck_assert_ptr_nonnull(strstr(e.text, "there is no store"));
    e = (struct tfu_error)TFU_ERROR_INIT;
    store_put("file", "x");
    request.store = scratch_path("file");
    ck_assert_int_eq(tfu_index_open(&x, &request, &e), TFU_EINVAL);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("index/file");
    TCase *t = tcase_create("file");
    tcase_add_checked_fixture(t, begin, scratch_end);
    tcase_add_test(t, a_file_that_is_no_database_is_put_aside);
    tcase_add_loop_test(t, a_damaged_database_is_put_aside, 0, 12);
    tcase_add_loop_test(t, one_that_lacks_a_table_is_put_aside, 0, 4);
    tcase_add_test(t, the_database_of_another_program_is_put_aside);
    tcase_add_test(t, that_of_a_later_version_is_left_alone);
    tcase_add_test(t, that_of_an_earlier_version_is_built_anew);
    tcase_add_test(t, a_folder_in_its_place_is_no_hindrance);
    tcase_add_test(t, a_pipe_in_its_place_is_not_waited_for);
    tcase_add_test(t, who_is_locked_out_for_long_goes_on_in_memory);
    tcase_add_test(t, who_reads_keeps_nobody_from_writing);
    tcase_add_test(t, a_store_that_machines_share_has_a_rollback_journal);
    tcase_add_test(t, there_has_to_be_a_store);
    suite_add_tcase(suite, t);
    return suite;
}

int main(void)
{
    return run_suite(make_suite());
}
