#!/usr/bin/env bats
# trail-gaps: the command line, refusals, selection, order and number of threads, completions.

load helper

setup_file() {
	load helper
	cd "$BATS_FILE_TMPDIR" || return
	mk many --hours 14 --accounts 2 --org o-ex --regions us-east-1,eu-west-1 --bucket-change 4 --stop 2:0 --stop 6:2 \
	    --tamper delete-digest:a=1,r=1,h=11
	mk two --hours 8 --trail first-trail --trail second-trail --stop 3:2:1
}

ev() {
	echo "$BATS_FILE_TMPDIR/$1"
}

# refuses WORDS ARGUMENT...: nothing is written, and the words stand on standard error.
refuses() {
	local words=$1
	shift
	exits 2 trail gaps "$@"
	says "trail-gaps: "
	says "$words"
	same "" "$output"
}

# lines_of: a line for each gap of gaps.json.
lines_of() {
	jq -r '.gaps[] | [.account, .region, .trail, .start, .end, .cause] | join(" ")' gaps.json
}

@test "what is wrong is refused, with what is right" {
	local b value
	b=$(ev many)/bucket
	for value in "" x 2 1w -1h 1h30 30m1h 1h1h h " 1h" "1h 30m" 99999999999999999999d 0x10; do
		refuses "--min" "--min=$value" "$b"
	done
	refuses "text, json, csv, html" -f xml "$b"
	refuses '--since: "never" is no time' --since never "$b"
	refuses "no EVIDENCE given"
	refuses "there is no option" --nope "$b"
	[[ $stderr != *perhaps* ]] || fail "nothing is near that"
	refuses 'there is no option "--mni": perhaps --min' --mni 2h "$b"
	refuses 'there is no option "--formta": perhaps --format' --formta=json "$b"
	refuses 'there is no option "--lineages": perhaps --lineage' --lineages "$b"
	refuses "nowhere" nowhere
	echo '{"PublicKeyList":[]}' >none.json
	refuses "none.json" -k none.json "$b"
	refuses "absent.json" -k absent.json "$b"
	refuses "--shard" --shard 3/2 "$b"
	exits 2 trail gaps --nope -o out.json "$b"
	exits 2 trail gaps -k none.json -f json -o out.json "$b"
	[ ! -e out.json ]
	nothing_left
}

@test "of what was asked for the evidence may say nothing, which proves nothing" {
	local -x COLUMNS=200
	local a args asked
	a=$(ev many)
	mapfile -t args < <(set_args "$a")
	for asked in "--since 2030-01-01" "--until 2020-01-01" "--since 2020-01-01 --until 2020-01-02" "--region us-esat-1" "--trail nope"; do
		read -ra asked <<<"$asked"
		gaps 3 "$a" "${asked[@]}"
		same "inconclusive 0" "$(jq -r '"\(.verdict) \([.coverage[].intervals[]] | length)"' gaps.json)"
		exits 3 trail gaps "${asked[@]}" "${args[@]}"
		prints "INCONCLUSIVE: the evidence says nothing about the coverage of what was asked for."
		prints "leave the selection out"
		[[ $output != *COVERAGE* ]] || fail "an empty map"
		exits 3 trail gaps -f html "${asked[@]}" "${args[@]}"
		prints "Nothing can be laid out."
	done
}

@test "what lies behind the evidence and before --until is not proved, though a digest may be on its way" {
	local args
	mapfile -t args < <(set_args "$(ev two)")
	args+=(--region us-east-1 --since 2024-03-01T07)
	exits 0 trail gaps "${args[@]}" --until 2024-03-01T07:30:00Z
	exits 3 trail gaps "${args[@]}" --until 2024-03-01T09
	prints "INCONCLUSIVE"
	prints "blank: outside what the evidence speaks of"
}

