/* SPDX-License-Identifier: MIT
 *
 * One tensor: the call that would make it, its storage, and its numbers.
 */
#include <string.h>

#include "core/io/pth.h"

/* An expanded tensor shows numbers of its storage many times; larger ones than this are refused. */
enum { RANK_MAX = 16, EXPANDED_MAX = 65536 };

enum role { ROLE_NONE, ROLE_TENSOR, ROLE_TENSOR_TYPED, ROLE_PARAMETER, ROLE_STORAGE, ROLE_TYPE };

/* What files of weights refer to. Of what stands beside the weights (arguments, scores, the state
 * of an optimizer) the most usual names pass, too: they make objects without a meaning here. */
static const struct tfu_pickle_name names[] = {
    {"collections.OrderedDict", TFU_PICKLE_DICT, ROLE_NONE, 0},
    {"builtins.set", TFU_PICKLE_SET, ROLE_NONE, 0},
    {"__builtin__.set", TFU_PICKLE_SET, ROLE_NONE, 0},
    {"argparse.Namespace", TFU_PICKLE_OBJECT, ROLE_NONE, 0},
    {"collections.Counter", TFU_PICKLE_OBJECT, ROLE_NONE, 0},
    {"pathlib.PosixPath", TFU_PICKLE_OBJECT, ROLE_NONE, 0},
    {"numpy.core.multiarray._reconstruct", TFU_PICKLE_OBJECT, ROLE_NONE, 0},
    {"numpy._core.multiarray._reconstruct", TFU_PICKLE_OBJECT, ROLE_NONE, 0},
    {"numpy.ndarray", TFU_PICKLE_NONE, ROLE_NONE, 0},
    {"numpy.core.multiarray.scalar", TFU_PICKLE_OBJECT, ROLE_NONE, 0},
    {"numpy._core.multiarray.scalar", TFU_PICKLE_OBJECT, ROLE_NONE, 0},
    {"numpy.dtype", TFU_PICKLE_OBJECT, ROLE_NONE, 0},
    {"_codecs.encode", TFU_PICKLE_OBJECT, ROLE_NONE, 0},
    {"torch.Size", TFU_PICKLE_OBJECT, ROLE_NONE, 0},
    {"torch.device", TFU_PICKLE_OBJECT, ROLE_NONE, 0},
    {"torch._utils._rebuild_tensor", TFU_PICKLE_OBJECT, ROLE_TENSOR, 0},
    {"torch._utils._rebuild_tensor_v2", TFU_PICKLE_OBJECT, ROLE_TENSOR, 0},
    {"torch._utils._rebuild_tensor_v3", TFU_PICKLE_OBJECT, ROLE_TENSOR_TYPED, 0},
    {"torch._utils._rebuild_parameter", TFU_PICKLE_OBJECT, ROLE_PARAMETER, 0},
    {"torch._utils._rebuild_parameter_with_state", TFU_PICKLE_OBJECT, ROLE_PARAMETER, 0},
    {"torch.DoubleStorage", TFU_PICKLE_NONE, ROLE_STORAGE, TFU_STORED_F64},
    {"torch.FloatStorage", TFU_PICKLE_NONE, ROLE_STORAGE, TFU_STORED_F32},
    {"torch.HalfStorage", TFU_PICKLE_NONE, ROLE_STORAGE, TFU_STORED_F16},
    {"torch.BFloat16Storage", TFU_PICKLE_NONE, ROLE_STORAGE, TFU_STORED_BF16},
    {"torch.LongStorage", TFU_PICKLE_NONE, ROLE_STORAGE, TFU_STORED_I64},
    {"torch.IntStorage", TFU_PICKLE_NONE, ROLE_STORAGE, TFU_STORED_I32},
    {"torch.ShortStorage", TFU_PICKLE_NONE, ROLE_STORAGE, TFU_STORED_I16},
    {"torch.CharStorage", TFU_PICKLE_NONE, ROLE_STORAGE, TFU_STORED_I8},
    {"torch.ByteStorage", TFU_PICKLE_NONE, ROLE_STORAGE, TFU_STORED_U8},
    {"torch.BoolStorage", TFU_PICKLE_NONE, ROLE_STORAGE, TFU_STORED_BOOL},
    {"torch.UntypedStorage", TFU_PICKLE_NONE, ROLE_STORAGE, TFU_STORED_U8},
    {"torch.storage.UntypedStorage", TFU_PICKLE_NONE, ROLE_STORAGE, TFU_STORED_U8},
    {"torch.float64", TFU_PICKLE_NONE, ROLE_TYPE, TFU_STORED_F64},
    {"torch.float32", TFU_PICKLE_NONE, ROLE_TYPE, TFU_STORED_F32},
    {"torch.float16", TFU_PICKLE_NONE, ROLE_TYPE, TFU_STORED_F16},
    {"torch.bfloat16", TFU_PICKLE_NONE, ROLE_TYPE, TFU_STORED_BF16},
    {"torch.float8_e4m3fn", TFU_PICKLE_NONE, ROLE_TYPE, TFU_STORED_F8_E4M3},
    {"torch.float8_e5m2", TFU_PICKLE_NONE, ROLE_TYPE, TFU_STORED_F8_E5M2},
    {"torch.uint64", TFU_PICKLE_NONE, ROLE_TYPE, TFU_STORED_U64},
    {"torch.int64", TFU_PICKLE_NONE, ROLE_TYPE, TFU_STORED_I64},
    {"torch.uint32", TFU_PICKLE_NONE, ROLE_TYPE, TFU_STORED_U32},
    {"torch.int32", TFU_PICKLE_NONE, ROLE_TYPE, TFU_STORED_I32},
    {"torch.uint16", TFU_PICKLE_NONE, ROLE_TYPE, TFU_STORED_U16},
    {"torch.int16", TFU_PICKLE_NONE, ROLE_TYPE, TFU_STORED_I16},
    {"torch.uint8", TFU_PICKLE_NONE, ROLE_TYPE, TFU_STORED_U8},
    {"torch.int8", TFU_PICKLE_NONE, ROLE_TYPE, TFU_STORED_I8},
    {"torch.bool", TFU_PICKLE_NONE, ROLE_TYPE, TFU_STORED_BOOL},
};

