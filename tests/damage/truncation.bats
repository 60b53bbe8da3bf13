#!/usr/bin/env bats
# Evidence, keys and metadata that are cut at any byte: no crash, no verdict "verified", and what was cut is not
# called verified.

load ../cli/helper

setup_file() {
	load ../cli/helper
	cd "$BATS_FILE_TMPDIR" || return
	mk t --hours 2 --events 1
	head -n 1 t/metadata.jsonl >t/first.jsonl
}

# sweep STEP WHOLE TARGET ARGUMENT...: verifies with the cuts of a file, two at a time, each in a copy of the
# set of its own, in which TARGET is the file that is cut.  The results come to be in "results", and what
# becomes of the whole file in "control".
sweep() {
	local step=$1 whole=$2 target=$3 k
	shift 3
	for k in 1 2; do
		cp -r "$BATS_FILE_TMPDIR/t" "copy$k"
		# shellcheck disable=SC2086
		(cd copy$k && perl "$SOURCE_ROOT/tests/damage/sweep.pl" "$step" "$whole" "$target" $k/2 \
			${TRAIL_WRAP-} "$B/trail-verify" -f json -v -j 1 "$@") >results$k &
	done
	wait
	grep -hv "^{\"cut\":$(wc -c <"$whole")," results1 results2 >results
	grep -h "^{\"cut\":$(wc -c <"$whole")," results1 results2 >control
	[ "$step" -gt 1 ] || same "$(wc -c <"$whole")" "$(wc -l <results)"
	[ "$(wc -l <results)" -gt 20 ]
}

# never FILTER: no result for which it is true.
never() {
	local bad
	bad=$(jq -c "select($1) | [.cut, .status, .stderr, .result.verdict, .result.findings]" results | head -n 3)
	[ -z "$bad" ] || fail "$1: $bad"
}

# withstood: what holds for every cut of everything that was verified when it was whole.
withstood() {
	same "${1-0}" "$(jq .status control)"
	never '.status >= 128 or (.status | IN(0, 1, 2, 3) | not)'
	never '.stderr | test("Sanitizer|runtime error|Assertion")'
	never '(.status == 2) != (.result == null)'
	never '.status == 2 and .stderr == ""'
	never '.result != null and .result.verdict != {"0": "verified", "1": "findings", "3": "inconclusive"}[.status | tostring]'
}

# unproved OBJECT: no verdict "verified", and the object is not.
unproved() {
	never '.status == 0'
	never ".result | .digests[]?, .logs[]? | select(.object // .locator | endswith(\"$1\")) | .status == \"verified\""
}

# evidence PATTERN: an object of the set.
evidence() {
	cd "$BATS_FILE_TMPDIR/t" && find bucket -path "$1"
}

@test "a digest cut at every byte" {
	local object
	skip_under_wrap
	object=$(evidence '*_20240301T020131Z.json.gz')
	sweep 1 "$BATS_FILE_TMPDIR/t/$object" "$object" -k keys.json -m metadata.jsonl bucket
	withstood
	unproved "${object##*/}"
	never '.status == 2'
	# It is one digest that is damaged, and the other is whole.
	never '.result.summary.digests | .verified != 1 or .invalid > 1'
}

@test "a digest that is cut, without keys and as standard input" {
	local object
	skip_under_wrap
	object=$(evidence '*_20240301T010131Z.json.gz')
	sweep 3 "$BATS_FILE_TMPDIR/t/$object" cut -
	withstood 3
	unproved "${object##*/}"
	never '.status == 2'
}

@test "a log cut at every byte" {
	local object
	skip_under_wrap
	object=$(evidence '*/CloudTrail/*.json.gz')
	sweep 1 "$BATS_FILE_TMPDIR/t/$object" "$object" -k keys.json -m metadata.jsonl bucket
	withstood
	unproved "${object##*/}"
	never '.status != 1'
	never '.result.summary.digests.verified != 2'
}

@test "an inflated log that is cut" {
	local object
	skip_under_wrap
	object=$(evidence '*/CloudTrail/*.json.gz')
	gzip -dc "$BATS_FILE_TMPDIR/t/$object" >whole
	sweep 7 "$PWD/whole" "$object" -k keys.json -m metadata.jsonl bucket
	withstood
	unproved "${object##*/}"
	never '.status != 1'
}

