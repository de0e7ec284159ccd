/* SPDX-License-Identifier: MIT */
#include "core/bench/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/graph/summary.h"
#include "core/plugin/kernel.h"

/* ---- models */

static void put_memory(struct tfu_text *out, const char *what, const struct tfu_network_memory *m)
{
    const double mib = 1.0 / (1 << 20);
    tfu_text_printf(
        out, "  %-10s %8.1f MiB: parameters %.1f, gradients %.1f, activations %.1f, workspace %.1f",
        what, (double)m->total * mib, (double)m->parameters * mib, (double)m->gradients * mib,
        (double)m->activations * mib, (double)m->workspace * mib);
    if (m->packed > 0)
        tfu_text_printf(out, ", packed weights %.1f", (double)m->packed * mib);
    tfu_text_puts(out, "\n");
}

void tfu_bench_put_model(struct tfu_text *out, const struct tfu_bench_model *m,
                         const struct tfu_bench_plans *p)
{
    tfu_graph_summary(m->graph, out);
    tfu_text_printf(
        out, "\nmemory at batch %" PRId64 " with backend %s, without the optimizer's:\n",
        m->graph->value[m->graph->input].shape.dim[0], m->experiment.backend.plugin->name);
    put_memory(out, "training", &p->training);
    put_memory(out, "inference", &p->inference);
}

/* ---- whole runs */

/* A rate, or blanks where there is none. */
static void put_rate(struct tfu_text *out, double flops, double seconds)
{
    if (flops > 0 && seconds > 0)
        tfu_text_printf(out, " %9.1f", flops / seconds);
    else
        tfu_text_printf(out, " %9s", "");
}

static void put_layers(struct tfu_text *out, const struct tfu_bench_result *r, bool training)
{
    tfu_text_printf(out, "\n%s, a step:\n  %-40s %-12s %9s %9s",
                    training ? "training" : "inference", "layer", "forward", "ms", "GFLOP/s");
    if (training)
        tfu_text_printf(out, "  %-12s %9s %9s", "backward", "ms", "GFLOP/s");
    tfu_text_puts(out, "\n");
    for (size_t i = 0; i < r->layer_count; i++) {
        const struct tfu_bench_layer *l = &r->layer[i];
        const double flops = 2e-9 * l->multiply_adds;
        char name[256];
        snprintf(name, sizeof name, "%s%s", l->name, tfu_text_get(&l->then));
        tfu_text_printf(out, "  %-40s %-12s %9.2f", name, l->forward_algorithm,
                        1e3 * l->forward_seconds);
        put_rate(out, flops, l->forward_seconds);
        if (training) {
            tfu_text_printf(out, "  %-12s %9.2f", l->backward_algorithm, 1e3 * l->backward_seconds);
            /* each gradient that is computed is as much work as the forward pass */
            put_rate(out, flops * l->gradients, l->backward_seconds);
        }
        tfu_text_puts(out, "\n");
    }
}

void tfu_bench_put_run(struct tfu_text *out, const struct tfu_bench_model *m,
                       const struct tfu_bench_result *training,
                       const struct tfu_bench_result *inference)
{
    const struct tfu_bench_result *const result[] = {training, inference};
    const int64_t *image = m->graph->value[m->graph->input].shape.dim;
    tfu_text_printf(out,
                    "%s, batch %" PRId64 ", %" PRId64 "x%" PRId64 "x%" PRId64
                    ", %u threads, backend %s\n\n",
                    m->graph->arch, image[0], image[1], image[2], image[3],
                    (training ? training : inference)->threads, m->experiment.backend.plugin->name);
    for (int i = 0; i < 2; i++)
        if (result[i])
            tfu_text_printf(out, "%-10s %9.2f images/s, %9.2f ms a step, peak memory %.0f MiB\n",
                            i == 0 ? "training" : "inference",
                            (double)image[0] / result[i]->seconds, 1e3 * result[i]->seconds,
                            result[i]->peak_bytes / (1 << 20));
    for (int i = 0; i < 2; i++)
        if (result[i])
            put_layers(out, result[i], i == 0);
}

/* ---- kernels on layers */

