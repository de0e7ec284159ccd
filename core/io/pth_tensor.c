/* SPDX-License-Identifier: MIT
 *
 * One tensor: the call that would make it, its storage, and its numbers.
 */
#include <string.h>

#include "core/io/pth.h"

/* An expanded tensor shows numbers of its storage many times; larger ones than this are refused. */
enum { RANK_MAX = 16, EXPANDED_MAX = 65536 };

enum role {
    ROLE_NONE,
    ROLE_TENSOR,
    ROLE_TENSOR_TYPED,
    ROLE_PARAMETER, /* made of a tensor */
    ROLE_SUBCLASS,  /* made of a call that makes a tensor, and that call's arguments */
    ROLE_UNREAD,    /* a tensor of a kind that is told, not read */
    ROLE_STORAGE,
    ROLE_TYPE
};

static const char no_complex[] = "complex numbers are not read; save real and imaginary parts, as "
                                 "torch.view_as_real() makes them";
static const char no_quantized[] = "quantized numbers are not read; save `tensor.dequantize()`";
static const char no_small[] = "this type is not read; save `tensor.float()`";

/* Types of numbers that are not read. */
static const struct tfu_pth_other others[] = {
    {"C32", 4, no_complex},       {"C64", 8, no_complex},     {"C128", 16, no_complex},
    {"QI8", 1, no_quantized},     {"QU8", 1, no_quantized},   {"QI32", 4, no_quantized},
    {"QU4x2", 1, no_quantized},   {"QU2x4", 1, no_quantized}, {"F8_E4M3FNUZ", 1, no_small},
    {"F8_E5M2FNUZ", 1, no_small}, {"F8_E8M0", 1, no_small},   {"F4_E2M1x2", 1, no_small},
};
/* Their numbers, where a type that is read has its own. */
enum {
    OTHER = 1000,
    OTHER_C32 = OTHER,
    OTHER_C64,
    OTHER_C128,
    OTHER_QI8,
    OTHER_QU8,
    OTHER_QI32,
    OTHER_QU4,
    OTHER_QU2,
    OTHER_F8_E4M3FNUZ,
    OTHER_F8_E5M2FNUZ,
    OTHER_F8_E8M0,
    OTHER_F4
};

/* Kinds of tensors that are not read. */
enum unread { UNREAD_SPARSE, UNREAD_QUANTIZED, UNREAD_META, UNREAD_NESTED, UNREAD_DEVICE };
static const struct {
    const char *name, *problem;
    size_t sizes; /* which argument has them, or is a tuple that does at its end */
} unread[] = {
    [UNREAD_SPARSE] = {"sparse", "a sparse tensor is not read; save `tensor.to_dense()`", 1},
    [UNREAD_QUANTIZED] = {"quantized", no_quantized, 2},
    [UNREAD_META] = {"meta",
                     "it is on the device 'meta' and has no numbers; save the model with "
                     "its weights loaded",
                     1},
    [UNREAD_NESTED] = {"nested", "a nested tensor is not read; save `tensor.to_padded_tensor(0)`",
                       SIZE_MAX},
    [UNREAD_DEVICE] = {"device",
                       "it was saved as numbers of a device that PyTorch knows by an "
                       "extension; save `tensor.cpu()`",
                       SIZE_MAX},
};

/* What means something in a file of weights. Everything else that a pickle refers to is an object
 * without a meaning here: the state of an optimizer, arguments, scores, whatever a project keeps.
 */
