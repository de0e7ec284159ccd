/* SPDX-License-Identifier: MIT
 *
 * Source: numpy/core/src/multiarray/methods.c (array_reduce), descriptor.c (arraydescr_reduce).
 */
#include "core/io/npy_pickle.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/io/pickle.h"

enum role { ROLE_NONE, ROLE_CLASS, ROLE_ARRAY, ROLE_BUFFER, ROLE_DTYPE, ROLE_ENCODE };

static const struct tfu_pickle_name names[] = {
    {"numpy.core.multiarray._reconstruct", TFU_PICKLE_OBJECT, ROLE_ARRAY, 0},
    {"numpy._core.multiarray._reconstruct", TFU_PICKLE_OBJECT, ROLE_ARRAY, 0},
    {"numpy.core.numeric._frombuffer", TFU_PICKLE_OBJECT, ROLE_BUFFER, 0},
    {"numpy._core.numeric._frombuffer", TFU_PICKLE_OBJECT, ROLE_BUFFER, 0},
    {"numpy.core.multiarray.scalar", TFU_PICKLE_OBJECT, ROLE_NONE, 0},
    {"numpy._core.multiarray.scalar", TFU_PICKLE_OBJECT, ROLE_NONE, 0},
    {"numpy.ndarray", TFU_PICKLE_NONE, ROLE_CLASS, 0},
    {"numpy.matrix", TFU_PICKLE_NONE, ROLE_CLASS, 0},
    {"numpy.matrixlib.defmatrix.matrix", TFU_PICKLE_NONE, ROLE_CLASS, 0},
    {"numpy.dtype", TFU_PICKLE_OBJECT, ROLE_DTYPE, 0},
    {"_codecs.encode", TFU_PICKLE_OBJECT, ROLE_ENCODE, 0},
    {"collections.OrderedDict", TFU_PICKLE_DICT, ROLE_NONE, 0},
};

struct tfu_npy_pickle {
    struct tfu_arena arena;
    const char *path;
    struct tfu_npy_pickled *array;
    size_t count;
};

/* ---- what the values of the pickle mean */

static bool is_call(const struct tfu_pickle_value *v, enum role role, size_t arguments)
{
    return v->kind == TFU_PICKLE_OBJECT && v->item[0]->kind == TFU_PICKLE_GLOBAL &&
           v->item[0]->name->role == (int)role && v->item[1]->count >= arguments;
}

static bool is_array(const struct tfu_pickle_value *v)
{
    return is_call(v, ROLE_ARRAY, 1) || is_call(v, ROLE_BUFFER, 3);
}

static enum tfu_status refuse(const struct tfu_npy_pickle *p, enum tfu_status st, const char *name,
                              const char *what, struct tfu_error *e)
{
    return tfu_error_at(e, st, p->path, 0, 0, "the pickled array '%.200s' %s", name, what);
}

static bool is_tuple(const struct tfu_pickle_value *v, size_t count)
{
    return v->kind == TFU_PICKLE_TUPLE && v->count >= count;
}

static bool find_type(const struct tfu_pickle_value *code, enum tfu_stored_type *out)
{
    static const struct {
        const char *code;
        enum tfu_stored_type type;
    } types[] = {
        {"f8", TFU_STORED_F64}, {"f4", TFU_STORED_F32}, {"f2", TFU_STORED_F16},
        {"i8", TFU_STORED_I64}, {"i4", TFU_STORED_I32}, {"i2", TFU_STORED_I16},
        {"i1", TFU_STORED_I8},  {"u8", TFU_STORED_U64}, {"u4", TFU_STORED_U32},
        {"u2", TFU_STORED_U16}, {"u1", TFU_STORED_U8},  {"b1", TFU_STORED_BOOL},
    };
    for (size_t i = 0; i < TFU_COUNT(types); i++)
        if (tfu_pickle_is_string(code, types[i].code)) {
            *out = types[i].type;
            return true;
        }
    return false;
}

