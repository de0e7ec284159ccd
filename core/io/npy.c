/* SPDX-License-Identifier: MIT */
#include "core/io/npy.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { MAGIC = 6, ALIGNMENT = 64, VERSION_1 = 10 };
static const char magic[] = "\x93NUMPY";

/* numpy's names without the byte order. */
static const struct {
    const char *name;
    enum tfu_stored_type type;
} types[] = {
    {"f8", TFU_STORED_F64}, {"f4", TFU_STORED_F32}, {"f2", TFU_STORED_F16}, {"i8", TFU_STORED_I64},
    {"i4", TFU_STORED_I32}, {"i2", TFU_STORED_I16}, {"i1", TFU_STORED_I8},  {"u8", TFU_STORED_U64},
    {"u4", TFU_STORED_U32}, {"u2", TFU_STORED_U16}, {"u1", TFU_STORED_U8},  {"b1", TFU_STORED_BOOL},
};

/* A text that is read from left to right. */
struct cursor {
    const char *at, *end;
    const char *path;
    struct tfu_error *e;
};

static enum tfu_status refuse(const struct cursor *c, const char *what)
{
    return tfu_error_at(c->e, TFU_ECORRUPT, c->path, 0, 0, "the header of the array %s", what);
}

static void skip_blanks(struct cursor *c)
{
    while (c->at < c->end && (*c->at == ' ' || *c->at == '\t' || *c->at == '\n'))
        c->at++;
}

/* Takes `symbol` if it is next. */
static bool take(struct cursor *c, char symbol)
{
    skip_blanks(c);
    if (c->at == c->end || *c->at != symbol)
        return false;
    c->at++;
    return true;
}

static bool take_word(struct cursor *c, const char *word)
{
    const size_t n = strlen(word);
    skip_blanks(c);
    if ((size_t)(c->end - c->at) < n || memcmp(c->at, word, n) != 0)
        return false;
    c->at += n;
    return true;
}

enum { STRING_SIZE = TFU_NPY_KIND };

/* 'text' or "text", without escapes; longer ones are cut off. */
static bool take_string(struct cursor *c, char out[STRING_SIZE])
{
    skip_blanks(c);
    if (c->at == c->end || (*c->at != '\'' && *c->at != '"'))
        return false;
    const char quote = *c->at++, *begin = c->at;
    while (c->at < c->end && *c->at != quote && *c->at != '\\')
        c->at++;
    if (c->at == c->end || *c->at != quote)
        return false;
    snprintf(out, STRING_SIZE, "%.*s", (int)(c->at - begin < 64 ? c->at - begin : 64), begin);
    for (char *p = out; *p; p++)
        if ((unsigned char)*p < ' ' || (unsigned char)*p > '~')
            *p = '?';
    c->at++;
    return true;
}

/* Other names of the same: those of numpy.dtype, and C's letters. */
static const struct {
    const char *name, *means;
} aliases[] = {
    {"float64", "f8"}, {"float32", "f4"}, {"float16", "f2"}, {"int64", "i8"},  {"int32", "i4"},
    {"int16", "i2"},   {"int8", "i1"},    {"uint64", "u8"},  {"uint32", "u4"}, {"uint16", "u2"},
    {"uint8", "u1"},   {"bool", "b1"},    {"d", "f8"},       {"f", "f4"},      {"e", "f2"},
    {"q", "i8"},       {"l", "i8"},       {"i", "i4"},       {"h", "i2"},      {"b", "i1"},
    {"Q", "u8"},       {"L", "u8"},       {"I", "u4"},       {"H", "u2"},      {"B", "u1"},
    {"?", "b1"},
};

static const char *resolve(const char *name)
{
    for (size_t i = 0; i < TFU_COUNT(aliases); i++)
        if (strcmp(aliases[i].name, name) == 0)
            return aliases[i].means;
    return name;
}

