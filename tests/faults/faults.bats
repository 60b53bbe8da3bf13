#!/usr/bin/env bats
# What fails beneath a tool: memory, reads, writes, and the tool itself, killed.  The result is right, or refused, or says what is
# missing: never a wrong one.  FAULT_POINTS places are tried of each kind (0: all).

load ../cli/helper
load ../cli/seal_helper

setup_file() {
	load ../cli/helper
	cd "$BATS_FILE_TMPDIR" || return
	certificates
	mk g --hours 5 --events 3 --lineage --stop 1:2 --regions us-east-1,eu-west-1
	mk t --hours 5 --events 3 --lineage --regions us-east-1,eu-west-1 --tamper modify-log:h=1 --tamper forge-log:h=3 \
	    --tamper delete-digest:r=1,h=3 --lake=1
	tar -C g/bucket --format=gnu -czf g.tar.gz .
	cat g.tar.gz "$(find t/bucket -name '*.gz' | sort | head -n 1)" >image
	custody
	results
}

# custody: a ledger of two entries, both signed and the first stamped, the answer for the second, and how it looks.
custody() {
	mkdir ledger
	cd ledger || return
	evidence copy
	add --sign "$KEYS/curve.key" --cert "$KEYS/curve.pem" >/dev/null
	stamp l.jsonl.d/0001.tsq answer.tsr
	trail seal --ledger l.jsonl --timestamp answer.tsr --ca "$KEYS/ca.pem" >/dev/null
	add --sign "$KEYS/curve.key" --cert "$KEYS/curve.pem" >/dev/null
	stamp l.jsonl.d/0002.tsq answer.tsr
	cat >look <<-END
		# Old lines must stand, byte for byte; of a new one, what is the same each time (a program that cannot be read is named
		# without its hash); what --check says; and the files.
		head -n 2 l.jsonl | cmp - "$PWD/l.jsonl" 2>&1
		jq -c 'del(.started, .finished, .clock, .previous, .previous_timestamp, .tool.sha256)' l.jsonl 2>&1
		"$B/trail-seal" --check --ledger l.jsonl --ca "$KEYS/ca.pem" -f json | jq -c '[.verdict, .summary, [.findings[].id]]'
		# A pending file of an entry that stands is one of its files, but for a time stamp.
		for f in \$(ls -A l.jsonl.d); do
			n=\${f#.}
			case \$f in
			.*.pending)
				echo "left \$f"
				n=\${n%.pending}
				[ "\${n%%.*}" -le "\$(wc -l <l.jsonl)" ] && [ "\${n#*.}" != tsr ] || continue
				;;
			esac
			echo "file \$n \$([ "\$n" != 0002.tsr ] || sha256sum <"l.jsonl.d/\$f")"
		done | sort
		[ ! -e .l.jsonl.next ] || echo "left .l.jsonl.next"
	END
	cd ..
}

# results: what a report is made of.
results() {
	local keys=(-k g/keys.json -m g/metadata.jsonl)
	trail verify "${keys[@]}" -v -f json --reproducible -o verify.json g/bucket || [ $? -eq 3 ]
	trail gaps "${keys[@]}" -f json --reproducible -o gaps.json g/bucket || [ $? -ne 2 ]
	trail timeline "${keys[@]}" -q -f jsonl -o timeline.jsonl g/bucket || [ $? -ne 2 ]
}

