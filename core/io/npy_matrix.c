/* SPDX-License-Identifier: MIT */
#include "core/io/npy_matrix.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/matrix_tensor.h"
#include "core/io/npy.h"

/* Numbers that a worker reads and converts at a time, and columns of a file with columns first that
 * are put into rows together. */
enum { PIECE = 16384, STRIP = 32 };

struct tfu_npy_matrix {
    char *path, *name;
    int file;
    char *numbers; /* all of them, when they do not lie in the file as they are; else NULL */
    struct tfu_npy npy;
    struct tfu_threads *threads;
    struct tfu_shape shape;
    uint32_t dtype;
    int64_t rows, width; /* width: numbers of a row */
    bool columns_first;  /* in the file, whatever the reason */
    void **raw;          /* a worker: STRIP x PIECE / STRIP numbers as they are stored */
    double **converted;  /* a worker: the same, converted; holds floats too */
};

/* ---- opening */

static enum tfu_status load_tensor(struct tfu_npy_matrix *m,
                                   const struct tfu_npy_matrix_request *request,
                                   struct tfu_error *e)
{
    const struct tfu_matrix_tensor wanted = {
        .path = m->path,
        .name = m->name,
        .rank = request->maps            ? 4
                : request->columns_first ? 2
                                         : 0,
        .own = request->own,
    };
    return tfu_matrix_tensor_load(&m->npy, &m->numbers, &wanted, e);
}

/* Does it begin as an array of numpy does, so that its numbers can be read in place? */
static bool is_npy(const struct tfu_npy_matrix *m, const char *prefix, size_t n)
{
    return !m->name && n >= 6 && memcmp(prefix, "\x93NUMPY", 6) == 0;
}

static enum tfu_status open_file(struct tfu_npy_matrix *m,
                                 const struct tfu_npy_matrix_request *request, struct tfu_error *e)
{
    struct stat info;
    m->file = open(m->path, O_RDONLY | O_CLOEXEC);
    if (m->file < 0)
        return tfu_error_errno(e, errno, "cannot open", m->path);
    if (fstat(m->file, &info) != 0)
        return tfu_error_errno(e, errno, "cannot read", m->path);
    if (!S_ISREG(info.st_mode))
        return tfu_error_at(e, TFU_EINVAL, m->path, 0, 0, "not a file");
    char prefix[TFU_NPY_PREFIX];
    const ssize_t n = pread(m->file, prefix, sizeof prefix, 0);
    if (n < 0)
        return tfu_error_errno(e, errno, "cannot read", m->path);
    if (!is_npy(m, prefix, (size_t)n))
        return load_tensor(m, request, e);
    size_t size;
    enum tfu_status st =
        tfu_npy_header_size(&size, m->path, prefix, (size_t)n, (uint64_t)info.st_size, e);
    if (st != TFU_OK)
        return st;
    char *header = malloc(size);
    if (!header)
        return tfu_error_memory(e, "reading a header", size);
    if (pread(m->file, header, size, 0) != (ssize_t)size)
        st = tfu_error_errno(e, errno, "cannot read", m->path);
    else
        st = tfu_npy_header_read(&m->npy, m->path, header, size, (uint64_t)info.st_size, e);
    free(header);
    if (st == TFU_OK)
        st = tfu_npy_check(&m->npy, m->path, e);
    if (st == TFU_OK && m->npy.rest)
        return tfu_error_at(e, TFU_ECORRUPT, m->path, 0, 0,
                            "the array has %" PRIu64 " bytes of numbers, but its shape and type "
                            "make %zu",
                            m->npy.bytes + m->npy.rest, m->npy.bytes);
    return st;
}

static enum tfu_status wrong_rank(const struct tfu_npy_matrix *m, const char *wanted,
                                  struct tfu_error *e)
{
    struct tfu_text dims = TFU_TEXT_INIT;
    tfu_text_dims(&dims, m->npy.rank, m->npy.dim);
    const enum tfu_status st =
        tfu_error_at(e, TFU_ESHAPE, m->path, 0, 0, "an array of shape %s, but %s is wanted",
                     tfu_text_get(&dims), wanted);
    tfu_text_free(&dims);
    return st;
}