@test "where --until cuts a gap, it and not the evidence is named" {
	local -x COLUMNS=200
	local args
	mapfile -t args < <(set_args "$(ev two)")
	exits 1 trail gaps --until 2024-03-01T05 "${args[@]}"
	prints "1 open at the end of the time asked for."
	prints "to 2024-03-01T05:00:00Z, the end of the time asked for"
	prints "ended by  not within the time asked for"
	exits 1 trail gaps "${args[@]}"
	prints "ended by  StartLogging"
}

@test "without keys the events of a gap are named, and why they explain nothing" {
	local -x COLUMNS=200
	local args
	exits 1 trail gaps "$(ev two)/bucket"
	prints "UNEXPLAINED"
	prints "who       arn:aws:"
	prints "doubt     no verified log holds the event that ended coverage"
	mapfile -t args < <(set_args "$(ev two)")
	exits 1 trail gaps "${args[@]}"
	[[ $output != *doubt* ]] || fail "doubts about what is proved"
}

@test "--explain says where words other than findings are explained" {
	refuses "trail-gaps(1)" --explain logging-stopped
	refuses "perhaps digest-missing" --explain digest-mising
	[[ $stderr != *"trail-gaps(1)"* ]] || fail "a hint too many"
}

@test "--min leaves out what is shorter, which is not proved for all that" {
	gaps 1 "$(ev many)"
	same_gaps "$(ev many)"
	same "4 of 0, 4 of 7200, 1 of 3600" "$(jq -r '"\([.gaps[] | select(.seconds == 0)] | length) of 0, \([.gaps[]
	    | select(.seconds == 7200)] | length) of 7200, \([.gaps[] | select(.seconds == 3600)] | length) of 3600"' gaps.json)"
	gaps 1 "$(ev many)" --min 0
	same 9 "$(jq '.gaps | length' gaps.json)"
	gaps 1 "$(ev many)" --min 1s
	same 5 "$(jq '.gaps | length' gaps.json)"
	gaps 1 "$(ev many)" --min 60m
	same 5 "$(jq '.gaps | length' gaps.json)"
	gaps 1 "$(ev many)" --min=1h1s
	same "7200" "$(jq -r '.gaps[].seconds' gaps.json | sort -u)"
	gaps 1 "$(ev many)" --min 2h
	same 4 "$(jq '.gaps | length' gaps.json)"
	gaps 3 "$(ev many)" --min 1d
	same "[] inconclusive" "$(jq -r '"\(.gaps) \(.verdict)"' gaps.json)"
}

@test "the text says what --min hides: how many, and how many of them nothing explains" {
	local -x COLUMNS=200
	local args
	mapfile -t args < <(set_args "$(ev many)")
	exits 3 trail gaps --min 1d "${args[@]}"
	prints "INCONCLUSIVE: there are only gaps that --min left out"
	prints "9 gaps shorter than 1d00h are left out, 1 of them unexplained"
	exits 1 trail gaps --min 2h "${args[@]}"
	prints "5 gaps shorter than 2h00m are left out, 1 of them unexplained"
	exits 1 trail gaps --min 1m "${args[@]}"
	prints "4 gaps shorter than 1m00s are left out"
}

@test "an empty folder is inconclusive, with a valid document" {
	local f
	mkdir empty
	for f in text json csv html; do
		exits 3 trail gaps -f $f empty
		[ -n "$output" ] || fail "$f: no document"
	done
	exits 3 trail gaps -f json empty
	same "trail-gaps inconclusive [] [] []" "$(json '"\(.tool) \(.verdict) \(.coverage) \(.gaps) \(.impairments)"')"
	echo text >empty/notes.txt
	exits 3 trail gaps -f json empty
}

