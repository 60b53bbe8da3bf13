#!/usr/bin/env bats
# trail-timeline: the command line, refusals, what standard error gets, completions.

load helper

setup_file() {
	load helper
	cd "$BATS_FILE_TMPDIR" || return
	mk clean --hours 2
}

# The evidence made above.
ev() {
	echo "$BATS_FILE_TMPDIR/clean/$1"
}

# refuses WORDS ARGUMENT...: nothing is written, and the words stand on standard error.
refuses() {
	local words=$1
	shift
	exits 2 trail timeline "$@"
	says "trail-timeline: "
	says "$words"
	same "" "$output"
}

@test "bad columns, patterns, times and formats are refused, with the valid ones" {
	local b
	b=$(ev bucket)
	refuses "event_time, account_id, region, principal" --columns nope "$b"
	refuses "given twice" --columns region,region "$b"
	refuses '--ip: "10.0.0.0/33"' --ip 10.0.0.0/33 "$b"
	refuses '--ip: "10.0.0/8"' --ip '!10.0.0/8' "$b"
	refuses '--user: "[a"' --user '[a' "$b"
	refuses '--event: "[z-a]"' --event '![z-a]' "$b"
	refuses "Management, Data, Insight, NetworkActivity, Aggregated" --category Nope "$b"
	refuses "--grep: its pattern is empty" --grep '!' "$b"
	refuses "--error: its value is empty" --error= "$b"
	refuses "--since: \"never\" is no time" --since never "$b"
	refuses "text, csv, jsonl, timesketch, records, html" -f xml "$b"
	refuses "--write-only and --read-only exclude one another" --write-only --read-only "$b"
	refuses "--memory" --memory -1 "$b"
	refuses "--memory" --memory much "$b"
	refuses "no EVIDENCE given"
	refuses "there is no option" --nope "$b"
}

@test "nothing is written where something is refused" {
	refuses "is no column" --columns nope -o out.csv -f csv "$(ev bucket)"
	[ ! -e out.csv ]
}

@test "--merge takes runs and nothing that is settled in them" {
	refuses "no RUN given" --merge
	refuses "filters, --gaps, --lineage and --session belong to the runs" --merge --user x a.jsonl
	refuses "filters, --gaps, --lineage and --session belong to the runs" --merge --lineage a.jsonl
	refuses "filters, --gaps, --lineage and --session belong to the runs" --merge --error a.jsonl
	refuses "it takes no keys" --merge -k "$(ev keys.json)" a.jsonl
	refuses "runs do not hold them" --merge -f records a.jsonl
}

@test "what was not read is counted, and named with -v" {
	local file
	mkdir d
	cp -r "$(ev bucket)" d/
	echo text >d/one.txt
	echo text >d/two.txt
	exits 3 trail timeline -f csv d
	says ", 2 objects not read in full,"
	[[ $stderr != *one.txt* ]] || fail "named without -v"
	exits 3 trail timeline -v -f csv d
	says ", 2 objects not read in full,"
	for file in one two; do
		says "trail-timeline: not read: d/$file.txt: no CloudTrail events: "
	done
	exits 3 trail timeline -q -v -f csv d
	same "" "$stderr"
}

@test "a line of counts goes to standard error, unless the format or -q says otherwise" {
	exits 0 trail timeline -f csv "$(ev bucket)"
	[[ $stderr =~ ^trail-timeline:\ [0-9,]+\ events?,\ 0\ duplicates,\ 0\ conflicts,\ [0-9TZ:-]+\ to\ [0-9TZ:-]+$ ]] || fail "no counts"
	exits 0 trail timeline -q -f csv "$(ev bucket)"
	same "" "$stderr"
	exits 0 trail timeline "$(ev bucket)"
	same "" "$stderr"
}

@test "filters narrow, and their negation gives the rest" {
	local all some rest
	all=$(trail timeline -q -f jsonl "$(ev bucket)" | wc -l)
	some=$(trail timeline -q -f jsonl --error "$(ev bucket)" | wc -l)
	rest=$(trail timeline -q -f jsonl --error='!' "$(ev bucket)" | wc -l)
	[ "$all" -gt 0 ]
	same "$all" "$((some + rest))"
	same "$some" "$(trail timeline -q -f jsonl "$(ev bucket)" | jq -r .result | grep -cvx success || :)"
	same 0 "$(trail timeline -q -f jsonl --event NoSuchEvent "$(ev bucket)" | wc -l)"
	exits 0 trail timeline -q -f csv --columns event_name,region --event NoSuchEvent "$(ev bucket)"
	same "event_name,region" "${output%$'\r'}"
}

# The long options of --help.
help_options() {
	trail timeline --help | sed -n 's/^  \(-., \|    \)--\([a-z-]*\).*/\2/p' | sort
}

@test "help and completions name the same options" {
	local want completions=$SOURCE_ROOT/tools/completions
	want=$(help_options)
	[ "$(wc -l <<<"$want")" -gt 30 ]
	same "$want" "$(sed -n '/^_trail_timeline_options/,/"$/p' "$completions/bash/trail-timeline" | grep -oE -- '--[a-z-]+' | sed 's/--//' | sort -u)"
	same "$want" "$(grep -v '^#' "$completions/zsh/_trail-timeline" | grep -oE -- '--[a-z-]+' | sed 's/--//; s/-$//' | sort -u)"
	same "$want" "$(grep -oE -- ' -l [a-z-]+' "$completions/fish/trail-timeline.fish" | sed 's/ -l //' | grep -v columns | cat - <(echo columns) | sort -u)"
}

@test "the completions know every column" {
	local want shell
	exits 2 trail timeline --columns nope x
	exits 2 trail timeline --columns nope "$(ev bucket)"
	want=$(sed -n '1s/.*give some of //; s/, /\n/gp' <<<"$stderr" | sort)
	for shell in "$SOURCE_ROOT"/tools/completions/*/*trail-timeline*; do
		same "$want" "$(sed -n '/^_trail_timeline_columns=\|^columns=(\|^set -l columns/,/also_in/p' "$shell" | grep -oE '[a-z]+(_[a-z]+)*' | grep -vxE 'trail_timeline_columns|columns|set|l|_trail_timeline_columns' | sort)"
	done
}

# completes WORD...: what bash offers for the last of these words.
completes() {
	(
		source "$SOURCE_ROOT/tools/completions/bash/trail-timeline"
		COMP_WORDS=(trail-timeline "$@") COMP_CWORD=$#
		_trail_timeline
		printf '%s\n' "${COMPREPLY[@]}"
	)
}

@test "bash completion offers options, values and files" {
	touch afile
	same "text csv jsonl timesketch records html" "$(completes -f '' | xargs)"
	same timesketch "$(completes --format = ti)"
	same NetworkActivity "$(completes --category N)"
	same "region,event_time" "$(completes --columns region,event_t)"
	same "" "$(completes --columns region,reg)"
	same "--read-only --region --reproducible --resource" "$(completes --re | sort | xargs)"
	same "" "$(completes --user a)"
	same "" "$(completes --error = a)"
	same afile "$(completes --error a)"
}
