/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "core/cli/bench_system.h"

static double number(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

static const char *text(const json_t *object, const char *key)
{
    const char *s = json_string_value(json_object_get(object, key));
    return s ? s : "";
}

/* "32 KiB", "1.5 MiB", "24 GiB" */
static const char *size_text(double bytes, char out[32])
{
    static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    size_t unit = 0;
    for (; bytes >= 1024 && unit + 1 < TFU_COUNT(units); unit++)
        bytes /= 1024;
    snprintf(out, 32, "%.3g %s", bytes, units[unit]);
    return out;
}

static void print_program(const json_t *program, const json_t *system)
{
    char memory[32], available[32];
    printf("transfuse    %s, compiled by %s%s\n", text(program, "version"),
           text(program, "compiler"),
           json_is_true(json_object_get(program, "optimised")) ? "" : ", not optimised");
    printf("system       %s, %s, %s\n", text(system, "system"), text(system, "kernel"),
           text(system, "libc"));
    printf("memory       %s, %s available\n", size_text(number(system, "memory"), memory),
           size_text(number(system, "memory_available"), available));
}

static void print_processor(const json_t *p, const json_t *system)
{
    size_t i;
    json_t *set;
    int column = 13;
    printf("processor    %s\n", text(p, "name"));
    printf("             %s, family %.0f, model %.0f (0x%x), stepping %.0f\n", text(p, "vendor"),
           number(p, "family"), number(p, "model"), (unsigned)number(p, "model"),
           number(p, "stepping"));
    printf(
        "             sockets %.0f, cores %.0f, threads %.0f; allowed to this process %.0f, used "
        "%.0f\n",
        number(p, "sockets"), number(p, "cores"), number(p, "threads"), number(p, "allowed"),
        number(p, "available"));
    printf("load         %.1f processes that wanted to run, over the last minute\n",
           number(system, "load"));
    printf("instructions");
    json_array_foreach(json_object_get(p, "instruction_sets"), i, set)
    {
        const int width = (int)strlen(json_string_value(set)) + 1;
        if (column + width > 98) {
            printf("\n            ");
            column = 13;
        }
        column += printf(" %s", json_string_value(set));
    }
    putchar('\n');
}

static void print_caches(const json_t *caches)
{
    size_t i;
    json_t *c;
    char size[32];
    json_array_foreach(caches, i, c)
        printf("%-12s L%.0f %s, %s, lines of %.0f bytes, shared by %.0f threads\n",
               i == 0 ? "caches" : "", number(c, "level"), text(c, "type"),
               size_text(number(c, "bytes"), size), number(c, "line"), number(c, "shared_by"));
}

static void print_choice(const json_t *b)
{
    const char *how = text(b, "chosen_by");
    if (strcmp(how, "library") == 0)
        printf("the library's own choice");
    else if (strcmp(how, "user") == 0)
        printf("OPENBLAS_CORETYPE is '%s'", text(b, "wanted"));
    else if (strcmp(how, "fitted") == 0)
        printf("chosen by transfuse; the library took %s, not knowing this processor",
               text(b, "took_by_itself"));
    else if (strcmp(how, "stuck") == 0)
        printf("the library does not know this processor, and says that it did not take %s",
               text(b, "wanted"));
    else
        printf("the only one that it is built for");
}

static void print_blas(const json_t *report)
{
    const json_t *b = json_object_get(report, "blas");
    if (!json_is_object(b)) {
        printf("BLAS         none%s%s\n", text(report, "backend_error")[0] ? ": " : "",
               text(report, "backend_error"));
        return;
    }
    printf("BLAS         %s\n", text(b, "config")[0] ? text(b, "config") : "not an OpenBLAS");
    printf("             %s\n", text(b, "file"));
    if (text(b, "core")[0]) {
        printf("             core type %s: ", text(b, "core"));
        print_choice(b);
        printf("\n             its threads: %s; one is used in each of our tasks\n",
               text(b, "threading"));
    }
}

/* A row of rates in units of 1e9. */
static void print_rates(const json_t *row, const char *first, const char *second)
{
    printf("  %-14s %-8s %10.1f", first, second, 1e-9 * number(row, "one_thread"));
    if (json_object_get(row, "all_threads"))
        printf(" %10.1f", 1e-9 * number(row, "all_threads"));
    putchar('\n');
}

static void print_measured(const json_t *report)
{
    const json_t *clock = json_object_get(report, "clock");
    size_t i;
    json_t *row;
    char threads[32], size[32];
    const double count = number(report, "measured_threads");
    snprintf(threads, sizeof threads, "%.0f threads", count);
    printf("clock        %s, %.0f ns to look at it\n",
           text(json_object_get(report, "system"), "clock"), 1e9 * number(clock, "call_seconds"));
    printf("\n%-25s %10s%s%10s\n", "multiply-adds, GFLOP/s", "one thread", count > 1 ? " " : "",
           count > 1 ? threads : "");
    json_array_foreach(json_object_get(report, "peak"), i, row)
        print_rates(row, text(row, "instructions"), text(row, "type"));
    printf("matrix products by the BLAS, GFLOP/s\n");
    json_array_foreach(json_object_get(report, "products"), i, row) print_rates(
        row, text(row, "function"), text(row, "function")[0] == 's' ? "float32" : "float64");
    row = json_array_get(json_object_get(report, "memory"), 0);
    printf("memory, GB/s read and written, %s\n", size_text(number(row, "bytes"), size));
    json_array_foreach(json_object_get(report, "memory"), i, row)
        print_rates(row, text(row, "what"), "");
}

void tfu_bench_system_print(const json_t *report)
{
    const json_t *system = json_object_get(report, "system");
    const json_t *program = json_object_get(report, "program");
    print_program(program, system);
    print_processor(json_object_get(report, "processor"), system);
    print_caches(json_object_get(report, "caches"));
    printf("own loops    %s, vectors of %.0f bits\n", text(program, "isa"),
           number(program, "vector_bits"));
    print_blas(report);
    print_measured(report);
}
