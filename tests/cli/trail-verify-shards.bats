#!/usr/bin/env bats
# trail-verify: a run in shards, merged, is one run, byte for byte; and no run depends on the number of
# threads or on the order of its operands.

load helper

setup_file() {
	load helper
	cd "$BATS_FILE_TMPDIR" || return
	local shape="--hours 6 --accounts 3 --regions us-east-1,eu-west-1,ap-south-1 --org o-exampleorg --logs 2 --events 3"
	local evil=$'evil\n\e[31m\xff\xe2\x80\xae'
	# shellcheck disable=SC2086
	mk clean $shape
	# shellcheck disable=SC2086
	mk bare $shape --metadata none
	# shellcheck disable=SC2086
	mk tampered $shape --trail one --trail two --insight --backfill --lake=2 --noise --rotate-hours 3 --stop 2:1:1 \
	    --tamper previous-hash:h=4,a=2 --tamper fork:h=3,a=1,logs=1 --tamper reissue:h=4,r=2 --tamper overlap:h=2,a=2,r=2 \
	    --tamper duplicate-reference:h=2,a=2 --tamper unknown-algorithm:h=3,a=1,r=2 \
	    --tamper modify-log:h=1 --tamper modify-log:h=2,a=1,r=1,what=time --tamper delete-log:h=1,a=2,r=1 \
	    --tamper forge-log:h=4,a=1 --tamper unlisted-copy:h=2,a=1 --tamper copy-log:h=1,a=1,r=2 --tamper log-scope:h=2,r=1 \
	    --tamper delete-digest:h=3,n=2,r=1 --tamper delete-newest:n=3,a=2,r=1 --tamper delete-oldest:n=2,a=1,r=1 \
	    --tamper modify-digest:h=1,a=2,r=1 --tamper digest-over-other-key:h=1,r=2 --tamper trailing-digest:h=3,a=1,r=2 \
	    --tamper trailing-log:h=5,a=2 --tamper cut-trailer:h=1,r=2 --tamper bad-gzip:h=2,r=2,which=digest \
	    --tamper bad-json:h=1,a=1,l=1 --tamper extra-header:h=2,a=2,l=1 --tamper stored-inflated:h=5,a=2,r=2,l=1 \
	    --tamper relocate:h=3,r=2 --tamper relocate:h=4,a=1,which=digest --tamper rename:h=5,a=2,r=2 --tamper truncate:h=5,a=1 \
	    --tamper delete-newest:backfill=1,a=1 --tamper alter-metadata-signature:h=3,a=2 --tamper strip-metadata:a=2,r=2 \
	    --tamper metadata-absent:a=1 --tamper key-outside-validity:h=1 --tamper lake-swap
	# What belongs to no account, and what no shard can read.
	cp -r tampered/bucket/AWSLogs/o-exampleorg/111122223333/CloudTrail tampered/bucket/again
	mkdir "tampered/bucket/$evil"
	echo text >"tampered/bucket/$evil/$evil"
	printf '\x1f\x8bxx' >"tampered/bucket/111122223333_CloudTrail_us-east-1_20240301T0400Z_$evil.json.gz"
	printf '\x1f\x8bxx' >"tampered/bucket/AWSLogs/o-exampleorg/111122223333/$evil.json.gz"
	ln -s nowhere tampered/bucket/AWSLogs/link
	echo '{"Records": []}' >tampered/bucket/empty.json
	echo '{"a": 1}' >tampered/bucket/other.json
	mkfifo tampered/bucket/pipe
}

FORMS=("-f json -v" "-f text")

ev() {
	echo "$BATS_FILE_TMPDIR/$1"
}

# verify OPTION...: a result that can be compared.
verify() {
	trail verify --reproducible "$@"
}

# in_shards N WHOLE OPTION...: runs all shards, merges them in another order, and compares with one run in
# JSON with rows and as text; FORMS names others.
in_shards() {
	local n=$1 form whole merged k
	shift
	for form in "${FORMS[@]}"; do
		whole=0
		# shellcheck disable=SC2086
		verify $form "$@" >whole || whole=$?
		[[ $whole =~ ^[013]$ ]] || fail "exit status $whole"
		rm -f shard-*.json
		for ((k = 1; k <= n; k++)); do
			# shellcheck disable=SC2086
			verify ${form/text/json} --shard "$k/$n" -o "shard-$k.json" "$@" || [[ $? =~ ^[13]$ ]]
		done
		merged=0
		# shellcheck disable=SC2046,SC2086
		verify --merge $form $(printf '%s\n' shard-*.json | sort -R) >merged || merged=$?
		same "$whole" "$merged"
		cmp whole merged || fail "$n shards, $form: $(diff whole merged | head -n 20 | cut -c -300)"
	done
}

@test "shards of a clean set" {
	local n
	for n in 1 2 3 7; do
		in_shards $n -k "$(ev clean/keys.json)" -m "$(ev clean/metadata.jsonl)" "$(ev clean/bucket)"
	done
	trail verify -q -k "$(ev clean/keys.json)" -m "$(ev clean/metadata.jsonl)" "$(ev clean/bucket)"
}