enum tfu_status tfu_pth_unpickle(const struct tfu_pth *p, struct tfu_pickle *out, const char *part,
                                 const void *bytes, size_t size, struct tfu_arena *arena,
                                 struct tfu_error *e)
{
    const struct tfu_pickle_source source = {.path = p->path,
                                             .part = part,
                                             .bytes = bytes,
                                             .size = size,
                                             .name = names,
                                             .name_count = TFU_COUNT(names)};
    return tfu_pickle_read(out, &source, arena, e);
}

static bool has_role(const struct tfu_pickle_value *v, enum role role)
{
    return v->kind == TFU_PICKLE_GLOBAL && v->name->role == (int)role;
}

/* An object is a name and its arguments. */
static bool is_call(const struct tfu_pickle_value *v, enum role role)
{
    return v->kind == TFU_PICKLE_OBJECT && has_role(v->item[0], role);
}

static bool is_plain_tensor(const struct tfu_pickle_value *v)
{
    return is_call(v, ROLE_TENSOR) || is_call(v, ROLE_TENSOR_TYPED);
}

/* The tensor of a parameter, or `v` itself. */
static const struct tfu_pickle_value *inner(const struct tfu_pickle_value *v)
{
    return is_call(v, ROLE_PARAMETER) && v->item[1]->count ? v->item[1]->item[0] : v;
}

bool tfu_pth_is_tensor(const struct tfu_pickle_value *v)
{
    return is_plain_tensor(inner(v));
}

/* ---- storages: ('storage', type, key, place, count), before 1.6 with the part that is viewed */

enum tfu_status tfu_pth_storage_read(const struct tfu_pth *p, struct tfu_pth_storage *out,
                                     const struct tfu_pickle_value *persistent, struct tfu_error *e)
{
    const struct tfu_pickle_value *id = persistent->item[0];
    if (id->kind == TFU_PICKLE_TUPLE && id->count && tfu_pickle_is_string(id->item[0], "module"))
        return tfu_error_at(e, TFU_EUNSUPPORTED, p->path, 0, 0,
                            "the file holds a whole model, of which only its own code can make "
                            "sense; load it in Python and save only `model.state_dict()` with "
                            "torch.save, or convert it to safetensors");
    if (id->kind != TFU_PICKLE_TUPLE || id->count < 5 || id->count > 6 ||
        !tfu_pickle_is_string(id->item[0], "storage") || !has_role(id->item[1], ROLE_STORAGE) ||
        !tfu_pickle_is_printable(id->item[2]) || id->item[4]->kind != TFU_PICKLE_INT)
        return tfu_error_at(e, TFU_ECORRUPT, p->path, 0, 0,
                            "a storage is not described as ('storage', type, key, place, count); "
                            "the file is damaged");
    if (id->count == 6 && id->item[5]->kind != TFU_PICKLE_NONE)
        return tfu_error_at(e, TFU_EUNSUPPORTED, p->path, 0, 0,
                            "storage '%.200s' is a part of another one, as before PyTorch 0.4; "
                            "load the file in Python and write it again with torch.save",
                            id->item[2]->text);
    *out = (struct tfu_pth_storage){.key = id->item[2]->text,
                                    .type = (enum tfu_stored_type)id->item[1]->name->detail,
                                    .count = id->item[4]->integer};
    if (out->count < 0)
        return tfu_error_at(e, TFU_ECORRUPT, p->path, 0, 0,
                            "storage '%.200s' has %lld numbers; the file is damaged", out->key,
                            (long long)out->count);
    return TFU_OK;
}

