#!/usr/bin/env bats
# What all seven tools do alike, so that whoever knows one command line knows the others.

load helper

tools=(verify timeline gaps diff carve seal report)

@test "--explain prints the entry of any finding, in every tool" {
	local t id
	for id in log-modified digest-hash-mismatch conflict object-altered; do
		trail verify --explain $id >want
		grep -q "^$id " want
		for t in "${tools[@]}"; do
			exits 0 trail "$t" --explain $id
			same "$(cat want)" "$output"
			same "" "$stderr"
		done
	done
	for t in "${tools[@]}"; do
		exits 2 trail "$t" --explain no-such-finding
		says 'no finding is called "no-such-finding"'
		same "" "$output"
		exits 2 trail "$t" --explain log-modified operand
		says "--explain takes no EVIDENCE"
	done
}

@test "help and version: on standard output, and whatever else is given" {
	local t version help short
	version=$(sed -n 's/^#define LF_VERSION "\(.*\)"/\1/p' "$SOURCE_ROOT/libforensic/forensic.h")
	for t in "${tools[@]}"; do
		exits 0 trail "$t" --help
		help=$output
		[[ $help == "trail-$t: "*$'\n\nExamples:\n'*$'\n\nUsage:\n'*$'\n\nOptions:\n'* ]] || fail "trail-$t --help"
		prints "  trail-$t --explain ID"
		same "" "$stderr"
		# What options do begins in one column, behind them or on a line of its own; and what a SIZE is, is said.
		same "" "$(awk '/^Options:/ { inside = 1; next } /^$/ { inside = 0 }
		    inside && !/^ +(-., )?--[^ ]+ ?[^ ]*$/ && !/^.{24} [^ ]/' <<<"$help")"
		[[ $help != *" SIZE "* || $help == *"SIZE is a number of bytes"* ]] || fail "trail-$t --help"
		exits 0 trail "$t" -h /nonexistent
		same "$help" "$output"
		exits 0 trail "$t" --version
		same "trail-$t $version" "$(head -n 1 <<<"$output")"
		prints "libraries: OpenSSL "
		prints "processor: "
		prints "sandbox: "
		short=$output
		exits 0 trail "$t" -V /nonexistent
		same "$short" "$output"
	done
}

@test "wrong usage is exit 2, said on standard error alone, with the name of the tool" {
	local t wrong
	for t in "${tools[@]}"; do
		for wrong in "" "--no-such-option x" "-f nonsense x" "--format= x" "--quiet=1 x" "-o"; do
			# shellcheck disable=SC2086
			exits 2 trail "$t" $wrong
			same "" "$output"
			[[ $stderr == "trail-$t: "*$'\n'"Try 'trail-$t --help'." ]] || fail "trail-$t $wrong: $stderr"
		done
	done
}

@test "how work is done can be said to every tool" {
	local t
	for t in "${tools[@]}"; do
		exits 2 trail "$t" -j 2 --tmpdir . --color never --progress never --reproducible -q -v -o out /nonexistent /nonexistent
		[[ $stderr != *option* ]] || fail "trail-$t: $stderr"
		[ ! -e out ] || fail "trail-$t leaves its output"
	done
}
