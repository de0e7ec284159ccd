/* SPDX-License-Identifier: MIT
 *
 * Tables as the dataset csv_images reads them: labels, groups and attributes of each row, and every
 * way in which a table is refused. The plugin is linked into this program.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "core/data/contents.h"
#include "plugins/dataset/csv_ages.h"
#include "plugins/dataset/csv_examples.h"
#include "tests/plugins/dataset/plain_options.h"
#include "tests/support/check_main.h"
#include "tests/support/scratch.h"

static void setup(void)
{
    scratch_begin();
    ck_assert_int_eq(chdir(scratch), 0);
}

static void teardown(void)
{
    ck_assert_int_eq(chdir("/"), 0);
    scratch_end();
}

static void write_file(const char *path, const void *bytes, size_t size)
{
    FILE *f = fopen(path, "wb");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(bytes, 1, size, f), size);
    ck_assert_int_eq(fclose(f), 0);
}

struct reading {
    struct csv_config config;
    char options[1024];
    struct csv_examples x;
    struct tfu_contents contents;
    struct tfu_error e;
};

/* The table t.csv with the options "NAME=VALUE NAME=VALUE", where ~ is a blank. */
static enum tfu_status read_table(struct reading *r, const char *options)
{
    char *rest = NULL;
    memset(r, 0, sizeof *r);
    plain_options_begin(&r->config);
    snprintf(r->options, sizeof r->options, "table=t.csv root=. %s", options);
    for (char *word = strtok_r(r->options, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        for (char *c = word; *c; c++)
            *c = *c == '~' ? ' ' : *c;
        ck_assert_msg(plain_options_set(&r->config, word), "%s", word);
    }
    tfu_contents_init(&r->contents, NULL, NULL);
    const enum tfu_status st =
        csv_examples_read(&r->x, &r->config, tfu_contents_host(&r->contents, true, &r->e));
    ck_assert_int_eq(st, r->e.status);
    return st;
}

static void free_table(struct reading *r)
{
    csv_examples_free(&r->x);
    tfu_contents_free(&r->contents);
    plain_options_free(&r->config);
}

static void open_table(struct reading *r, const char *text, const char *options)
{
    write_file("t.csv", text, strlen(text));
    ck_assert_msg(read_table(r, options) == TFU_OK, "%s", r->e.text);
    csv_examples_finish(&r->x);
}

static void check_labels(const struct reading *r, const float *want)
{
    const size_t columns = r->x.labels.columns;
    for (size_t i = 0; i < r->x.images.count; i++) {
        float got[8];
        csv_labels_get(&r->x.labels, i, csv_words_get(&r->x.images, (uint32_t)i), got);
        for (size_t k = 0; k < columns; k++) {
            const float w = want[i * columns + k];
            ck_assert_msg(got[k] == w || (isnan(got[k]) && isnan(w)), "%zu,%zu: %g, not %g", i, k,
                          (double)got[k], (double)w);
        }
    }
}

/* ---- what tables hold */

START_TEST(four_states)
{
    static const char text[] = "i,a,b\n1,1,-1.0\n2,,1.0\n3,0.0,nan\n4,-1,0\n";
    struct reading r;
    open_table(&r, text, "image=i labels=a;b");
    check_labels(&r, (const float[]){1, NAN, 0, 1, 0, 0, NAN, 0});
    ck_assert_str_eq(r.x.note[1],
                     "label 'a': 1 positive, 1 negative, 1 uncertain (left out), 1 blank (as 0)");
    free_table(&r);
    open_table(&r, text, "image=i labels=a;b uncertain=ones;b=zeros blank=ignore");
    check_labels(&r, (const float[]){1, 0, NAN, 1, 0, NAN, 1, 0});
    free_table(&r);
}
END_TEST

/* Drawn once for an image and a label, whatever else there is in the table. */
START_TEST(smoothed)
{
    struct reading r;
    float first[2], again[2], other[2];
    open_table(&r, "i,a,b\n1,-1,-1\n2,-1,-1\n", "image=i labels=a;b uncertain=smooth");
    csv_labels_get(&r.x.labels, 0, "1", first);
    csv_labels_get(&r.x.labels, 1, "2", other);
    free_table(&r);
    open_table(&r, "i,b,a\n2,1,1\n1,-1,-1\n", "image=i labels=b;a uncertain=smooth");
    csv_labels_get(&r.x.labels, 1, "1", again);
    free_table(&r);
    ck_assert_float_eq(first[0], again[1]);
    ck_assert_float_eq(first[1], again[0]);
    ck_assert(first[0] != first[1] && first[0] != other[0]);
    for (int k = 0; k < 2; k++)
        ck_assert(first[k] >= 0.55F && first[k] <= 0.85F);
    open_table(&r, "i,a,b\n1,-1,-1\n", "image=i labels=a;b uncertain=smooth smooth=0;0.25");
    csv_labels_get(&r.x.labels, 0, "1", again);
    ck_assert(again[0] < 0.25F && again[1] < 0.25F);
    free_table(&r);
}
END_TEST

/* Of 4,000 draws as a uniform distribution has them. */
START_TEST(smoothed_evenly)
{
    struct reading r;
    double sum = 0, squares = 0;
    int quarter[4] = {0};
    char *text = malloc(4000 * 16), *at = text;
    at += sprintf(at, "i,a\n");
    for (int i = 0; i < 4000; i++)
        at += sprintf(at, "%d,-1\n", i);
    open_table(&r, text, "image=i labels=a kind=labels uncertain=smooth smooth=0;1");
    free(text);
    for (size_t i = 0; i < 4000; i++) {
        float v;
        csv_labels_get(&r.x.labels, i, csv_words_get(&r.x.images, (uint32_t)i), &v);
        sum += (double)v;
        squares += (double)(v * v);
        quarter[(int)(v * 4)]++;
    }
    ck_assert_double_eq_tol(sum / 4000, 0.5, 0.015);
    ck_assert_double_eq_tol(squares / 4000, 1.0 / 3, 0.015);
    for (int k = 0; k < 4; k++)
        ck_assert_int_ge(quarter[k], 900);
    free_table(&r);
}
END_TEST

START_TEST(classes)
{
    struct reading r;
    open_table(&r, "i,c\n1,b\n2,a\n3,\n4,b\n", "image=i labels=c");
    ck_assert_int_eq(r.x.labels.classes, 2);
    ck_assert_str_eq(r.x.labels.class_name[0], "a");
    check_labels(&r, (const float[]){1, 0, NAN, 1});
    free_table(&r);
    open_table(&r, "i,c\n1,3\n2,0.0\n3,-1\n", "image=i labels=c");
    ck_assert_int_eq(r.x.labels.classes, 4);
    ck_assert_ptr_null(r.x.labels.class_name);
    check_labels(&r, (const float[]){3, 0, NAN});
    free_table(&r);
    open_table(&r, "i,c\n1,ill\n2,well\n", "image=i labels=c values=well;ill;other");
    ck_assert_int_eq(r.x.labels.classes, 3);
    ck_assert_str_eq(r.x.labels.class_name[2], "other");
    check_labels(&r, (const float[]){1, 0});
    free_table(&r);
    open_table(&r, "i,c\n1,2\n2,1\n3,4\n", "image=i labels=c binary=referable_dr");
    ck_assert_int_eq(r.x.labels.classes, 2);
    ck_assert_str_eq(r.x.labels.class_name[1], "referable");
    check_labels(&r, (const float[]){1, 0, 1});
    free_table(&r);
    open_table(&r, "i,c\n1,2\n2,1\n3,4\n", "image=i labels=c binary=<~4");
    check_labels(&r, (const float[]){1, 1, 0});
    ck_assert_str_eq(r.x.labels.class_name[0], "not < 4");
    free_table(&r);
    open_table(&r, "image,level\n1_left,2\n1_right,1\n", "preset=eyepacs");
    ck_assert_int_eq(r.x.labels.classes, 5);
    ck_assert_str_eq(csv_about_group(&r.x.about, 1), "1");
    free_table(&r);
}
END_TEST

START_TEST(numbers)
{
    struct reading r;
    open_table(&r, "i,c,d\n1,2.5,-1\n2,,1e3\n", "image=i labels=c;d kind=numbers");
    check_labels(&r, (const float[]){2.5F, -1, NAN, 1000});
    free_table(&r);
}
END_TEST

START_TEST(lists)
{
    struct reading r;
    open_table(&r, "i,l\n1,a|b\n2,No Finding\n3,\"['b ', ' c, d']\"\n4,[]\n5,\n6,b | a\n",
               "image=i label_list=l labels=a;b;c,~d");
    check_labels(&r, (const float[]){1, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 0});
    free_table(&r);
}
END_TEST

START_TEST(quotes)
{
    struct reading r;
    open_table(
        &r,
        "\xef\xbb\xbfi,\"c \"\"x\"\"\",d\r\n\"a,1\",\" two\r\nlines\",\"\"\r\n\r\nb, z ,\"\"\"\"",
        "image=i labels=none attributes=c~\"x\";d");
    ck_assert_uint_eq(r.x.images.count, 2);
    ck_assert_str_eq(csv_words_get(&r.x.images, 0), "a,1");
    ck_assert_str_eq(csv_about_attribute(&r.x.about, 0, 0), "two\r\nlines");
    ck_assert_str_eq(csv_about_attribute(&r.x.about, 0, 1), "");
    ck_assert_str_eq(csv_about_attribute(&r.x.about, 1, 0), "z");
    ck_assert_str_eq(csv_about_attribute(&r.x.about, 1, 1), "\"");
    free_table(&r);
}
END_TEST

START_TEST(groups_and_attributes)
{
    struct reading r;
    open_table(&r, "i,p,s,a,v\np1/x,7,M,058Y,Lateral\np1/y,,f,007M,ap\np2/z,7,Unknown,old,what\n",
               "image=i group=p sex=s age=a view=v attributes=p");
    ck_assert_str_eq(csv_about_group(&r.x.about, 0), "7");
    ck_assert_ptr_null(csv_about_group(&r.x.about, 1));
    ck_assert_str_eq(csv_about_group(&r.x.about, 2), "7");
    static const char *const want[3][4] = {
        {"male", "40-59", "L", "7"}, {"female", "0-19", "AP", ""}, {"", "", "UNKNOWN", "7"}};
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < 4; k++)
            ck_assert_str_eq(csv_about_attribute(&r.x.about, i, k), want[i][k]);
    free_table(&r);
    open_table(&r, "i,p\np12/x,a7\np1/y,a8\n", "image=i group=p(\\d+)/");
    ck_assert_str_eq(csv_about_group(&r.x.about, 0), "12");
    free_table(&r);
    open_table(&r, "i,p\np12/x,a7\np1/y,a8\n", "image=i group=p=a(\\d)");
    ck_assert_str_eq(csv_about_group(&r.x.about, 1), "8");
    free_table(&r);
}
END_TEST