void tfu_bench_put_csv(struct tfu_text *out, const struct tfu_bench_rows *rows)
{
    static const char *const sizes[] = {"batch",    "height",   "width",    "channels",
                                        "out",      "kernel_h", "kernel_w", "stride_h",
                                        "stride_w", "pad_h",    "pad_w",    "groups"};
    tfu_text_puts(out, "layer,operation,count");
    for (size_t k = 0; k < TFU_COUNT(sizes); k++)
        tfu_text_printf(out, ",%s", sizes[k]);
    tfu_text_puts(
        out,
        ",direction,algorithm,chosen,ms,direct_gflops,executed_gflops,gb_per_s,copy_gb_per_s\n");
    for (size_t i = 0; i < rows->count; i++) {
        const struct tfu_bench_row *r = &rows->row[i];
        const double bytes = 1e-9 * r->bytes;
        tfu_text_printf(out, "%s,%s,%" PRId64, r->name, r->operation, r->count);
        for (size_t k = 0; k < TFU_COUNT(sizes); k++) {
            const char *name = "";
            int64_t size;
            size_t n = 0;
            while (tfu_bench_row_size(r, n, &name, &size) && strcmp(name, sizes[k]) != 0)
                n++;
            tfu_text_puts(out, ",");
            if (strcmp(name, sizes[k]) == 0)
                tfu_text_printf(out, "%" PRId64, size);
        }
        tfu_text_printf(out, ",%s,%s,%d,%.4f,%.2f,%.2f,%.3f,%.3f\n",
                        tfu_direction_name(r->direction), r->algorithm, r->chosen, 1e3 * r->seconds,
                        2e-9 * r->multiply_adds / r->seconds, 2e-9 * r->executed / r->seconds,
                        bytes / r->seconds, bytes / r->copy_seconds);
    }
}

void tfu_bench_put_layers(struct tfu_text *out, const struct tfu_bench_rows *rows)
{
    const char *before = "";
    tfu_text_printf(out, "%-28s %-16s %-10s %10s %9s %9s %9s %9s\n", "layer", "direction",
                    "algorithm", "ms", "GFLOP/s", "executed", "GB/s", "copy");
    for (size_t i = 0; i < rows->count; i++) {
        const struct tfu_bench_row *r = &rows->row[i];
        const bool again = strcmp(before, r->name) == 0;
        tfu_text_printf(out, "%-28s %-16s %-9s%c %10.3f", again ? "" : r->name,
                        tfu_direction_name(r->direction), r->algorithm, r->chosen ? '*' : ' ',
                        1e3 * r->seconds);
        if (r->multiply_adds > 0)
            tfu_text_printf(out, " %9.1f %9.1f", 2e-9 * r->multiply_adds / r->seconds,
                            2e-9 * r->executed / r->seconds);
        else
            tfu_text_printf(out, " %9s %9s", "", "");
        tfu_text_printf(out, " %9.1f %9.1f\n", 1e-9 * r->bytes / r->seconds,
                        1e-9 * r->bytes / r->copy_seconds);
        before = r->name;
    }
    tfu_text_puts(
        out, "\n*: what the backend's predictions choose. GFLOP/s: counted as direct convolution; "
             "executed: what is really done.\n");
}

/* ---- the machine */

/* "32 KiB", "1.5 MiB", "24 GiB" */
static const char *size_text(uint64_t size, char out[32])
{
    static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    double bytes = (double)size;
    size_t unit = 0;
    for (; bytes >= 1024 && unit + 1 < TFU_COUNT(units); unit++)
        bytes /= 1024;
    snprintf(out, 32, "%.3g %s", bytes, units[unit]);
    return out;
}

static void put_program(struct tfu_text *out, const struct tfu_bench_system *s)
{
    char memory[32], available[32];
    tfu_text_printf(out, "transfuse    %s, compiled by %s%s\n", s->program.version,
                    s->program.compiler, s->program.optimised ? "" : ", not optimised");
    tfu_text_printf(out, "system       %s, %s, %s\n", s->machine.system, s->machine.kernel,
                    s->machine.libc);
    tfu_text_printf(out, "memory       %s, %s available\n", size_text(s->machine.memory, memory),
                    size_text(s->machine.memory_free, available));
}

static void put_processor(struct tfu_text *out, const struct tfu_processor *p,
                          const struct tfu_machine *m)
{
    int column = 13;
    tfu_text_printf(out, "processor    %s\n", p->name);
    tfu_text_printf(out, "             %s, family %u, model %u (0x%x), stepping %u\n", p->vendor,
                    p->family, p->model, p->model, p->stepping);
    tfu_text_printf(
        out, "             sockets %u, cores %u, threads %u; allowed to this process %u, used %u\n",
        m->sockets, m->cores, m->threads, m->allowed, m->available);
    tfu_text_printf(out, "load         %.1f processes that wanted to run, over the last minute\n",
                    m->load);
    tfu_text_printf(out, "instructions");
    for (uint32_t bit = 1; bit; bit <<= 1) {
        const char *set = p->sets & bit ? tfu_processor_set_name(bit) : NULL;
        if (!set)
            continue;
        if (column + (int)strlen(set) + 1 > 98) {
            tfu_text_printf(out, "\n            ");
            column = 13;
        }
        tfu_text_printf(out, " %s", set);
        column += (int)strlen(set) + 1;
    }
    tfu_text_puts(out, "\n");
}

