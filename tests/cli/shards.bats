#!/usr/bin/env bats
# Any number of shards, merged in any order, is one run, byte for byte: drawn by lot each time.  A failure names the number.

load helper

setup_file() {
	load helper
	cd "$BATS_FILE_TMPDIR" || return
	mk t --org o-exampleorg --accounts 4 --regions us-east-1,eu-west-1,ap-south-1 --hours 10 --logs 2 --events 3 --trail own \
	    --insight --stop 3:2 --tamper delete-digest:h=2,n=2,r=1,a=2 --tamper modify-log:h=1 --tamper delete-newest:n=2,a=3,r=2 \
	    --tamper forge-log:h=1,a=1 --tamper bad-gzip:h=2,r=2,which=digest
	printf '\x1f\x8bxx' >t/bucket/AWSLogs/o-exampleorg/unreadable.json.gz
	mk quiet --hours 4 --accounts 2 --regions us-east-1,eu-west-1
}

# by_lot: three numbers of shards, small ones too.
by_lot() {
	echo $((RANDOM % 4 + 1)) $((RANDOM % 12 + 2)) $((RANDOM % 60 + 10))
}

# in_shards TOOL N FORM OPTION...: the result of all shards of a run, merged, is that of one run, and so is the exit status.
in_shards() {
	local tool=$1 n=$2 form=$3 whole=0 merged=0 k
	shift 3
	rm -f shard-* whole merged
	trail "$tool" -q -f "$form" --reproducible "$@" >whole || whole=$?
	[[ $whole =~ ^[013]$ ]] || fail "exit status $whole"
	for ((k = 1; k <= n; k++)); do
		trail "$tool" -q -j 1 -f "$form" --reproducible --shard "$k/$n" -o "shard-$k" "$@" || [[ $? =~ ^[13]$ ]]
	done
	# shellcheck disable=SC2046
	trail "$tool" -q --merge -f "$form" --reproducible $(printf '%s\n' shard-* | sort -R) >merged || merged=$?
	cmp whole merged || fail "$tool in $n shards: $(diff whole merged | head -n 20 | cut -c -300)"
	same "$tool $n: $whole" "$tool $n: $merged"
}

evidence() {
	echo -k "$BATS_FILE_TMPDIR/$1/keys.json" -m "$BATS_FILE_TMPDIR/$1/metadata.jsonl" "$BATS_FILE_TMPDIR/$1/bucket"
}

@test "trail-verify" {
	local n
	for n in $(by_lot); do
		# shellcheck disable=SC2046
		in_shards verify "$n" json $(evidence t)
	done
}

@test "trail-gaps" {
	local n
	for n in $(by_lot); do
		# shellcheck disable=SC2046
		in_shards gaps "$n" json --lineage $(evidence t)
	done
	# One call blinded all accounts: the shards of each name it, and it is one event.
	jq -e '(.gaps | length > 9) and (.impairments | length == 1) and (.skipped | length > 0)' whole >/dev/null
	in_shards gaps $((RANDOM % 9 + 2)) json --lineage -k "$SOURCE_ROOT/testdata/gaps/keys.json" "$SOURCE_ROOT/testdata/gaps/bucket"
	jq -e '.impairments | length > 5' whole >/dev/null
	# shellcheck disable=SC2046
	in_shards gaps $((RANDOM % 9 + 2)) json --min 3h $(evidence t)
	# shellcheck disable=SC2046
	in_shards gaps $((RANDOM % 9 + 2)) json --account 111122223333 $(evidence t)
	# shellcheck disable=SC2046
	in_shards gaps $((RANDOM % 9 + 2)) json $(evidence quiet)
	same verified "$(json .verdict whole)"
	in_shards gaps 3 json "$BATS_FILE_TMPDIR/quiet/bucket"
	same inconclusive "$(json .verdict whole)"
}

@test "trail-timeline" {
	local n
	for n in $(by_lot); do
		# shellcheck disable=SC2046
		in_shards timeline "$n" jsonl $(evidence quiet)
	done
}

@test "one of the results may be standard input" {
	local k t
	for t in verify gaps; do
		# shellcheck disable=SC2046
		trail $t -f json --reproducible $(evidence quiet) >whole || [ $? -ne 2 ]
		for k in 1 2; do
			# shellcheck disable=SC2046
			trail $t -f json --reproducible --shard $k/2 -o $k.json $(evidence quiet) || [ $? -ne 2 ]
		done
		trail $t --merge -f json --reproducible 1.json - <2.json >merged || [ $? -ne 2 ]
		cmp whole merged
		exits 2 trail $t --merge -f json - - <2.json
		says "more than once"
	done
}

@test "trail-gaps --merge refuses what is no whole set" {
	local k b=$BATS_FILE_TMPDIR/quiet/bucket
	for k in 1 2 3; do
		trail gaps -f json --shard $k/3 -o $k.json "$b" || [ $? -eq 3 ]
	done
	trail gaps -f json --shard 3/3 -o other.json "$BATS_FILE_TMPDIR/t/bucket" || [ $? -ne 2 ]
	trail verify -f json --shard 3/3 -o verify.json "$b" || [ $? -ne 2 ]
	exits 2 trail gaps --merge -f json 1.json 2.json
	says "shard 3 of 3 is missing"
	exits 2 trail gaps --merge -f json 1.json 2.json 2.json
	says "is given twice"
	exits 2 trail gaps --merge -f json 1.json 2.json other.json
	says "the evidence was another"
	exits 2 trail gaps --merge -f json 1.json 2.json verify.json
	says "is no JSON result of trail-gaps"
	exits 2 trail verify --merge 1.json 2.json 3.json
	says "is no JSON result of trail-verify"
	exits 2 trail gaps --merge -f json
	says "no RESULT given"
	exits 2 trail gaps --merge 1.json 2.json 3.json
	says "give -f json"
	exits 2 trail gaps --merge -f json --lineage 1.json 2.json 3.json
	exits 2 trail gaps --merge -f json --min 1h 1.json 2.json 3.json
	exits 2 trail gaps --merge -f json -k "$b/../keys.json" 1.json 2.json 3.json
	jq 'del(.coverage)' 3.json >broken.json
	exits 2 trail gaps --merge -f json -o out.json 1.json 2.json broken.json
	says 'has no list "coverage"'
	[ ! -e out.json ]
	jq '.verdict = "fine"' 3.json >broken.json
	exits 2 trail gaps --merge -f json 1.json 2.json broken.json
	says "no usable verdict"
}
