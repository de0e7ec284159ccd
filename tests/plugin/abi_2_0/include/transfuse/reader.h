/* SPDX-License-Identifier: MIT
 *
 * transfuse/reader.h - one format of image files.
 *
 * A reader gets a whole file as bytes, which may be anything: it allocates no more than what a
 * header that it has checked says, and never more than the host allows.
 */
#ifndef TFU_READER_H
#define TFU_READER_H

#include <transfuse/option.h>
#include <transfuse/tensor.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { TFU_READER_PROBE = 512 }; /* bytes of a file's beginning that probe() gets */

enum {
    /* The numbers of a palette are wanted, not its colours: one channel. Gray of fewer than 8 bits
     * is given as it is in the file, too, and not stretched to 0..255. What is neither is as
     * without the flag. */
    TFU_READ_INDICES = 1u << 0,
    /* Rows and columns are wanted as they are stored, whatever the file says of how to turn them.
     */
    TFU_READ_UNTURNED = 1u << 1
};

/* A file, and what is wanted of it. */
struct tfu_reader_source {
    uint32_t struct_size;
    uint32_t flags;    /* TFU_READ_* */
    const char *name;  /* the file's, for messages; the host puts it in front of each */
    const void *bytes; /* all of it; valid until close() */
    size_t size;
    /* A smaller image will do, as long as it is not smaller than this; 0: all pixels. Heeding it is
     * worth it where it saves time, as in JPEG's halves, quarters and eighths. */
    int64_t wanted_height, wanted_width;
    /* An image of more numbers (H times W times C) is refused in open(), before memory is taken. */
    int64_t limit;
};

/* May an image of this size be read? For open(), which refuses it otherwise. */
static inline int tfu_reader_fits(const struct tfu_reader_source *s, int64_t height, int64_t width,
                                  int64_t channels)
{
    return height > 0 && width > 0 && channels > 0 && width <= s->limit / channels &&
           height <= s->limit / (width * channels);
}

enum {
    TFU_READER_WAS_INKS = 1u << 0 /* CMYK or the like, which became RGB */
};

/* What read() will give. */
struct tfu_reader_info {
    uint32_t struct_size;
    uint32_t dtype;                  /* TFU_U8, TFU_U16 or TFU_F32 */
    int64_t height, width;           /* upright, as a viewer shows it, but for TFU_READ_UNTURNED */
    int64_t channels;                /* 1 gray, 2 gray and alpha, 3 RGB, 4 RGB and alpha */
    int64_t full_height, full_width; /* of the file, whatever was wanted */
    int64_t frames;                  /* images of this size in the file: 1, or more */
    /* For what is said of a file, not for its pixels; 0: the reader does not say. */
    uint32_t bits;        /* that are used of a number, 12 of 16 for instance */
    uint32_t orientation; /* EXIF's 1 to 8 of the file as it is stored; 1: upright */
    uint32_t was;         /* TFU_READER_WAS_*: what the channels were made of */
    uint32_t reserved;
};

struct tfu_reader_ops {
    uint32_t struct_size;
    uint32_t reserved;

    /* Do these first bytes (`size` of them, at most TFU_READER_PROBE) begin a file of this format?
     * By content alone, and precisely: what it says yes to is nobody else's. [any thread] */
    int (*probe)(const void *bytes, size_t size);

    /* Reads the header. What is damaged is TFU_ECORRUPT, what is whole but of a kind that it does
     * not read TFU_EUNSUPPORTED. `config` and `source` stay valid until close(). */
    enum tfu_status (*open)(void **self, const void *config, const struct tfu_reader_source *source,
                            struct tfu_host *h);
    void (*close)(void *self);

    /* Lives until close(). */
    const struct tfu_reader_info *(*info)(const void *self);

    /* The pixels of frame `frame`, H,W,C of the info's dtype, in the machine's order of bytes; of
     * TFU_F32 none is NaN or infinite. A file that ends early is TFU_ECORRUPT, never an image that
     * is gray from there on. Called once or more, with any frame. */
    enum tfu_status (*read)(void *self, int64_t frame, void *pixels, struct tfu_host *h);
};

#ifdef __cplusplus
}
#endif
#endif