/* What is a row, and how it lies in the file. */
static enum tfu_status arrange(struct tfu_npy_matrix *m,
                               const struct tfu_npy_matrix_request *request, struct tfu_error *e)
{
    const struct tfu_npy *npy = &m->npy;
    const int64_t *d = npy->dim;
    if (request->maps && npy->rank != 4)
        return wrong_rank(m, "one of rank 4, N,H,W,C, for whole maps", e);
    if (npy->rank != 2 && npy->rank != 4)
        return wrong_rank(m, "rank 2 (data points x neurons) or 4 (N,H,W,C)", e);
    if (npy->rank == 4 && request->columns_first)
        return wrong_rank(m, "rank 2 with the neurons first", e);
    if (npy->rank == 4 && npy->reversed)
        return tfu_error_at(e, TFU_EUNSUPPORTED, m->path, 0, 0,
                            "an array of rank 4 in Fortran order; save it with "
                            "numpy.ascontiguousarray()");
    if (npy->rank == 2) {
        m->rows = request->columns_first ? d[1] : d[0];
        m->width = request->columns_first ? d[0] : d[1];
        m->columns_first = request->columns_first != npy->reversed;
        m->shape = tfu_shape_make(2, m->rows, m->width, 1, 1, 1);
    } else {
        m->rows = request->maps ? d[0] : d[0] * d[1] * d[2];
        m->width = request->maps ? d[1] * d[2] * d[3] : d[3];
        m->shape = request->maps ? tfu_shape_make(4, d[0], d[1], d[2], d[3], 1)
                                 : tfu_shape_make(2, m->rows, m->width, 1, 1, 1);
    }
    if (m->rows == 0 || m->width == 0)
        return wrong_rank(m, "one with numbers in it", e);
    const size_t size = tfu_stored_type_size(npy->type);
    m->dtype =
        size == 8 || npy->type == TFU_STORED_I32 || npy->type == TFU_STORED_U32 ? TFU_F64 : TFU_F32;
    return TFU_OK;
}

static enum tfu_status allocate(struct tfu_npy_matrix *m, struct tfu_error *e)
{
    const uint32_t workers = tfu_threads_count(m->threads);
    m->raw = calloc(workers, sizeof *m->raw);
    m->converted = calloc(workers, sizeof *m->converted);
    bool ok = m->raw && m->converted;
    for (uint32_t i = 0; ok && i < workers; i++) {
        m->raw[i] = malloc(PIECE * sizeof(double));
        m->converted[i] = malloc(PIECE * sizeof(double));
        ok = m->raw[i] && m->converted[i];
    }
    return ok ? TFU_OK : tfu_error_memory(e, "reading a matrix", 0);
}

enum tfu_status tfu_npy_matrix_open(struct tfu_npy_matrix **out,
                                    const struct tfu_npy_matrix_request *request,
                                    struct tfu_error *e)
{
    *out = NULL;
    struct tfu_npy_matrix *m = calloc(1, sizeof *m);
    if (!m)
        return tfu_error_memory(e, "opening a matrix", sizeof *m);
    m->file = -1;
    m->threads = request->threads;
    enum tfu_status st = tfu_matrix_spec(request->path, &m->path, &m->name, e);
    if (st == TFU_OK)
        st = open_file(m, request, e);
    if (st == TFU_OK)
        st = arrange(m, request, e);
    if (st == TFU_OK)
        st = allocate(m, e);
    if (st != TFU_OK)
        tfu_npy_matrix_close(m);
    else
        *out = m;
    return st;
}

void tfu_npy_matrix_close(struct tfu_npy_matrix *m)
{
    if (!m)
        return;
    for (uint32_t i = 0; i < tfu_threads_count(m->threads); i++) {
        if (m->raw)
            free(m->raw[i]);
        if (m->converted)
            free(m->converted[i]);
    }
    if (m->file >= 0)
        close(m->file);
    free(m->raw);
    free(m->converted);
    free(m->numbers);
    free(m->path);
    free(m->name);
    free(m);
}

struct tfu_shape tfu_npy_matrix_shape(const struct tfu_npy_matrix *m)
{
    return m->shape;
}

bool tfu_npy_matrix_is_turned(const struct tfu_npy_matrix *m)
{
    const int64_t *d = m->npy.dim;
    return m->npy.rank == 4 && d[2] == d[3] && d[1] != d[2];
}

uint32_t tfu_npy_matrix_dtype(const struct tfu_npy_matrix *m)
{
    return m->dtype;
}

/* ---- reading */

struct reading {
    struct tfu_npy_matrix *m;
    int64_t first, rows;
    char *to;
    int *error; /* a task: an errno, -1: the file has become shorter */
};

