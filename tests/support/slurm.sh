# SPDX-License-Identifier: MIT
# slurm.sh - sourced after tap.sh by tests that need a cluster: Slurm with one node, this machine, without
# systemd, cgroups or a database, on 127.0.0.1 alone. All of it lies in $scratch/slurm.
#
#   cluster_start || { skip ...; done_testing; }    # $cluster_why says why not
#   sbatch ...; squeue ...; cluster_kill_node; cluster_start_node
#
# It ends with the script, however that ends: a process of its own waits for that (cluster_guard).

# shellcheck disable=SC2154,SC2034 # tap.sh sets some, others are for who sources this
PATH=$PATH:/usr/sbin:/sbin
cluster=$scratch/slurm

# alive PID: a process that runs; one that is dead and not yet waited for is not
alive() {
    case $(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null) in '' | Z* | X*) return 1 ;; esac
}

# by_polling TENTHS COMMAND...: until it succeeds
by_polling() {
    by_polling_left=$1
    shift
    until "$@" >/dev/null 2>&1; do
        by_polling_left=$((by_polling_left - 1))
        [ "$by_polling_left" -gt 0 ] || return 1
        sleep 0.1
    done
}

# cluster_configuration PORT: what differs from the defaults, and why
cluster_configuration() {
    me=$(id -un)
    cat <<CONF
ClusterName=test
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort=$1
SlurmdPort=$(($1 + 1))
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
SlurmUser=$me
SlurmdUser=$me
AuthType=auth/munge
CredType=cred/munge
# a job that was requeued waits until its old credential has expired: 120 s by default
AuthInfo=socket=$cluster/munge.sock,cred_expire=5
MpiDefault=none
MailProg=/bin/true
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=0,bf_interval=1
SwitchType=switch/none
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
MaxArraySize=${cluster_array_size:-1001}
ReturnToService=2
KillWait=5
MessageTimeout=2
SlurmctldTimeout=10
SlurmdTimeout=5
SlurmctldPidFile=$cluster/slurmctld.pid
SlurmdPidFile=$cluster/slurmd.pid
StateSaveLocation=$cluster/state
SlurmdSpoolDir=$cluster/spool
SlurmctldLogFile=$cluster/slurmctld.log
SlurmdLogFile=$cluster/slurmd.log
SlurmctldDebug=info
SlurmdDebug=info
# tasks that wait for a gate are no work: more of them than there are processors
SlurmdParameters=config_overrides
NodeName=localhost NodeHostname=localhost NodeAddr=127.0.0.1 CPUs=8 State=UNKNOWN
PartitionName=short Nodes=localhost Default=YES MaxTime=INFINITE PriorityTier=1 State=UP
PartitionName=urgent Nodes=localhost MaxTime=INFINITE PriorityTier=10 State=UP
CONF
}

# node_is STATE: a * behind it says that the node does not answer
node_is() {
    cluster_node=$(timeout 5 sinfo -h -p short -o %T 2>/dev/null)
    [ "${cluster_node%[*]}" = "$1" ]
}

# A daemon stays in the foreground, so that its process is the one that is known here.
cluster_start_node() {
    slurmd -D -f "$cluster/slurm.conf" -N localhost 9>&- </dev/null >/dev/null 2>&1 &
    echo $! >"$cluster/slurmd.now"
}

# As when the power fails: the daemon, what it started, and the jobs themselves.
cluster_kill_node() {
    kill -KILL "$(cat "$cluster/slurmd.now")" 2>/dev/null
    cluster_kill_steps
}