@test "shards of a mirror without metadata, and without keys" {
	local n
	for n in 2 5; do
		in_shards $n -k "$(ev bare/keys.json)" "$(ev bare/bucket)"
		in_shards $n "$(ev bare/bucket)"
	done
}

@test "shards of a heavily tampered set with hostile names" {
	local n
	for n in 1 2 3 7; do
		[ $n -ne 3 ] || FORMS+=("-f json" "-f text -v")
		in_shards $n -k "$(ev tampered/keys.json)" -m "$(ev tampered/metadata.jsonl)" "$(ev tampered/bucket)"
	done
}

@test "shards of a heavily tampered set without metadata or keys" {
	in_shards 3 -k "$(ev tampered/keys-us-east-1.json)" "$(ev tampered/bucket)"
	in_shards 2 "$(ev tampered/bucket)"
}

@test "shards of a selection" {
	local n all=(-k "$(ev tampered/keys.json)" -m "$(ev tampered/metadata.jsonl)" "$(ev tampered/bucket)")
	for n in 3; do
		in_shards $n --since 2024-03-01T01:01:31Z --until 2024-03-01T05:01:31Z "${all[@]}"
		in_shards $n --account 444455556666 --account 111122223333 --trail two "${all[@]}"
		in_shards $n --region eu-west-1 "${all[@]}"
	done
}

@test "shards of an archive" {
	tar -C "$(ev tampered)" -cf t.tar bucket
	in_shards 3 -k "$(ev tampered/keys.json)" -m "$(ev tampered/metadata.jsonl)" t.tar
}

@test "shards of nothing" {
	mkdir empty
	in_shards 2 empty
}

@test "each shard has a part, and no part is in two" {
	local k
	for k in 1 2 3; do
		verify -f json --shard $k/3 -k "$(ev clean/keys.json)" -m "$(ev clean/metadata.jsonl)" "$(ev clean/bucket)" >$k.json
		same "" "$(json '.findings[] | select(.severity != "notice").id' $k.json)"
	done
	same "9 9" "$(jq -rs '[.[].chains[] | [.account, .region]] | "\(length) \(unique | length)"' ?.json)"
	[ "$(jq -rs '[.[].chains | length] | max' ?.json)" -lt 9 ]
	# The choice depends on nothing but account and region.
	verify -f json --shard 2/3 "$(ev bare/bucket)" >2.bare || :
	same "$(json '.chains[] | "\(.account) \(.region)"' 2.json)" "$(json '.chains[] | "\(.account) \(.region)"' 2.bare)"
}

@test "a chain that ends before those in other shards" {
	local k n with
	mk t --hours 8 --logs 0 --regions us-east-1,eu-west-1,ap-south-1,eu-north-1 --tamper delete-newest:r=2,n=4
	# As many shards as it takes to part the chain from all others.
	for n in 2 3 4 5 6 7 8 9 10 11 12; do
		with=$(for ((k = 1; k <= n; k++)); do
			verify -f json --shard $k/$n -k t/keys.json -m t/metadata.jsonl t/bucket |
				jq 'select(any(.chains[]; .region == "ap-south-1")) | .chains | length'
		done)
		[ "$with" -ne 1 ] || break
	done
	same 1 "$with"
	for ((k = 1; k <= n; k++)); do
		verify -f json --shard $k/$n -k t/keys.json -m t/metadata.jsonl -o $k.json t/bucket || [ $? -eq 3 ]
		same "" "$(alerts $k.json)"
	done
	exits 1 verify --merge -f json $(seq -f %g.json $n)
	same "chain-truncated 1" "$(alerts)"
	in_shards $n -k t/keys.json -m t/metadata.jsonl t/bucket
}

# refused FILE...: is told, and nothing else is printed.
refused() {
	exits 2 trail verify --merge -f json "$@"
	same "" "$output"
	[ -n "$stderr" ]
}

@test "shards that are missing, repeated, mixed or no shards are refused" {
	local k n all=(-k "$(ev tampered/keys.json)" -m "$(ev tampered/metadata.jsonl)" "$(ev tampered/bucket)")
	for n in 2 3; do
		for ((k = 1; k <= n; k++)); do
			verify -f json --shard $k/$n -o $k-$n.json "${all[@]}" || :
		done
	done
	trail verify --merge -f json 1-2.json 2-2.json >/dev/null || [ $? -eq 1 ]
	refused 1-2.json
	refused 1-3.json 3-3.json
	refused 1-2.json 1-2.json
	refused 1-2.json 2-2.json 2-2.json
	refused 1-2.json 2-3.json
	refused 1-2.json 2-2.json 3-3.json
	jq '.tool = "trail-gaps"' 2-2.json >other.json
	refused 1-2.json other.json
	jq '.schema = 2' 2-2.json >other.json
	refused 1-2.json other.json
	head -c 1000 2-2.json >other.json
	refused 1-2.json other.json
	: >other.json
	refused 1-2.json other.json
	echo '[]' >other.json
	refused 1-2.json other.json
	refused 1-2.json "$(ev tampered)"
}