static void note_unsupported(struct tfu_npy *out, const char *descr)
{
    const char kind = descr[0] && strchr("<>|=", descr[0]) ? descr[1] : descr[0];
    snprintf(out->kind, sizeof out->kind, "%s", descr);
    out->beside = kind && strchr("OUSamM", kind);
    if (kind == 'O')
        out->problem =
            "Python objects are pickled, which can run programs: save plain numbers instead";
    else if (kind == 'V')
        out->problem = "raw bytes say nothing of what they mean (bfloat16 is saved so): convert it "
                       "to float32 before saving";
    else if (kind == 'c' || kind == 'F' || kind == 'D')
        out->problem = "complex numbers are not read: save the real and imaginary parts";
    else if (kind == 'U' || kind == 'S' || kind == 'a')
        out->problem = "texts are no numbers: save it in another file";
    else if (kind == 'm' || kind == 'M')
        out->problem = "dates and times are no numbers: save it in another file";
    else
        out->problem = "only floats of 16, 32 and 64 bits, integers and bool are read";
}

/* A list or tuple of Python, with what is in it; its strings may have brackets. */
static bool skip_brackets(struct cursor *c)
{
    size_t depth = 0;
    do {
        if (c->at == c->end)
            return false;
        if (*c->at == '\'' || *c->at == '"') {
            const char quote = *c->at++;
            while (c->at < c->end && *c->at != quote)
                c->at += *c->at == '\\' && c->at + 1 < c->end ? 2 : 1;
            if (c->at == c->end)
                return false;
        } else if (*c->at == '[' || *c->at == '(') {
            depth++;
        } else if (*c->at == ']' || *c->at == ')') {
            depth--;
        }
        c->at++;
    } while (depth > 0);
    return true;
}

static enum tfu_status read_descr(struct cursor *c, struct tfu_npy *out)
{
    char descr[STRING_SIZE];
    skip_blanks(c);
    if (c->at < c->end && (*c->at == '[' || *c->at == '(')) {
        if (!skip_brackets(c))
            return refuse(c, "has a type without an end");
        snprintf(out->kind, sizeof out->kind, "fields");
        out->problem = "it has fields (a structured type): save each field as an array of its own";
        out->beside = true;
        return TFU_OK;
    }
    if (!take_string(c, descr))
        return refuse(c, "has no type that is a string");
    /* without an order it is that of the machine, which '=' says too */
    const char order = descr[0] && strchr("<>|=", descr[0]) ? descr[0] : '=';
    const char *name = resolve(descr + (descr[0] == order));
    for (size_t i = 0; i < TFU_COUNT(types); i++)
        if (strcmp(name, types[i].name) == 0) {
            out->type = types[i].type;
            out->swapped = order == '>' && tfu_stored_type_size(types[i].type) > 1;
            return TFU_OK;
        }
    note_unsupported(out, descr);
    return TFU_OK;
}

static enum tfu_status read_order(struct cursor *c, struct tfu_npy *out)
{
    out->reversed = take_word(c, "True");
    return out->reversed || take_word(c, "False")
               ? TFU_OK
               : refuse(c, "has a 'fortran_order' that is neither True nor False");
}

/* Digits, and the L that Python 2 wrote behind some. */
static bool take_size(struct cursor *c, int64_t *out)
{
    int64_t value = 0;
    skip_blanks(c);
    const char *begin = c->at;
    for (; c->at < c->end && *c->at >= '0' && *c->at <= '9'; c->at++)
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, *c->at - '0', &value))
            return false;
    const bool some = c->at > begin;
    if (some && c->at < c->end && *c->at == 'L')
        c->at++;
    *out = value;
    return some;
}

/* A tuple of sizes: (), (3,), (3, 4). */
static enum tfu_status read_shape(struct cursor *c, struct tfu_npy *out)
{
    if (!take(c, '('))
        return refuse(c, "has a 'shape' that is not a tuple");
    bool comma = true;
    while (!take(c, ')')) {
        if (!comma)
            return refuse(c, "has a 'shape' with something else than sizes and commas");
        if (out->rank == TFU_NPY_RANK_MAX)
            return refuse(c, "has more than 64 dimensions");
        if (!take_size(c, &out->dim[out->rank]))
            return refuse(c, "has a 'shape' with something else than sizes and commas");
        out->rank++;
        comma = take(c, ',');
    }
    /* (3) is a number to Python, no tuple */
    return out->rank == 1 && !comma ? refuse(c, "has a 'shape' that is not a tuple") : TFU_OK;
}

