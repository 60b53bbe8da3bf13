#!/usr/bin/env bats
# trail-timeline: runs over shards, merged, are one run, byte for byte.

load helper

setup_file() {
	load helper
	cd "$BATS_FILE_TMPDIR" || return
	mk t --hours 4 --accounts 3 --regions us-east-1,eu-west-1,ap-south-1 --logs 1 --events 4 --seed 5
	cp -r t/bucket/AWSLogs/111122223333/CloudTrail copies
}

ev() {
	echo "$BATS_FILE_TMPDIR/$1"
}

# sharded N OPTION...: run-1.jsonl to run-N.jsonl, and whole.jsonl.
sharded() {
	local n=$1 k
	shift
	trail timeline -f jsonl -o whole.jsonl "$@" || [[ $? =~ ^[13]$ ]]
	[ "$(wc -l <whole.jsonl)" -gt 20 ]
	for ((k = 1; k <= n; k++)); do
		trail timeline -f jsonl --shard "$k/$n" -o "run-$k.jsonl" "$@" || [[ $? =~ ^[13]$ ]]
	done
}

@test "shards of a bucket, merged in any order" {
	local n
	for n in 1 2 3 7; do
		rm -f run-*.jsonl
		sharded $n "$(ev t)/bucket"
		same "$(wc -l <whole.jsonl)" "$(cat run-*.jsonl | wc -l)"
		# shellcheck disable=SC2046
		exits 0 trail timeline --merge -f jsonl -o merged.jsonl $(printf '%s\n' run-*.jsonl | sort -R)
		cmp whole.jsonl merged.jsonl
	done
	[ "$(wc -l <run-1.jsonl)" -lt "$(wc -l <whole.jsonl)" ]
}

@test "shards with proof, lineage and duplicates" {
	# shellcheck disable=SC2046
	sharded 3 -k "$(ev t)/keys.json" -m "$(ev t)/metadata.jsonl" --lineage "$(ev t)/bucket" "$(ev copies)"
	exits 0 trail timeline --merge -f jsonl -o merged.jsonl run-3.jsonl run-1.jsonl run-2.jsonl
	cmp whole.jsonl merged.jsonl
}

@test "every format of the merged runs is that of one run" {
	local format
	sharded 3 "$(ev t)/bucket"
	for format in csv timesketch jsonl html text; do
		trail timeline -f $format --reproducible "$(ev t)/bucket" >want
		trail timeline --merge -f $format --reproducible run-*.jsonl >have
		[ "$format" = text ] || [ "$format" = html ] || cmp want have || fail $format
		same "$format $(grep -c 'us-east-1\|use1' want)" "$format $(grep -c 'us-east-1\|use1' have)"
	done
	trail timeline -f csv --columns event_id,locator "$(ev t)/bucket" >want
	trail timeline --merge -f csv --columns event_id,locator run-*.jsonl | cmp want -
}

@test "one run in, one run out" {
	trail timeline -f jsonl "$(ev t)/bucket" >whole.jsonl
	trail timeline --merge -f jsonl whole.jsonl | cmp whole.jsonl -
	trail timeline --merge -f jsonl --memory 16M whole.jsonl | cmp whole.jsonl -
}

@test "runs over different evidence: copies become one row again" {
	mkdir a b
	event x 2024-03-01T10:00:00Z A >a/1.json
	event x 2024-03-01T10:00:00Z A >b/2.json
	event y 2024-03-01T10:00:01Z B >>b/2.json
	trail timeline -f jsonl a >a.jsonl
	trail timeline -f jsonl b >b.jsonl
	exits 0 trail timeline --merge -f jsonl b.jsonl a.jsonl
	same "x y" "$(column event_id)"
	same "b/2.json#0 a/1.json#0" "$(json 'select(.event_id == "x") | "\(.locator)#\(.record_index) \(.also_in[] | "\(.locator)#\(.record_index)")"' |
		xargs -n 1 | sort -r | xargs)"
	says "1 duplicate"
}

@test "runs that contradict each other: exit 1, both shown" {
	mkdir a b
	event x 2024-03-01T10:00:00Z A >a/1.json
	event x 2024-03-01T10:00:00Z A '.sourceIPAddress = "203.0.113.1"' >b/2.json
	trail timeline -f jsonl a >a.jsonl
	trail timeline -f jsonl b >b.jsonl
	exits 1 trail timeline --merge -f jsonl a.jsonl b.jsonl
	same "x x" "$(column event_id)"
	says a/1.json
	says b/2.json
}

