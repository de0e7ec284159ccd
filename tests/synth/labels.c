/* SPDX-License-Identifier: MIT
 *
 * Labels follow from what is drawn: they are measured in the masks.
 */
#include <math.h>
#include <string.h>

#include "core/synth/cxr.h"
#include "core/synth/fundus.h"
#include "core/synth/plan.h"
#include "tests/support/check_main.h"

static const struct tfu_picture_mask *find_mask(const struct tfu_picture *p, const char *name)
{
    for (int m = 0; m < p->mask_count; m++)
        if (strcmp(p->mask[m].name, name) == 0)
            return &p->mask[m];
    return NULL;
}

/* First and last column with a set pixel, and the centre of all of them. */
struct extent {
    int left, right;
    double x, y;
};

static struct extent measure(const struct tfu_picture *p, const char *name)
{
    const struct tfu_picture_mask *mask = find_mask(p, name);
    struct extent e = {.left = p->side, .right = -1};
    double count = 0;
    ck_assert_msg(mask, "there is no mask %s", name);
    for (int y = 0; y < p->side; y++)
        for (int x = 0; x < p->side; x++)
            if (mask->pixel[y * p->side + x]) {
                e.left = x < e.left ? x : e.left;
                e.right = x > e.right ? x : e.right;
                e.x += x + 0.5;
                e.y += y + 0.5;
                count++;
            }
    e.x /= count;
    e.y /= count;
    return e;
}

START_TEST(grades_by_the_scale)
{
    /* Wilkinson et al. 2003, table 2 */
    static const struct {
        struct tfu_fundus_truth t;
        int grade;
    } cases[] = {
        {{.count = {0}}, 0},
        {{.count = {[TFU_LESION_MICROANEURYSM] = 9}}, 1},
        {{.count = {[TFU_LESION_MICROANEURYSM] = 1, [TFU_LESION_HAEMORRHAGE] = 1}}, 2},
        {{.count = {[TFU_LESION_HARD_EXUDATE] = 1}}, 2},
        {{.count = {[TFU_LESION_SOFT_EXUDATE] = 1}}, 2},
        {{.count = {[TFU_LESION_HAEMORRHAGE] = 83}, .haemorrhages = {21, 21, 20, 21}}, 2},
        {{.count = {[TFU_LESION_HAEMORRHAGE] = 84}, .haemorrhages = {21, 21, 21, 21}}, 3},
        {{.beaded = 1}, 2},
        {{.beaded = 2}, 3},
        {{.count = {[TFU_LESION_NEW_VESSEL] = 1}}, 4},
        {{.count = {[TFU_LESION_PRERETINAL] = 1}, .beaded = 4}, 4},
    };
    for (size_t i = 0; i < TFU_COUNT(cases); i++)
        ck_assert_int_eq(tfu_fundus_grade(&cases[i].t), cases[i].grade);
}
END_TEST