@test "an inflated digest that is cut" {
	local object
	skip_under_wrap
	object=$(evidence '*_20240301T020131Z.json.gz')
	gzip -dc "$BATS_FILE_TMPDIR/t/$object" >whole
	sweep 7 "$PWD/whole" "$object" -k keys.json -m metadata.jsonl bucket
	withstood
	unproved "${object##*/}"
	never '.status == 2'
}

# archive FILE OPTION...: a tar without a byte too many; of all objects, or of the first digest.
archive() {
	tar -C "$BATS_FILE_TMPDIR/t/bucket" -b 1 --format=ustar --owner=0 --group=0 --mode=644 --mtime=@0 -cf "$1" --no-recursion \
	    -T <(cd "$BATS_FILE_TMPDIR/t/bucket" && find AWSLogs -type f -name "${2-*}" | sort) "${@:3}"
}

@test "a tar of one digest cut at every byte" {
	skip_under_wrap
	archive whole.tar '*_20240301T010131Z.json.gz'
	sweep 1 "$PWD/whole.tar" cut.tar -k keys.json -m first.jsonl cut.tar
	withstood
	never '.status == 0 or .status == 2'
}

@test "a tar of several objects, cut at and beside the blocks" {
	skip_under_wrap
	archive whole.tar
	sweep 128 "$PWD/whole.tar" cut.tar -k keys.json -m metadata.jsonl cut.tar
	withstood
	never '.status == 0 or .status == 2'
}

@test "a compressed tar of one digest cut at every byte" {
	skip_under_wrap
	archive whole.tar.gz '*_20240301T010131Z.json.gz' -z
	sweep 1 "$PWD/whole.tar.gz" cut.tar.gz -k keys.json -m first.jsonl cut.tar.gz
	withstood
	never '.status == 0 or .status == 2'
}

@test "a zip and a 7z that are cut" {
	skip_under_wrap
	(cd "$BATS_FILE_TMPDIR/t" && zip -qr "$BATS_TEST_TMPDIR/whole.zip" bucket && 7z a -bd "$BATS_TEST_TMPDIR/whole.7z" bucket >/dev/null)
	sweep 23 "$PWD/whole.zip" cut.zip -k keys.json -m metadata.jsonl cut.zip
	withstood
	never '.status == 0 or .status == 2'
	rm -r copy?
	sweep 23 "$PWD/whole.7z" cut.7z -k keys.json -m metadata.jsonl cut.7z
	withstood
	never '.status == 0 or .status == 2'
}

@test "a key file and a metadata file that are cut" {
	skip_under_wrap
	sweep 11 "$BATS_FILE_TMPDIR/t/keys.json" keys.json -k keys.json -m metadata.jsonl bucket
	withstood
	# Without its last byte, a line feed, it says what it said.
	same "$(($(wc -c <"$BATS_FILE_TMPDIR/t/keys.json") - 1))" "$(jq -r 'select(.status == 0).cut' results | xargs)"
	rm -r copy?
	sweep 11 "$BATS_FILE_TMPDIR/t/metadata.jsonl" metadata.jsonl -k keys.json -m metadata.jsonl bucket
	withstood
	same "$(($(wc -c <"$BATS_FILE_TMPDIR/t/metadata.jsonl") - 1))" "$(jq -r 'select(.status == 0).cut' results | xargs)"
}

@test "under the wrapper: some cuts of each" {
	local object n cut
	[ -n "${TRAIL_WRAP-}" ] || skip "all cuts are made"
	for object in $(cd "$BATS_FILE_TMPDIR/t" && find bucket -type f); do
		cp -r "$BATS_FILE_TMPDIR/t" copy
		n=$(wc -c <"copy/$object")
		for cut in 0 1 2 10 11 $((n / 3)) $((n / 2)) $((n - 9)) $((n - 8)) $((n - 1)); do
			head -c "$cut" "$BATS_FILE_TMPDIR/t/$object" >"copy/$object"
			run trail verify -k copy/keys.json -m copy/metadata.jsonl copy/bucket
			[[ $status =~ ^[13]$ ]] || fail "exit status $status"
		done
		rm -r copy
	done
}
