#!/usr/bin/env bats
# What fails beneath a tool: memory, reads, writes, and the tool itself, killed.  The result is right, or refused, or says what is
# missing: never a wrong one.  FAULT_POINTS places are tried of each kind (0: all).

load ../cli/helper

setup_file() {
	load ../cli/helper
	cd "$BATS_FILE_TMPDIR" || return
	mk g --hours 5 --events 3 --lineage --stop 1:2 --regions us-east-1,eu-west-1
	mk t --hours 5 --events 3 --lineage --regions us-east-1,eu-west-1 --tamper modify-log:h=1 --tamper forge-log:h=3 \
	    --tamper delete-digest:r=1,h=3 --lake=1
	tar -C g/bucket --format=gnu -czf g.tar.gz .
	cat g.tar.gz "$(find t/bucket -name '*.gz' | sort | head -n 1)" >image
}

# recipe NAME: command, what -o writes (or -), and how to put everything back; false when there is no such tool.
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
	*) return 1 ;;
	esac
}

NAMES='verify verify-text verify-tar timeline timeline-html timeline-timesketch gaps gaps-text diff diff-text carve'

# inject KIND POINTS: into every tool; prints the counts.
inject() {
	local name lost=0 command result reset
	skip_under_wrap
	for name in $NAMES; do
		recipe "$name" || continue
		mkdir -p "$name"
		(cd "$name" && perl "$SOURCE_ROOT/tests/faults/faults.pl" "$1" "${FAULT_POINTS-$2}" "$B/tests/faults/shim.so" "$result" "$reset" \
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
		known=" $NAMES seal report "
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