@test "--account, --region and --trail show only these" {
	gaps 1 "$(ev many)"
	lines_of >all
	gaps 1 "$(ev many)" --account 444455556666
	same "$(grep ^444455556666 all)" "$(lines_of)"
	same "444455556666" "$(jq -r '.coverage[].account' gaps.json | sort -u)"
	gaps 1 "$(ev many)" --region us-east-1
	same "$(grep ' us-east-1 ' all)" "$(lines_of)"
	gaps 1 "$(ev many)" --region eu-west-1 --account 444455556666
	same "$(grep '^444455556666 eu-west-1 ' all | cut -d ' ' -f -5)" "$(lines_of | cut -d ' ' -f -5)"
	gaps 1 "$(ev two)" --trail second-trail
	same "second-trail" "$(jq -r '.gaps[].trail, .coverage[].trail' gaps.json | sort -u)"
	gaps 0 "$(ev two)" --trail first-trail
	same "" "$(lines_of)"
}

@test "--since and --until: only what lies in them" {
	gaps 1 "$(ev many)" --since 2024-03-01T05
	same "0" "$(jq '[.gaps[] | select(.seconds == 0)] | length' gaps.json)"
	gaps 1 "$(ev many)" --until 2024-03-01T05
	same "0 4" "$(jq -r '"\([.gaps[] | select(.end > "2024-03-01T05:00:00Z")] | length) \(.gaps | length)"' gaps.json)"
	gaps 0 "$(ev many)" --since 2024-03-01T03:30:00Z --until 2024-03-01T05:30:00Z
	gaps 1 "$(ev many)" --since 2024-03-01T06:01:31Z --until 2024-03-01T10:01:31Z
	same "2024-03-01T07:01:31Z 2024-03-01T09:01:31Z" "$(jq -r '.gaps[] | "\(.start) \(.end)"' gaps.json | sort -u)"
	same "" "$(jq -r '.coverage[].intervals[] | select(.start < "2024-03-01T06:01:31Z" or .end > "2024-03-01T10:01:31Z")' gaps.json)"
	# Nothing follows the last digest; what is asked for does.
	gaps 1 "$(ev two)" --until 2024-03-02
	same "2024-03-01T08:01:31Z 2024-03-02T00:00:00Z" "$(jq -r '.gaps[] | select(.trail == "first-trail") | "\(.start) \(.end)"' gaps.json)"
}

@test "one result for any number of threads, any order of operands, a folder or an archive" {
	local f b
	b=$(ev many)
	local keys=(-k "$b/keys.json" -m "$b/metadata.jsonl")
	for f in text json csv html; do
		exits 1 trail gaps --reproducible -f $f -j 1 "${keys[@]}" "$b/bucket" "$b/bucket2"
		printf '%s\n' "$output" >want
		exits 1 trail gaps --reproducible -f $f -j 7 "${keys[@]}" "$b/bucket" "$b/bucket2"
		diff want <(printf '%s\n' "$output")
		[ $f = html ] || [ $f = json ] || {
			exits 1 trail gaps --reproducible -f $f -j 2 "${keys[@]}" "$b/bucket2" "$b/bucket"
			diff want <(printf '%s\n' "$output")
		}
	done
	gaps 1 "$b"
	jq -S '{coverage, gaps, impairments}' gaps.json >want
	exits 1 trail gaps -f json "${keys[@]}" "$b/bucket2" "$b/bucket"
	diff want <(json '{coverage, gaps, impairments}' | jq -S .)
	tar -C "$b" -czf all.tgz bucket bucket2
	exits 1 trail gaps -f json "${keys[@]}" all.tgz
	diff want <(json '{coverage, gaps, impairments}' | jq -S .)
	exits 1 trail gaps -f json "${keys[@]}" - <all.tgz
	diff want <(json '{coverage, gaps, impairments}' | jq -S .)
	# The same objects twice are no further evidence.
	exits 1 trail gaps -f json "${keys[@]}" "$b/bucket" all.tgz "$b/bucket2"
	diff <(jq -S .coverage want) <(json '.coverage' | jq -S .)
	diff <(jq -S .gaps want) <(json '.gaps' | jq -S .)
}

@test "shards together cover what one run covers" {
	local k
	gaps 1 "$(ev many)"
	jq -c '.coverage[]' gaps.json | sort >want
	for k in 1 2 3; do
		mapfile -t args < <(set_args "$(ev many)")
		trail gaps -f json --shard $k/3 "${args[@]}" >shard.json || [ $? -ne 2 ]
		jq -c '.coverage[]' shard.json
	done | sort | diff want -
}

