# SPDX-License-Identifier: MIT
# settings.sh - sourced by speed.sh and layers.sh, which say what the variables are: $folder is made.

transfuse=${TRANSFUSE:-transfuse}
networks=${BENCH_NETWORKS:-cbr_larget cbr_largew cbr_small cbr_tiny resnet50 inception_v3}
batch=${BENCH_BATCH:-8}
threads=${BENCH_THREADS:-$(nproc)}
steps=${BENCH_STEPS:-3}
pythons=${BENCH_PYTHON-/usr/bin/python3 python3}
here=$(dirname "$0")
peer=$here/torch_speed.py
export PYTHONDONTWRITEBYTECODE=1
mkdir -p "$folder"

# size_of NETWORK: the side of its images
size_of() {
    case $1 in
    inception_v3) echo "${BENCH_SIZE:-299}" ;;
    *) echo "${BENCH_SIZE:-224}" ;;
    esac
}