static void check_eye(int number, int grade)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_synth_truth t = {.box = NULL};
    struct tfu_picture p;
    int quality;
    const struct tfu_fundus_request q = {.side = 448,
                                         .patient = (uint64_t)number / 2,
                                         .image = 1000 + (uint64_t)number,
                                         .left = number % 2,
                                         .grade = grade};
    ck_assert_int_eq(tfu_fundus_describe(&q, &t, &quality, &e), TFU_OK);
    ck_assert_int_eq(tfu_fundus_draw(&q, &p, &e), TFU_OK);
    ck_assert_int_eq(t.fundus.grade, grade);
    static const char *const names[] = {"MA", "HE", "EX", "SE", "NV"};
    for (int lesion = 0; lesion <= TFU_LESION_NEW_VESSEL; lesion++) {
        const bool drawn = t.fundus.count[lesion] || (lesion == TFU_LESION_HAEMORRHAGE &&
                                                      t.fundus.count[TFU_LESION_PRERETINAL]);
        /* the faintest of one kind alone may leave no pixel of a third */
        if (find_mask(&p, names[lesion]))
            ck_assert_msg(drawn, "picture %d: a mask %s of nothing", number, names[lesion]);
        else
            ck_assert_msg(t.fundus.count[lesion] < 2, "picture %d: no mask of %d %s", number,
                          t.fundus.count[lesion], names[lesion]);
    }
    int boxes = 0;
    for (int lesion = 0; lesion < TFU_LESIONS; lesion++)
        boxes += t.fundus.count[lesion];
    ck_assert_int_eq(t.box_count, boxes);
    const struct extent disc = measure(&p, "OD");
    const double x = ((double)t.fundus.disc_x + 1) * p.side / 2;
    const double y = ((double)t.fundus.disc_y + 1) * p.side / 2;
    const bool whole = disc.left > 0 && disc.right < p.side - 1;
    ck_assert_msg(!whole || (fabs(disc.x - x) < 2 && fabs(disc.y - y) < 2),
                  "picture %d: the disc is at %g,%g, not %g,%g", number, disc.x, disc.y, x, y);
    /* of a left eye it lies left of the fovea */
    ck_assert((t.fundus.disc_x < t.fundus.fovea_x) == t.fundus.left);
    tfu_picture_free(&p);
    tfu_truth_free(&t);
}

START_TEST(lesions_are_those_of_the_masks)
{
    for (int i = 0; i < 20; i++)
        check_eye(i, i % 5);
}
END_TEST

START_TEST(grades_are_kept)
{
    /* what is asked for is what comes out, whatever the photograph leaves in view */
    for (int i = 0; i < 1500; i++) {
        struct tfu_error e = TFU_ERROR_INIT;
        struct tfu_synth_truth t = {.box = NULL};
        int quality;
        const struct tfu_fundus_request q = {.side = 64,
                                             .patient = (uint64_t)i,
                                             .image = (uint64_t)i,
                                             .left = i % 2,
                                             .grade = i % 5};
        ck_assert_int_eq(tfu_fundus_describe(&q, &t, &quality, &e), TFU_OK);
        ck_assert_msg(t.fundus.grade == q.grade, "image %d has grade %d, not %d", i, t.fundus.grade,
                      q.grade);
        tfu_truth_free(&t);
    }
}
END_TEST

static void check_chest(int number)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_synth_truth t = {.box = NULL};
    struct tfu_picture p;
    int quality;
    struct tfu_cxr_request q = {.side = 448,
                                .patient = (uint64_t)number,
                                .study = 100 + (uint64_t)number,
                                .image = 1000 + (uint64_t)number};
    tfu_cxr_draw_study(q.patient, q.study, &q.truth);
    q.truth.view = number % 2 ? TFU_SYNTH_AP : TFU_SYNTH_PA;
    ck_assert_int_eq(tfu_cxr_describe(&q, &t, &quality, &e), TFU_OK);
    ck_assert_int_eq(tfu_cxr_draw(&q, &p, &e), TFU_OK);
    const struct extent heart = measure(&p, "HEART"), lungs = measure(&p, "LUNGS");
    const double ratio = (double)(heart.right - heart.left + 1) / (lungs.right - lungs.left + 1);
    ck_assert_msg(fabs(ratio - (double)t.cxr.cardiothoracic) < 0.025,
                  "study %d: the heart is %g of the chest, not %g", number, ratio,
                  (double)t.cxr.cardiothoracic);
    ck_assert_msg((ratio > 0.5) == (t.cxr.severity[TFU_FINDING_CARDIOMEGALY] > 0),
                  "study %d: %g is no measure of an enlarged heart", number, ratio);
    ck_assert((find_mask(&p, "EFFUSION") != NULL) == (t.cxr.severity[TFU_FINDING_EFFUSION] > 0));
    ck_assert((find_mask(&p, "CONSOLIDATION") != NULL) ==
              (t.cxr.severity[TFU_FINDING_CONSOLIDATION] > 0));
    ck_assert((find_mask(&p, "ATELECTASIS") != NULL) ==
              (t.cxr.severity[TFU_FINDING_ATELECTASIS] > 0));
    tfu_picture_free(&p);
    tfu_truth_free(&t);
}