START_TEST(ages)
{
    static const int64_t limits[] = {18, 65};
    const struct csv_config usual = {.ages = CSV_AGES_BANDS}, years = {.ages = CSV_AGES_YEARS},
                            own = {.age_bands = {limits, 2}};
    char text[32];
    double age;
    ck_assert(csv_age_read("030M", &age) && age == 2.5);
    ck_assert(csv_age_since("1930.0", "20140915", &age) && age == 84);
    ck_assert(!csv_age_since("2030", "20140915", &age) && !csv_age_read("-3", &age));
    csv_age_text(&usual, 80, text);
    ck_assert_str_eq(text, "80+");
    csv_age_text(&years, 17.9, text);
    ck_assert_str_eq(text, "17");
    csv_age_text(&own, 64.9, text);
    ck_assert_str_eq(text, "18-64");
}
END_TEST

START_TEST(boxes)
{
    const struct csv_box *box;
    struct reading r;
    open_table(&r, "i,x,y,w,h,t\na,,,,,0\nb,1,2,3,4,1\na,,,,,0\nb,5,6,7,8.5,1\n",
               "image=i labels=t rows=grouped boxes=x;y;w;h");
    ck_assert_uint_eq(r.x.images.count, 2);
    ck_assert_uint_eq(csv_boxes_of(&r.x.boxes, 0, &box), 0);
    ck_assert_uint_eq(csv_boxes_of(&r.x.boxes, 1, &box), 2);
    ck_assert(box[1].left == 5 && box[1].top == 6 && box[1].right == 12 && box[1].bottom == 14.5F);
    free_table(&r);
}
END_TEST

