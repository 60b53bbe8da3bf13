#!/usr/bin/env bats
# README.md: what its examples print is what the tools print.

load helper

# console_blocks DIR: each console example of the README as two files: N.command, to be run in the root of the source, and N.lines.
console_blocks() {
	awk -v dir="$1" '
	/^```console/ { n++; inside = 1; next }
	/^```/ { inside = 0; next }
	!inside { next }
	/^\$ echo \$\?/ { getline; print >(dir "/" n ".status"); next }
	/^\$ / { sub(/^\$ /, ""); command = 1 }
	{ print >(dir "/" n (command ? ".command" : ".lines")) }
	command && !/[\\|]$/ { command = 0 }
	' "$SOURCE_ROOT/README.md"
}

@test "every example prints the lines it shows, in their order, and ends as it says" {
	local n lines line rest
	mkdir blocks
	console_blocks blocks
	[ "$(find blocks -name '*.command' | wc -l)" -ge 4 ]
	for n in blocks/*.command; do
		n=${n%.command}
		[ -e "$n.status" ] || continue # it needs what is not here: a key of its own, say
		TMPDIR=$PWD exits "$(cat "$n.status")" bash -c "cd '$SOURCE_ROOT' && $(sed "s,build/trail-,$B/trail-,g" "$n.command")"
		rest=$'\n'$output$'\n'
		mapfile -t lines < <(grep -vE '^ *(\[\.\.\.\])?$' "$n.lines")
		for line in "${lines[@]}"; do
			# What [...] stands for may be anything; all else is as it is.
			line=$(sed 's/[][*?\\]/\\&/g; s/\\\[\.\.\.\\\]/*/g' <<<"$line")
			# shellcheck disable=SC2295 # it is a pattern
			[ "$rest" != "${rest#*$'\n'$line$'\n'}" ] || fail "$n: not printed here: $line"
			# shellcheck disable=SC2295
			rest=$'\n'${rest#*$'\n'$line$'\n'}
		done
	done
}