@test "-o writes a whole file, or none" {
	mapfile -t args < <(set_args "$(ev two)")
	exits 1 trail gaps -f json -o out.json "${args[@]}"
	same "" "$output"
	jq -e '.gaps | length == 1' out.json >/dev/null
	exits 2 trail gaps -f json -o absent/out.json "${args[@]}"
	nothing_left
}

@test "what cannot be read is counted, named, and does not end the run" {
	mk s --hours 8 --stop 3:2
	find s/bucket -name '*T0200Z_*' -exec sh -c 'head -c 100 "$1" >x && mv x "$1"' - {} \;
	gaps 1 s -v
	same "1" "$(jq -r '[.gaps[] | select(.cause == "logging-stopped")] | length' gaps.json)"
	[ "$(jq '.skipped | length' gaps.json)" -ge 1 ]
	says "T0200Z"
}

# The long options of --help.
help_options() {
	trail gaps --help | sed -n 's/^  \(-., \|    \)--\([a-z-]*\).*/\2/p' | sort
}

@test "help, page and completions name the same options" {
	local want completions=$SOURCE_ROOT/tools/completions
	want=$(help_options)
	[ "$(wc -l <<<"$want")" -gt 20 ]
	same "$want" "$(sed -n '/^_trail_gaps_options/,/"$/p' "$completions/bash/trail-gaps" | grep -oE -- '--[a-z-]+' | sed 's/--//' | sort -u)"
	same "$want" "$(grep -v '^#' "$completions/zsh/_trail-gaps" | grep -oE -- '--[a-z-]+' | sed 's/--//; s/-$//' | sort -u)"
	same "$want" "$(grep -oE -- ' -l [a-z-]+' "$completions/fish/trail-gaps.fish" | sed 's/ -l //' | sort -u)"
	same "$want" "$(sed -n '/^\.It Fl/p' "$SOURCE_ROOT/man/trail-gaps.1" | grep -oE 'Fl -[a-z-]+' | sed 's/Fl -//' | sort -u)"
}

# completes WORD...: what bash offers for the last of these words.
completes() {
	(
		source "$SOURCE_ROOT/tools/completions/bash/trail-gaps"
		COMP_WORDS=(trail-gaps "$@") COMP_CWORD=$#
		_trail_gaps
		printf '%s\n' "${COMPREPLY[@]}"
	)
}

@test "the manual explains every cause and every class" {
	local word
	for word in $(sed -nE 's/^\tROW\("([a-z-]+)".*/\1/p' "$SOURCE_ROOT/libforensic/coverage/control_table.c" | sort -u | grep -vx start) \
	    $(sed -nE 's/^ +\[LF_CAUSE_.*\] = "([a-z-]+)",$/\1/p' "$SOURCE_ROOT/libforensic/coverage/gaps.c"); do
		grep -qE "^\.It Cm ([a-z-]+ , )*$word( ,|$)" "$SOURCE_ROOT/man/trail-gaps.1" || fail "trail-gaps(1) lacks $word"
	done
}

@test "bash completion offers options, values and files" {
	touch afile
	same "text json csv html" "$(completes -f '' | xargs)"
	same html "$(completes --format = h)"
	same "--merge --metadata --min" "$(completes --m | grep -v max | sort | xargs)"
	same "" "$(completes --min a)"
	same afile "$(completes a)"
}

@test "metadata that lies in the evidence is read with what -m gives, and freed once" {
	mk inside --hours 60
	head -n 2 inside/metadata.jsonl >two.jsonl
	mkdir -p inside/bucket/notes
	cp inside/metadata.jsonl inside/bucket/notes/
	exits 3 trail gaps -k inside/keys.json -m two.jsonl inside/bucket
	exits 3 trail timeline --gaps -f csv -k inside/keys.json -m two.jsonl inside/bucket
}
