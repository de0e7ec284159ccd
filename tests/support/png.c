/* SPDX-License-Identifier: MIT
 *
 * png FILE: prints its width and height. png FILE X Y: the red, green and blue of a pixel.
 */
#include <png.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    png_image image = {.version = PNG_IMAGE_VERSION};
    if (argc != 2 && argc != 4)
        return 2;
    if (!png_image_begin_read_from_file(&image, argv[1])) {
        fprintf(stderr, "%s: %s\n", argv[1], image.message);
        return 1;
    }
    if (argc == 2) {
        printf("%u %u\n", image.width, image.height);
        png_image_free(&image);
        return 0;
    }
    image.format = PNG_FORMAT_RGB;
    const size_t at = (size_t)atoi(argv[3]) * image.width + (size_t)atoi(argv[2]);
    unsigned char *pixel = malloc(PNG_IMAGE_SIZE(image));
    if (!pixel || !png_image_finish_read(&image, NULL, pixel, 0, NULL) ||
        at >= (size_t)image.width * image.height)
        return 1;
    printf("%d %d %d\n", pixel[at * 3], pixel[at * 3 + 1], pixel[at * 3 + 2]);
    free(pixel);
    return 0;
}