@test "a conflict inside a run is one after the merge, too" {
	mkdir a
	event x 2024-03-01T10:00:00Z A >a/1.json
	event x 2024-03-01T10:00:00Z A '.sourceIPAddress = "203.0.113.1"' >a/2.json
	trail timeline -f jsonl a >a.jsonl || [ $? -eq 1 ]
	exits 1 trail timeline --merge -f jsonl a.jsonl
	rows 2
}

@test "lines of a console CSV, which name no account, join their records after the merge as well" {
	local account
	for account in 1 2 3 4 5 6; do
		event "e$account" 2024-03-01T10:00:00Z A ".recipientAccountId = \"$account\"" >"$account.json"
	done
	echo "Event name,Event time,Event source,Event ID,AWS region,Source IP address" >console.csv
	printf 'A,2024-03-01T10:00:00Z,s3.amazonaws.com,e%s,eu-west-1,192.0.2.7\n' 1 2 3 4 >>console.csv
	echo 'A,2024-03-01T10:00:00Z,s3.amazonaws.com,e5,eu-west-1,192.0.2.8' >>console.csv
	echo 'A,2024-03-01T10:00:00Z,s3.amazonaws.com,alone,eu-west-1,192.0.2.8' >>console.csv
	cp console.csv twice.csv
	timeline 1 ./*.json ./*.csv
	printf '%s\n' "$output" >want
	rows 8
	local k
	for k in 1 2 3; do
		trail timeline -q -f jsonl --shard $k/3 -o run-$k.jsonl ./*.json ./*.csv
	done
	exits 1 trail timeline --merge -f jsonl run-2.jsonl run-3.jsonl run-1.jsonl
	same "$(cat want)" "$output"
	exits 1 trail timeline --merge -f jsonl want
	same "$(cat want)" "$output"
}

# merged STATUS FOLDER...: the runs over the folders, merged, are one run over all of them, with this exit status.
merged() {
	local want=$1 folder runs=()
	shift
	for folder; do
		trail timeline -q -f jsonl -o "run-of-$folder" "$folder" || [[ $? =~ ^[13]$ ]]
		runs=("run-of-$folder" "${runs[@]}")
	done
	exits "$want" trail timeline -f jsonl "$@"
	printf '%s\n%s\n' "$output" "$stderr" >one
	exits "$want" trail timeline --merge -f jsonl "${runs[@]}"
	same "$(cat one)" "$(printf '%s\n%s\n' "$output" "$stderr")"
}

@test "versions that differ in what is no column are a conflict after the merge, too; equal ones are none" {
	mkdir a b c
	event x 2024-03-01T10:00:00Z A '.requestParameters = {bucketName: "one", list: [1, 2]}' >a/1.json
	event x 2024-03-01T10:00:00Z A '.requestParameters = {bucketName: "two", list: [1, 2]}' >b/1.json
	event x 2024-03-01T10:00:00Z A '.requestParameters = {list: [1, 2], bucketName: "one"}' |
		jq -S . | sed 's/\[$/[ /; s/"one"/"\\u006fne"/; s/ 1,$/ 1.0,/' >c/1.json
	grep -q u006f c/1.json && grep -q 1.0 c/1.json
	merged 0 a c
	rows 1
	says "1 duplicate"
	merged 1 a b
	rows 2
	merged 1 a b c
	rows 2
	says "2 events, 1 duplicate, 1 conflict"
	local k
	for k in 1 2 3; do
		trail timeline -q -f jsonl --shard $k/3 -o shard-$k a b c || [ $? -eq 1 ]
	done
	exits 1 trail timeline --merge -f jsonl shard-*
	rows 2
}

@test "a conflict of which a run hides a version is one after the merge" {
	mkdir a
	event x 2024-03-01T10:00:00Z A >a/1.json
	event x 2024-03-01T10:00:00Z A '.userIdentity.accessKeyId = "AKIAOTHER"' >a/2.json
	exits 1 trail timeline -f jsonl -o run.jsonl --session AKIAALICE a
	same 1 "$(wc -l <run.jsonl)"
	exits 1 trail timeline --merge -f jsonl run.jsonl
	same "$(cat run.jsonl)" "$output"
}

@test "records without an id, copies and their places come in the order of one run" {
	local i
	mkdir z m k a
	for i in 1 2 3; do
		event - 2024-03-01T10:00:00Z "N$i" 'del(.eventID)' >>m/1.json
		event - 2024-03-01T10:00:00Z "Z$i" 'del(.eventID)' >>z/1.json
		event - 2024-03-01T10:00:00Z "A$i" 'del(.eventID)' >>k/1.json
	done
	for i in z m k z m a m z; do
		event x 2024-03-01T10:00:00Z A >>$i/2.json
	done
	for i in {1..12}; do
		event y 2024-03-01T10:00:00Z A >>m/1.json
	done
	merged 0 a k m z
	says "11 events, 18 duplicates"
	same "a/2.json m/1.json" "$(json 'select(.also_in) | .locator' | xargs)"
	same "3 4 5 6 7 8 9 10 11 12 13 14" \
		"$(json 'select(.event_id == "y") | .record_index, .also_in[].record_index' | xargs)"
}

@test "of copies the best proved one is shown after the merge, as in one run" {
	local t
	t=$(ev t)
	trail timeline -f records "$t/bucket" >copies.json
	trail timeline -q -f jsonl -o run-1 -k "$t/keys.json" copies.json || [ $? -eq 3 ]
	trail timeline -q -f jsonl -o run-2 -k "$t/keys.json" -m "$t/metadata.jsonl" "$t/bucket" || [[ $? =~ ^[13]$ ]]
	trail timeline -q -f jsonl -o want -k "$t/keys.json" -m "$t/metadata.jsonl" copies.json "$t/bucket" || [[ $? =~ ^[13]$ ]]
	grep -q '"integrity":"verified".*copies.json' want
	trail timeline -q --merge -f jsonl run-1 run-2 | cmp want -
	trail timeline -q --merge -f jsonl run-2 run-1 | cmp want -
}

@test "places that another program wrote in another order of members are read all the same" {
	mkdir a
	event x 2024-03-01T10:00:00Z A >a/1.json
	cp a/1.json a/2.json
	trail timeline -f jsonl a >run.jsonl
	jq -cS . run.jsonl | sed 's/{"locator":"\([^"]*\)","record_index":0}/{"record_index":0,"locator":"\1"}/' >sorted.jsonl
	grep -q '"record_index":0,"locator"' sorted.jsonl
	trail timeline --merge -f jsonl sorted.jsonl | cmp run.jsonl -
}

@test "lines without the digest of their record are refused: a conflict could be lost" {
	mkdir a
	event x 2024-03-01T10:00:00Z A >a/1.json
	trail timeline -f jsonl a | jq -c 'del(.record_sha256)' >run.jsonl
	exits 2 trail timeline --merge -f jsonl run.jsonl
	says record_sha256
	event - 2024-03-01T10:00:00Z A 'del(.eventID)' >a/1.json
	trail timeline -f jsonl a | jq -c 'del(.record_sha256)' >run.jsonl
	exits 0 trail timeline --merge -f jsonl run.jsonl
}

@test "a merge finds a temporary folder by itself" {
	trail timeline -q -f jsonl -o whole.jsonl "$(ev t)/bucket"
	exits 0 env -u TMPDIR "$B/trail-timeline" --merge -f jsonl --memory 16M whole.jsonl
	exits 2 env TMPDIR=/nonexistent "$B/trail-timeline" --merge -f jsonl whole.jsonl
	says /nonexistent
}

@test "what is no run is refused, exit 2" {
	trail timeline -f jsonl "$(ev t)/bucket" >whole.jsonl
	echo rubbish >rubbish
	exits 2 trail timeline --merge -f jsonl rubbish
	says rubbish
	exits 2 trail timeline --merge -f jsonl whole.jsonl /nonexistent
	says "/nonexistent: No such file"
	head -c -20 whole.jsonl >cut.jsonl
	exits 2 trail timeline --merge -f jsonl -o out cut.jsonl
	says cut.jsonl
	[ ! -e out ]
	{ cat whole.jsonl; echo '{"a": 1}'; } >odd.jsonl
	exits 2 trail timeline --merge -f jsonl odd.jsonl
	says odd.jsonl
	: >empty.jsonl
	exits 0 trail timeline --merge -f jsonl empty.jsonl whole.jsonl
	same "$(md5sum <whole.jsonl)" "$(printf '%s\n' "$output" | md5sum)"
}

@test "a run that was sorted otherwise by hand is put in order, or refused" {
	trail timeline -f jsonl "$(ev t)/bucket" >whole.jsonl
	tac whole.jsonl >back.jsonl
	run --separate-stderr trail timeline --merge -f jsonl back.jsonl
	[ "$status" -eq 2 ] || same "$(cat whole.jsonl)" "$output"
}

# confined COMMAND...: expects that the command, once it waits for standard input, can do no more than read it.
confined() {
	local i pid
	rm -f in
	mkfifo in
	"$@" <in >/dev/null 2>&1 &
	pid=$!
	exec 5>in
	for ((i = 0; i < 100; i++)); do
		! grep -q '^Seccomp:.*2$' "/proc/$pid/status" || break
		sleep 0.05
	done
	grep '^NoNewPrivs:\|^Seccomp:' "/proc/$pid/status" | tr -d '\t' >state || :
	exec 5>&-
	wait "$pid"
	same "NoNewPrivs:1 Seccomp:2" "$(paste -sd ' ' state)"
}

@test "runs are read in the sandbox, as evidence is" {
	skip_under_wrap
	trail timeline -V -v | grep -q 'seccomp filter' || skip "no seccomp here"
	trail timeline -f jsonl "$(ev t)/bucket" >whole.jsonl
	confined "$B/trail-timeline" --merge -f csv -
	confined "$B/trail-timeline" --merge -f html -o out.html whole.jsonl -
	[ -s out.html ]
}

@test "a run that does not exist is refused before any is read" {
	exits 2 timeout 10 "$B/trail-timeline" --merge -f jsonl - /nonexistent < <(sleep 20)
	says "/nonexistent: No such file"
}

@test "--merge -o does not write over what it reads" {
	trail timeline -f jsonl "$(ev t)/bucket" >whole.jsonl
	cp whole.jsonl keep
	exits 2 trail timeline --merge -f csv -o whole.jsonl whole.jsonl
	cmp keep whole.jsonl
}

@test "a line that never ends is refused, and read no further than its cap" {
	head -c 70000000 /dev/zero | tr '\0' x >run.jsonl
	exits 2 trail timeline --merge run.jsonl
	says "run.jsonl, line 1: longer than the cap"
}

@test "what is no jsonl of trail-timeline is named as that, whatever is wrong with it" {
	local no
	for no in '{' '[]' 'time,name' '{"PublicKeyList": [' '{"event_time":"2024-03-01T00:00:00Z"}'; do
		printf '%s\n' "$no" >run.jsonl
		exits 2 trail timeline --merge run.jsonl
		says "run.jsonl, line 1: not the jsonl of trail-timeline"
	done
}

@test "any number of threads gives the same, and the first line that is wrong is the one that is told" {
	local j first
	mk big --hours 6 --logs 8 --events 80
	trail timeline -q -f jsonl -o whole.jsonl big/bucket
	[ "$(wc -c <whole.jsonl)" -gt 1500000 ] # cut into several pieces
	awk 'NR % 3 != 0' whole.jsonl >a.jsonl
	awk 'NR % 3 == 0' whole.jsonl | sed 's/$/\r/' | head -c -2 >b.jsonl # ends without a line feed
	for j in 1 2 7; do
		exits 0 trail timeline -q --merge -j $j -f jsonl -o merged-$j.jsonl a.jsonl b.jsonl
		cmp whole.jsonl merged-$j.jsonl
	done
	first=$(($(wc -l <a.jsonl) - 200))
	sed -i "$first s/.*/{/; $((first + 20)) s/.*/[]/; \$ s/.*/x/" a.jsonl
	echo y >b.jsonl
	for j in 1 2 7; do
		exits 2 trail timeline -q --merge -j $j -f jsonl -o merged.jsonl a.jsonl b.jsonl
		says "a.jsonl, line $first: "
	done
}