static enum tfu_status read_dictionary(struct cursor *c, struct tfu_npy *out)
{
    static const struct {
        const char *name;
        enum tfu_status (*read)(struct cursor *c, struct tfu_npy *out);
    } keys[] = {{"descr", read_descr}, {"fortran_order", read_order}, {"shape", read_shape}};
    bool seen[TFU_COUNT(keys)] = {false};
    bool comma = true;
    if (!take(c, '{'))
        return refuse(c, "does not begin with '{'");
    while (!take(c, '}')) {
        char name[STRING_SIZE];
        if (!comma || !take_string(c, name) || !take(c, ':'))
            return refuse(c, "is not a dictionary of 'descr', 'fortran_order' and 'shape'");
        size_t k = 0;
        while (k < TFU_COUNT(keys) && strcmp(name, keys[k].name) != 0)
            k++;
        if (k == TFU_COUNT(keys) || seen[k])
            return tfu_error_at(c->e, TFU_ECORRUPT, c->path, 0, 0,
                                "the header of the array has the key '%s'%s", name,
                                k < TFU_COUNT(keys) ? " twice" : ", which numpy does not write");
        seen[k] = true;
        const enum tfu_status st = keys[k].read(c, out);
        if (st != TFU_OK)
            return st;
        comma = take(c, ',');
    }
    for (size_t k = 0; k < TFU_COUNT(keys); k++)
        if (!seen[k])
            return tfu_error_at(c->e, TFU_ECORRUPT, c->path, 0, 0,
                                "the header of the array lacks '%s'", keys[k].name);
    skip_blanks(c);
    return c->at == c->end ? TFU_OK : refuse(c, "goes on behind its '}'");
}

bool tfu_npy_begins(const void *bytes, size_t n)
{
    return n >= MAGIC && memcmp(bytes, magic, MAGIC) == 0;
}

enum tfu_status tfu_npy_header_size(size_t *out, const char *path, const void *bytes, size_t n,
                                    uint64_t total, struct tfu_error *e)
{
    const uint8_t *b = bytes;
    if (!tfu_npy_begins(b, n))
        return tfu_error_at(e, TFU_ECORRUPT, path, 0, 0,
                            "it does not begin as an array of numpy does");
    if (n < VERSION_1)
        return tfu_error_at(e, TFU_ECORRUPT, path, 0, 0,
                            "%zu bytes are too few for an array; the file is cut off", n);
    const unsigned version = b[MAGIC], minor = b[MAGIC + 1];
    if (version < 1 || version > 3 || minor != 0)
        return tfu_error_at(e, TFU_EUNSUPPORTED, path, 0, 0,
                            "the array has the format version %u.%u; 1.0, 2.0 and 3.0 are read",
                            version, minor);
    const size_t prefix = version == 1 ? VERSION_1 : TFU_NPY_PREFIX;
    uint32_t length = (uint32_t)(b[8] | b[9] << 8);
    if (version > 1 && n >= TFU_NPY_PREFIX)
        length |= (uint32_t)b[10] << 16 | (uint32_t)b[11] << 24;
    if (prefix > total || length > total - prefix)
        return tfu_error_at(e, TFU_ECORRUPT, path, 0, 0,
                            "the header of the array has %" PRIu32 " bytes, but only %" PRIu64
                            " are there; the file is cut off",
                            length, total < prefix ? 0 : total - prefix);
    if (length > TFU_NPY_HEADER_MAX - prefix)
        return tfu_error_at(e, TFU_EUNSUPPORTED, path, 0, 0,
                            "the header of the array has %" PRIu32
                            " bytes; no plain array needs more than a few hundred",
                            length);
    *out = prefix + length;
    return TFU_OK;
}

