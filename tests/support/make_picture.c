/* SPDX-License-Identifier: MIT
 *
 * make_picture PATH COLOUR SEED: PATH.png and PATH.ppm, the same 20 x 24 pixels of noise that is
 * red, green or blue.
 */
#include <png.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <transfuse/random.h>

enum { HEIGHT = 20, WIDTH = 24, NUMBERS = HEIGHT * WIDTH * 3 };

static uint64_t seed_of(const char *text)
{
    uint64_t seed = 1;
    for (; *text; text++)
        seed = 31 * seed + (unsigned char)*text;
    return seed;
}

static int write_ppm(const char *path, const uint8_t *pixels)
{
    FILE *f = fopen(path, "wb");
    if (!f)
        return 0;
    fprintf(f, "P6\n# noise\n%d %d\n255\n", WIDTH, HEIGHT);
    const int good = fwrite(pixels, 1, NUMBERS, f) == NUMBERS;
    return fclose(f) == 0 && good;
}

int main(int argc, char **argv)
{
    uint8_t pixels[NUMBERS];
    char path[1024];
    png_image image = {
        .version = PNG_IMAGE_VERSION, .width = WIDTH, .height = HEIGHT, .format = PNG_FORMAT_RGB};
    if (argc != 4)
        return 2;
    const int colour = strcmp(argv[2], "red") == 0 ? 0 : strcmp(argv[2], "green") == 0 ? 1 : 2;
    for (int i = 0; i < NUMBERS; i++) {
        const uint32_t noise = tfu_philox(seed_of(argv[3]), (uint64_t)i).word[0] % 128;
        pixels[i] = (uint8_t)(noise + (i % 3 == colour ? 100 : 0));
    }
    snprintf(path, sizeof path, "%s.png", argv[1]);
    if (!png_image_write_to_file(&image, path, 0, pixels, 0, NULL))
        return 1;
    snprintf(path, sizeof path, "%s.ppm", argv[1]);
    return !write_ppm(path, pixels);
}
