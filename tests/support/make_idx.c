/* SPDX-License-Identifier: MIT
 *
 * Writes a small dataset for tests: make_idx IMAGES LABELS COUNT SIZE CLASSES SEED. Class k is
 * noise with a bright row k, so that a network can learn it in a few steps.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <transfuse/random.h>

static void put_u32(FILE *f, uint32_t v)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        fputc((int)(v >> shift & 255), f);
}

int main(int argc, char **argv)
{
    if (argc != 7)
        return 2;
    const uint32_t count = (uint32_t)atoi(argv[3]), size = (uint32_t)atoi(argv[4]);
    const uint32_t classes = (uint32_t)atoi(argv[5]);
    const uint64_t seed = (uint64_t)atoi(argv[6]);
    FILE *images = fopen(argv[1], "wb"), *labels = fopen(argv[2], "wb");
    if (!images || !labels || size == 0 || classes == 0)
        return 1;
    put_u32(images, 0x00000803);
    put_u32(images, count);
    put_u32(images, size);
    put_u32(images, size);
    put_u32(labels, 0x00000801);
    put_u32(labels, count);
    for (uint32_t i = 0; i < count; i++) {
        fputc((int)(i % classes), labels);
        for (uint32_t p = 0; p < size * size; p++) {
            const uint32_t noise = tfu_philox(seed, (uint64_t)i * size * size + p).word[0] % 128;
            fputc((int)(noise + (p / size == i % classes % size ? 100 : 0)), images);
        }
    }
    return fclose(images) == 0 && fclose(labels) == 0 ? 0 : 1;
}