enum tfu_status tfu_npy_header_read(struct tfu_npy *out, const char *path, const void *bytes,
                                    size_t size, uint64_t total, struct tfu_error *e)
{
    const char *b = bytes;
    const size_t prefix = b[MAGIC] == 1 ? VERSION_1 : TFU_NPY_PREFIX;
    struct cursor c = {b + prefix, b + size, path, e};
    *out = (struct tfu_npy){.header = size};
    const enum tfu_status st = read_dictionary(&c, out);
    if (st != TFU_OK)
        return st;
    if (out->problem)
        return TFU_OK;
    uint64_t count = tfu_stored_type_size(out->type);
    bool overflow = false;
    for (size_t i = 0; i < out->rank; i++)
        overflow |= __builtin_mul_overflow(count, (uint64_t)out->dim[i], &count);
    if (overflow)
        return refuse(&c, "has a 'shape' of more bytes than any file");
    if (count > total - size)
        return tfu_error_at(e, TFU_ECORRUPT, path, 0, 0,
                            "the array has %" PRIu64 " bytes of numbers, but its shape and type "
                            "make %" PRIu64,
                            total - size, count);
    out->bytes = (size_t)count;
    out->rest = total - size - count;
    out->reversed = out->reversed && out->rank > 1;
    return TFU_OK;
}

enum tfu_status tfu_npy_check(const struct tfu_npy *npy, const char *path, struct tfu_error *e)
{
    return npy->problem ? tfu_error_at(e, TFU_EUNSUPPORTED, path, 0, 0,
                                       "the array has the type '%s'; %s", npy->kind, npy->problem)
                        : TFU_OK;
}

/* One number; what is swapped has 2, 4 or 8 bytes. */
static void copy_number(uint8_t *to, const uint8_t *from, size_t size, bool swapped)
{
    for (size_t i = 0; i < size; i++)
        to[i] = from[swapped ? size - 1 - i : i];
}

void tfu_npy_arrange(const struct tfu_npy *npy, const void *from, void *to)
{
    const size_t size = tfu_stored_type_size(npy->type);
    const uint8_t *source = from;
    uint8_t *target = to;
    if (!npy->swapped && !npy->reversed) {
        if (npy->bytes)
            memcpy(to, from, npy->bytes);
        return;
    }
    size_t step[TFU_NPY_RANK_MAX] = {0}; /* in bytes, of each dimension */
    int64_t index[TFU_NPY_RANK_MAX] = {0};
    size_t bytes = size;
    for (size_t k = 0; k < npy->rank; k++) {
        const size_t d = npy->reversed ? k : npy->rank - 1 - k;
        step[d] = bytes;
        bytes *= (size_t)npy->dim[d];
    }
    for (size_t done = 0; done < npy->bytes; done += size) {
        copy_number(target + done, source, size, npy->swapped);
        for (size_t d = npy->rank; d-- > 0;) {
            source += step[d];
            if (++index[d] < npy->dim[d])
                break;
            source -= step[d] * (size_t)npy->dim[d];
            index[d] = 0;
        }
    }
}

bool tfu_npy_header_print(struct tfu_text *out, enum tfu_stored_type type, size_t rank,
                          const int64_t *dim)
{
    size_t t = 0;
    while (t < TFU_COUNT(types) && types[t].type != type)
        t++;
    if (t == TFU_COUNT(types))
        return false;
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_text_printf(&text, "{'descr': '%c%s', 'fortran_order': False, 'shape': (",
                    tfu_stored_type_size(type) == 1 ? '|' : '<', types[t].name);
    for (size_t i = 0; i < rank; i++)
        tfu_text_printf(&text, "%s%" PRId64, i ? ", " : "", dim[i]);
    tfu_text_puts(&text, rank == 1 ? ",), }" : "), }");
    while ((VERSION_1 + text.length + 1) % ALIGNMENT != 0 && !text.failed)
        tfu_text_puts(&text, " ");
    tfu_text_puts(&text, "\n");
    const char length[] = {1, 0, (char)(text.length & 0xff), (char)(text.length >> 8)};
    tfu_text_append(out, magic, MAGIC);
    tfu_text_append(out, length, sizeof length);
    tfu_text_append(out, tfu_text_get(&text), text.length);
    out->failed |= text.failed;
    tfu_text_free(&text);
    return true;
}
