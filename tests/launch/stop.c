/* SPDX-License-Identifier: MIT
 *
 * Whom a request to stop means.
 */
#include "core/launch/stop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/base/process.h"
#include "tests/support/check_main.h"

START_TEST(who_began_before_it)
{
    char store[] = "/tmp/transfuse-stop.XXXXXX", path[256], before[TFU_STOP_SIZE],
         text[TFU_STOP_SIZE];
    struct tfu_process self;
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_ptr_nonnull(mkdtemp(store));
    tfu_process_self(&self);
    const struct timespec tick = {.tv_nsec = 30000000};
    nanosleep(&tick, NULL); /* one within the tick of its start may have been before it */
    tfu_stop_read(store, "study", before);
    ck_assert_str_eq(before, "");
    ck_assert(!tfu_stop_is_since(before, &self));

    ck_assert_int_eq(tfu_stop_ask(store, "study", &e), TFU_OK);
    tfu_stop_read(store, "study", text);
    ck_assert_str_ne(text, "");
    ck_assert_msg(tfu_stop_is_since(text, &self), "%s", text);
    unsigned long long asked;
    ck_assert_int_eq(sscanf(strstr(text, " ticks "), " ticks %llu", &asked), 1);
    struct tfu_process same = self;
    same.start = asked;
    ck_assert(!tfu_stop_is_since(text, &same)); /* it was asked first, and began in that tick */
    same.start--;
    ck_assert(tfu_stop_is_since(text, &same));
    struct tfu_process later = self, elsewhere = self, unknown = self;
    later.start += 1000000;
    snprintf(elsewhere.boot, sizeof elsewhere.boot, "another");
    unknown.start = 0;
    ck_assert(!tfu_stop_is_since(text, &later));
    ck_assert(!tfu_stop_is_since(text, &elsewhere));
    ck_assert(!tfu_stop_is_since(text, &unknown));
    char torn[TFU_STOP_SIZE] = "asked by somebody\nmachine";
    ck_assert(!tfu_stop_is_since(torn, &self));

    snprintf(path, sizeof path, "%s/.sweeps/study.stop", store);
    ck_assert_int_eq(unlink(path), 0);
    snprintf(path, sizeof path, "%s/.sweeps", store);
    ck_assert_int_eq(rmdir(path), 0);
    ck_assert_int_eq(rmdir(store), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("launch/stop");
    TCase *t = tcase_create("stop");
    tcase_add_test(t, who_began_before_it);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
