/* SPDX-License-Identifier: MIT
 *
 * Writes numbers from stdin as an IDX file, for tests: make_numbers FILE TYPE DIM..., where TYPE is
 * u8, i8, i16 or f32. Fewer numbers than the dims want are repeated from the first.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void put(FILE *f, uint32_t v, int bytes)
{
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
        fputc((int)(v >> shift & 255), f);
}

static void put_number(FILE *f, const char *type, double v)
{
    const float single = (float)v;
    uint32_t bits;
    memcpy(&bits, &single, sizeof bits);
    if (strcmp(type, "f32") == 0)
        put(f, bits, 4);
    else
        put(f, (uint32_t)(int32_t)v, strcmp(type, "i16") == 0 ? 2 : 1);
}

static uint32_t code(const char *type)
{
    return strcmp(type, "u8") == 0    ? 0x08
           : strcmp(type, "i8") == 0  ? 0x09
           : strcmp(type, "i16") == 0 ? 0x0B
                                      : 0x0D;
}

int main(int argc, char **argv)
{
    enum { MOST = 100000 };
    static double number[MOST];
    size_t given = 0, wanted = 1;
    if (argc < 4)
        return 2;
    while (given < MOST && scanf("%lf", &number[given]) == 1)
        given++;
    FILE *f = fopen(argv[1], "wb");
    if (!f || given == 0)
        return 1;
    put(f, code(argv[2]) << 8 | (uint32_t)(argc - 3), 4);
    for (int i = 3; i < argc; i++) {
        put(f, (uint32_t)atoi(argv[i]), 4);
        wanted *= (size_t)atoi(argv[i]);
    }
    for (size_t i = 0; i < wanted; i++)
        put_number(f, argv[2], number[i % given]);
    return fclose(f) == 0 ? 0 : 1;
}
