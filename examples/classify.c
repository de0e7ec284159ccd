/* SPDX-License-Identifier: MIT
 *
 * classify MODEL IMAGE...: what a network says of images, in a program that needs nothing of
 * transfuse but libtransfuse-infer. `transfuse export RUN -o MODEL` writes the model; images are
 * PGM or PPM (P5, P6), as `convert photograph.jpg image.ppm` makes them.
 *
 *     cc classify.c -ltransfuse-infer -o classify
 */
#include <stdio.h>
#include <stdlib.h>

#include <transfuse/infer.h>

/* A number of the header of a PNM file; comments begin with # and go to the end of the line. */
static int read_number(FILE *f, int64_t *out)
{
    int c = fgetc(f);
    while (c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '#') {
        while (c == '#' && (c = fgetc(f)) != EOF && c != '\n')
            c = '#';
        c = fgetc(f);
    }
    for (*out = 0; c >= '0' && c <= '9' && *out < 100000; c = fgetc(f))
        *out = 10 * *out + (c - '0');
    return *out > 0;
}

/* The pixels, to be freed; NULL: it is no such file. */
static unsigned char *read_image(const char *path, struct tfu_infer_image *image)
{
    FILE *f = fopen(path, "rb");
    unsigned char *pixels = NULL;
    int64_t most = 0;
    if (!f)
        return NULL;
    const int p = fgetc(f), kind = fgetc(f);
    *image = (struct tfu_infer_image){
        .struct_size = sizeof *image, .dtype = TFU_U8, .channels = kind == '6' ? 3 : 1};
    if (p == 'P' && (kind == '5' || kind == '6') && read_number(f, &image->width) &&
        read_number(f, &image->height) && read_number(f, &most) && most == 255) {
        const size_t size = (size_t)(image->width * image->height * image->channels);
        pixels = malloc(size);
        if (pixels && fread(pixels, 1, size, f) != size) {
            free(pixels);
            pixels = NULL;
        }
    }
    fclose(f);
    image->pixels = pixels;
    return pixels;
}

static void print_scores(const char *path, const struct tfu_infer_info *info, const float *scores)
{
    printf("%s", path);
    for (int64_t k = 0; k < info->outputs; k++) {
        if (info->names)
            printf(" %s", info->names[k]);
        printf(" %.9g", (double)scores[k]);
    }
    printf("\n");
}

int main(int argc, char **argv)
{
    struct tfu_infer_model *model;
    struct tfu_infer_error error;
    struct tfu_infer_image image;
    int failures = 0;
    if (argc < 3) {
        fprintf(stderr, "usage: classify MODEL IMAGE...\n");
        return 2;
    }
    if (tfu_infer_open(&model, argv[1], NULL, &error) != TFU_OK) {
        fprintf(stderr, "classify: %s\n", error.text);
        return 1;
    }
    const struct tfu_infer_info *info = tfu_infer_get_info(model);
    float *input = malloc((size_t)(info->height * info->width * info->channels) * sizeof *input);
    float *scores = malloc((size_t)info->outputs * sizeof *scores);
    for (int i = 2; i < argc && input && scores; i++) {
        unsigned char *pixels = read_image(argv[i], &image);
        if (!pixels) {
            fprintf(stderr, "classify: %s cannot be read as a PGM or PPM file of 8 bits\n", argv[i]);
            failures++;
            continue;
        }
        if (tfu_infer_prepare(model, &image, input, &error) == TFU_OK &&
            tfu_infer_run(model, 1, input, scores, NULL, &error) == TFU_OK) {
            print_scores(argv[i], info, scores);
        } else {
            fprintf(stderr, "classify: %s: %s\n", argv[i], error.text);
            failures++;
        }
        free(pixels);
    }
    free(input);
    free(scores);
    tfu_infer_close(model);
    return failures ? 1 : 0;
}
