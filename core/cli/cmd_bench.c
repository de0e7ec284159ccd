/* SPDX-License-Identifier: MIT
 *
 * transfuse bench: images a second, peak memory, and the time of each layer. Training and inference
 * are measured in a process each, so that the peak memory of each is its own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/cli/bench_layers.h"
#include "core/cli/bench_system.h"
#include "core/cli/option.h"
#include "core/cli/output.h"

static void print_help(void)
{
    fputs(
        "usage: transfuse bench ARCH|CONFIG [options] [KEY=VALUE...]\n"
        "       transfuse bench --system [--threads N] [--json]\n\n"
        "Times training (forward, backward, Adam) and inference on random images: the median of\n"
        "some steps after one to warm up. KEY=VALUE sets options of the architecture, or puts\n"
        "values over those of the configuration.\n\n"
        "  --batch N          8\n"
        "  --size N           224: side of the images\n"
        "  --channels N       3\n"
        "  --classes N        5\n"
        "  --threads N        all that this process may use\n"
        "  --steps N          5\n"
        "  --backend B        cpu\n"
        "  --algorithm OP=A   force an algorithm: conv2d=im2col, conv2d/forward=im2col; or say "
        "what\n"
        "                     is preferred ('conv2d=winograd4, any'), or left out\n"
        "                     ('conv2d=not winograd7')\n"
        "  --measure          choose algorithms by measuring them, and remember what was measured\n"
        "  --timings FILE     where; by default in the user's cache. Without --measure the file\n"
        "                     is read only\n"
        "  --only WHAT        training or inference\n"
        "  --layers           every algorithm on each kind of layer, alone, instead\n"
        "  --system           instead: processor, caches, instruction sets, the BLAS and its core\n"
        "                     type, and how fast each and the memory are; for a report of "
        "slowness\n"
        "  --json             JSON instead of tables\n"
        "  --csv              CSV instead of a table (with --layers)\n",
        stdout);
}

struct result {
    json_t *json; /* NULL: not measured */
    double peak_bytes;
};

/* Measures in a child process; the result comes back through a pipe. */
static int measure(struct tfu_cli *cli, const struct tfu_bench_request *r, struct result *out)
{
    int ends[2];
    fflush(stdout);
    if (pipe(ends) != 0) {
        perror("transfuse bench: cannot make a pipe");
        return TFU_EXIT_FAILED;
    }
    const pid_t child = fork();
    if (child < 0) {
        perror("transfuse bench: cannot start a process");
        close(ends[0]);
        close(ends[1]);
        return TFU_EXIT_FAILED;
    }
    if (child == 0) {
        close(ends[0]);
        json_t *json = NULL;
        int status = tfu_bench_run(cli, r, &json);
        if (json && json_dumpfd(json, ends[1], 0) != 0)
            status = TFU_EXIT_FAILED;
        json_decref(json);
        exit(status);
    }
    close(ends[1]);
    out->json = json_loadfd(ends[0], 0, NULL);
    close(ends[0]);
    int status = 0;
    struct rusage usage;
    if (wait4(child, &status, 0, &usage) != child)
        return TFU_EXIT_FAILED;
    out->peak_bytes = 1024.0 * (double)usage.ru_maxrss;
    if (WIFSIGNALED(status)) {
        fprintf(stderr, "transfuse: error: the measurement was ended by signal %d (%s)\n",
                WTERMSIG(status), strsignal(WTERMSIG(status)));
        return TFU_EXIT_FAILED;
    }
    return WEXITSTATUS(status) == 0 && !out->json ? TFU_EXIT_FAILED : WEXITSTATUS(status);
}