/* ---- tensors: rebuild(storage, offset, sizes, strides, ...) */

static enum tfu_status read_sizes(const struct tfu_pth *p, struct tfu_arena *arena,
                                  const char *tensor, const char *what,
                                  const struct tfu_pickle_value *v, const int64_t **out,
                                  struct tfu_error *e)
{
    int64_t *to = tfu_arena_array(arena, v->count, sizeof *to);
    if (!to)
        return tfu_error_memory(e, "reading a PyTorch file", 0);
    for (size_t i = 0; i < v->count; i++) {
        if (v->item[i]->kind != TFU_PICKLE_INT)
            return tfu_error_at(e, TFU_ECORRUPT, p->path, 0, 0,
                                "tensor '%s': %s %zu is %s; the file is damaged", tensor, what, i,
                                tfu_pickle_kind_text(v->item[i]->kind));
        to[i] = v->item[i]->integer;
        if (to[i] < 0)
            return tfu_error_at(e, TFU_ECORRUPT, p->path, 0, 0,
                                "tensor '%s': %s %zu is %lld, below 0; the file is damaged", tensor,
                                what, i, (long long)to[i]);
    }
    *out = to;
    return TFU_OK;
}

/* Numbers, and whether they are in C order without gaps; refuses what overflows. */
static enum tfu_status count_numbers(const struct tfu_pth *p, struct tfu_pth_tensor *t,
                                     struct tfu_error *e)
{
    const size_t size = tfu_stored_type_size(t->shown.type);
    int64_t product = 1, bytes;
    bool empty = false;
    t->contiguous = true;
    for (size_t i = t->shown.rank; i > 0; i--) {
        const int64_t dim = t->shown.dim[i - 1];
        if (dim > 1 && t->stride[i - 1] != product)
            t->contiguous = false;
        if (dim == 0)
            empty = true;
        else if (__builtin_mul_overflow(product, dim, &product) ||
                 __builtin_mul_overflow(product, (int64_t)size, &bytes))
            return tfu_error_at(
                e, TFU_ECORRUPT, p->path, 0, 0,
                "tensor '%s': its sizes make more numbers than any file has; the file is damaged",
                t->shown.name);
    }
    t->count = empty ? 0 : product;
    return TFU_OK;
}

/* No number of the tensor is outside of the `room` numbers of its storage. */
static enum tfu_status check_reach(const struct tfu_pth *p, const struct tfu_pth_tensor *t,
                                   int64_t room, struct tfu_error *e)
{
    int64_t last = t->offset, step;
    bool far = t->offset < 0;
    for (size_t i = 0; i < t->shown.rank && t->count; i++)
        far |= __builtin_mul_overflow(t->shown.dim[i] - 1, t->stride[i], &step) ||
               __builtin_add_overflow(last, step, &last);
    if (far || (t->count && last >= room))
        return tfu_error_at(e, TFU_ECORRUPT, p->path, 0, 0,
                            "tensor '%s': offset %lld, sizes and strides reach outside of its "
                            "storage of %lld numbers; the file is damaged",
                            t->shown.name, (long long)t->offset, (long long)room);
    if (t->count > room && t->count > EXPANDED_MAX)
        return tfu_error_at(e, TFU_EUNSUPPORTED, p->path, 0, 0,
                            "tensor '%s' shows the %lld numbers of its storage as %lld; save "
                            "`tensor.contiguous()` instead of what expand() made",
                            t->shown.name, (long long)room, (long long)t->count);
    return TFU_OK;
}

/* Finds the storage and takes the tensor's type from it, or from the call in its seventh argument.
 */
