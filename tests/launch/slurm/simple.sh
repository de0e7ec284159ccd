#!/bin/sh
# Cases of the sweep 'demo', level 0, a task each: see transfuse(1) and slurm.md.
#SBATCH --job-name=demo-1a2b3c4d
#SBATCH --array=0-2
#SBATCH --output="/store/.sweeps/demo.slurm/%A_%a.txt"
#SBATCH --open-mode=append
#SBATCH --requeue
#SBATCH --signal=B:USR1@120
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1

case $SLURM_ARRAY_TASK_ID in
0) cases=00aa11bb22cc ;;
1) cases=33dd44ee55ff,66007711aa22 ;;
2) cases=99bb88cc77dd ;;
*) echo "no task $SLURM_ARRAY_TASK_ID here" >&2; exit 2 ;;
esac
task=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID
restarts=${SLURM_RESTART_COUNT:-0}
requeues=2
stop=demo.stop
stop_before=before
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
cd . || exit 1

./program sweep run study.yaml --only "$cases" --alone --jobs 1 --threads "${SLURM_CPUS_PER_TASK:-1}" &
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