START_TEST(filters)
{
    struct reading r;
    open_table(&r, "i,a,b\n1,1.0,x\n2,0,x\n3,1,y\n4,1,z\n", "image=i where=a=1;b=x;b=z");
    ck_assert_uint_eq(r.x.images.count, 2);
    ck_assert_str_eq(csv_words_get(&r.x.images, 1), "4");
    ck_assert_str_eq(r.x.note[0], "t.csv: 4 rows, 2 examples; 2 rows left out by `where`");
    free_table(&r);
}
END_TEST

/* 2,000,000 rows are read, and take few bytes each. */
START_TEST(many_rows)
{
    struct reading r;
    const int rows = 2000000;
    char *text = malloc((size_t)rows * 24 + 64), *at = text;
    at += sprintf(at, "i,a,b,p\n");
    for (int i = 0; i < rows; i++)
        at += sprintf(at, "%07d,1,,%06d\n", i, i / 3);
    open_table(&r, text, "image=i labels=a;b group=p");
    free(text);
    ck_assert_uint_eq(r.x.images.count, rows);
    ck_assert_uint_eq(r.x.about.groups.count, (rows + 2) / 3);
    ck_assert_uint_lt(csv_examples_bytes(&r.x), (size_t)rows * 60);
    free_table(&r);
}
END_TEST