static double number(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

static const char *text(const json_t *object, const char *key)
{
    const char *s = json_string_value(json_object_get(object, key));
    return s ? s : "";
}

/* A rate, or blanks where there is none. */
static void print_rate(double flops, double seconds)
{
    if (flops > 0 && seconds > 0)
        printf(" %9.1f", flops / seconds);
    else
        printf(" %9s", "");
}

static void print_layers(const json_t *json, bool training)
{
    size_t i;
    json_t *layer;
    printf("\n%s, a step:\n  %-40s %-12s %9s %9s", training ? "training" : "inference", "layer",
           "forward", "ms", "GFLOP/s");
    if (training)
        printf("  %-12s %9s %9s", "backward", "ms", "GFLOP/s");
    putchar('\n');
    json_array_foreach(json_object_get(json, "layers"), i, layer)
    {
        const double flops = 2e-9 * number(layer, "multiply_adds");
        const double forward = number(layer, "forward_seconds");
        const double backward = number(layer, "backward_seconds");
        char name[256];
        snprintf(name, sizeof name, "%s%s", text(layer, "name"), text(layer, "then"));
        printf("  %-40s %-12s %9.2f", name, text(layer, "forward_algorithm"), 1e3 * forward);
        print_rate(flops, forward);
        if (training) {
            printf("  %-12s %9.2f", text(layer, "backward_algorithm"), 1e3 * backward);
            /* each gradient that is computed is as much work as the forward pass */
            print_rate(flops * number(layer, "gradients"), backward);
        }
        putchar('\n');
    }
}

static void print_tables(const struct result result[2])
{
    for (int i = 0; i < 2; i++)
        if (result[i].json) {
            const json_t *j = result[i].json;
            if (i == 0 || !result[0].json)
                printf("%s, batch %.0f, %.0fx%.0fx%.0f, %.0f threads, backend %s\n\n",
                       text(j, "arch"), number(j, "batch"), number(j, "height"), number(j, "width"),
                       number(j, "channels"), number(j, "threads"), text(j, "backend"));
            printf("%-10s %9.2f images/s, %9.2f ms a step, peak memory %.0f MiB\n",
                   i == 0 ? "training" : "inference", number(j, "batch") / number(j, "seconds"),
                   1e3 * number(j, "seconds"), result[i].peak_bytes / (1 << 20));
        }
    for (int i = 0; i < 2; i++)
        if (result[i].json)
            print_layers(result[i].json, i == 0);
}

static int print_dump(const json_t *json)
{
    char *dump = json_dumps(json, JSON_INDENT(2));
    if (dump)
        fprintf(tfu_cli_output(), "%s\n", dump);
    free(dump);
    return dump ? TFU_EXIT_OK : TFU_EXIT_FAILED;
}

static int print_json(const struct result result[2])
{
    json_t *root = json_object();
    static const char *const names[] = {"training", "inference"};
    for (int i = 0; i < 2; i++)
        if (result[i].json) {
            json_t *j = json_deep_copy(result[i].json);
            json_object_set_new(j, "images_per_second",
                                json_real(number(j, "batch") / number(j, "seconds")));
            json_object_set_new(j, "peak_bytes", json_integer((json_int_t)result[i].peak_bytes));
            json_object_set_new(root, names[i], j);
        }
    const int status = print_dump(root);
    json_decref(root);
    return status;
}

/* What the command line says. */
struct wish {
    struct tfu_bench_request request;
    struct tfu_algorithm_choice *algorithm;
    const char *only;
    bool json, csv, layers, system, help;
};

static int parse(int argc, char **argv, struct wish *w)
{
    struct tfu_bench_request *r = &w->request;
    int status = TFU_EXIT_OK;
    const struct {
        const char *name;
        int64_t *value, min, max;
    } numbers[] = {{"--size", &r->model.size, 1, 1 << 16},
                   {"--channels", &r->model.channels, 1, 1 << 16},
                   {"--classes", &r->model.classes, 1, 1 << 20},
                   {"--batch", &r->model.batch, 1, 1 << 20},
                   {"--threads", &r->threads, 0, 1024},
                   {"--steps", &r->steps, 1, 10000}};
    for (int i = 1; i < argc && status == TFU_EXIT_OK; i++) {
        const char *a = argv[i];
        char *next = i + 1 < argc ? argv[i + 1] : NULL;
        size_t k = 0;
        while (k < TFU_COUNT(numbers) && strcmp(a, numbers[k].name) != 0)
            k++;
        if (k < TFU_COUNT(numbers)) {
            tfu_model_number("bench", a, next, numbers[k].min, numbers[k].max, numbers[k].value,
                             &status);
            i++;
        } else if (strcmp(a, "--backend") == 0 && next) {
            r->model.backend = argv[++i];
        } else if (strcmp(a, "--algorithm") == 0 && next && strchr(next, '=')) {
            char *equals = strchr(next, '=');
            *equals = '\0';
            w->algorithm[r->algorithm_count++] = (struct tfu_algorithm_choice){next, equals + 1};
            i++;
        } else if (strcmp(a, "--measure") == 0) {
            r->measure = true;
        } else if (strcmp(a, "--timings") == 0 && next) {
            r->timings = argv[++i];
        } else if (strcmp(a, "--only") == 0 && next) {
            w->only = argv[++i];
        } else if (strcmp(a, "--csv") == 0) {
            w->csv = true;
        } else if (strcmp(a, "--layers") == 0) {
            w->layers = true;
        } else if (strcmp(a, "--system") == 0) {
            w->system = true;
        } else if (strcmp(a, "--json") == 0) {
            w->json = true;
        } else if (strcmp(a, "--help") == 0 || strcmp(a, "-h") == 0) {
            w->help = true;
        } else if (a[0] == '-' && a[1]) {
            status = tfu_cli_usage("bench", "unknown option '%s', or its value is missing", a);
        } else if (!r->model.what) {
            r->model.what = a;
        } else if (tfu_cli_is_pair(a)) {
            r->model.pair[r->model.pair_count++] = a;
        } else {
            status = tfu_cli_usage("bench", "'%s' is one architecture too many", a);
        }
    }
    if (status != TFU_EXIT_OK || w->help)
        return status;
    if (w->system && r->model.what)
        return tfu_cli_usage("bench", "--system is about the machine and takes no '%s'",
                             r->model.what);
    if (!r->model.what && !w->system)
        return tfu_cli_usage("bench", "the architecture is missing");
    if (w->csv && !w->layers)
        return tfu_cli_usage("bench", "--csv goes with --layers; --json is there for the rest");
    if (w->only && strcmp(w->only, "training") != 0 && strcmp(w->only, "inference") != 0)
        return tfu_cli_usage("bench", "--only takes training or inference, not '%s'", w->only);
    return TFU_EXIT_OK;
}

static int run_layers(struct tfu_cli *cli, const struct wish *w)
{
    json_t *rows;
    int status = tfu_bench_layers(cli, &w->request, &rows);
    if (status == TFU_EXIT_OK && w->json)
        status = print_dump(rows);
    else if (status == TFU_EXIT_OK && w->csv)
        tfu_bench_layers_csv(rows);
    else if (status == TFU_EXIT_OK)
        tfu_bench_layers_print(rows);
    json_decref(rows);
    return status;
}

static int run(struct tfu_cli *cli, struct wish *w)
{
    struct result result[2] = {{.json = NULL}};
    int status = TFU_EXIT_OK;
    for (int i = 0; i < 2 && status == TFU_EXIT_OK; i++) {
        w->request.training = i == 0;
        if (!w->only || (w->only[0] == 't') == w->request.training)
            status = measure(cli, &w->request, &result[i]);
        cli->no_notes = true; /* said by the first process */
    }
    if (status == TFU_EXIT_OK && w->json)
        status = print_json(result);
    else if (status == TFU_EXIT_OK)
        print_tables(result);
    json_decref(result[0].json);
    json_decref(result[1].json);
    return status;
}

int tfu_cmd_bench(struct tfu_cli *cli, int argc, char **argv)
{
    struct wish w = {.request = {.steps = 5}};
    w.request.model.pair = calloc((size_t)argc, sizeof *w.request.model.pair);
    w.algorithm = calloc((size_t)argc, sizeof *w.algorithm);
    w.request.algorithm = w.algorithm;
    int status = TFU_EXIT_FAILED;
    if (w.request.model.pair && w.algorithm)
        status = parse(argc, argv, &w);
    if (status == TFU_EXIT_OK && w.help)
        print_help();
    else if (status == TFU_EXIT_OK && w.system)
        status = tfu_bench_system(cli, (uint32_t)w.request.threads, w.json);
    else if (status == TFU_EXIT_OK)
        status = w.layers ? run_layers(cli, &w) : run(cli, &w);
    free(w.request.model.pair);
    free(w.algorithm);
    return status;
}
