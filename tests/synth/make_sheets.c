/* SPDX-License-Identifier: MIT
 *
 * make_sheets FOLDER: fundus.jpg, cxr.jpg and natural.jpg, the contact sheets of docs/synthetic.md.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/io/image_encode.h"
#include "core/synth/cxr.h"
#include "core/synth/fundus.h"
#include "core/synth/natural.h"

enum { GAP = 4 };

struct sheet {
    int side, columns, rows, channels; /* of a picture, and how many there are */
    unsigned char *pixel;
};

static int width(const struct sheet *s)
{
    return GAP + s->columns * (s->side + GAP);
}

static int height(const struct sheet *s)
{
    return GAP + s->rows * (s->side + GAP);
}

static void begin(struct sheet *s)
{
    const size_t bytes = (size_t)width(s) * (size_t)height(s) * (size_t)s->channels;
    s->pixel = malloc(bytes);
    if (!s->pixel)
        exit(1);
    memset(s->pixel, 255, bytes);
}

/* Puts picture `i` in its place and frees it. */
static void put(struct sheet *s, int i, struct tfu_picture *p, const struct tfu_error *e)
{
    if (!p->pixel) {
        fprintf(stderr, "%s\n", e->text);
        exit(1);
    }
    const int x = GAP + i % s->columns * (s->side + GAP),
              y = GAP + i / s->columns * (s->side + GAP);
    const size_t row = (size_t)s->side * (size_t)s->channels;
    for (int k = 0; k < s->side; k++)
        memcpy(s->pixel + ((size_t)(y + k) * (size_t)width(s) + (size_t)x) * (size_t)s->channels,
               p->pixel + (size_t)k * row, row);
    tfu_picture_free(p);
}

static void end(struct sheet *s, const char *folder, const char *name)
{
    struct tfu_error e = TFU_ERROR_INIT;
    void *bytes = NULL;
    size_t size = 0;
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    const struct tfu_pixels p = {height(s), width(s), s->channels, s->pixel};
    FILE *f = fopen(path, "wb");
    if (!f || tfu_encode_jpeg(&p, 87, &bytes, &size, &e) != TFU_OK ||
        fwrite(bytes, 1, size, f) != size || fclose(f) != 0) {
        perror(path);
        exit(1);
    }
    free(bytes);
    free(s->pixel);
}

static void make_fundus(const char *folder)
{
    struct sheet s = {.side = 240, .columns = 5, .rows = 3, .channels = 3};
    begin(&s);
    for (int i = 0; i < s.columns * s.rows; i++) {
        struct tfu_error e = TFU_ERROR_INIT;
        struct tfu_picture p;
        tfu_fundus_draw(
            &(struct tfu_fundus_request){.side = s.side,
                                         .patient = tfu_random_subkey(11, (uint64_t)i / 2),
                                         .image = tfu_random_subkey(12, (uint64_t)i),
                                         .left = i % 2,
                                         .grade = i % 5},
            &p, &e);
        put(&s, i, &p, &e);
    }
    end(&s, folder, "fundus.jpg");
}

/* A finding a column from the front, studies as they come, the findings from the side. */
static void make_cxr(const char *folder)
{
    static const int finding[] = {-1,
                                  TFU_FINDING_CARDIOMEGALY,
                                  TFU_FINDING_EFFUSION,
                                  TFU_FINDING_CONSOLIDATION,
                                  TFU_FINDING_OEDEMA,
                                  TFU_FINDING_ATELECTASIS};
    struct sheet s = {.side = 240, .columns = 6, .rows = 3, .channels = 1};
    begin(&s);
    for (int i = 0; i < s.columns * s.rows; i++) {
        struct tfu_error e = TFU_ERROR_INIT;
        struct tfu_picture p;
        struct tfu_cxr_request q = {.side = s.side,
                                    .patient = tfu_random_subkey(21, (uint64_t)i),
                                    .study = tfu_random_subkey(22, (uint64_t)i),
                                    .image = tfu_random_subkey(23, (uint64_t)i)};
        tfu_cxr_draw_study(q.patient, q.study, &q.truth);
        const int row = i / s.columns, f = finding[i % s.columns];
        q.truth.view = row == 2            ? TFU_SYNTH_LATERAL
                       : row == 1 && i % 2 ? TFU_SYNTH_AP
                                           : TFU_SYNTH_PA;
        if (row != 1) {
            memset(q.truth.severity, 0, sizeof q.truth.severity);
            q.truth.devices = false;
            if (f >= 0)
                q.truth.severity[f] = 0.75f;
        }
        tfu_cxr_draw(&q, &p, &e);
        put(&s, i, &p, &e);
    }
    end(&s, folder, "cxr.jpg");
}

/* Three of each class, one below the other. */
static void make_natural(const char *folder)
{
    struct sheet s = {.side = 96, .columns = 10, .rows = 6, .channels = 3};
    begin(&s);
    for (int i = 0; i < s.columns * s.rows; i++) {
        struct tfu_error e = TFU_ERROR_INIT;
        struct tfu_picture p;
        tfu_natural_draw(&(struct tfu_natural_request){.side = s.side,
                                                       .class = i % 10 + 10 * (i / s.columns / 3),
                                                       .image = tfu_random_subkey(31, (uint64_t)i)},
                         &p, &e);
        put(&s, i, &p, &e);
    }
    end(&s, folder, "natural.jpg");
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: make_sheets FOLDER\n", stderr);
        return 2;
    }
    make_fundus(argv[1]);
    make_cxr(argv[1]);
    make_natural(argv[1]);
    return 0;
}
