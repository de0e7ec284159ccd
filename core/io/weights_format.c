/* SPDX-License-Identifier: MIT
 *
 * Which format a file has, by its first bytes; and what to do about those that are not read.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "core/io/weights_reader.h"

/* What a file that is not read begins with, at `offset`. The first that fits counts. */
static const struct {
    size_t offset, size;
    const char *bytes;
    const char *advice;
} foreign[] = {
    {0, 8, "\x89HDF\r\n\x1a\n",
     "an HDF5 file, as Keras writes; load it in Keras and save the arrays with numpy.savez"},
    {0, 22, "version https://git-lfs",
     "a git-lfs pointer, not the file itself; run `git lfs pull` where it came from"},
    {0, 4, "GGUF", "a GGUF file; take the safetensors file of the same model"},
    {4, 4, "TFL3", "a TensorFlow Lite model; save its weights with numpy.savez"},
    {257, 5, "ustar",
     "a tar archive; unpack it and name the file inside (PyTorch's own tar format, of before 2017, "
     "has to be loaded and saved again with a PyTorch that reads it)"},
    {0, 22, "model_checkpoint_path:",
     "the list of a TensorFlow checkpoint; read it in TensorFlow and save the arrays with "
     "numpy.savez"},
    {0, 2, "\x1f\x8b", "compressed by gzip; unpack it with gunzip"},
    {0, 6,
     "\xfd"
     "7zXZ\0",
     "compressed by xz; unpack it with unxz"},
    {0, 4, "\x28\xb5\x2f\xfd", "compressed by zstd; unpack it with unzstd"},
    {0, 3, "BZh", "compressed by bzip2; unpack it with bunzip2"},
    /* field 1, a version below 128, then field 2, a short text with the producer's name */
    {0, 1, "\x08",
     "perhaps an ONNX model; take its weights from the framework that it was "
     "exported from"},
};

/* A line of HTML, where a download went wrong. */
static bool is_page(const unsigned char *bytes, size_t size)
{
    size_t i = 0;
    while (i < size && i < 64 && isspace(bytes[i]))
        i++;
    return i + 1 < size && bytes[i] == '<' && (bytes[i + 1] == '!' || isalpha(bytes[i + 1]));
}

/* The index of a TensorFlow checkpoint is a table that ends with a number of its own. */
static bool is_tensorflow(const unsigned char *bytes, size_t size)
{
    return size >= 48 && memcmp(bytes + size - 8, "\x57\xfb\x80\x8b\x24\x75\x47\xdb", 8) == 0;
}

/* Of protocol 2 to 5, which begin with their number. */
static bool is_pickle(const unsigned char *bytes, size_t size)
{
    return size >= 2 && bytes[0] == 0x80 && bytes[1] >= 2 && bytes[1] <= 5;
}

static const char *advise(const unsigned char *bytes, size_t size)
{
    if (is_page(bytes, size))
        return "a web page, as a download that went wrong leaves; get the file again";
    if (is_tensorflow(bytes, size))
        return "the index of a TensorFlow checkpoint; read it in TensorFlow and save the arrays "
               "with numpy.savez";
    if (is_pickle(bytes, size))
        return "a Python pickle that torch.save() did not write; pickles can run programs and are "
               "not read: save the tensors as safetensors";
    for (size_t i = 0; i < TFU_COUNT(foreign); i++)
        if (size >= foreign[i].offset + foreign[i].size &&
            memcmp(bytes + foreign[i].offset, foreign[i].bytes, foreign[i].size) == 0)
            return foreign[i].advice;
    return NULL;
}

enum { SHOWN = 8 };

static enum tfu_status unknown(const char *path, const unsigned char *bytes, size_t size,
                               struct tfu_error *e)
{
    if (size == 0)
        return tfu_error_at(e, TFU_ECORRUPT, path, 0, 0, "the file is empty; get it again");
    const char *advice = advise(bytes, size);
    if (advice)
        return tfu_error_at(e, TFU_EUNSUPPORTED, path, 0, 0, "this is %s", advice);
    char hex[3 * SHOWN + 1] = "", text[SHOWN + 1] = "";
    const size_t n = size < SHOWN ? size : SHOWN;
    for (size_t i = 0; i < n; i++) {
        snprintf(hex + 3 * i, 4, "%02x ", bytes[i]);
        text[i] = (char)(bytes[i] >= ' ' && bytes[i] < 127 ? bytes[i] : '.');
    }
    hex[3 * n - 1] = '\0';
    return tfu_error_at(e, TFU_EUNSUPPORTED, path, 0, 0,
                        "no known format of weights begins with the bytes %s ('%s'); safetensors, "
                        "PyTorch's .pth, npz, npy and an index of safetensors files are read",
                        hex, text);
}

/* A length below 4 GiB, then JSON. */
static bool is_safetensors(const unsigned char *bytes, size_t size)
{
    return size > 8 && memcmp(bytes + 4, "\0\0\0\0", 4) == 0 && bytes[8] == '{';
}

static bool is_json(const unsigned char *bytes, size_t size)
{
    size_t i = 0;
    while (i < size && i < 64 && isspace(bytes[i]))
        i++;
    return i < size && bytes[i] == '{';
}