/* ---- what is refused */

struct bad {
    const char *text;
    size_t size; /* 0: strlen(text) */
    const char *options;
    const char *message; /* what it begins with */
};

#define BAD(text_, options_, message_)                                                             \
    {                                                                                              \
        .text = (text_), .size = sizeof(text_) - 1, .options = (options_), .message = (message_)   \
    }

static const struct bad bad[] = {
    /* bytes */
    BAD("", "image=i", "the table 't.csv' is empty"),
    BAD("\xff\xfei\0,\0", "image=i", "the table 't.csv' is UTF-16; save it as UTF-8"),
    BAD("\xfe\xff\0i\0,", "image=i", "the table 't.csv' is UTF-16; save it as UTF-8"),
    BAD("i\0,\0a\0\n\0", "image=i", "t.csv:1: there is a NUL byte; is the table UTF-16"),
    BAD("i,a\n1,\0\n", "image=i", "t.csv:2: there is a NUL byte"),
    BAD("\xef\xbb\xbf", "image=i", "the table 't.csv' has no line with names of columns"),
    BAD("\n\r\n\n", "image=i", "the table 't.csv' has no line with names of columns"),
    BAD(",,,\n", "image=i", "the table 't.csv' has no line with names of columns"),
    BAD("\x1f\x8b\x08\0\0\0\0\0\0\3", "image=i", "the table 't.csv' is damaged or cut off"),
    BAD("\x1f\x8b\x08", "image=i", "the table 't.csv' is damaged or cut off"),
    BAD("\x1f\x8b\x08\0\0\0\0\0\0\3\xff\xff\xff\xff", "image=i",
        "the table 't.csv' is damaged or cut off"),
    BAD("PK\3\4", "image=i", "'t.csv' does not end with a zip archive's directory"),
    BAD("PK\3\4PK\5\6\0\0\0\0\1\0\1\0\x30\0\0\0\4\0\0\0\0\0", "image=i",
        "'t.csv' does not end with a zip archive's directory"),
    BAD("\x89PNG\r\n\x1a\n", "image=i", "the table 't.csv' has no column 'i' (image)"),
    /* quotes and lines */
    BAD("i,a\n1,\"x\n", "image=i", "t.csv:2: a quote is opened here and never closed"),
    BAD("i,a\n1,\"x\ny\nz", "image=i", "t.csv:2: a quote is opened here and never closed"),
    BAD("\"i,a\n1,x\n", "image=i", "t.csv:1: a quote is opened here and never closed"),
    BAD("i,a\n1,\"x\"y\n", "image=i", "t.csv:2: there is more behind the closing quote of a field"),
    BAD("i,a\n1,\"x\" \n", "image=i", "t.csv:2: there is more behind the closing quote of a field"),
    BAD("i,a\n1,x\"y\"\n", "image=i", "t.csv:2: there is a quote inside a field"),
    BAD("i,a\n1, \"y\"\n", "image=i", "t.csv:2: there is a quote inside a field"),
    BAD("i,a\r1,x\r", "image=i", "t.csv:1: a carriage return stands alone"),
    BAD("i,a\n1,x\n2\n", "image=i", "t.csv:3: the line has 1 fields, the header 2 columns"),
    BAD("i,a\n1,x\n2,y,z\n", "image=i", "t.csv:3: the line has 3 fields, the header 2 columns"),
    BAD("i,a\n1,\"x\n\n\"\n2\n", "image=i", "t.csv:5: the line has 1 fields, the header 2 columns"),
    BAD("i,a\n", "image=i", "the table 't.csv' has no line but that of its columns"),
    /* columns */
    BAD("i,a,a\n1,2,3\n", "image=i", "t.csv:1: two columns are called 'a'"),
    BAD("i,a, a \n1,2,3\n", "image=i", "t.csv:1: two columns are called 'a'"),
    BAD("name,a\n1,2\n", "image=Name",
        "the table 't.csv' has no column 'Name' (image); did you mean 'name'?; it has 'name', 'a'"),
    BAD("i;a\n1;2\n", "image=i",
        "the table 't.csv' has no column 'i' (image); is the table separated otherwise? Say so by "
        "`delimiter`; it has 'i;a'"),
    BAD("i,Edema\n1,1\n", "image=i labels=Edma",
        "the table 't.csv' has no column 'Edma' (labels); did you mean 'Edema'?"),
    BAD("i,a\n1,1\n", "image=i group=patient",
        "the table 't.csv' has no column 'patient' (group); it has 'i', 'a'"),
    BAD("i,a\n1,1\n", "image=i sex=s", "the table 't.csv' has no column 's' (sex)"),
    BAD("i,a\n1,1\n", "image=i where=b=1", "the table 't.csv' has no column 'b' (where)"),
    BAD("i,a\n1,1\n", "image=i where=a", "where: 'a' is not `COLUMN=VALUE`"),
    BAD("i,a\n1,1\n", "image=i where=a=2", "none of the 1 rows of 't.csv' is left by `where`: a=2"),
    BAD("Path\n1\n", "preset=chexpert", "the table 't.csv' has no column 'Atelectasis' (labels)"),
    BAD("i,a\n1,1\n", "", "image is missing"),
    BAD("i,a\n1,1\n", "image=i delimiter=;;", "delimiter: ';;' is not one character"),
    /* images */
    BAD("i,a\n../../etc/passwd,1\n", "image=i",
        "t.csv:2: the image is '../../etc/passwd'; it leads out of the root"),
    BAD("i,a\nx/../../y,1\n", "image=i",
        "t.csv:2: the image is 'x/../../y'; it leads out of the root"),
    BAD("i,a\nx/..,1\n", "image=i", "t.csv:2: the image is 'x/..'; it leads out of the root"),
    BAD("i,a\n/etc/passwd,1\n", "image=i",
        "t.csv:2: the image is '/etc/passwd'; it is no path below the root"),
    BAD("i,a\n,1\n", "image=i", "t.csv:2: the image is ''; it is empty"),
    BAD("i,a\n\"x\ny\",1\n", "image=i", "t.csv:2: the image is 'x\ny'; it has a control character"),
    BAD("i,a\nx,1\ny,1\nx,1\n", "image=i", "t.csv:4: the image 'x' is in line 2 already"),
    BAD("i,a\nx,1\n", "image=i pattern=../{}", "pattern: '../{}' it leads out of the root"),
    BAD("i,a\nx,1\n", "image=i pattern=x", "pattern: 'x' has no {} in it"),
    BAD("i,a\nx,1\n", "image=i pattern={b}/{}", "the table 't.csv' has no column 'b' (pattern)"),
    BAD("i,a\nx,../..\n", "image=i pattern={a}/{}", "t.csv:2: 'a' is '../..'; it leads out"),
    BAD("i,a\nx,1\n", "image=i pattern=none*/{}", "pattern: there is no folder in '.' that fits"),
    BAD("i,a\nx,1\n", "image=i root=absent", "root: there is no folder 'absent'"),
    /* labels */
    BAD("i,a,b\n1,2,1\n", "image=i labels=a;b",
        "t.csv:2: the label 'a' is '2'; it is 1, 0, -1 (uncertain) or blank"),
    BAD("i,a,b\n1,1,yes\n", "image=i labels=a;b", "t.csv:2: the label 'b' is 'yes'"),
    BAD("i,a\n1,0.5\n", "image=i labels=a", "t.csv:2: 'a' is '0.5', which is no class"),
    BAD("i,a\n1,-2\n", "image=i labels=a", "t.csv:2: 'a' is '-2', which is no class"),
    BAD("i,a\n1,1e9\n", "image=i labels=a", "t.csv:2: 'a' is '1e9', but there are at most 10000"),
    BAD("i,a\n1,1\n2,x\n", "image=i labels=a", "t.csv:3: 'a' is 'x', which is no number, where"),
    BAD("i,a\n1,x\n", "image=i labels=a values=y;z",
        "t.csv:2: 'a' is 'x', which `values` does not"),
    BAD("i,a\n1,\n", "image=i labels=a", "the column 'a' of 't.csv' says nothing of any image"),
    BAD("i,a\n1,x\n", "image=i labels=a kind=numbers", "t.csv:2: 'a' is 'x', which is no number"),
    BAD("i,a\n1,1\n", "image=i labels=a;a", "labels: 'a' is there twice"),
    BAD("i,a,b\n1,1,1\n", "image=i labels=a;b kind=class",
        "labels has 2 columns, but a class is in one"),
    BAD("i,a\n1,1\n", "image=i kind=class", "kind says what labels are, but there are no labels"),
    BAD("i,a\n1,1\n", "image=i label_list=a",
        "labels is missing: which of those in the column 'a'"),
    BAD("i,a\n1,1\n", "image=i labels=a binary=2", "binary: '2' is no rule such as \">= 2\""),
    BAD("i,a\n1,1\n", "image=i labels=a binary=>=x", "binary: '>=x' is no rule"),
    BAD("i,a\n1,1\n", "image=i labels=a kind=labels uncertain=maybe",
        "uncertain: 'maybe' is none of zeros, ones, ignore and smooth"),
    BAD("i,a\n1,1\n", "image=i labels=a kind=labels uncertain=zeros;ones",
        "uncertain: 'zeros' and 'ones' are for the same labels; keep one"),
    BAD("i,a\n1,1\n", "image=i labels=a kind=labels uncertain=a=ones;a=zeros",
        "uncertain: 'a=ones' and 'a=zeros' are for the same labels; keep one"),
    BAD("i,a,s\nx,1,A\nx,1,B\n", "image=i rows=grouped pattern={s}/{}",
        "t.csv:3: the image 'x' is in line 2 already, by the pattern in another folder"),
    BAD("i,Edema\n1,1\n", "image=i labels=Edema kind=labels uncertain=Edma=ones",
        "uncertain: 'Edma' is none of the labels; did you mean 'Edema'?"),
    BAD("i,a\n1,1\n", "image=i labels=a values=x=y", "values: 'x=y' does not end with a number"),
    BAD("i,a\n1,1\n", "image=i labels=a values=x;x", "values: 'x' is there twice"),
    BAD("i,a\n1,1\n", "image=i labels=a kind=labels smooth=0.9;0.1", "smooth has two numbers"),
    BAD("i,a\n1,1\n1,0\n", "image=i labels=a rows=grouped",
        "t.csv:3: the labels of the image are others than those in line 2"),
    /* groups, views, boxes */
    BAD("i,a\n1,1\n", "image=i group=p(\\d+)", "t.csv:2: '1' does not say whom the image is of"),
    BAD("i,a\n1,1\n", "image=i group=(", "group: '(' is no regular expression"),
    BAD("i,a\n1,1\n", "image=i group=a=x", "group: 'x' has no part in parentheses"),
    BAD("i,v\n1,PA\n", "image=i views=PA", "views is given, but not where the table has them"),
    BAD("i,v\n1,PA\n", "image=i view=v views=XY", "views: 'XY' is none of PA, AP, AP_SUPINE"),
    BAD("i,v\n1,PA\n2,LA\n", "image=i view=v views=AP",
        "none of the rows of 't.csv' has a view of [AP]; there are PA 1, L 1"),
    BAD("i,a\n1,1\n", "image=i attributes=a;a", "attributes: there is 'a' already"),
    BAD("i,a\n1,1\n", "image=i age=a age_bands=40;20", "age_bands are the ages"),
    BAD("i,x,y,w,h\n1,1,2,3,\n", "image=i boxes=x;y;w;h", "t.csv:2: the box has 3 numbers"),
    BAD("i,x,y,w,h\n1,1,2,3,z\n", "image=i boxes=x;y;w;h", "t.csv:2: 'h' of a box is 'z'"),
    BAD("i,x,y,w,h\n1,1,2,-3,4\n", "image=i boxes=x;y;w;h",
        "t.csv:2: a box cannot lie at (1, 2) and be -3 wide and 4 high"),
    BAD("i,x\n1,1\n", "image=i boxes=x", "boxes has 1 columns; they are four"),
};