static const struct tfu_pickle_name names[] = {
    {"collections.OrderedDict", TFU_PICKLE_DICT, ROLE_NONE, 0},
    {"builtins.set", TFU_PICKLE_SET, ROLE_NONE, 0},
    {"__builtin__.set", TFU_PICKLE_SET, ROLE_NONE, 0},
    {"torch._utils._rebuild_tensor", TFU_PICKLE_OBJECT, ROLE_TENSOR, 0},
    {"torch._utils._rebuild_tensor_v2", TFU_PICKLE_OBJECT, ROLE_TENSOR, 0},
    {"torch._utils._rebuild_tensor_v3", TFU_PICKLE_OBJECT, ROLE_TENSOR_TYPED, 0},
    {"torch._utils._rebuild_parameter", TFU_PICKLE_OBJECT, ROLE_PARAMETER, 0},
    {"torch._utils._rebuild_parameter_with_state", TFU_PICKLE_OBJECT, ROLE_PARAMETER, 0},
    {"torch._tensor._rebuild_from_type", TFU_PICKLE_OBJECT, ROLE_SUBCLASS, 0},
    {"torch._tensor._rebuild_from_type_v2", TFU_PICKLE_OBJECT, ROLE_SUBCLASS, 0},
    {"torch._utils._rebuild_sparse_tensor", TFU_PICKLE_OBJECT, ROLE_UNREAD, UNREAD_SPARSE},
    {"torch._utils._rebuild_sparse_csr_tensor", TFU_PICKLE_OBJECT, ROLE_UNREAD, UNREAD_SPARSE},
    {"torch._utils._rebuild_qtensor", TFU_PICKLE_OBJECT, ROLE_UNREAD, UNREAD_QUANTIZED},
    {"torch._utils._rebuild_meta_tensor_no_storage", TFU_PICKLE_OBJECT, ROLE_UNREAD, UNREAD_META},
    {"torch._utils._rebuild_nested_tensor", TFU_PICKLE_OBJECT, ROLE_UNREAD, UNREAD_NESTED},
    {"torch._utils._rebuild_device_tensor_from_numpy", TFU_PICKLE_OBJECT, ROLE_UNREAD,
     UNREAD_DEVICE},
    {"torch._utils._rebuild_device_tensor_from_cpu_tensor", TFU_PICKLE_OBJECT, ROLE_PARAMETER, 0},
    {"torch.ComplexHalfStorage", TFU_PICKLE_NONE, ROLE_STORAGE, OTHER_C32},
    {"torch.ComplexFloatStorage", TFU_PICKLE_NONE, ROLE_STORAGE, OTHER_C64},
    {"torch.ComplexDoubleStorage", TFU_PICKLE_NONE, ROLE_STORAGE, OTHER_C128},
    {"torch.QInt8Storage", TFU_PICKLE_NONE, ROLE_STORAGE, OTHER_QI8},
    {"torch.QUInt8Storage", TFU_PICKLE_NONE, ROLE_STORAGE, OTHER_QU8},
    {"torch.QInt32Storage", TFU_PICKLE_NONE, ROLE_STORAGE, OTHER_QI32},
    {"torch.QUInt4x2Storage", TFU_PICKLE_NONE, ROLE_STORAGE, OTHER_QU4},
    {"torch.QUInt2x4Storage", TFU_PICKLE_NONE, ROLE_STORAGE, OTHER_QU2},
    {"torch.complex32", TFU_PICKLE_NONE, ROLE_TYPE, OTHER_C32},
    {"torch.complex64", TFU_PICKLE_NONE, ROLE_TYPE, OTHER_C64},
    {"torch.complex128", TFU_PICKLE_NONE, ROLE_TYPE, OTHER_C128},
    {"torch.qint8", TFU_PICKLE_NONE, ROLE_TYPE, OTHER_QI8},
    {"torch.quint8", TFU_PICKLE_NONE, ROLE_TYPE, OTHER_QU8},
    {"torch.qint32", TFU_PICKLE_NONE, ROLE_TYPE, OTHER_QI32},
    {"torch.float8_e4m3fnuz", TFU_PICKLE_NONE, ROLE_TYPE, OTHER_F8_E4M3FNUZ},
    {"torch.float8_e5m2fnuz", TFU_PICKLE_NONE, ROLE_TYPE, OTHER_F8_E5M2FNUZ},
    {"torch.float8_e8m0fnu", TFU_PICKLE_NONE, ROLE_TYPE, OTHER_F8_E8M0},
    {"torch.float4_e2m1fn_x2", TFU_PICKLE_NONE, ROLE_TYPE, OTHER_F4},
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

static const struct tfu_pth_other *other_of(int detail)
{
    return detail >= OTHER ? &others[detail - OTHER] : NULL;
}

static bool has_role(const struct tfu_pickle_value *v, enum role role)
{
    return v->kind == TFU_PICKLE_GLOBAL && v->name->role == (int)role;
}

bool tfu_pth_is_module(const struct tfu_pickle_value *persistent)
{
    const struct tfu_pickle_value *id =
        persistent->kind == TFU_PICKLE_PERSISTENT ? persistent->item[0] : persistent;
    return id->kind == TFU_PICKLE_TUPLE && id != persistent && id->count &&
           tfu_pickle_is_string(id->item[0], "module");
}

const char *tfu_pth_name(const struct tfu_pickle_value *v)
{
    if (v->kind == TFU_PICKLE_OBJECT)
        v = v->item[0];
    if (tfu_pth_is_module(v) && v->item[0]->count > 1)
        v = v->item[0]->item[1];
    return v->kind == TFU_PICKLE_GLOBAL ? v->name->name : "";
}

/* A call that makes a tensor: what is called, and the tuple of its arguments. */
struct call {
    const struct tfu_pickle_value *function, *arguments;
};

static bool is_of(struct call c, enum role role)
{
    return c.function && has_role(c.function, role);
}

/* The call that the tensor of a parameter or of a subclass is made by, or `v`'s own. */
static struct call innermost(const struct tfu_pickle_value *v)
{
    enum { DEPTH_MAX = 8 };
    struct call c = {NULL, NULL};
    if (v->kind == TFU_PICKLE_OBJECT)
        c = (struct call){v->item[0], v->item[1]};
    for (int depth = 0; depth < DEPTH_MAX; depth++) {
        struct tfu_pickle_value *const *argument = c.arguments ? c.arguments->item : NULL;
        if (is_of(c, ROLE_PARAMETER) && c.arguments->count &&
            argument[0]->kind == TFU_PICKLE_OBJECT)
            c = (struct call){argument[0]->item[0], argument[0]->item[1]};
        else if (is_of(c, ROLE_SUBCLASS) && c.arguments->count > 2 &&
                 argument[2]->kind == TFU_PICKLE_TUPLE)
            c = (struct call){argument[0], argument[2]};
        else
            break;
    }
    return c;
}

/* A function of PyTorch's that makes a tensor in a way that is not known here. */
static bool is_unknown_kind(struct call c)
{
    static const char *const begin[] = {"torch._utils._rebuild_", "torch._tensor._rebuild_"};
    if (!c.function || !has_role(c.function, ROLE_NONE))
        return false;
    for (size_t i = 0; i < TFU_COUNT(begin); i++)
        if (strncmp(c.function->name->name, begin[i], strlen(begin[i])) == 0)
            return true;
    return false;
}

bool tfu_pth_is_tensor(const struct tfu_pickle_value *v)
{
    const struct call c = innermost(v);
    return is_of(c, ROLE_TENSOR) || is_of(c, ROLE_TENSOR_TYPED) || is_of(c, ROLE_UNREAD) ||
           is_unknown_kind(c);
}

/* ---- storages: ('storage', type, key, place, count), before 1.6 with the part that is viewed */

/* A storage of a type that a newer PyTorch has. */
static bool is_unknown_storage(const struct tfu_pickle_value *v)
{
    const char *name = tfu_pth_name(v);
    const size_t n = strlen(name), tail = strlen("Storage");
    return has_role(v, ROLE_NONE) && strncmp(name, "torch.", 6) == 0 && n > tail &&
           strcmp(name + n - tail, "Storage") == 0;
}

static void take_type(struct tfu_pth_storage *s, const struct tfu_pickle_value *type)
{
    static const struct tfu_pth_other unknown = {"unknown", 0, no_small};
    s->other = has_role(type, ROLE_NONE) ? &unknown : other_of(type->name->detail);
    s->type = s->other ? TFU_STORED_U8 : (enum tfu_stored_type)type->name->detail;
    s->size = s->other ? s->other->size : tfu_stored_type_size(s->type);
}

enum tfu_status tfu_pth_storage_read(const struct tfu_pth *p, struct tfu_pth_storage *out,
                                     const struct tfu_pickle_value *persistent, struct tfu_error *e)
{
    const struct tfu_pickle_value *id = persistent->item[0];
    if (tfu_pth_is_module(persistent))
        return tfu_error_at(e, TFU_EUNSUPPORTED, p->path, 0, 0,
                            "the file holds a whole model, of which only its own code can make "
                            "sense; load it in Python and save only `model.state_dict()` with "
                            "torch.save, or convert it to safetensors");
    if (id->kind != TFU_PICKLE_TUPLE || id->count < 5 || id->count > 6 ||
        !tfu_pickle_is_string(id->item[0], "storage") ||
        !(has_role(id->item[1], ROLE_STORAGE) || is_unknown_storage(id->item[1])) ||
        !tfu_pickle_is_printable(id->item[2]) || id->item[4]->kind != TFU_PICKLE_INT)
        return tfu_error_at(e, TFU_ECORRUPT, p->path, 0, 0,
                            "a storage is not described as ('storage', type, key, place, count); "
                            "the file is damaged");
    *out = (struct tfu_pth_storage){.key = id->item[2]->text,
                                    .part = id->count == 6 && id->item[5]->kind != TFU_PICKLE_NONE,
                                    .count = id->item[4]->integer};
    take_type(out, id->item[1]);
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

/* The tensor's type: that of its storage, or of the call in its seventh argument. */
static enum tfu_status read_type(const struct tfu_pth *p, struct tfu_pth_tensor *t, struct call c,
                                 const struct tfu_pth_storage *s, struct tfu_error *e)
{
    const struct tfu_pth_other *other = s->other;
    t->shown.type = s->type;
    if (is_of(c, ROLE_TENSOR_TYPED)) {
        const struct tfu_pickle_value *type = c.arguments->count > 6 ? c.arguments->item[6] : NULL;
        if (!type ||
            !(has_role(type, ROLE_TYPE) ||
              (has_role(type, ROLE_NONE) && strncmp(tfu_pth_name(type), "torch.", 6) == 0)))
            return tfu_error_at(e, TFU_ECORRUPT, p->path, 0, 0,
                                "tensor '%s' has no type; the file is damaged", t->shown.name);
        struct tfu_pth_storage typed;
        take_type(&typed, type);
        t->shown.type = typed.type;
        other = typed.other;
    }
    if (other) {
        t->shown.kind = other->name;
        t->shown.problem = other->problem;
    } else if (s->part) {
        t->shown.kind = tfu_stored_type_name(t->shown.type);
        t->shown.problem = "its storage is a part of another one, as before PyTorch 0.4; load the "
                           "file in Python and write it again with torch.save";
    }
    return TFU_OK;
}

/* Finds the storage; `room` is how many of the tensor's numbers it has. */
static enum tfu_status find_storage(const struct tfu_pth *p, struct tfu_pth_tensor *t,
                                    const struct tfu_pth_storage *s,
                                    const struct tfu_pth_finder *finder, int64_t *room,
                                    struct tfu_error *e)
{
    const enum tfu_status st =
        finder->find(finder->self, s->key, &t->storage, &t->storage_bytes, e);
    if (st != TFU_OK)
        return st;
    int64_t bytes;
    if (__builtin_mul_overflow(s->count, (int64_t)s->size, &bytes) ||
        (uint64_t)bytes > t->storage_bytes) /* it may have more: a view of bytes as floats */
        return tfu_error_at(e, TFU_ECORRUPT, p->path, 0, 0,
                            "storage '%.200s' claims %lld numbers of type %s but has %llu bytes; "
                            "the file is damaged",
                            s->key, (long long)s->count, tfu_stored_type_name(s->type),
                            (unsigned long long)t->storage_bytes);
    *room = bytes / (int64_t)tfu_stored_type_size(t->shown.type);
    return TFU_OK;
}

static enum tfu_status check_rank(const struct tfu_pth *p, struct tfu_pth_tensor *t, size_t rank,
                                  struct tfu_error *e)
{
    if (rank > RANK_MAX)
        return tfu_error_at(e, TFU_EUNSUPPORTED, p->path, 0, 0,
                            "tensor '%s' has %zu dimensions, more than the %d that are read",
                            t->shown.name, rank, RANK_MAX);
    t->shown.rank = rank;
    return TFU_OK;
}

/* Sizes of a tensor that is not read, where they can be found: a tuple, or a torch.Size made of
 * one.
 */
static enum tfu_status read_unread(const struct tfu_pth *p, struct tfu_pth_tensor *t,
                                   struct tfu_arena *arena, struct call c, struct tfu_error *e)
{
    static const char unknown[] =
        "it is of a kind that is not read; save a dense tensor of float32";
    const bool known = is_of(c, ROLE_UNREAD);
    const int kind = known ? c.function->name->detail : 0;
    const size_t place = known ? unread[kind].sizes : SIZE_MAX;
    t->shown.kind = known ? unread[kind].name : "unknown";
    t->shown.problem = known ? unread[kind].problem : unknown;
    t->shown.type = TFU_STORED_U8;
    const struct tfu_pickle_value *v = place < c.arguments->count ? c.arguments->item[place] : NULL;
    if (v && kind == UNREAD_SPARSE && v->kind == TFU_PICKLE_TUPLE && v->count > 2)
        v = v->item[2];
    if (v && v->kind == TFU_PICKLE_OBJECT && v->item[1]->count == 1) /* torch.Size((2, 3)) */
        v = v->item[1]->item[0];
    if (!v || v->kind != TFU_PICKLE_TUPLE)
        return TFU_OK;
    for (size_t i = 0; i < v->count; i++)
        if (v->item[i]->kind != TFU_PICKLE_INT)
            return TFU_OK;
    const enum tfu_status st = check_rank(p, t, v->count, e);
    return st == TFU_OK ? read_sizes(p, arena, t->shown.name, "size", v, &t->shown.dim, e) : st;
}

enum tfu_status tfu_pth_tensor_read(const struct tfu_pth *p, struct tfu_pth_tensor *out,
                                    struct tfu_arena *arena, const char *name,
                                    const struct tfu_pickle_value *v,
                                    const struct tfu_pth_finder *finder, struct tfu_error *e)
{
    const struct call call = innermost(v);
    struct tfu_pickle_value *const *argument = call.arguments->item;
    *out = (struct tfu_pth_tensor){.shown.name = tfu_arena_strdup(arena, name)};
    if (!out->shown.name)
        return tfu_error_memory(e, "reading a PyTorch file", 0);
    if (!is_of(call, ROLE_TENSOR) && !is_of(call, ROLE_TENSOR_TYPED))
        return read_unread(p, out, arena, call, e);
    if (call.arguments->count < 4 || argument[0]->kind != TFU_PICKLE_PERSISTENT ||
        argument[1]->kind != TFU_PICKLE_INT || argument[2]->kind != TFU_PICKLE_TUPLE ||
        argument[3]->kind != TFU_PICKLE_TUPLE || argument[2]->count != argument[3]->count)
        return tfu_error_at(e, TFU_ECORRUPT, p->path, 0, 0,
                            "tensor '%s' is not made of a storage, an offset, sizes and as many "
                            "strides; the file is damaged",
                            name);
    out->offset = argument[1]->integer;
    int64_t room = 0;
    struct tfu_pth_storage s;
    enum tfu_status st = check_rank(p, out, argument[2]->count, e);
    if (st == TFU_OK)
        st = tfu_pth_storage_read(p, &s, argument[0], e);
    if (st == TFU_OK)
        st = read_type(p, out, call, &s, e);
    if (st == TFU_OK)
        st = read_sizes(p, arena, name, "size", argument[2], &out->shown.dim, e);
    if (st != TFU_OK || out->shown.problem)
        return st;
    st = find_storage(p, out, &s, finder, &room, e);
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
