# SPDX-License-Identifier: MIT
# store.sh - sourced by tests of reports, behind experiment.sh: makes the store of a study file out of what
# store.csv and predictions.csv say, as if its cases had been trained.

# make_store FILE: a folder of a run for each of its cases of which store.csv has lines; those that failed
make_store() {
    "$TRANSFUSE" sweep plan "$1" --json >plan.json || return 1
    json plan.json 'cases[*].key' >keys
    json plan.json 'cases[*].name' | sed 's/[a-z]*=//g; s/ /,/g' >names
    paste -d ' ' keys names >cases
    mkdir -p store/.cases
    while read -r key name; do
        mkdir -p "store/.cases/$key"
        if grep -q "^$name," "$reports/store.csv"; then
            finished_run "$key" "$name"
        elif [ "$name" = cbr_tiny,narrow,20,1 ] || [ "$name" = cbr_tiny,narrow,20,3 ]; then
            printf '{"run": "", "attempts": 1, "failures": 1, "last": {"end": "failed", "sweep": "numbers", "exit": 1, "error": "the loss is not a number after step 3"}}\n' \
                >"store/.cases/$key/state.json"
        fi
    done <cases
}

# finished_run KEY ARCH,START,LIMIT,SEED
finished_run() {
    folder=store/small/$1
    mkdir -p "$folder/checkpoints"
    printf '{"run": "small/%s", "attempts": 1, "completed": 1, "seconds": 2, "last": {"end": "done"}}\n' "$1" \
        >"store/.cases/$1/state.json"
    arch=${2%%,*}
    limit=${2%,*}
    [ -f "$arch.yaml" ] || "$TRANSFUSE" config show small.yaml "arch.plugin=$arch" data.train.limit=1 >"$arch.yaml"
    sed -e "s/^seed: .*/seed: ${2##*,}/" -e "s/^    limit: 1$/    limit: ${limit##*,}/" "$arch.yaml" >"$folder/config.yaml"
    { echo step,epoch,split,metric,value,note && sed -n "s/^$2,//p" "$reports/store.csv"; } >"$folder/metrics.csv"
    awk -F, '{ seen[$4] } $4 == "auc" { auc = $5 } $4 == "loss" { loss = $5 }
        END { printf "{\"steps\": 16, \"seconds\": %d, \"metrics\": {\"test\": {", 2 + length(auc)
              if ("auc" in seen) printf "\"auc\": %s, ", auc == "" ? "null" : auc
              printf "\"loss\": %s}}}\n", loss }' "$folder/metrics.csv" >"$folder/summary.json"
    echo weights >"$folder/checkpoints/final.safetensors"
    if grep -q "^$2," "$reports/predictions.csv"; then
        { echo index,name,group,position,label,score.no,score.yes &&
            sed -n "s/^$2,//p" "$reports/predictions.csv" |
            awk -F, '{ printf "%d,%d,%d,0,%d,%.17g,%s\n", $1, $1, $2, $3, 1 - $4, $4 }'; } >"$folder/predictions.csv"
    fi
}