/* An archive of PyTorch has a pickle named so; any other has to be one of arrays. */
static bool is_pth(const char *name)
{
    const char *slash = strrchr(name, '/');
    return strcmp(slash ? slash + 1 : name, "data.pkl") == 0;
}

static enum tfu_status refuse_dictionary(const char *path, const char *dictionary,
                                         struct tfu_error *e)
{
    return tfu_error_at(e, TFU_EINVAL, path, 0, 0,
                        "`dictionary` asks for '%.100s', but only files of PyTorch have "
                        "dictionaries; of other files `strip` takes the tensors with a prefix",
                        dictionary);
}

/* What an archive without arrays is, by an entry that it has. */
static const struct {
    const char *end, *advice;
} archives[] = {
    {"serialized_exported_program.json",
     "a program exported by torch.export (.pt2); in Python, "
     "torch.save(torch.export.load(PATH).state_dict, NEW) keeps the weights"},
    {"archive_format", "a program exported by torch.export (.pt2); in Python, "
                       "torch.save(torch.export.load(PATH).state_dict, NEW) keeps the weights"},
    {"model.weights.h5", "a model of Keras; load it in Keras and save the arrays with numpy.savez"},
    {".pth", "a zip archive with a file of weights in it; unpack it and name the file inside"},
    {".pt", "a zip archive with a file of weights in it; unpack it and name the file inside"},
    {".safetensors",
     "a zip archive with a file of weights in it; unpack it and name the file inside"},
};

static const char *advise_archive(const struct tfu_zip_file *zip)
{
    for (size_t k = 0; k < TFU_COUNT(archives); k++)
        for (size_t i = 0; i < tfu_zip_file_count(zip); i++) {
            const char *name = tfu_zip_file_get(zip, i)->name;
            const size_t n = strlen(name), tail = strlen(archives[k].end);
            if (n >= tail && strcmp(name + n - tail, archives[k].end) == 0)
                return archives[k].advice;
        }
    return NULL;
}

static bool has_arrays(const struct tfu_zip_file *zip)
{
    for (size_t i = 0; i < tfu_zip_file_count(zip); i++) {
        const char *name = tfu_zip_file_get(zip, i)->name;
        const size_t n = strlen(name);
        if (n > 4 && strcmp(name + n - 4, ".npy") == 0)
            return true;
    }
    return false;
}

static enum tfu_status open_zip(struct tfu_weights_reader *out, const char *path, const void *bytes,
                                size_t size, const char *dictionary, struct tfu_error *e)
{
    struct tfu_zip_file *zip;
    const enum tfu_status st = tfu_zip_file_open(&zip, path, bytes, size, e);
    if (st != TFU_OK)
        return st;
    bool pth = false;
    for (size_t i = 0; i < tfu_zip_file_count(zip); i++)
        pth |= is_pth(tfu_zip_file_get(zip, i)->name);
    const char *advice = has_arrays(zip) ? NULL : advise_archive(zip);
    if (!pth && !advice && !dictionary)
        return tfu_npz_open(out, zip, e);
    tfu_zip_file_close(zip);
    if (pth)
        return tfu_pth_zip_open(out, path, bytes, size, dictionary, e);
    return advice ? tfu_error_at(e, TFU_EUNSUPPORTED, path, 0, 0, "this is %s", advice)
                  : refuse_dictionary(path, dictionary, e);
}

static bool begins_with(const void *bytes, size_t size, const char *start, size_t n)
{
    return size >= n && memcmp(bytes, start, n) == 0;
}

/* Of any format but an index, which cannot hold another one. */
static enum tfu_status open_file(struct tfu_weights_reader *out, const char *path,
                                 const void *bytes, size_t size, const char *dictionary,
                                 struct tfu_error *e)
{
    size_t length;
    if (tfu_pth_legacy_begins(bytes, size, &length))
        return tfu_pth_legacy_open(out, path, bytes, size, dictionary, e);
    if (begins_with(bytes, size, "PK\3\4", 4) || begins_with(bytes, size, "PK\5\6", 4))
        return open_zip(out, path, bytes, size, dictionary, e);
    if (dictionary)
        return refuse_dictionary(path, dictionary, e);
    if (is_safetensors(bytes, size))
        return tfu_safetensors_reader_open(out, path, bytes, size, e);
    if (begins_with(bytes, size, "\x93NUMPY", 6))
        return tfu_npy_open(out, path, bytes, size, e);
    if (is_json(bytes, size))
        return tfu_error_at(e, TFU_ECORRUPT, path, 0, 0,
                            "an index of weights cannot hold another one");
    return unknown(path, bytes, size, e);
}

enum tfu_status tfu_weights_reader_open(struct tfu_weights_reader *out, const char *path,
                                        const void *bytes, size_t size, const char *dictionary,
                                        struct tfu_error *e)
{
    return is_json(bytes, size)
               ? tfu_weights_index_open(out, path, bytes, size, dictionary, open_file, e)
               : open_file(out, path, bytes, size, dictionary, e);
}
