#!/usr/bin/env bats
# trail-carve on real logs, planted in an image.

load helper
load carve

@test "real logs: whole, cut, in fragments and inflated" {
	skip_without_shared invictus-stratus-logs
	image i --plant "$SHARED_DATA"/invictus-stratus-logs/*.json
	run --separate-stderr trail carve -o out --reproducible i/image.raw
	[ "$status" -ne 2 ]
	python3 "$SOURCE_ROOT/tests/gen/score" --json i/key.json out >s.json
	# Whole ones as stored; of inflated ones, whose files end in a line feed that is none of the log's, the records.
	same "" "$(jq -r '.classes["real-A"] | select(.exact != .of)' s.json)"
	same "" "$(jq -r '.classes | to_entries[] | select(.key | IN("real-A", "real-F")) | select(.value.records != .value.all) | "\(.key) \(.value)"' s.json)"
	same "" "$(jq -r '.classes["real-E"] | select(.exact < .of - 1) | "\(.exact) of \(.of)"' s.json)"
	same "" "$(jq -r '.classes["real-C"] | select(.records < .before) | "\(.records) of \(.before)"' s.json)"
	same "" "$(jq -r '.classes | to_entries[] | select(.key != "none" and .key != "real-F") | select(.value.wrong + .value.false > 0) | .key' s.json)"
}

@test "a real digest in an image is found whole" {
	skip_without_shared real-digest
	local file n=0
	head -c 5000 /dev/zero >disk
	while read -r file; do
		cat "$file" >>disk
		head -c 3000 /dev/zero >>disk
		n=$((n + 1))
	done < <(find "$SHARED_DATA/real-digest" -type f \( -name '*.json' -o -name '*.json.gz' \) | LC_ALL=C sort)
	[ "$n" -gt 0 ]
	run --separate-stderr trail carve -o out --reproducible disk
	[ "$status" -ne 2 ]
	jq -e 'select(.kind == "digest")' out/carve.jsonl >/dev/null || fail "no digest"
}

@test "events in the envelopes of other services are found" {
	local set
	for set in lookup-events eventbridge; do
		skip_without_shared $set
		find "$SHARED_DATA/$set" -type f \( -name '*.json' -o -name '*.jsonl' \) -print0 | LC_ALL=C sort -z |
			xargs -0 -I{} sh -c 'cat "$1"; head -c 4096 /dev/zero' _ {} >$set.disk
		run --separate-stderr trail carve -o $set --reproducible $set.disk
		[ "$status" -ne 2 ]
		[ -s $set/records.jsonl ] || fail "$set: nothing"
		# What the timeline of the files knows by eventID, the image has.
		run trail timeline -f jsonl --columns event_id "$SHARED_DATA/$set"
		jq -r '.event_id // empty | select(. != "")' <<<"$(grep '^{' <<<"$output")" | sort -u >want
		jq -r .event_id $set/records.jsonl | sort -u >got
		[ "$(comm -23 want got | wc -l)" -eq 0 ] || fail "$set: $(comm -23 want got | head -n 3 | paste -sd ' ') of $(wc -l <want)"
	done
}
