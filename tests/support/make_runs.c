/* SPDX-License-Identifier: MIT
 *
 * make_runs STORE COUNT [FIRST]: writes COUNT folders of finished runs, small but complete, with 20
 * lines of metrics each: STORE/big/ID. What they say follows from their numbers, which begin at
 * FIRST.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char config[] =
    "seed: %d\nname: big\n"
    "task:\n  kind: classification\n  loss: softmax\n  classes: 5\n"
    "  class_names: [sandal, shirt, sneaker, bag, \"ankle boot\"]\n  loss_mean: examples\n"
    "arch:\n  plugin: %s\n  padding: same\n  width: 1.0\n  slim:\n    from: \"\"\n    divide: 2\n"
    "  variant: params\n  truncate: \"\"\n"
    "init:\n  - plugin: %s\n    scheme: he_normal\n    fan: auto\n    gain: 0.0\n"
    "    truncated: false\n    deviation: 0.01\n    bound: 0.05\n    value: 0.0\n    bias: 0.0\n"
    "    scale: 1.0\n    shift: 0.0\n    match: []\n    stages: []\n    strip: \"\"\n"
    "    sha256: \"\"\n    preprocessing: \"\"\n    dictionary: \"\"\n    channels: refuse\n"
    "    flatten: unknown\n    head: load\n    allow_missing: []\n    allow_mismatched: []\n"
    "    allow_unexpected: []\n"
    "data:\n  workers: 1\n  train:\n    plugin: idx\n    images: /data/train-images.gz\n"
    "    labels: /data/train-labels.gz\n    classes: [5, 6, 7, 8, 9]\n    limit: %d\n"
    "    limit_per_class: 400\n    limit_seed: 0\n    decode: full\n    transforms: []\n"
    "  test:\n    plugin: idx\n    images: /data/test-images.gz\n    labels: /data/test-labels.gz\n"
    "    classes: [5, 6, 7, 8, 9]\n    limit: 0\n    limit_per_class: 1000\n    limit_seed: 0\n"
    "    decode: full\n    transforms: []\n"
    "train:\n  optimizer:\n    plugin: adam\n    lr: %g\n    beta1: 0.9\n    beta2: 0.999\n"
    "    eps: 1.0e-08\n    weight_decay: 0.0\n    decay: decoupled\n  batch: 32\n  epochs: 0\n"
    "  steps: 100\n  drop_last: false\n  memory: normal\n  freeze:\n    through: \"\"\n"
    "    match: []\n    batchnorm: frozen\n  schedule:\n    kind: constant\n    warmup: 0\n"
    "    milestones: []\n    gamma: 0.1\n    floor: 0.0\n  clip_norm: 0.0\n  evaluate:\n"
    "    every_steps: 10\n    every_epochs: 0\n    batch: 250\n  monitor: valid\n"
    "  early_stopping:\n    patience: 0\n    min_delta: 0.0\n    metric: \"\"\n  threshold:\n"
    "    metric: auc\n    value: 0.95\n  checkpoint:\n    every_steps: 15\n    keep: 2\n"
    "metrics:\n  - plugin: auc\n  - plugin: accuracy\n  - plugin: loss\n"
    "backend:\n  plugin: cpu\n  isa: auto\nalgorithm: {}\ndeterministic: true\ntimings: \"\"\n"
    "output: runs\nthreads: 1\n";

static const char environment[] =
    "{\n  \"sessions\": [\n    {\n      \"started\": \"2026-03-%02dT12:%02d:%02dZ\",\n"
    "      \"step\": 0,\n      \"transfuse\": \"0.1.0\",\n      \"abi\": \"2.0\",\n"
    "      \"compiler\": \"12.2.0\",\n      \"host\": {\"name\": \"node%d\", \"system\": "
    "\"Linux\",\n"
    "        \"cpu\": \"a processor\", \"processors\": 2, \"threads\": 1},\n"
    "      \"blas\": null,\n      \"data\": {\"train\": \"%064d\", \"test\": \"%064d\"},\n"
    "      \"plugins\": {\"arch/cbr_tiny\": {\"version\": \"1.0\", \"path\": "
    "\"/lib/cbr_tiny.so\",\n"
    "        \"sha256\": \"%064d\", \"shipped\": true}}\n    }\n  ]\n}\n";

/* A number in [0, 1) that looks like chance. */
static double chance(unsigned n)
{
    uint64_t x = (n + 1) * UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (double)((x ^ (x >> 31)) >> 11) / 9007199254740992.0;
}

static FILE *begin(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    if (!f) {
        perror(path);
        exit(1);
    }
    return f;
}

static void make_folder(const char *path)
{
    if (mkdir(path, 0777) != 0 && errno != EEXIST) {
        perror(path);
        exit(1);
    }
}

static void write_run(const char *store, int n)
{
    static const char *const arch[] = {"cbr_tiny", "resnet50", "cbr_larget", "inception_v3"};
    static const char *const init[] = {"random", "pretrained"};
    char folder[2048], path[2100];
    snprintf(folder, sizeof folder, "%s/big/%012x", store, (unsigned)n * 2654435761U);
    make_folder(folder);
    FILE *f = begin(folder, "config.yaml");
    fprintf(f, config, n % 5, arch[n / 5 % 4], init[n / 20 % 2], n / 40 % 3 * 500,
            n % 2 ? 1e-3 : 1e-4);
    fclose(f);
    f = begin(folder, "env.json");
    fprintf(f, environment, 1 + n % 28, n / 60 % 60, n % 60, n % 7, n, n, n);
    fclose(f);
    f = begin(folder, "metrics.csv");
    fputs("step,epoch,split,metric,value,note\n", f);
    double auc = 0;
    for (int i = 1; i <= 10; i++) {
        auc = 0.5 + 0.5 * chance((unsigned)(n * 16 + i));
        fprintf(f, "%d,%d,train,loss,%.9g,\n%d,%d,test,auc,%.9g,\n", i * 10, i,
                chance((unsigned)(n * 31 + i)), i * 10, i, auc);
    }
    fclose(f);
    f = begin(folder, "init.txt");
    fputs("all parameters: random\n", f);
    fclose(f);
    f = begin(folder, "identity.yaml");
    fprintf(f, "seed: %d\n", n);
    fclose(f);
    snprintf(path, sizeof path, "%s/checkpoints", folder);
    make_folder(path);
    f = begin(path, "final.safetensors");
    fputs("none", f);
    fclose(f);
    f = begin(folder, "summary.json");
    fprintf(f,
            "{\"steps\": 100, \"epochs\": 10.0, \"stopped_early\": false, \"metrics\": {\"test\": "
            "{\"auc\": %.17g, \"accuracy\": %.17g, \"loss\": %.17g}}, \"best\": null, "
            "\"steps_to_threshold\": null, \"seconds\": %.3f, \"images_per_second\": 10.0, "
            "\"peak_memory_bytes\": 1000}\n",
            auc, chance((unsigned)n), chance((unsigned)n + 7), 10 + chance((unsigned)n) * 100);
    fclose(f);
}

int main(int argc, char **argv)
{
    char folder[2048];
    if (argc < 3 || strlen(argv[1]) > 1000) {
        fprintf(stderr, "usage: make_runs STORE COUNT [FIRST]\n");
        return 2;
    }
    make_folder(argv[1]);
    snprintf(folder, sizeof folder, "%s/big", argv[1]);
    make_folder(folder);
    const int count = atoi(argv[2]), first = argc > 3 ? atoi(argv[3]) : 0;
    for (int n = first; n < first + count; n++)
        write_run(argv[1], n);
    return 0;
}
