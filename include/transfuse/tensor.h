/* SPDX-License-Identifier: MIT
 *
 * transfuse/tensor.h - a view of numbers. It never owns memory.
 */
#ifndef TFU_TENSOR_H
#define TFU_TENSOR_H

#include <transfuse/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { TFU_MAX_RANK = 8 };

/* What an element is. Nothing computes in TFU_BF16 yet: whoever is given a type that he does not
 * know refuses it by its name. */
enum tfu_dtype {
    TFU_F32 = 1,
    TFU_F64 = 2,
    TFU_U8 = 3,
    TFU_I32 = 4,
    TFU_I64 = 5,
    TFU_U16 = 6,
    TFU_BF16 = 7 /* the upper half of a float32 */
};

enum tfu_place {
    TFU_HOST = 0,  /* `data` may be dereferenced */
    TFU_DEVICE = 1 /* only the backend that made the tensor may touch it */
};

/* Sizes of a tensor; dims at and beyond `rank` are 1. This struct has no size of its own, for it
 * lies inside others: it is final, and what is not rank or dim is 0. */
struct tfu_shape {
    uint32_t rank;
    uint32_t reserved[3];
    int64_t dim[TFU_MAX_RANK];
};

/* Rows are contiguous: element (i0, i1, ...) of a tensor of rank r lies at
 * ((i0 * dim[1] + i1) * dim[2] + ...). Activations are N,H,W,C or N,C; weights K,C/groups,R,S. */
struct tfu_tensor {
    uint32_t struct_size;
    uint32_t dtype; /* enum tfu_dtype */
    uint32_t place; /* enum tfu_place */
    uint32_t flags; /* 0 */
    struct tfu_shape shape;
    void *data;
    uint64_t reserved[4]; /* 0; room for strides and a scale */
};

/* Number of elements. */
static inline int64_t tfu_shape_count(const struct tfu_shape *s)
{
    int64_t n = 1;
    for (uint32_t i = 0; i < s->rank; i++)
        n *= s->dim[i];
    return n;
}

static inline int tfu_shape_equal(const struct tfu_shape *a, const struct tfu_shape *b)
{
    if (a->rank != b->rank)
        return 0;
    for (uint32_t i = 0; i < a->rank; i++)
        if (a->dim[i] != b->dim[i])
            return 0;
    return 1;
}

/* A shape of up to five dims: tfu_shape_make(2, n, c, 1, 1, 1); dims at and beyond `rank` are set
 * to 1. */
static inline struct tfu_shape tfu_shape_make(uint32_t rank, int64_t d0, int64_t d1, int64_t d2,
                                              int64_t d3, int64_t d4)
{
    struct tfu_shape s = {rank, {0}, {d0, d1, d2, d3, d4, 1, 1, 1}};
    for (uint32_t i = rank; i < TFU_MAX_RANK; i++)
        s.dim[i] = 1;
    return s;
}

/* Bytes of one element; 0 for a number that is no type. */
static inline size_t tfu_dtype_size(uint32_t dtype)
{
    switch (dtype) {
    case TFU_F32:
    case TFU_I32:
        return 4;
    case TFU_F64:
    case TFU_I64:
        return 8;
    case TFU_U16:
    case TFU_BF16:
        return 2;
    case TFU_U8:
        return 1;
    default:
        return 0;
    }
}

#ifdef __cplusplus
}
#endif
#endif
