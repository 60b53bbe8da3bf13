#!/usr/bin/env bats
# Threads: what a tool prints does not depend on how many there are.  Under "make check-tsan" also: none of them reads what another is
# writing (ThreadSanitizer then says so, and ends the tool with 66).

load helper

setup_file() {
	load helper
	cd "$BATS_FILE_TMPDIR" || return
	# Small objects, many of them: threads must hand over often.
	mk t --hours 6 --accounts 4 --regions us-east-1,eu-west-1,ap-south-1 --org o-exampleorg --logs 3 --events 6 --insight --stop 2:1:1 \
	    --tamper modify-log:h=1 --tamper delete-digest:h=3,n=2,r=1 --tamper forge-log:h=4,a=1 --tamper bad-gzip:h=2,r=2,which=digest
	tar -cf t.tar t/bucket
}

# alike TOOL OPTION...: one thread and four, three times: the same bytes, the same status, and nothing on standard error but what one says.
alike() {
	local tool=$1 want=0 got round
	shift
	trail "$tool" -j 1 "$@" >one 2>one.err || want=$?
	[[ $want =~ ^[013]$ ]] || fail "exit status $want: $(head -n 40 one.err)"
	[ -s one ]
	for round in 1 2 3; do
		got=0
		trail "$tool" -j 4 "$@" >four 2>four.err || got=$?
		same "$want $round" "$got $round"
		cmp one four
		cmp one.err four.err
	done
}

evidence() {
	echo -k "$BATS_FILE_TMPDIR/t/keys.json" -m "$BATS_FILE_TMPDIR/t/metadata.jsonl" "$BATS_FILE_TMPDIR/$1"
}

@test "trail-verify, over a folder and over an archive" {
	# shellcheck disable=SC2046
	alike verify -v -f json --reproducible $(evidence t/bucket)
	# shellcheck disable=SC2046
	alike verify -v -f json --reproducible $(evidence t.tar)
}

@test "trail-timeline, from one pass and with gaps and lineage" {
	# shellcheck disable=SC2046
	alike timeline -f jsonl --lineage $(evidence t/bucket)
	# shellcheck disable=SC2046
	alike timeline --gaps -f html --reproducible $(evidence t.tar)
}

@test "trail-timeline, merging runs" {
	local k
	for k in 1 2 3; do
		# shellcheck disable=SC2046
		trail timeline -f jsonl --shard $k/3 -o run-$k.jsonl $(evidence t/bucket) || [ $? -ne 2 ]
	done
	alike timeline --merge -f csv run-1.jsonl run-2.jsonl run-3.jsonl
}

@test "trail-gaps and trail-diff" {
	# shellcheck disable=SC2046
	alike gaps -f json --reproducible $(evidence t/bucket)
	cp -r "$BATS_FILE_TMPDIR/t/bucket" other
	find other -name '*_CloudTrail_*' | sort | head -n 5 | xargs rm
	# shellcheck disable=SC2046
	alike diff -f json --reproducible $(evidence t/bucket) other
}

@test "trail-carve, and what it proves" {
	local jobs got
	"$B/tests/gen/mkimage" -o i --keys-dir "$SOURCE_ROOT/tests/gen/keys" --size 24M >/dev/null
	for jobs in 1 4; do
		got=0
		trail carve -j "$jobs" --reproducible -k i/keys.json --digests i/bucket -m i/metadata.jsonl -o "out-$jobs" i/image.raw \
		    >"out-$jobs.txt" 2>&1 || got=$?
		[[ $got =~ ^[013]$ ]] || fail "exit status $got: $(head -n 40 "out-$jobs.txt")"
	done
	grep -q '"authentic"' out-4/carve.jsonl
	diff -r out-1 out-4
}

@test "trail-seal, and its --check" {
	local jobs
	for jobs in 1 4; do
		exits 0 trail seal --ledger $jobs.jsonl --action copied --case 1 --examiner x -j $jobs "$BATS_FILE_TMPDIR/t/bucket" "$BATS_FILE_TMPDIR/t.tar"
	done
	cmp 1.jsonl.d/0001.manifest.json 4.jsonl.d/0001.manifest.json
	alike seal --check --ledger 1.jsonl -f json --reproducible "$BATS_FILE_TMPDIR/t/bucket" "$BATS_FILE_TMPDIR/t.tar"
}