/* dtype('f4', ...) with the state (3, '<', ...). */
static enum tfu_status read_type(const struct tfu_npy_pickle *p, struct tfu_npy_pickled *a,
                                 const struct tfu_pickle_value *v, struct tfu_error *e)
{
    if (!is_call(v, ROLE_DTYPE, 1) || v->item[1]->item[0]->kind != TFU_PICKLE_STRING)
        return refuse(p, TFU_ECORRUPT, a->name, "has no type", e);
    const struct tfu_pickle_value *code = v->item[1]->item[0];
    const struct tfu_pickle_value *state = v->count > 2 ? v->item[2] : NULL;
    const struct tfu_pickle_value *order = state && is_tuple(state, 2) ? state->item[1] : NULL;
    a->npy.swapped = order && tfu_pickle_is_string(order, ">");
    if (find_type(code, &a->npy.type))
        return TFU_OK;
    return tfu_error_at(e, TFU_EUNSUPPORTED, p->path, 0, 0,
                        "the pickled array '%.200s' has the type '%s'; load it in Python and save "
                        "plain numbers with numpy.save(FILE, numpy.asarray(x, 'float32'))",
                        a->name, tfu_pickle_is_printable(code) ? code->text : "?");
}

static enum tfu_status read_shape(const struct tfu_npy_pickle *p, struct tfu_npy_pickled *a,
                                  const struct tfu_pickle_value *v, struct tfu_error *e)
{
    if (v->kind != TFU_PICKLE_TUPLE || v->count > TFU_NPY_RANK_MAX)
        return refuse(p, TFU_ECORRUPT, a->name, "has no shape", e);
    a->npy.rank = v->count;
    uint64_t bytes = tfu_stored_type_size(a->npy.type);
    bool bad = false;
    for (size_t i = 0; i < v->count; i++) {
        bad |= v->item[i]->kind != TFU_PICKLE_INT || v->item[i]->integer < 0;
        a->npy.dim[i] = bad ? 0 : v->item[i]->integer;
        bad |= __builtin_mul_overflow(bytes, (uint64_t)a->npy.dim[i], &bytes);
    }
    a->npy.bytes = (size_t)bytes;
    return bad ? refuse(p, TFU_ECORRUPT, a->name, "has a shape that is none", e) : TFU_OK;
}

/* Protocol 2 of Python 3 has no bytes: it writes a text that is to be encoded as latin1, of which
 * each character is a byte and takes one or two. */
static bool decode_latin1(struct tfu_arena *arena, const struct tfu_pickle_value *text,
                          const uint8_t **out, size_t *size)
{
    const uint8_t *from = (const uint8_t *)text->text;
    uint8_t *to = tfu_arena_alloc(arena, text->count + 1);
    *size = 0;
    for (size_t i = 0; to && i < text->count; i++) {
        uint8_t c = from[i];
        if (c >= 0x80 && (c & 0xfe) == 0xc2 && i + 1 < text->count)
            c = (uint8_t)((c & 3) << 6 | (from[++i] & 0x3f));
        to[(*size)++] = c;
    }
    *out = to;
    return to;
}

static enum tfu_status read_bytes(struct tfu_npy_pickle *p, struct tfu_npy_pickled *a,
                                  const struct tfu_pickle_value *v, struct tfu_error *e)
{
    size_t size = v->count;
    if (v->kind == TFU_PICKLE_LIST)
        return refuse(p, TFU_EUNSUPPORTED, a->name,
                      "holds Python objects; load it in Python and save plain numbers with "
                      "numpy.save(FILE, numpy.asarray(x, 'float32'))",
                      e);
    if (v->kind == TFU_PICKLE_BYTES || v->kind == TFU_PICKLE_STRING)
        a->bytes = (const uint8_t *)v->text;
    else if (!is_call(v, ROLE_ENCODE, 1) || v->item[1]->item[0]->kind != TFU_PICKLE_STRING)
        return refuse(p, TFU_ECORRUPT, a->name, "has no numbers", e);
    else if (!decode_latin1(&p->arena, v->item[1]->item[0], &a->bytes, &size))
        return tfu_error_memory(e, "reading a pickled array", v->item[1]->item[0]->count);
    return size == a->npy.bytes
               ? TFU_OK
               : tfu_error_at(e, TFU_ECORRUPT, p->path, 0, 0,
                              "the pickled array '%.200s' has %zu bytes of numbers, but its shape "
                              "and type make %zu",
                              a->name, size, a->npy.bytes);
}

/* The parts of an array: type, shape, order, numbers. */
static enum tfu_status read_parts(struct tfu_npy_pickle *p, struct tfu_npy_pickled *a,
                                  const struct tfu_pickle_value *type,
                                  const struct tfu_pickle_value *shape, bool reversed,
                                  const struct tfu_pickle_value *numbers, struct tfu_error *e)
{
    enum tfu_status st = read_type(p, a, type, e);
    if (st == TFU_OK)
        st = read_shape(p, a, shape, e);
    if (st == TFU_OK)
        st = read_bytes(p, a, numbers, e);
    a->npy.reversed = reversed && a->npy.rank > 1;
    return st;
}