@test "shards of different runs are refused: other keys, another time, another selection" {
	local all=(-m "$(ev tampered/metadata.jsonl)" "$(ev tampered/bucket)") keys=(-k "$(ev tampered/keys.json)")
	verify -f json --shard 1/2 "${keys[@]}" -o one.json "${all[@]}" || :
	verify -f json --shard 2/2 --since 2024-03-01T02:00:00Z "${keys[@]}" -o since.json "${all[@]}" || :
	refused one.json since.json
	verify -f json --shard 2/2 -k "$(ev tampered/keys-us-east-1.json)" -o keys.json "${all[@]}" || :
	refused one.json keys.json
}

@test "a digest that lists a log of another shard" {
	local n
	mk t --hours 5 --accounts 3 --tamper foreign-log:h=3,a=0,of=1 --tamper foreign-log:h=2,a=2,of=1
	for n in 2 3 7; do
		in_shards $n -k t/keys.json -m t/metadata.jsonl t/bucket
	done
}

@test "a shard document that was edited is refused or bears it, and never crashes the merge" {
	local filter
	verify -f json -v --shard 1/2 -k "$(ev clean/keys.json)" -o 1.json "$(ev clean/bucket)" || :
	verify -f json -v --shard 2/2 -k "$(ev clean/keys.json)" -o 2.json "$(ev clean/bucket)" || :
	while read -r filter; do
		jq "$filter" 2.json >other.json
		run --separate-stderr trail verify --merge -f json 1.json other.json
		[[ $status =~ ^[0123]$ ]] || fail "exit status $status for $filter"
		[ "$status" -eq 2 ] || jq -e . <<<"$output" >/dev/null
	done <<-'END'
		.chains = null
		.chains = {}
		.chains[0].tail = null
		.chains[0].segments[0].start = "never"
		.findings[0].severity = "loud"
		.findings[0].id = "no-such-id"
		.findings = [1, null, "x"]
		.summary = []
		.summary.digests.verified = -1
		.summary.digests.verified = 1e30
		.summary.bytes = "many"
		.skipped = [{}]
		.digests[0].status = "fine"
		.digests = 5
		.verdict = 7
		.anchors = null
		del(.shard)
		del(.window)
		del(.summary)
	END
}

@test "a shard document whose findings were made harmless, or taken out, does not give a better verdict" {
	local filter
	verify -f json -v --shard 1/2 -k "$(ev tampered/keys.json)" -o 1.json "$(ev tampered/bucket)" || :
	verify -f json -v --shard 2/2 -k "$(ev tampered/keys.json)" -o 2.json "$(ev tampered/bucket)" || :
	while read -r filter; do
		for n in 1 2; do
			jq ".skipped = [] | .verdict = \"verified\" | .chains[].verdict = \"verified\" |
			    .chains[].tail |= (.until = null | .newest_log = null | .newest_named = null | .end = \"2024-03-01T06:01:31Z\") | $filter" $n.json >e$n.json
		done
		run --separate-stderr trail verify --merge -f json e1.json e2.json
		[[ $status =~ ^[12]$ ]] || fail "exit status $status for $filter"
	done <<-'END'
		.findings[].severity = "notice"
		.findings |= map(select(.severity == "notice"))
	END
}

@test "threads and the order of operands change nothing" {
	local j form all
	cp -r "$(ev tampered/bucket)" b
	mkdir b2
	mv b/AWSLogs/o-exampleorg/444455556666 b2
	mkdir -p b2/AWSLogs/o-exampleorg
	mv b2/444455556666 b2/AWSLogs/o-exampleorg
	tar -C b -cf b3.tar again
	rm -r b/again
	all=(-k "$(ev tampered/keys.json)" -m "$(ev tampered/metadata.jsonl)")
	for form in "-f json -v" "-f text -v"; do
		# shellcheck disable=SC2086
		verify $form "${all[@]}" -j 1 b b2 b3.tar >want || [ $? -eq 1 ]
		for j in 1 2 8; do
			# shellcheck disable=SC2086
			verify $form "${all[@]}" -j $j b3.tar b2 b >have || [ $? -eq 1 ]
			cmp want have
			# shellcheck disable=SC2086
			verify $form "${all[@]}" -j $j b2 b b3.tar >have || [ $? -eq 1 ]
			cmp want have
		done
	done
}

@test "the order of keys and of metadata changes nothing that is proved" {
	local k
	for k in "$(ev clean)"/keys/*.pem; do echo "-k $k"; done | sort >keys
	split -n r/2 "$(ev clean/metadata.jsonl)" meta-
	# shellcheck disable=SC2046
	verify -f json $(cat keys) -m meta-aa -m meta-ab "$(ev clean/bucket)" | jq -S 'del(.anchors)' >want
	# shellcheck disable=SC2046
	verify -f json $(tac keys) -m meta-ab -m meta-aa "$(ev clean/bucket)" | jq -S 'del(.anchors)' >have
	cmp want have
	same verified "$(jq -r .verdict want)"
}
