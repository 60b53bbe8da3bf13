#!/usr/bin/env bats
# trail-gaps: what each format is, that nothing hostile comes through it, and the marked rows of a timeline.

load helper

EVIL=$'=cmd|calc\e[31m\x01\u202e<script>alert(1)</script>",\'\n\r\t&amp;'

setup_file() {
	load helper
	cd "$BATS_FILE_TMPDIR" || return
	mk g --hours 20 --accounts 2 --org o-ex --regions us-east-1,eu-west-1,eu-south-1 --stop 3:2 --validation-off 8:2 \
	    --region-until eu-south-1:14 --attempts 12 --tamper delete-digest:a=1,r=1,h=13
	# Somebody whose name, address, trail and error are written to do harm, and a name that is no UTF-8.
	mkdir evil
	{
		EVIL=$EVIL event e1 2024-03-01T10:00:00Z StopLogging '.eventSource = "cloudtrail.amazonaws.com" | .userIdentity.arn = env.EVIL
		    | .sourceIPAddress = env.EVIL | .requestParameters = {name: env.EVIL} | .readOnly = false'
		EVIL=$EVIL event e2 2024-03-01T10:00:01Z DeleteTrail '.eventSource = "cloudtrail.amazonaws.com" | .userIdentity.arn = env.EVIL
		    | .errorCode = env.EVIL | .requestParameters = {name: "@SUM(A1)"} | .awsRegion = env.EVIL | .readOnly = false'
	} | log >evil/a.json
	cp evil/a.json $'evil/\xff\e[31m\n.json'
}

ev() {
	echo "$BATS_FILE_TMPDIR/$1"
}

# members FILTER: the names of the members of what a filter of jq gives, in order, each list once.
members() {
	jq -r "$1 | keys_unsorted | join(\" \")" gaps.json | sort -u
}

# shows FORMAT [OPTION...]: the set g in a format, in the file out.
shows() {
	mapfile -t args < <(set_args "$(ev g)")
	exits 1 trail gaps -f "$1" -o out "${@:2}" "${args[@]}"
	same "" "$output"
}

@test "json: the members that the contract names" {
	local name
	gaps 1 "$(ev g)"
	same_gaps "$(ev g)"
	for name in tool version schema arguments started finished verdict summary findings skipped coverage gaps impairments; do
		jq -e "has(\"$name\")" gaps.json >/dev/null || fail "no $name"
	done
	same "trail-gaps 1 findings" "$(jq -r '"\(.tool) \(.schema) \(.verdict)"' gaps.json)"
	same "account region trail start end seconds cause explained actor source_ip event_ids ended_by covered_by" "$(members '.gaps[]')"
	same "event_id event_name actor time" "$(members '.gaps[].ended_by | select(. != null)')"
	same "time event_source event_name class actor source_ip account region target effective error_code event_id integrity" "$(members '.impairments[]')"
	for name in account region trail; do
		same "string" "$(jq -r ".coverage[].$name | type" gaps.json | sort -u)"
	done
	same "start end state" "$(members '.coverage[].intervals[]')"
	same "" "$(jq -r '.gaps[] | select(.seconds != ((.end | fromdate) - (.start | fromdate)))' gaps.json)"
	same "" "$(jq -r '.gaps[], .coverage[].intervals[] | .start, .end | select(test("^[0-9-]{10}T[0-9:]{8}Z$") | not)' gaps.json)"
	same "6" "$(jq '.coverage | length' gaps.json)"
}

@test "json: --reproducible leaves out what differs" {
	mapfile -t args < <(set_args "$(ev g)")
	exits 1 trail gaps --reproducible -f json "${args[@]}"
	same "false false false" "$(json '"\(has("started")) \(has("finished")) \(has("arguments"))"')"
}

@test "json: a gap is in the coverage of its line" {
	gaps 1 "$(ev g)"
	same "" "$(jq -r '. as $d | .gaps[] as $g | $d.coverage[] | select(.account == $g.account and .region == $g.region and .trail == $g.trail)
	    | [.intervals[] | select(.start < $g.end and .end > $g.start)] as $in
	    | select(($in | length == 0) or any($in[]; .state == "verified" or .state == "quiet")) | "\($g) in \($in)"' gaps.json)"
	same "" "$(jq -r '. as $d | .coverage[] as $l | $l.intervals[] | select(.state == "off" or .state == "missing") as $i
	    | select(any($d.gaps[]; .account == $l.account and .region == $l.region and .trail == $l.trail and .start <= $i.start
	      and .end >= $i.end) | not)' gaps.json)"
}

@test "csv: RFC 4180, a row for each gap with the values of json" {
	shows csv --raw-csv
	gaps 1 "$(ev g)"
	cells out >cells
	same "$(jq '.gaps | length' gaps.json)" "$(($(wc -l <cells) - 1))"
	same "1" "$(jq -r length cells | sort -u | wc -l)"
	local name
	for name in account region trail start end seconds cause explained actor source_ip; do
		same "$name $(jq -r ".gaps[] | .$name // \"\" | tostring" gaps.json | sed 's/^false$//' | paste -sd ' ')" \
		    "$name $(tail -n +2 cells | jq -r --arg name $name --argjson head "$(head -n 1 cells)" '.[$head | index($name)]' | sed 's/^false$//' | paste -sd ' ')"
	done
	mapfile -t args < <(set_args "$(ev g)")
	run --separate-stderr trail gaps -f csv --min 30d "${args[@]}"
	[[ $status =~ ^[03]$ ]] || fail "exit status $status"
	same "1" "$(wc -l <<<"$output")"
}

