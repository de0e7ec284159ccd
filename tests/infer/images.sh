# SPDX-License-Identifier: MIT
# images.sh - sourced by tests that need a run on folders of image files: $scratch/{train,test}, a
# folder a class with PNG files, and in `test` the same pixels as PPM files beside them.

cd "$scratch" || exit 99

# make_images: three classes of noise in red, green and blue, 20 x 24 pixels
make_images() {
    for split in train test; do
        for class in red green blue; do
            mkdir -p "$split/$class"
            for i in 0 1 2 3; do
                "$TOP_BUILDDIR/tests/support/make_picture" "$split/$class/$i" "$class" "$split$i" || exit 99
                [ $split = test ] || rm "$split/$class/$i.ppm"
            done
        done
    done
}

# train KEY=VALUE...: a run of a second
train() {
    cat >small.yaml <<'YAML'
seed: 3
task: {kind: classification, classes: 3}
arch: {plugin: cbr_tiny}
init: [{plugin: random, scheme: he_normal}]
data:
  train: {plugin: image_folder, folder: train, channels: 3, ignore: ["*.ppm"], resize: [16, 16], normalise: {preprocessing: torchvision}}
  test: {plugin: image_folder, folder: test, channels: 3, ignore: ["*.ppm"]}
train: {optimizer: {plugin: adam, lr: 1e-3}, batch: 6, steps: 6}
metrics: [{plugin: auc}]
threads: 1
YAML
    "$TRANSFUSE" run small.yaml --quiet "$@" >train.log 2>&1 || { cat train.log; exit 99; }
}

# run_folder OUTPUT: the folder of the one run there
run_folder() {
    set -- "$1"/small/*
    echo "$1"
}

# runs DESCRIPTION STATUS COMMAND...: as status_is; said() looks at what it printed, on both ways.
runs() {
    status_is "$@"
    cp "$out" said.out
    cp "$err" said.err
}

# said PATTERN: the last command printed a line that matches.
said() {
    cat said.out said.err | grep -E "$1"
}