START_TEST(findings_are_those_of_the_masks)
{
    for (int i = 0; i < 24; i++)
        check_chest(i);
}
END_TEST

START_TEST(mentions_have_the_shares_of_chexpert)
{
    /* of 223,414 rows: yes, no, uncertain */
    static const int want[TFU_FINDINGS][3] = {{33376, 1328, 33739},
                                              {27000, 11116, 8087},
                                              {14783, 28097, 27742},
                                              {52246, 20726, 12984},
                                              {86187, 35396, 11628}};
    enum { STUDIES = 20000 };
    int count[TFU_FINDINGS][4] = {{0}};
    for (uint64_t i = 0; i < STUDIES; i++) {
        struct tfu_cxr_truth t = {.view = TFU_SYNTH_PA};
        tfu_cxr_draw_study(i / 2, 7000000 + i, &t);
        for (int f = 0; f < TFU_FINDINGS; f++)
            count[f][tfu_cxr_mention(&t, (enum tfu_finding)f, 7000000 + i)]++;
        ck_assert(t.age >= 18 && t.age <= 90);
    }
    for (int f = 0; f < TFU_FINDINGS; f++) {
        static const int at[] = {TFU_MENTION_YES, TFU_MENTION_NO, TFU_MENTION_UNCERTAIN};
        for (int k = 0; k < 3; k++) {
            const double share = want[f][k] / 223414.0, got = count[f][at[k]] / (double)STUDIES;
            ck_assert_msg(fabs(got - share) < 4.5 * sqrt(share * (1 - share) / STUDIES),
                          "%s, %d: a share of %g, not %g", tfu_finding_names[f], k, got, share);
        }
    }
}
END_TEST

START_TEST(longer_sets_begin_alike)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_synth_options o = {.kind = TFU_SYNTH_CXR,
                                  .form = TFU_SYNTH_CHEXPERT,
                                  .images = 40,
                                  .valid = 0.2,
                                  .test = 0.3,
                                  .seed = 3};
    struct tfu_synth_plan a, b;
    ck_assert_int_eq(tfu_synth_plan_new(&a, &o, &e), TFU_OK);
    o.images = 400;
    ck_assert_int_eq(tfu_synth_plan_new(&b, &o, &e), TFU_OK);
    for (int64_t i = 0; i < a.count; i++) {
        ck_assert_uint_eq(a.item[i].image_key, b.item[i].image_key);
        ck_assert_int_eq(a.item[i].part, b.item[i].part);
    }
    /* a patient has one part and up to four pictures, in one run */
    int64_t pictures = 0;
    for (int64_t i = 1; i < b.count; i++) {
        pictures = b.item[i].patient == b.item[i - 1].patient ? pictures + 1 : 0;
        ck_assert_int_lt(pictures, 4);
        if (pictures)
            ck_assert_int_eq(b.item[i].part, b.item[i - 1].part);
        else
            ck_assert_int_eq(b.item[i].patient, b.item[i - 1].patient + 1);
    }
    tfu_synth_plan_free(&a);
    tfu_synth_plan_free(&b);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("synth/labels");
    TCase *c = tcase_create("labels");
    tcase_add_test(c, grades_by_the_scale);
    tcase_add_test(c, lesions_are_those_of_the_masks);
    tcase_add_test(c, grades_are_kept);
    tcase_add_test(c, findings_are_those_of_the_masks);
    tcase_add_test(c, mentions_have_the_shares_of_chexpert);
    tcase_add_test(c, longer_sets_begin_alike);
    suite_add_tcase(s, c);
    return run_suite(s);
}