# recipe NAME: command, what it writes as faults.pl takes it, and how to put everything back; false when there is no such tool.
recipe() {
	local d=$BATS_FILE_TMPDIR
	local keys=(-j1 -k "$d/g/keys.json" -m "$d/g/metadata.jsonl")
	local bad=(-j1 -k "$d/t/keys.json" -m "$d/t/metadata.jsonl")
	local kind=("$B"/trail-"${1%%-*}")
	[ -x "${kind[0]}" ] || return
	result=out
	reset='echo before > out; rm -f .out.??????'
	case $1 in
	verify) command=("${kind[@]}" "${keys[@]}" -f json --reproducible -o out "$d/g/bucket") ;;
	verify-text) command=("${kind[@]}" "${bad[@]}" -v --reproducible -o out "$d/t/bucket") ;;
	verify-tar) command=("${kind[@]}" "${keys[@]}" -f json --reproducible -o out "$d/g.tar.gz") ;;
	timeline) command=("${kind[@]}" "${keys[@]}" --lineage --gaps -f csv -o out "$d/g/bucket") ;;
	timeline-html) command=("${kind[@]}" "${keys[@]}" --lineage -f html --reproducible -o out "$d/g/bucket") ;;
	timeline-timesketch) command=("${kind[@]}" "${bad[@]}" -f timesketch -o out "$d/t/bucket") ;;
	gaps) command=("${kind[@]}" "${keys[@]}" -f json --reproducible -o out "$d/g/bucket") ;;
	gaps-text) command=("${kind[@]}" "${bad[@]}" --reproducible -o out "$d/t/bucket") ;;
	diff) command=("${kind[@]}" -j1 -f json --reproducible -o out "$d/g/bucket" "$d/t/bucket") ;;
	diff-text) command=("${kind[@]}" -j1 --reproducible -o out "$d/g/bucket" "$d/t/bucket") ;;
	carve)
		command=("${kind[@]}" -j1 --reproducible -f json -o carved "$d/image")
		result=-
		reset='rm -rf carved'
		;;
	report) command=("${kind[@]}" --reproducible -o out --ledger "$d/ledger/l.jsonl" "$d"/{verify,gaps}.json "$d/timeline.jsonl") ;;
	report-json) command=("${kind[@]}" -f json --reproducible -o out "$d"/{verify,gaps}.json "$d/timeline.jsonl") ;;
	report-case) command=("${kind[@]}" -f case --reproducible -o out --ledger "$d/ledger/l.jsonl" "$d"/{verify,gaps}.json) ;;
	seal-check)
		command=("${kind[@]}" --check -j1 --ledger "$d/ledger/l.jsonl" --ca "$KEYS/ca.pem" -f json --reproducible -o out "$d/ledger/copy")
		;;
	seal-manifest) command=("${kind[@]}" --ledger "$d/ledger/l.jsonl" --manifest-format dfxml -o out) ;;
	seal)
		command=("${kind[@]}" -j1 --ledger l.jsonl --action examined --case 7 --examiner Kay --sign "$KEYS/curve.key"
		    --cert "$KEYS/curve.pem" -f json --reproducible "$d/ledger/copy")
		result="!sh '$d/ledger/look'"
		reset="rm -rf l.jsonl.d .l.jsonl.next; cp -a '$d/ledger/l.jsonl' '$d/ledger/l.jsonl.d' ."
		;;
	seal-stamp)
		command=("${kind[@]}" --ledger l.jsonl --timestamp "$d/ledger/answer.tsr" --ca "$KEYS/ca.pem" -f json --reproducible)
		result="!sh '$d/ledger/look'"
		reset="rm -rf l.jsonl.d .l.jsonl.next; cp -a '$d/ledger/l.jsonl' '$d/ledger/l.jsonl.d' ."
		;;
	*) return 1 ;;
	esac
}

NAMES='verify verify-text verify-tar timeline timeline-html timeline-timesketch gaps gaps-text diff diff-text report report-json report-case'
NAMES+=' seal seal-stamp seal-check seal-manifest carve'

# inject KIND POINTS: into every tool; prints the counts.  A ledger is tried at every place where its
# writing can end, and where it is read; other forms of what two tools do at half as many places.
inject() {
	local name lost=0 points command result reset
	skip_under_wrap
	for name in $NAMES; do
		recipe "$name" || continue
		mkdir -p "$name"
		points=$2
		[[ $name != @(seal|report)-* ]] || points=$((($2 + 1) / 2))
		points=${FAULT_POINTS-$points}
		[[ $name/$1 != seal?(-stamp)/@(write|sync|rename|kill) && $name/$1 != seal-check/read ]] || points=0
		(cd "$name" && perl "$SOURCE_ROOT/tests/faults/faults.pl" "$1" "$points" "$B/tests/faults/shim.so" "$result" "$reset" \
		    "${command[@]}" >said 2>lost) || lost=1
		echo "# $name $(cat "$name/said")" >&3
		[ ! -s "$name/lost" ] || sed "s/^/$name: /" "$name/lost" >&2
	done
	return $lost
}

# A sanitizer has its own malloc(), which must not come second without being told so.
export ASAN_OPTIONS=verify_asan_link_order=0:allocator_may_return_null=1:detect_leaks=1

@test "every tool is under test" {
	local tool name known
	for tool in "$B"/trail-*; do
		[ -x "$tool" ] && [ -f "$tool" ] || continue
		name=$(basename "$tool")
		known=" $NAMES "
		[[ $known == *" ${name#trail-} "* ]] || fail "no faults are tried on $name"
	done
}