static enum tfu_status read_storage(const struct tfu_pth *p, struct tfu_pth_tensor *t,
                                    const struct tfu_pickle_value *call,
                                    const struct tfu_pth_finder *finder, int64_t *room,
                                    struct tfu_error *e)
{
    const struct tfu_pickle_value *arguments = call->item[1];
    struct tfu_pth_storage s;
    enum tfu_status st = tfu_pth_storage_read(p, &s, arguments->item[0], e);
    if (st == TFU_OK)
        st = finder->find(finder->self, s.key, &t->storage, &t->storage_bytes, e);
    if (st != TFU_OK)
        return st;
    int64_t bytes;
    if (__builtin_mul_overflow(s.count, (int64_t)tfu_stored_type_size(s.type), &bytes) ||
        (uint64_t)bytes != t->storage_bytes)
        return tfu_error_at(e, TFU_ECORRUPT, p->path, 0, 0,
                            "storage '%.200s' claims %lld numbers of type %s but has %llu bytes; "
                            "the file is damaged",
                            s.key, (long long)s.count, tfu_stored_type_name(s.type),
                            (unsigned long long)t->storage_bytes);
    t->shown.type = s.type;
    if (is_call(call, ROLE_TENSOR_TYPED)) {
        if (arguments->count < 7 || !has_role(arguments->item[6], ROLE_TYPE))
            return tfu_error_at(e, TFU_ECORRUPT, p->path, 0, 0,
                                "tensor '%s' has no type; the file is damaged", t->shown.name);
        t->shown.type = (enum tfu_stored_type)arguments->item[6]->name->detail;
    }
    *room = bytes / (int64_t)tfu_stored_type_size(t->shown.type);
    return TFU_OK;
}

enum tfu_status tfu_pth_tensor_read(const struct tfu_pth *p, struct tfu_pth_tensor *out,
                                    struct tfu_arena *arena, const char *name,
                                    const struct tfu_pickle_value *v,
                                    const struct tfu_pth_finder *finder, struct tfu_error *e)
{
    const struct tfu_pickle_value *call = inner(v);
    struct tfu_pickle_value *const *argument = call->item[1]->item;
    *out = (struct tfu_pth_tensor){.shown.name = tfu_arena_strdup(arena, name)};
    if (!out->shown.name)
        return tfu_error_memory(e, "reading a PyTorch file", 0);
    if (call->item[1]->count < 4 || argument[0]->kind != TFU_PICKLE_PERSISTENT ||
        argument[1]->kind != TFU_PICKLE_INT || argument[2]->kind != TFU_PICKLE_TUPLE ||
        argument[3]->kind != TFU_PICKLE_TUPLE || argument[2]->count != argument[3]->count)
        return tfu_error_at(e, TFU_ECORRUPT, p->path, 0, 0,
                            "tensor '%s' is not made of a storage, an offset, sizes and as many "
                            "strides; the file is damaged",
                            name);
    out->offset = argument[1]->integer;
    out->shown.rank = argument[2]->count;
    if (out->shown.rank > RANK_MAX)
        return tfu_error_at(e, TFU_EUNSUPPORTED, p->path, 0, 0,
                            "tensor '%s' has %zu dimensions, more than the %d that are read", name,
                            out->shown.rank, RANK_MAX);
    int64_t room = 0;
    enum tfu_status st = read_storage(p, out, call, finder, &room, e);
    if (st == TFU_OK)
        st = read_sizes(p, arena, name, "size", argument[2], &out->shown.dim, e);
    if (st == TFU_OK)
        st = read_sizes(p, arena, name, "stride", argument[3], &out->stride, e);
    if (st == TFU_OK)
        st = count_numbers(p, out, e);
    return st == TFU_OK ? check_reach(p, out, room, e) : st;
}

size_t tfu_pth_tensor_bytes(const struct tfu_pth_tensor *t)
{
    return (size_t)t->count * tfu_stored_type_size(t->shown.type);
}

void tfu_pth_tensor_gather(const struct tfu_pth_tensor *t, const void *storage, void *to)
{
    const size_t size = tfu_stored_type_size(t->shown.type);
    const char *from = storage;
    char *end = to;
    if (t->contiguous && t->count) {
        memcpy(to, from + (size_t)t->offset * size, tfu_pth_tensor_bytes(t));
        return;
    }
    /* without a sign: the stride of a dimension of one number may be anything */
    uint64_t at = (uint64_t)t->offset;
    int64_t index[RANK_MAX] = {0};
    for (int64_t n = 0; n < t->count; n++, end += size) {
        memcpy(end, from + at * size, size);
        for (size_t i = t->shown.rank; i > 0; i--) {
            const uint64_t stride = (uint64_t)t->stride[i - 1];
            at += stride;
            if (++index[i - 1] < t->shown.dim[i - 1])
                break;
            at -= stride * (uint64_t)t->shown.dim[i - 1];
            index[i - 1] = 0;
        }
    }
}
