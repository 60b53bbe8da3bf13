#!/usr/bin/env bats
# Shards as a job array of Slurm: the recipe of README.md, run by a controller and a node on this machine, gives what one run gives.

load helper

# block WORD: the first sh block of the README with that word.
block() {
	awk -v word="$1" '
	/^```sh/ { text = ""; inside = 1; next }
	/^```/ { if (inside && index(text, word)) { printf "%s", text; exit } inside = 0; next }
	inside { text = text $0 "\n" }' "$SOURCE_ROOT/README.md"
}

configuration() {
	local port=$((20000 + RANDOM % 20000))
	cat <<-END
		ClusterName=trail
		SlurmctldHost=localhost(127.0.0.1)
		SlurmUser=root
		AuthType=auth/munge
		AuthInfo=socket=$PWD/munge.sock
		CredType=cred/munge
		SlurmctldPort=$port
		SlurmdPort=$((port + 1))
		SlurmctldPidFile=$PWD/slurmctld.pid
		SlurmdPidFile=$PWD/slurmd.pid
		SlurmctldLogFile=$PWD/slurmctld.log
		SlurmdLogFile=$PWD/slurmd.log
		StateSaveLocation=$PWD/state
		SlurmdSpoolDir=$PWD/spool
		ProctrackType=proctrack/linuxproc
		TaskPlugin=task/none
		JobAcctGatherType=jobacct_gather/none
		AccountingStorageType=accounting_storage/none
		MpiDefault=none
		SelectType=select/cons_tres
		SelectTypeParameters=CR_Core
		ReturnToService=2
		SchedulerParameters=sched_interval=1,batch_sched_delay=0
		NodeName=localhost NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
		PartitionName=all Nodes=localhost Default=YES MaxTime=INFINITE State=UP
	END
}

missing_part() {
	local program
	for program in slurmctld slurmd sbatch sinfo munged; do
		command -v $program >/dev/null || PATH=$PATH:/usr/sbin command -v $program >/dev/null || { echo "$program is not installed"; return; }
	done
	[ "$(id -u)" -eq 0 ] || echo "not root"
}

# Starts the daemons, each with its files in the folder of this test file, and waits for the node.
start() {
	local i
	mkdir state spool
	head -c 128 /dev/urandom >munge.key
	chmod 600 munge.key
	munged --force --socket="$PWD/munge.sock" --key-file="$PWD/munge.key" --pid-file="$PWD/munged.pid" --log-file="$PWD/munged.log" \
	    --seed-file="$PWD/munged.seed" 2>/dev/null
	configuration >slurm.conf
	export SLURM_CONF=$PWD/slurm.conf
	slurmctld -f "$SLURM_CONF" 3>&- 4>&-
	slurmd -f "$SLURM_CONF" -N localhost 3>&- 4>&-
	for i in {1..60}; do
		[[ $(sinfo --noheader --format=%t 2>/dev/null) != idle ]] || return 0
		sleep 0.5
	done
	cat slurmctld.log slurmd.log munged.log >&2
	return 1
}

setup_file() {
	load helper
	export PATH=$PATH:/usr/sbin
	[ -z "$(missing_part)" ] || return 0
	cd "$BATS_FILE_TMPDIR" || return
	mk org --org o-exampleorg --accounts 5 --regions us-east-1,eu-west-1,ap-south-1 --hours 4 --logs 2 --events 3 \
	    --tamper modify-log:h=1,a=2 --tamper delete-digest:h=2,a=3,r=1 --tamper delete-newest:n=3,a=4,r=1 --tamper forge-log:h=2,a=1
	start
}

teardown_file() {
	local daemon
	for daemon in slurmd slurmctld munged; do
		[ ! -s "$BATS_FILE_TMPDIR/$daemon.pid" ] || kill "$(cat "$BATS_FILE_TMPDIR/$daemon.pid")"
	done
}

setup() {
	skip_under_wrap
	local why
	why=$(missing_part)
	[ -z "$why" ] || skip "$why"
	export SLURM_CONF=$BATS_FILE_TMPDIR/slurm.conf SOURCE_DATE_EPOCH=0 PATH=$B:$PATH
	cd "$BATS_TEST_TMPDIR" || return
	cp "$BATS_FILE_TMPDIR/org/keys.json" "$BATS_FILE_TMPDIR/org/metadata.jsonl" .
	ln -s "$BATS_FILE_TMPDIR/org/bucket" copy
	block '#SBATCH' >shards.sh
	block 'sbatch --wait' >submit
	[ -s shards.sh ] && [ -s submit ]
}

@test "an organization, in shards under Slurm, is judged as by one run" {
	local whole=0
	exits 1 timeout 300 sh submit
	trail verify -f json -k keys.json -m metadata.jsonl -o whole.json copy || whole=$?
	same 1 "$whole"
	cmp whole.json result.json || fail "$(diff whole.json result.json | head -n 20)"
	# It was Slurm that did it, and no shard did all.
	[ "$(find . -name 'shard-*.json' | wc -l)" -eq 8 ]
	same "$(json '.summary.objects' result.json)" "$(jq -s 'map(.summary.objects) | add' shard-*.json)"
	[ "$(jq -s 'map(select(.summary.objects > 0)) | length' shard-*.json)" -gt 3 ]
}

@test "a shard without a result fails its job, and nothing is merged" {
	sed -i 's/copy$/nowhere/' shards.sh
	run timeout 300 sh submit
	[ "$status" -ne 0 ]
	[ ! -e result.json ]
	grep -q nowhere shard-1.log
}
