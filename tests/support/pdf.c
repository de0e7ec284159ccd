/* SPDX-License-Identifier: MIT
 *
 * pdf FILE: prints the width and height of its first page, which cairo 1.16 writes as text,
 * and 1.18 in a packed stream of objects.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { MOST = 1 << 22 }; /* bytes of a file, and of a stream; behind them is a 0 */

/* Says the size that is in these bytes; 0: none is. */
static int say_size(const char *bytes, size_t size)
{
    static const char mark[] = "/MediaBox [ 0 0 ";
    const char *at = memmem(bytes, size, mark, strlen(mark));
    int width, height;
    return at && sscanf(at + strlen(mark), "%d %d ]", &width, &height) == 2 &&
           printf("%d %d\n", width, height) > 0;
}

/* The same of a stream; 0: it is not packed, or has no size. */
static int say_packed(const char *stream, size_t size, char *room)
{
    uLongf n = MOST;
    if (uncompress((Bytef *)room, &n, (const Bytef *)stream, (uLong)size) != Z_OK)
        return 0;
    room[n] = '\0';
    return say_size(room, n);
}

int main(int argc, char **argv)
{
    static const char begin[] = "\nstream\n", end[] = "\nendstream";
    char *bytes = calloc(1, MOST + 1), *room = malloc(MOST + 1);
    FILE *f = argc == 2 ? fopen(argv[1], "rb") : NULL;
    if (!bytes || !room || !f)
        return 2;
    const size_t size = fread(bytes, 1, MOST, f);
    fclose(f);
    int said = say_size(bytes, size);
    for (const char *at = bytes;
         !said && (at = memmem(at, size - (size_t)(at - bytes), begin, strlen(begin)));) {
        at += strlen(begin);
        const char *stop = memmem(at, size - (size_t)(at - bytes), end, strlen(end));
        if (!stop)
            break;
        said = say_packed(at, (size_t)(stop - at), room);
        at = stop;
    }
    free(bytes);
    free(room);
    return !said;
}