@test "text: the strips fit the width, one for each line of coverage" {
	local width word
	for width in 40 60 80 100 160; do
		COLUMNS=$width shows text
		sed -n '/^COVERAGE/,/^GAPS/p' out >strips
		same "" "$(python3 - "$width" strips <<'END'
import sys
for line in open(sys.argv[2], encoding="utf-8"):
    if len(line.rstrip("\n")) > int(sys.argv[1]): print(len(line), line)
END
)"
		same "6" "$(grep -cE '[█▁][█▁x!]*$' strips)"
	done
	for word in 111122223333 444455556666 eu-south-1 logging-stopped validation-disabled region-disabled digest-missing mallory StopLogging \
	    AccessDenied 2024-03-01; do
		grep -qF -- "$word" out || fail "not in the text: $word: $(cat out)"
	done
}

@test "text: unexplained before explained, longer before shorter" {
	COLUMNS=200 shows text
	local at name want=
	for name in digest-missing logging-stopped; do
		at=$(grep -nF "$name" out | head -n 1 | cut -d : -f 1)
		[ -n "$at" ] || fail "no $name"
		want+="$at "
	done
	same "$want" "$(tr ' ' '\n' <<<"$want" | grep . | sort -n | paste -sd ' ') "
}

@test "text: colour only where it is wanted" {
	shows text
	same 0 "$(controls out)"
	shows text --color always
	grep -q $'\e\[' out
	NO_COLOR=1 shows text
	same 0 "$(controls out)"
}

@test "nothing hostile comes through any format" {
	local f
	for f in text json csv html; do
		exits 3 trail gaps -f $f -o out.$f "$(ev evil)"
		same "0" "$(controls out.$f)"
		iconv -f utf-8 -t utf-8 out.$f >/dev/null
		[ $f != html ] || same "" "$(grep -F '<script>alert' out.html || :)"
	done
	exits 3 trail gaps -v -f text "$(ev evil)"
	same "0" "$(printf '%s' "$stderr$output" | tee x | controls x)"
	same "e1 e2" "$(jq -r '[.impairments[].event_id] | sort | unique | join(" ")' out.json)"
	same "$(printf '%s' "$EVIL" | base64 -w 0)" "$(jq -r '.impairments[] | select(.event_id == "e1").actor | @base64' out.json | head -n 1)"
}

@test "html: one page that loads nothing, with map, gaps and impairments" {
	shows html
	html out >page
	same "ok" "$(head -n 1 page)"
	same "loads" "$(grep ^loads page)"
	[[ $(grep ^csp page) == *"default-src 'none'"* ]] || fail "$(cat page)"
	same "" "$(grep '^raw' page || :)"
	grep -q '<svg' out
	for word in 111122223333 444455556666 eu-south-1 logging-stopped validation-disabled region-disabled digest-missing StopLogging '@media print'; do
		grep -qF -- "$word" out || fail "not on the page: $word"
	done
	exits 3 trail gaps -f html -o evil.html "$(ev evil)"
	html evil.html >page
	same "ok" "$(head -n 1 page)"
	same "loads" "$(grep ^loads page)"
}

@test "trail-timeline --gaps marks where coverage ends and begins" {
	gaps 1 "$(ev g)"
	mapfile -t args < <(set_args "$(ev g)")
	exits 1 trail timeline --gaps -f jsonl "${args[@]}"
	printf '%s\n' "$output" >rows.jsonl
	jq -r 'select(.event_source == "trail-gaps") | "\(.event_time) \(.account_id) \(.region) \(.result)"' rows.jsonl | sort >marks
	[ -s marks ]
	jq -r '.gaps[] | "\(.start) \(.account) \(.region) \(.cause)"' gaps.json | sort | comm -23 - marks >left
	same "" "$(cat left)"
	jq -r '.gaps[] | select(.ended_by != null) | "\(.end) \(.account) \(.region) \(.cause)"' gaps.json | sort | comm -23 - marks >left
	same "" "$(cat left)"
	# The rest is the timeline as it is without.
	trail timeline -f jsonl "${args[@]}" >plain.jsonl || :
	diff plain.jsonl <(jq -c 'select(.event_source != "trail-gaps")' rows.jsonl | jq -c .) >/dev/null ||
	    same "$(jq -r '.event_id' plain.jsonl)" "$(jq -r 'select(.event_source != "trail-gaps").event_id' rows.jsonl)"
	# In order of time.
	same "$(jq -r .event_time rows.jsonl | sort)" "$(jq -r .event_time rows.jsonl)"
}

@test "the text of trail-timeline --gaps says who, for short, and how many marks there are" {
	local args n
	mapfile -t args < <(set_args "$(ev g)")
	COLUMNS=100 exits 1 trail timeline --gaps "${args[@]}"
	prints "coverage-ends (gap: logging-stopped) by user/mallory: "
	prints "coverage-begins (gap: logging-stopped) by "
	n=$(grep -cE ' (══|==) coverage-' <<<"$output")
	prints "gaps       $n rows that tell where coverage ends or begins"
	same "" "$(grep -E ' (══|==) coverage-' <<<"$output" | grep -F arn:)"
}