static void put_caches(struct tfu_text *out, const struct tfu_machine *m)
{
    char size[32];
    for (uint32_t i = 0; i < m->cache_count; i++)
        tfu_text_printf(out, "%-12s L%u %s, %s, lines of %u bytes, shared by %u threads\n",
                        i == 0 ? "caches" : "", m->cache[i].level, m->cache[i].type,
                        size_text(m->cache[i].bytes, size), m->cache[i].line, m->cache[i].shared);
}

static void put_choice(struct tfu_text *out, const struct tfu_blas *b)
{
    switch (b->how) {
    case TFU_BLAS_LIBRARY:
        tfu_text_printf(out, "the library's own choice");
        break;
    case TFU_BLAS_USER:
        tfu_text_printf(out, "OPENBLAS_CORETYPE is '%s'", b->wanted);
        break;
    case TFU_BLAS_FITTED:
        tfu_text_printf(out, "chosen by transfuse; the library took %s, not knowing this processor",
                        b->took);
        break;
    case TFU_BLAS_STUCK:
        tfu_text_printf(
            out, "the library does not know this processor, and says that it did not take %s",
            b->wanted);
        break;
    case TFU_BLAS_NONE:
    case TFU_BLAS_OTHER:
    case TFU_BLAS_FIXED:
        tfu_text_printf(out, "the only one that it is built for");
    }
}

static void put_blas(struct tfu_text *out, const struct tfu_bench_system *s)
{
    const struct tfu_blas *b = &s->blas;
    if (b->how == TFU_BLAS_NONE) {
        tfu_text_printf(out, "BLAS         none%s%s\n", s->backend_error.text[0] ? ": " : "",
                        s->backend_error.text);
        return;
    }
    tfu_text_printf(out, "BLAS         %s\n", b->config[0] ? b->config : "not an OpenBLAS");
    tfu_text_printf(out, "             %s\n", b->file);
    if (b->core[0]) {
        tfu_text_printf(out, "             core type %s: ", b->core);
        put_choice(out, b);
        tfu_text_printf(out, "\n             its threads: %s; one is used in each of our tasks\n",
                        tfu_blas_parallel_name(b->parallel));
    }
}

/* A row of rates in units of 1e9. */
static void put_rates(struct tfu_text *out, const struct tfu_bench_system *s,
                      const struct tfu_bench_rate *row)
{
    tfu_text_printf(out, "  %-14s %-8s %10.1f", row->what, row->type, 1e-9 * row->rate[0]);
    if (s->rates > 1)
        tfu_text_printf(out, " %10.1f", 1e-9 * row->rate[1]);
    tfu_text_puts(out, "\n");
}

static void put_measured(struct tfu_text *out, const struct tfu_bench_system *s)
{
    char threads[32] = "", size[32];
    if (s->rates > 1)
        snprintf(threads, sizeof threads, " %u threads", s->threads);
    tfu_text_printf(out, "clock        %s, %.0f ns to look at it\n", s->machine.clock,
                    1e9 * s->clock_call);
    tfu_text_printf(out, "\n%-25s %10s%11s\n", "multiply-adds, GFLOP/s", "one thread", threads);
    for (size_t i = 0; i < s->peaks; i++)
        put_rates(out, s, &s->peak[i]);
    tfu_text_printf(out, "matrix products by the BLAS, GFLOP/s\n");
    for (size_t i = 0; i < TFU_COUNT(s->product); i++)
        put_rates(out, s, &s->product[i]);
    tfu_text_printf(out, "memory, GB/s read and written, %s\n",
                    size_text(s->memory[0].bytes, size));
    for (size_t i = 0; i < TFU_COUNT(s->memory); i++)
        put_rates(out, s, &s->memory[i]);
}

void tfu_bench_put_system(struct tfu_text *out, const struct tfu_bench_system *s)
{
    put_program(out, s);
    put_processor(out, &s->processor, &s->machine);
    put_caches(out, &s->machine);
    tfu_text_printf(out, "own loops    %s, vectors of %u bits\n", s->program.isa,
                    s->program.vector_bits);
    put_blas(out, s);
    put_measured(out, s);
}