/* `count` numbers from number `at` of the file, as they are stored. */
static int read_numbers(const struct tfu_npy_matrix *m, int64_t at, int64_t count, char *to)
{
    const size_t size = tfu_stored_type_size(m->npy.type);
    size_t left = (size_t)count * size;
    off_t offset = (off_t)(m->npy.header + (size_t)at * size);
    if (m->numbers) {
        memcpy(to, m->numbers + offset, left);
        return 0;
    }
    while (left > 0) {
        const ssize_t n = pread(m->file, to, left, offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? errno : -1;
        to += n;
        offset += n;
        left -= (size_t)n;
    }
    return 0;
}

static void swap_bytes(char *x, int64_t count, size_t size)
{
    for (int64_t i = 0; i < count; i++, x += size)
        for (size_t k = 0; k < size / 2; k++) {
            const char c = x[k];
            x[k] = x[size - 1 - k];
            x[size - 1 - k] = c;
        }
}

static void convert(const struct tfu_npy_matrix *m, char *raw, int64_t count, void *to)
{
    if (m->npy.swapped)
        swap_bytes(raw, count, tfu_stored_type_size(m->npy.type));
    if (m->dtype == TFU_F64)
        tfu_stored_to_double(m->npy.type, raw, (size_t)count, to);
    else
        tfu_stored_to_float(m->npy.type, raw, (size_t)count, to);
}

/* Piece number `index` of rows that lie one behind the other. */
static void read_piece(void *arg, uint32_t index, uint32_t worker)
{
    const struct reading *r = arg;
    struct tfu_npy_matrix *m = r->m;
    const int64_t begin = (int64_t)index * PIECE, total = r->rows * m->width;
    const int64_t count = total - begin < PIECE ? total - begin : PIECE;
    r->error[index] = read_numbers(m, r->first * m->width + begin, count, m->raw[worker]);
    if (!r->error[index])
        convert(m, m->raw[worker], count, r->to + (size_t)begin * tfu_dtype_size(m->dtype));
}

/* `columns` columns of `rows` numbers each, into rows `width` apart. */
static void scatter(const struct tfu_npy_matrix *m, const void *from, int64_t columns, int64_t rows,
                    char *to)
{
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < columns; j++)
            if (m->dtype == TFU_F64)
                ((double *)to)[i * m->width + j] = ((const double *)from)[j * rows + i];
            else
                ((float *)to)[i * m->width + j] = ((const float *)from)[j * rows + i];
}

/* Strip number `index` of columns that lie one behind the other. */
static void read_strip(void *arg, uint32_t index, uint32_t worker)
{
    const struct reading *r = arg;
    struct tfu_npy_matrix *m = r->m;
    const size_t size = tfu_stored_type_size(m->npy.type), wide = tfu_dtype_size(m->dtype);
    const int64_t column = (int64_t)index * STRIP;
    const int64_t columns = m->width - column < STRIP ? m->width - column : STRIP;
    for (int64_t row = 0; row < r->rows; row += PIECE / STRIP) {
        const int64_t rows = r->rows - row < PIECE / STRIP ? r->rows - row : PIECE / STRIP;
        char *raw = m->raw[worker];
        for (int64_t j = 0; j < columns && !r->error[index]; j++)
            r->error[index] = read_numbers(m, (column + j) * m->rows + r->first + row, rows,
                                           raw + (size_t)(j * rows) * size);
        if (r->error[index])
            return;
        convert(m, raw, columns * rows, m->converted[worker]);
        scatter(m, m->converted[worker], columns, rows,
                r->to + (size_t)(row * m->width + column) * wide);
    }
}

enum tfu_status tfu_npy_matrix_read(struct tfu_npy_matrix *m, int64_t first, int64_t rows, void *to,
                                    struct tfu_error *e)
{
    const int64_t unit = m->columns_first ? STRIP : PIECE;
    const int64_t total = m->columns_first ? m->width : rows * m->width;
    const uint32_t tasks = (uint32_t)((total + unit - 1) / unit);
    struct reading r = {m, first, rows, to, calloc((size_t)tasks + 1, sizeof(int))};
    if (!r.error)
        return tfu_error_memory(e, "reading a matrix", 0);
    tfu_threads_run(m->threads, tasks, m->columns_first ? read_strip : read_piece, &r);
    int error = 0;
    for (uint32_t i = 0; !error && i < tasks; i++)
        error = r.error[i];
    free(r.error);
    if (error > 0)
        return tfu_error_errno(e, error, "cannot read", m->path);
    return error ? tfu_error_at(e, TFU_ECORRUPT, m->path, 0, 0,
                                "the file became shorter while it was read")
                 : TFU_OK;
}
