#!/bin/sh
# Cases of the sweep 'demo', level 1, a task each: see transfuse(1) and slurm.md.
#SBATCH --job-name=demo-1a2b3c4d
#SBATCH --array=0-2%4
#SBATCH --output="/scratch/50%% done/.sweeps/demo.slurm/%A_%a.txt"
#SBATCH --open-mode=append
#SBATCH --requeue
#SBATCH --signal=B:USR1@300
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=8
#SBATCH --partition=long
#SBATCH --account=lab7
#SBATCH --qos=normal
#SBATCH --time=2-12:00:00
#SBATCH --mem=8G
#SBATCH --dependency=afterany:41:42
#SBATCH --constraint=avx2
#SBATCH --mail-type=END

case $SLURM_ARRAY_TASK_ID in
0) cases=00aa11bb22cc ;;
1) cases=33dd44ee55ff,66007711aa22 ;;
2) cases=99bb88cc77dd ;;
*) echo "no task $SLURM_ARRAY_TASK_ID here" >&2; exit 2 ;;
esac
task=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID
restarts=${SLURM_RESTART_COUNT:-0}
requeues=20
stop='/scratch/50% done/.sweeps/demo.stop'
stop_before=''
echo "$(date '+%Y-%m-%d %H:%M:%S') task $task on $(uname -n), start $((restarts + 1)): $cases"
if [ "$restarts" -gt "$requeues" ]; then
    echo "started $restarts times before, as often as it may be; its state is kept" >&2
    exit 75
fi
stopped() {
    [ "$(cat "$stop" 2>/dev/null)" != "$stop_before" ]
}
if stopped; then
    echo "not begun: the sweep was asked to stop since this was submitted"
    exit 75
fi
cd '/home/user/my study' || exit 1
export TRANSFUSE_PLUGIN_PATH='/a b:/c'
module load gcc
. "$HOME/env"

'/opt/trans fuse/bin/transfuse' --plugin-path '/home/user/my plugins:/opt/p' sweep run '/home/user/it'\''s.yaml' train.steps=3 --only "$cases" --alone --jobs 1 --threads "${SLURM_CPUS_PER_TASK:-1}" &
program=$!
# told to end, for whatever reason: the program saves its state and leaves with 75
trap 'told=yes; kill -TERM "$program" 2>/dev/null' USR1 TERM INT
status=127
told=yes
while [ -n "$told" ]; do
    told=
    wait "$program"
    now=$?
    [ "$now" = 127 ] || status=$now
done
[ "$status" = 75 ] || exit "$status"

trap '' USR1 TERM INT
if stopped; then
    echo "interrupted, as the sweep was asked to stop; its state is kept"
elif [ "$restarts" -ge "$requeues" ]; then
    echo "interrupted, and started $((restarts + 1)) times, as often as it may be; its state is kept"
elif ! scontrol show job "$task" 2>/dev/null | grep -q 'JobState=RUNNING'; then
    echo "interrupted; whether it goes on is up to Slurm, or to who submits it again; its state is kept"
elif scontrol requeue "$task"; then
    echo "interrupted, and put into the queue again"
else
    echo "interrupted; to go on it has to be submitted again; its state is kept"
fi
exit 75