# The processes of jobs: those that have this cluster in their environment, but for the daemons' and ours.
cluster_kill_steps() {
    for cluster_environment in /proc/[0-9]*/environ; do
        cluster_pid=${cluster_environment#/proc/}
        cluster_pid=${cluster_pid%/environ}
        if tr '\0' '\n' 2>/dev/null <"$cluster_environment" | grep -qx "SLURM_CONF=$cluster/slurm.conf" &&
            { tr '\0' '\n' <"$cluster_environment" | grep -q '^SLURM_JOB_ID=' ||
                grep -q '^slurmstepd' "/proc/$cluster_pid/comm"; } 2>/dev/null; then
            kill -KILL "$cluster_pid" 2>/dev/null
        fi
    done
}

# Whatever else has the cluster's folder in its command line, such as a daemon whose number nobody wrote down.
cluster_kill_rest() {
    for cluster_pid in /proc/[0-9]*/cmdline; do
        if tr '\0' '\n' 2>/dev/null <"$cluster_pid" | grep -qF "$cluster/"; then
            cluster_pid=${cluster_pid#/proc/}
            kill -KILL "${cluster_pid%/cmdline}" 2>/dev/null
        fi
    done
}

# What the cluster is made of, stopped by the numbers of its processes.
cluster_stop() {
    for cluster_pid in "$cluster"/*.now; do
        kill -TERM "$(cat "$cluster_pid")" 2>/dev/null
    done
    for cluster_pid in "$cluster"/*.now; do
        cluster_pid=$(cat "$cluster_pid")
        cluster_left=30
        while alive "$cluster_pid" && [ "$cluster_left" -gt 0 ]; do
            cluster_left=$((cluster_left - 1))
            sleep 0.1
        done
        kill -KILL "$cluster_pid" 2>/dev/null
    done
    cluster_kill_steps
    cluster_kill_rest
}

# A process that stops the cluster when this script has ended: it reads a pipe that only the script has open
# for writing. It has a session of its own and is deaf from its birth, so that whoever ends the script with all
# of its process group, as `timeout` does, does not end it.
cluster_guard() {
    mkfifo "$cluster/alive"
    # shellcheck disable=SC2094
    exec 9<>"$cluster/alive" 8<"$cluster/alive" # in this order neither waits for another
    trap '' INT TERM HUP
    # shellcheck disable=SC2016
    scratch=$scratch setsid sh -c '. "$0" && cat <&8 >/dev/null && cluster_stop; rm -rf "$scratch"' \
        "$TOP_SRCDIR/tests/support/slurm.sh" 9>&- </dev/null >/dev/null 2>&1 &
    cluster_guard_pid=$!
    exec 8<&-
    # tap.sh would remove the folder at once, under the daemons
    trap 'exec 9>&-; wait "$cluster_guard_pid"' EXIT
    trap 'exit 1' INT TERM HUP
}

# True when all programs are there and a cluster is up, else $cluster_why says what is missing.
cluster_start() {
    for cluster_program in munged slurmctld slurmd sbatch squeue scontrol scancel; do
        command -v "$cluster_program" >/dev/null || {
            cluster_why="no $cluster_program (packages slurmctld slurmd slurm-client munge)"
            return 1
        }
    done
    [ ${#cluster} -lt 90 ] || {
        cluster_why="the path of a socket would be too long"
        return 1
    }
    # munged wants every folder above its socket to be open to all
    chmod 0755 "$scratch" && mkdir -m 0755 "$cluster" "$cluster/state" "$cluster/spool" || return 1
    (umask 077 && head -c 1024 /dev/urandom >"$cluster/munge.key")
    cluster_guard
    munged --foreground --key-file="$cluster/munge.key" --socket="$cluster/munge.sock" \
        --pid-file="$cluster/munged.pid" --log-file="$cluster/munged.log" \
        --seed-file="$cluster/munge.seed" 9>&- </dev/null >"$cluster/munged.out" 2>&1 &
    echo $! >"$cluster/munged.now"
    SLURM_CONF=$cluster/slurm.conf
    export SLURM_CONF
    for cluster_try in 1 2 3 4 5; do
        cluster_configuration $((20000 + ($$ * 2 + cluster_try * 2000) % 12000)) >"$cluster/slurm.conf"
        slurmctld -D -i -f "$cluster/slurm.conf" 9>&- </dev/null >"$cluster/slurmctld.out" 2>&1 &
        cluster_pid=$!
        echo "$cluster_pid" >"$cluster/slurmctld.now"
        cluster_start_node
        for cluster_left in $(seq 100); do
            node_is idle && return 0
            alive "$cluster_pid" || break
            alive "$(cat "$cluster/slurmd.now")" || break
            sleep 0.1
        done
        kill -TERM "$cluster_pid" "$(cat "$cluster/slurmd.now")" 2>/dev/null
        wait "$cluster_pid"
    done
    cluster_why="it does not come up here: $(tail -3 "$cluster"/slurm*.log | tr '\n' ' ')"
    return 1
}