START_TEST(refused)
{
    struct reading r;
    const struct bad *b = &bad[_i];
    write_file("t.csv", b->text, b->size);
    ck_assert_msg(read_table(&r, b->options) != TFU_OK, "case %d is read", _i);
    ck_assert_msg(strncmp(r.e.text, b->message, strlen(b->message)) == 0, "case %d: %s, not %s", _i,
                  r.e.text, b->message);
    free_table(&r);
}
END_TEST

START_TEST(no_table)
{
    struct reading r;
    ck_assert_int_eq(read_table(&r, "image=i"), TFU_EIO);
    ck_assert_str_eq(r.e.text, "cannot open the table 't.csv': No such file or directory");
    free_table(&r);
    ck_assert_int_eq(read_table(&r, "image=i table=."), TFU_EINVAL);
    ck_assert_str_eq(r.e.text, "the table '.' is no file");
    free_table(&r);
    ck_assert_int_eq(read_table(&r, "table= preset=eyepacs part=test"), TFU_ENOTFOUND);
    ck_assert_ptr_nonnull(strstr(r.e.text, "retinopathy_solution.csv, testLabels.csv"));
    ck_assert_ptr_nonnull(strstr(r.e.text, "it holds image and level"));
    free_table(&r);
}
END_TEST

/* What a gzip stream unpacks to is bounded, however little it takes. */
START_TEST(bomb)
{
    struct reading r;
    char *zeros = malloc(1 << 20);
    memset(zeros, 'a', 1 << 20);
    gzFile f = gzopen("t.csv", "wb1");
    for (int i = 0; i < 1100; i++)
        gzwrite(f, zeros, 1 << 20);
    gzclose(f);
    free(zeros);
    ck_assert_int_eq(read_table(&r, "image=i"), TFU_EUNSUPPORTED);
    ck_assert_str_eq(r.e.text, "the table 't.csv' has more than 1073741824 bytes");
    free_table(&r);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("data/csv_table");
    TCase *good = tcase_create("good");
    tcase_add_checked_fixture(good, setup, teardown);
    tcase_set_timeout(good, 600);
    tcase_add_test(good, four_states);
    tcase_add_test(good, smoothed);
    tcase_add_test(good, smoothed_evenly);
    tcase_add_test(good, classes);
    tcase_add_test(good, numbers);
    tcase_add_test(good, lists);
    tcase_add_test(good, quotes);
    tcase_add_test(good, groups_and_attributes);
    tcase_add_test(good, ages);
    tcase_add_test(good, boxes);
    tcase_add_test(good, filters);
    suite_add_tcase(s, good);
    TCase *refusing = tcase_create("refused");
    tcase_add_checked_fixture(refusing, setup, teardown);
    tcase_set_timeout(refusing, 600);
    tcase_add_loop_test(refusing, refused, 0, (int)TFU_COUNT(bad));
    tcase_add_test(refusing, no_table);
    suite_add_tcase(s, refusing);
    if (!getenv("TRANSFUSE_QUICK_CASES")) {
        TCase *large = tcase_create("large");
        tcase_add_checked_fixture(large, setup, teardown);
        tcase_set_timeout(large, 600);
        tcase_add_test(large, many_rows);
        tcase_add_test(large, bomb);
        suite_add_tcase(s, large);
    }
    return run_suite(s);
}
