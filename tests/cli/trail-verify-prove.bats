#!/usr/bin/env bats
# trail-verify --prove: the proof of one object, of which every step is repeated here by the printed command.

load helper

setup_file() {
	load helper
	cd "$BATS_FILE_TMPDIR" || return
	mk t --hours 6 --logs 2
	mk rotated --hours 6 --rotate-hours 2 --metadata heads
}

ev() {
	echo "$BATS_FILE_TMPDIR/$1"
}

# digest HOUR: a part of its key.
digest() {
	printf '_20240301T%02d0131Z' $(($1 + 1))
}

# log HOUR [SET]: the name of its first log.
log() {
	gzip -dc "$(find "$(ev "${2-t}")/bucket" -name "*CloudTrail-Digest*$(digest "$1").json.gz")" | jq -r '.logFiles[0].s3Object | split("/") | last'
}

# repeat [FILE]: runs all commands of the proof, in $output, in one shell, and compares what each prints.
repeat() {
	local line n=0 proof=${1-output.proof}
	[ $# -gt 0 ] || printf '%s\n' "$output" >"$proof"
	mkdir -p steps
	rm -f steps/*
	while IFS= read -r line; do
		case $line in
		'   $ '*)
			n=$((n + 1))
			printf '{ %s\n} >steps/%d.out 2>steps/%d.err || echo "step %d: exit status $?" >&2\n' "${line:5}" $n $n $n >>steps/script
			: >steps/$n.want
			;;
		'   > '*) printf '%s\n' "${line:5}" >>steps/$n.want ;;
		esac
	done <"$proof"
	[ $n -gt 0 ] || fail "no commands" || return
	same "" "$(sh steps/script 2>&1)" || return
	while [ $n -gt 0 ]; do
		[ ! -s steps/$n.err ] || fail "step $n: $(cat steps/$n.err)" || return
		cmp steps/$n.want steps/$n.out || fail "step $n" || return
		n=$((n - 1))
	done
}

# proves OBJECT OPTION...: the proof holds, with openssl at its end, and by hand too.
proves() {
	exits 0 trail verify --prove "$@"
	same "" "$stderr"
	same "PROVED" "$(grep -oE '^(NOT )?PROVED' <<<"$output")"
	prints "   > Verified OK"
	repeat
}

# no_proof STATUS OBJECT OPTION...: it does not hold, and what is printed is true all the same.
no_proof() {
	local want=$1
	shift
	exits "$want" trail verify --prove "$@"
	same "NOT PROVED" "$(grep -oE '^(NOT )?PROVED' <<<"$output")"
}

@test "a log and a digest by their metadata" {
	local all=(-k "$(ev t/keys.json)" -m "$(ev t/metadata.jsonl)" "$(ev t/bucket)")
	proves "$(log 3)" "${all[@]}"
	prints "metadata"
	proves "$(digest 3)" "${all[@]}"
	proves "$(digest 0)" "${all[@]}"
	proves "$(digest 5)" "${all[@]}"
	proves "$(log 5)" "${all[@]}"
}

@test "a log and a digest by the successor" {
	local all=(-k "$(ev t/keys.json)" "$(ev t/bucket)")
	proves "$(log 3)" "${all[@]}"
	prints previousDigestSignature
	proves "$(digest 0)" "${all[@]}"
	proves "$(digest 4)" "${all[@]}"
}

@test "a log and a digest by hashes alone, with one key at the head" {
	local key
	key=$(gzip -dc "$(find "$(ev rotated/bucket)" -name "*$(digest 5).json.gz")" | jq -r .digestPublicKeyFingerprint)
	for key in "$(ev "rotated/keys/$key.pem")" "$(ev "rotated/keys/$key.der")"; do
		proves "$(log 1 rotated)" -k "$key" -m "$(ev rotated/metadata.jsonl)" "$(ev rotated/bucket)"
		same "4" "$(grep -c '   > "previousDigestHashValue"' <<<"$output")"
		proves "$(digest 0)" -k "$key" -m "$(ev rotated/metadata.jsonl)" "$(ev rotated/bucket)"
		same "5" "$(grep -c '   > "previousDigestHashValue"' <<<"$output")"
	done
}

@test "from tar, zip and 7z, and from parts in several places" {
	local archive
	cp "$(ev t/keys.json)" "$(ev t/metadata.jsonl)" .
	tar -C "$(ev t)" -cf t.tar bucket
	tar -C "$(ev t/bucket)" -cf dot.tar .
	gzip -k t.tar
	zstd -q t.tar
	(cd "$(ev t)" && zip -qr "$BATS_TEST_TMPDIR/t.zip" bucket && 7z a -bd "$BATS_TEST_TMPDIR/t.7z" bucket >/dev/null)
	for archive in t.tar dot.tar t.tar.gz t.tar.zst t.zip t.7z; do
		proves "$(log 3)" -k keys.json -m metadata.jsonl "$archive"
		prints "$archive"
		proves "$(digest 2)" -k keys.json "$archive"
	done
	tar -C "$(ev t/bucket)" -cf digests.tar AWSLogs/111122223333/CloudTrail-Digest
	proves "$(log 3)" -k keys.json digests.tar "$(ev t/bucket/AWSLogs/111122223333/CloudTrail)"
}

@test "from an archive in which one name is the end of another" {
	mkdir -p b/again/and
	cp -r "$(ev t/bucket)/." b
	cp -r "$(ev t/bucket)/AWSLogs" b/again/and
	gzip -dc "$(find "$(ev t/bucket)" -name "$(log 3)")" | sed 's/eventName/eventname/' | gzip >x
	cp x "$(find b/again -name "$(log 3)")"
	tar -C b -cf t.tar again AWSLogs
	tar -C b -cf other.tar AWSLogs again
	(cd b && zip -qr ../t.zip . && 7z a -bd ../t.7z . >/dev/null)
	for archive in t.tar other.tar t.zip t.7z; do
		run --separate-stderr trail verify --prove "$(digest 2)" -k "$(ev t/keys.json)" $archive
		[[ $status =~ ^[01]$ ]]
		repeat
		run --separate-stderr trail verify --prove "$(log 3)" -k "$(ev t/keys.json)" $archive
		[[ $status =~ ^[012]$ ]]
		[ "$status" -ne 0 ] || repeat
	done
}

@test "the name: a part, the key, the address in S3" {
	local key all=(-k "$(ev t/keys.json)" -m "$(ev t/metadata.jsonl)" "$(ev t/bucket)")
	key=$(cd "$(ev t/bucket)" && find AWSLogs -name "$(log 3)")
	proves "$key" "${all[@]}"
	proves "s3://example-trail-logs/$key" "${all[@]}"
	proves "${key:60:75}" "${all[@]}"
}

@test "a name that is unknown or fits several objects" {
	local name all=(-k "$(ev t/keys.json)" -m "$(ev t/metadata.jsonl)" "$(ev t/bucket)")
	for name in nothing CloudTrail-Digest 20240301T040 .json.gz AWSLogs; do
		exits 2 trail verify --prove "$name" "${all[@]}"
		same "" "$output"
		[ -n "$stderr" ]
	done
	exits 2 trail verify --prove "$(log 3)" -k "$(ev t/keys.json)" "$(ev rotated/bucket/AWSLogs/111122223333/CloudTrail-Digest)"
	# Names among which one can choose are whole.
	exits 2 trail verify --prove CloudTrail-Digest "${all[@]}"
	says "objects, among them s3://"
	[[ $stderr == *.json.gz ]] || fail "a name is cut"
}

@test "a relative operand, one that begins with a dash, and names that a shell would act on" {
	local odd='a b'\''c"d$(touch pwned)`touch pwned`;touch pwned&*?[x]\n%s #'
	mkdir in
	cd in
	cp -r "$(ev t/bucket)" ./-b
	cp -r "$(ev t/bucket)" "$odd"
	cp "$(ev t/keys.json)" "$odd.keys"
	cp "$(ev t/metadata.jsonl)" "$odd.metadata"
	proves "$(log 3)" -k "$(ev t/keys.json)" -- -b
	proves "$(log 3)" -k "$odd.keys" -m "$odd.metadata" "$odd"
	proves "$(digest 2)" -k "$odd.keys" "$odd"
	mkdir "$odd.d"
	mv "$odd" "$odd.d"
	tar --no-unquote -cf "$odd.tar" "$odd.d"
	proves "$(log 3)" -k "$odd.keys" "$odd.tar"
	(cd "$odd.d" && zip -qr ../odd.zip .)
	proves "$(log 3)" -k "$odd.keys" odd.zip
	[ ! -e pwned ]
}

@test "names with control characters reach neither the terminal nor the shell raw" {
	local evil=$'x\n   $ touch pwned\n\e[31m\xff'
	cp -r "$(ev t/bucket)" "$evil"
	exits 0 trail verify --prove "$(log 3)" -k "$(ev t/keys.json)" "$evil"
	[[ $output != *$'\e'* && $output != *$'\xff'* && $stderr != *$'\e'* ]]
	same "" "$(grep -E '^   \$ touch' <<<"$output" || :)"
	repeat
	[ ! -e pwned ]
}

@test "objects that lie elsewhere, inflated, or with another header" {
	local kind
	for kind in relocate:h=3 relocate:h=3,which=digest rename:h=3,to=other.json.gz stored-inflated:h=3 \
	    stored-inflated:h=3,which=digest stored-inflated:h=3,name=json extra-header:h=3 recompress:h=3,which=digest; do
		mk "$kind" --hours 6 --logs 2 --tamper "$kind"
		proves "$(log 3)" -k "$kind/keys.json" -m "$kind/metadata.jsonl" "$kind/bucket"
	done
}

@test "other shapes: plain slashes, organization and prefix, backfill, SPKI and PEM, long keys" {
	local options shape=0
	while read -r options; do
		# shellcheck disable=SC2086
		mk $((++shape)) --hours 6 --logs 2 $options
		proves "$(log 3)" -k $shape/keys.json $shape/bucket
		proves "$(log 3)" -k "$(ls -d $shape/keys/*.pem)" -m $shape/metadata.jsonl $shape/bucket
	done <<-END
		--plain-slashes
		--prefix p/q
		--keys-form spki,nofp
		--escape-logs
	END
	mk b --hours 6 --backfill
	proves 20240301T030131Z_backfill -k b/keys.json -m b/metadata.jsonl b/bucket
	"$B/tests/gen/mktrail" -o k --hours 3 --fresh-keys=1 --key-bits 4096
	proves "$(digest 1)" -k k/keys.json k/bucket
}

@test "a log that was altered, cut, or is not listed, is not proved" {
	local kind
	for kind in modify-log:h=3 bad-json:h=3 truncate:h=3 bad-gzip:h=3; do
		mk "$kind" --hours 6 --logs 2 --tamper "$kind"
		no_proof 1 "$(log 3)" -k "$kind/keys.json" -m "$kind/metadata.jsonl" "$kind/bucket"
		[[ $kind == *gzip* || $kind == truncate* ]] || repeat
	done
	mk forged --hours 6 --logs 2 --tamper forge-log:h=3
	no_proof 1 "$(jq -r '.tampers[].added[] | split("/") | last' forged/facts.json)" -k forged/keys.json \
	    -m forged/metadata.jsonl forged/bucket
	mk missing --hours 6 --logs 2 --tamper delete-log:h=3
	no_proof 1 "$(log 3)" -k missing/keys.json -m missing/metadata.jsonl missing/bucket
	prints "$(gzip -dc "$(find "$(ev t/bucket)" -name "*$(digest 3).json.gz")" | jq -r '.logFiles[0].hashValue')"
}

@test "a digest that was altered is not proved, nor is its log" {
	mk t --hours 6 --logs 2 --tamper modify-digest:h=3,what=previous
	no_proof 1 "$(digest 3)" -k t/keys.json -m t/metadata.jsonl t/bucket
	run --separate-stderr trail verify --prove "$(log 3)" -k t/keys.json -m t/metadata.jsonl t/bucket
	[[ $status =~ ^[13]$ ]]
	prints "NOT PROVED"
	# Its neighbours are.
	proves "$(digest 2)" -k t/keys.json -m t/metadata.jsonl t/bucket
	proves "$(log 4)" -k t/keys.json -m t/metadata.jsonl t/bucket
}

@test "bytes behind the first member: the steps hold for the member, the exit status tells" {
	local kind
	for kind in trailing-log:h=3,what=member trailing-log:h=3,what=garbage trailing-digest:h=3,what=member; do
		mk "$kind" --hours 6 --logs 2 --tamper "$kind"
		run --separate-stderr trail verify --prove "$(log 3)" -k "$kind/keys.json" -m "$kind/metadata.jsonl" "$kind/bucket"
		[[ $kind == trailing-digest* ]] || same 1 "$status"
		repeat
	done
}

@test "without a key, or with another, nothing is proved" {
	no_proof 3 "$(log 3)" -m "$(ev t/metadata.jsonl)" "$(ev t/bucket)"
	no_proof 3 "$(digest 3)" "$(ev t/bucket)"
	no_proof 3 "$(digest 5)" -k "$(ev t/keys.json)" "$(ev t/bucket)"
	no_proof 3 "$(log 5)" -k "$(ev t/keys.json)" "$(ev t/bucket)"
	mk w --hours 6 --logs 2 --tamper wrong-region-key
	no_proof 1 "$(digest 3)" -k w/keys.json -m w/metadata.jsonl w/bucket
}

@test "the printed commands find what is changed later" {
	cp -r "$(ev t/bucket)" b
	proves "$(log 3)" -k "$(ev t/keys.json)" -m "$(ev t/metadata.jsonl)" b
	cp output.proof proof
	gzip -dc "$(find b -name "$(log 3)")" | sed 's/eventName/eventname/' | gzip >x
	mv x "$(find b -name "$(log 3)")"
	run repeat proof
	[ "$status" -ne 0 ]
	cp -r "$(ev t/bucket)/." b
	repeat proof
	gzip -dc "$(find b -name "*$(digest 3).json.gz")" | sed 's/2024-03-01/2024-03-02/' | gzip >x
	mv x "$(find b -name "*$(digest 3).json.gz")"
	run repeat proof
	[ "$status" -ne 0 ]
}

@test "what is signed is repeated byte for byte: the four lines, and a key that openssl reads" {
	proves "$(digest 3)" -k "$(ev t/keys.json)" -m "$(ev t/metadata.jsonl)" "$(ev t/bucket)"
	local file
	file=$(find "$(ev t/bucket)" -name "*$(digest 3).json.gz")
	{
		gzip -dc "$file" | jq -j '.digestEndTime, "\n", .digestS3Bucket, "/", .digestS3Object, "\n"'
		gzip -dc "$file" | sha256sum | cut -c -64
		gzip -dc "$file" | jq -j .previousDigestSignature
	} >want
	grep -F 'signed.txt' <<<"$output" | sed -n 's/^   \$ \(printf.*\) > .*/\1/p' | sh >have
	cmp want have
}