static enum tfu_status add_array(struct tfu_npy_pickle *p, const char *name,
                                 const struct tfu_pickle_value *v, struct tfu_error *e)
{
    struct tfu_npy_pickled *a = &p->array[p->count++];
    const struct tfu_pickle_value *call = v->item[1];
    *a = (struct tfu_npy_pickled){.name = name};
    if (is_call(v, ROLE_BUFFER, 3)) {
        const struct tfu_pickle_value *order = call->count > 3 ? call->item[3] : NULL;
        return read_parts(p, a, call->item[1], call->item[2],
                          order && tfu_pickle_is_string(order, "F"), call->item[0], e);
    }
    const struct tfu_pickle_value *state = v->count > 2 ? v->item[2] : NULL;
    if (!state || !is_tuple(state, 5) || state->item[3]->kind != TFU_PICKLE_BOOL)
        return refuse(p, TFU_ECORRUPT, name, "has no contents", e);
    return read_parts(p, a, state->item[2], state->item[1], state->item[3]->truth, state->item[4],
                      e);
}

/* ---- the whole pickle */

/* The arrays of a dictionary by their keys, of a list or tuple by their numbers; what is none is
 * left out. */
static enum tfu_status collect(struct tfu_npy_pickle *p, const struct tfu_pickle_value *root,
                               struct tfu_error *e)
{
    const bool dict = root->kind == TFU_PICKLE_DICT;
    const bool list = root->kind == TFU_PICKLE_LIST || root->kind == TFU_PICKLE_TUPLE;
    const size_t step = dict ? 2 : 1, count = dict || list ? root->count : 1;
    enum tfu_status st = TFU_OK;
    p->array = tfu_arena_array(&p->arena, count + 1, sizeof *p->array);
    if (!p->array)
        return tfu_error_memory(e, "reading pickled arrays", count * sizeof *p->array);
    for (size_t i = 0; st == TFU_OK && i + step <= count; i += step) {
        const struct tfu_pickle_value *v = dict ? root->item[i + 1] : list ? root->item[i] : root;
        if (!is_array(v) || (dict && !tfu_pickle_is_printable(root->item[i])))
            continue;
        const char *name = dict   ? root->item[i]->text
                           : list ? tfu_arena_printf(&p->arena, "%zu", i)
                                  : "array";
        st = name ? add_array(p, name, v, e) : tfu_error_memory(e, "reading pickled arrays", 0);
    }
    if (st == TFU_OK && p->count == 0)
        return tfu_error_at(e, TFU_ENOTFOUND, p->path, 0, 0, "it holds no arrays of numpy");
    return st;
}

static enum tfu_status unpickle(struct tfu_npy_pickle *p, const void *bytes, size_t size,
                                struct tfu_error *e)
{
    const struct tfu_pickle_source source = {
        .path = p->path,
        .part = "the pickle",
        .bytes = bytes,
        .size = size,
        .name = names,
        .name_count = TFU_COUNT(names),
    };
    struct tfu_pickle pickle;
    struct tfu_error why = TFU_ERROR_INIT;
    const enum tfu_status st = tfu_pickle_read(&pickle, &source, &p->arena, &why);
    if (st == TFU_OK)
        return collect(p, pickle.root, e);
    *e = why;
    return st == TFU_EUNSUPPORTED ? TFU_ENOTFOUND : st;
}

enum tfu_status tfu_npy_pickle_open(struct tfu_npy_pickle **out, const char *path,
                                    const void *bytes, size_t size, struct tfu_error *e)
{
    *out = NULL;
    struct tfu_npy_pickle *p = calloc(1, sizeof *p);
    if (!p)
        return tfu_error_memory(e, "reading pickled arrays", 0);
    tfu_arena_init(&p->arena, 0);
    p->path = tfu_arena_strdup(&p->arena, path);
    const enum tfu_status st =
        p->path ? unpickle(p, bytes, size, e) : tfu_error_memory(e, "reading pickled arrays", 0);
    if (st != TFU_OK)
        tfu_npy_pickle_close(p);
    else
        *out = p;
    return st;
}

void tfu_npy_pickle_close(struct tfu_npy_pickle *p)
{
    if (p)
        tfu_arena_free(&p->arena);
    free(p);
}

size_t tfu_npy_pickle_count(const struct tfu_npy_pickle *p)
{
    return p->count;
}

const struct tfu_npy_pickled *tfu_npy_pickle_get(const struct tfu_npy_pickle *p, size_t i)
{
    return &p->array[i];
}