@test "memory that the tool asks for fails" {
	inject malloc 24
}

@test "memory that a library asks for fails" {
	inject any-malloc 12
}

@test "a read fails" {
	inject read 20
}

@test "reads give one byte at a time" {
	inject short 1
}

@test "the disk is full" {
	inject write 6
}

@test "writes take one byte at a time" {
	inject little 1
}

@test "what was written cannot be brought to the disk" {
	inject sync 2
}

@test "the output cannot be renamed" {
	inject rename 2
}

@test "killed in front of a write, a sync, a rename, and behind it" {
	# trail-carve leaves a folder that --resume takes: tests/cli/trail-carve-resume.bats kills that.
	NAMES=${NAMES% carve}
	inject kill 8
}

@test "killed at any moment, the old output is there or the new one, and a next run is not hindered" {
	local i d=$BATS_FILE_TMPDIR command result reset
	skip_under_wrap
	recipe verify
	"${command[@]}" || [ $? -eq 3 ]
	cp out want
	for ((i = 1; i <= ${FAULT_KILLS-12}; i++)); do
		echo before >out
		"${command[@]}" 2>/dev/null &
		sleep "0.0$((i % 10))$((RANDOM % 10))"
		kill -9 $! 2>/dev/null || :
		wait $! 2>/dev/null || :
		[ "$(cat out)" = before ] || cmp out want || fail "half an output after kill $i"
	done
	"${command[@]}" || [ $? -eq 3 ]
	cmp out want
}

@test "killed at any moment, a ledger has lost no entry, holds, and is added to" {
	local round d=$BATS_FILE_TMPDIR command result reset entries now
	skip_under_wrap
	recipe seal
	eval "$reset"
	entries=2
	for ((round = 1; round <= ${FAULT_KILLS-12}; round++)); do
		"${command[@]}" >/dev/null 2>&1 &
		sleep "0.0$((round % 4))$((RANDOM % 10))"
		kill -9 $! 2>/dev/null || :
		wait $! 2>/dev/null || :
		now=$(wc -l <l.jsonl)
		[ "$now" -eq "$entries" ] || [ "$now" -eq $((entries + 1)) ] || fail "$entries entries were $now after kill $round"
		entries=$now
		head -n 2 l.jsonl | cmp - "$d/ledger/l.jsonl"
		exits 0 trail seal --check --ledger l.jsonl --ca "$KEYS/ca.pem" -f json
		same "verified $entries $entries" "$(json '"\(.verdict) \(.summary.entries) \(.summary.signatures.verified)"')"
	done
	"${command[@]}" >/dev/null
	same $((entries + 1)) "$(wc -l <l.jsonl)"
	same "" "$(find . -name '*.pending' -o -name '.l.jsonl.next')"
}

# The last that is read: the end of the ledger, and what lies beside it.
@test "a seal that cannot be read is not told as absent" {
	local d=$BATS_FILE_TMPDIR shim=$B/tests/faults/shim.so command result reset n all beside=0
	skip_under_wrap
	recipe report
	FAULT=read:0 FAULT_COUNT=count LD_PRELOAD=$shim "${command[@]}"
	all=$(cat count)
	for ((n = all - 11; n <= all; n++)); do
		FAULT=read:$n LD_PRELOAD=$shim "${command[@]}" 2>said && fail "read $n of $all: a report all the same"
		grep -q 'l.jsonl.*Input/output error' said || fail "read $n: $(cat said)"
		! grep -q 'l.jsonl.d/000.*Input/output error' said || beside=$((beside + 1))
	done
	[ $beside -gt 5 ]
}

# Whether it is a copy is told by a second look at it.
@test "a forged log that cannot be read again is not taken for a copy of a genuine one" {
	local d=$BATS_FILE_TMPDIR n told=0
	skip_under_wrap
	for ((n = 1; n <= 30; n++)); do
		FAULT=read:$n LD_PRELOAD=$B/tests/faults/shim.so "$B/trail-verify" -j1 -k "$d/t/keys.json" -m "$d/t/metadata.jsonl" \
		    -f json --reproducible "$d/t/bucket" >result 2>/dev/null || :
		! grep -q log-unlisted-copy result || fail "read $n: $(findings result)"
		! { grep -q log-unreferenced result && grep -q 'Input/output error' result; } || told=$((told + 1))
	done
	[ $told -gt 0 ]
}
