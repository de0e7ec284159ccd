/* SPDX-License-Identifier: MIT */
#include "npy_header.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *npy_header_begin(const unsigned char *bytes, size_t size, size_t *at, size_t *length)
{
    if (size < 10 || memcmp(bytes, "\x93NUMPY", 6) != 0)
        return "it does not begin as numpy's arrays do";
    if (bytes[6] < 1 || bytes[6] > 3 || bytes[7] != 0)
        return "it is of a version of numpy's format other than 1.0, 2.0 and 3.0";
    *at = bytes[6] == 1 ? 10 : 12;
    *length = bytes[8] | (size_t)bytes[9] << 8;
    if (size < *at)
        return "it is cut off inside its header";
    if (bytes[6] > 1)
        *length |= (size_t)bytes[10] << 16 | (size_t)bytes[11] << 24;
    if (*length < 2)
        return "its header is empty";
    return *length <= NPY_MAX_HEADER ? NULL : "its header is longer than 64 KiB";
}

/* ---- Python */

struct cursor {
    const char *at, *end;
};

static void skip(struct cursor *c)
{
    while (c->at != c->end && strchr(" \t\r\n", *c->at) && *c->at)
        c->at++;
}

static bool take(struct cursor *c, char what)
{
    skip(c);
    if (c->at == c->end || *c->at != what)
        return false;
    c->at++;
    return true;
}

static bool take_string(struct cursor *c, char out[64])
{
    size_t n = 0;
    const char quote = take(c, '\'') ? '\'' : take(c, '"') ? '"' : '\0';
    while (quote && c->at != c->end && *c->at != quote && *c->at != '\\' && n < 63)
        out[n++] = *c->at++;
    out[n] = '\0';
    return quote && take(c, quote);
}

static bool take_word(struct cursor *c, const char *word)
{
    const size_t n = strlen(word);
    skip(c);
    if ((size_t)(c->end - c->at) < n || strncmp(c->at, word, n) != 0)
        return false;
    c->at += n;
    return true;
}

static bool take_shape(struct cursor *c, struct npy_header *a)
{
    if (!take(c, '('))
        return false;
    while (!take(c, ')')) {
        uint64_t n = 0;
        size_t digits = 0;
        skip(c);
        for (; c->at != c->end && *c->at >= '0' && *c->at <= '9' && digits < 18; digits++)
            n = 10 * n + (uint64_t)(*c->at++ - '0');
        if (digits == 0 || a->rank == NPY_MAX_RANK)
            return false;
        take_word(c, "L"); /* as Python 2 wrote long ones */
        a->dim[a->rank++] = (int64_t)n;
        if (!take(c, ','))
            return take(c, ')');
    }
    return true;
}

/* ---- meaning */

static const char *read_type(struct npy_header *a, const char *descr)
{
    const char order = descr[0];
    const char *sizes = descr[1] == 'b'                      ? "1"
                        : descr[1] == 'u' || descr[1] == 'i' ? "1248"
                        : descr[1] == 'f'                    ? "48"
                                                             : "";
    if (strlen(descr) != 3 || !strchr("<>|=", order) || !strchr(sizes, descr[2]))
        return descr[0] == '|' && descr[1] == 'O'
                   ? "it is of Python's objects, which would have to be run to be read"
                   : "its type is not one of bool, integers and floats of 32 and 64 bits";
    a->kind = descr[1];
    a->item = (size_t)(descr[2] - '0');
    a->big_endian = order == '>' && a->item > 1;
    return NULL;
}

static const char *count_numbers(struct npy_header *a)
{
    a->count = 1;
    for (uint32_t i = 0; i < a->rank; i++) {
        if (a->dim[i] == 0)
            return "it has a dim of 0 and holds nothing";
        if (a->count > (uint64_t)INT64_MAX / 8 / (uint64_t)a->dim[i])
            return "it claims more numbers than there can be";
        a->count *= (uint64_t)a->dim[i];
    }
    return NULL;
}

const char *npy_header_read(struct npy_header *a, const char *text, size_t length, char detail[64])
{
    static const char broken[] = "its header is not the dictionary that numpy writes";
    struct cursor c = {text, text + length};
    char descr[64] = "", key[64];
    unsigned seen = 0;
    *a = (struct npy_header){.rank = 0};
    detail[0] = '\0';
    if (!take(&c, '{'))
        return broken;
    while (!take(&c, '}')) {
        unsigned which;
        bool good;
        if (!take_string(&c, key) || !take(&c, ':'))
            return broken;
        if (strcmp(key, "descr") == 0) {
            which = 1;
            good = take_string(&c, descr);
        } else if (strcmp(key, "fortran_order") == 0) {
            which = 2;
            a->fortran = take_word(&c, "True");
            good = a->fortran || take_word(&c, "False");
        } else if (strcmp(key, "shape") == 0) {
            which = 4;
            good = take_shape(&c, a);
        } else {
            return broken;
        }
        if (!good || seen & which)
            return which == 1 ? "its type is not one of bool, integers and floats of 32 and 64 bits"
                              : broken;
        seen |= which;
        take(&c, ',');
    }
    if (seen != 7)
        return broken;
    snprintf(detail, 64, "%.60s", descr);
    const char *why = read_type(a, descr);
    return why ? why : count_numbers(a);
}

/* ---- numbers */

static uint64_t whole(const unsigned char *bytes, size_t size)
{
    uint64_t n = 0;
    for (size_t k = 0; k < size; k++)
        n |= (uint64_t)bytes[k] << 8 * k;
    return n;
}

double npy_number(const struct npy_header *a, const unsigned char *data, uint64_t i)
{
    const uint64_t bits = whole(data + i * a->item, a->item);
    if (a->kind == 'f' && a->item == 4) {
        const uint32_t narrow = (uint32_t)bits;
        float f;
        memcpy(&f, &narrow, sizeof f);
        return (double)f;
    }
    if (a->kind == 'f') {
        double d;
        memcpy(&d, &bits, sizeof d);
        return d;
    }
    if (a->kind != 'i')
        return (double)bits;
    const uint64_t sign = UINT64_C(1) << (8 * a->item - 1);
    return bits & sign ? -(double)((sign << 1) - bits) : (double)bits;
}
