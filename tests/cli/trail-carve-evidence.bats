#!/usr/bin/env bats
# What trail-carve has written is evidence for the others: they say of it what they say of the original.

load helper
load carve

CLEAN=$SOURCE_ROOT/testdata/clean

# Columns of events that do not depend on where they lie.
COLUMNS_OF_EVENTS=event_time,account_id,region,principal,event_source,event_name,result,source_ip,user_agent,event_id,shared_event_id

@test "a carved bucket is proved as the bucket is" {
	testdata_image disk
	exits 0 trail verify -f json -k "$CLEAN/keys.json" -m "$CLEAN/metadata.jsonl" "$CLEAN/bucket"
	json '[.summary.digests, .summary.logs]' >want
	json '.chains | map(del(.tail.locator))' >chains
	carve 0 out -k "$CLEAN/keys.json" -m "$CLEAN/metadata.jsonl" disk
	same "$(find "$CLEAN/bucket" -type f | wc -l)" "$(ls out/files | wc -l)"
	# Nothing but the bytes as they were.
	same "$(find "$CLEAN/bucket" -type f -exec sha256sum {} + | cut -d' ' -f1 | sort)" "$(cd out/files && sha256sum -- * | cut -d' ' -f1 | sort)"
	exits 0 trail verify -f json -k "$CLEAN/keys.json" -m "$CLEAN/metadata.jsonl" out
	same "$(cat want)" "$(json '[.summary.digests, .summary.logs]')"
	same "$(cat chains)" "$(json '.chains | map(del(.tail.locator))')"
	same "0" "$(json '.skipped | length')"
	same "" "$(json '.findings[] | select(.severity != "notice") | .id')"
}

@test "a timeline of what was carved is the timeline of the original" {
	testdata_image disk
	carve 0 out -k "$CLEAN/keys.json" -m "$CLEAN/metadata.jsonl" disk
	timeline 0 --columns "$COLUMNS_OF_EVENTS,integrity" -k "$CLEAN/keys.json" -m "$CLEAN/metadata.jsonl" "$CLEAN/bucket"
	printf '%s\n' "$output" >want
	timeline 0 --columns "$COLUMNS_OF_EVENTS,integrity" -k "$CLEAN/keys.json" -m "$CLEAN/metadata.jsonl" out
	same "$(cat want)" "$output"
	[[ $stderr == *" 0 duplicates"* ]] || fail "events of whole files were read twice"
	exits 0 trail diff --events "$CLEAN/bucket" out
	exits 0 trail diff --events -f json out "$CLEAN/bucket"
	same "0 0 0" "$(json '.summary.events | "\(.changed) \(.only_in_a) \(.only_in_b)"')"
	# As one archive, too, where it cannot be looked up which files are there: what stands in the list as well is counted.
	tar cf out.tar out
	timeline 0 --columns "$COLUMNS_OF_EVENTS" out.tar
	jq -c 'del(.integrity)' want >plain
	same "$(cat plain)" "$output"
	[[ $stderr == *" $(wc -l <out/records.jsonl) duplicates"* ]]
	exits 0 trail verify -k "$CLEAN/keys.json" -m "$CLEAN/metadata.jsonl" out.tar
}

@test "what a folder lacks, a disk may have: the missing logs are proved" {
	testdata_image disk
	cp -r "$CLEAN/bucket" copy
	find copy -name '*_CloudTrail_*' | LC_ALL=C sort | sed -n '2~3p' >gone
	xargs rm <gone
	[ "$(wc -l <gone)" -gt 3 ]
	exits 1 trail verify -k "$CLEAN/keys.json" -m "$CLEAN/metadata.jsonl" copy
	carve 0 out -k "$CLEAN/keys.json" -m "$CLEAN/metadata.jsonl" --digests copy disk
	prints "0 missing"
	exits 0 trail verify -f json -k "$CLEAN/keys.json" -m "$CLEAN/metadata.jsonl" copy out
	same "0" "$(json .summary.logs.missing)"
}

@test "that --digests names nothing with a digest in it is told" {
	local word="What --digests names holds no digest"
	testdata_image disk
	mkdir empty
	carve 0 out -k "$CLEAN/keys.json" -m "$CLEAN/metadata.jsonl" --digests empty disk
	prints "$word"
	grep -q "$word" out/report.html
	jq -e --arg word "$word" '.limits | any(startswith($word))' out/report.json
	# One that lies on the disk, too, was given all the same.
	carve 0 out2 -k "$CLEAN/keys.json" -m "$CLEAN/metadata.jsonl" --digests empty --digests "$CLEAN/bucket" disk
	[[ $output != *"$word"* ]]
	carve 0 out3 -k "$CLEAN/keys.json" -m "$CLEAN/metadata.jsonl" disk
	[[ $output != *"$word"* ]]
}

@test "records that stand in no whole file are events, all others are not read again" {
	image i --class A=4 --class C=6 --class F=3 --class G=3 --class H=3
	proved 3 out i/image.raw
	timeline 0 --columns event_id out
	same "$(jq -r 'select(.state != "fragment") | .event_id' out/records.jsonl | sort)" "$(json .event_id | sort)"
	# Each event lies where it should: loose ones in records.jsonl, others in files/.
	timeline 0 --columns event_id,locator out
	json 'select(.locator == "out/records.jsonl") | .event_id' | sort >loose
	same "$(jq -r 'select(.state | IN("record", "prefix", "resync")) | .event_id' out/records.jsonl | sort)" "$(cat loose)"
	[ -s loose ]
	# Given alone, the list has them all.
	timeline 0 --columns event_id out/records.jsonl
	same "$(jq -r 'select(.state != "fragment") | .event_id' out/records.jsonl | sort)" "$(json .event_id | sort)"
}

@test "incomplete records are no events, and no damage" {
	image i --class D=12
	proved 3 out i/image.raw
	jq -e 'select(.state == "fragment")' out/records.jsonl >/dev/null
	exits 0 trail timeline -v -f jsonl out
	same "$(jq -r 'select(.state != "fragment") | .event_id' out/records.jsonl | sort)" "$(json .event_id | sort)"
	[[ $stderr != *"not read in full"* && $stderr != *damaged* ]] || fail "damage"
}

@test "lists, reports and parts are known, and counted as such" {
	image i --class A=4 --class C=4 --class D=4
	proved 3 out --dfxml out/x.xml i/image.raw
	exits 1 trail verify -v -f json -k i/keys.json -m i/metadata.jsonl i/bucket out
	# Records that no digest covers are named, nothing else is.
	same "out/records.jsonl" "$(json '.skipped[].locator')"
	same "$(($(ls out/partial | wc -l) + 6))" "$(json .summary.ignored)"
	same "0" "$(json .summary.logs.malformed)"
	exits 0 trail timeline -v -f jsonl out
	[[ $stderr != *partial/* && $stderr != *report* && $stderr != *carve.jsonl* ]] || fail "named"
	# Where there is no list of places beside them, they are what they are.
	mkdir -p other/partial
	cp out/partial/*.json other/partial/
	cp out/report.json other/
	exits 3 trail timeline -v -f jsonl other
	says "other/report.json"
	says "other/partial/"
	# A list that is none hides nothing.
	echo '{"id":7}' >other/carve.jsonl
	exits 3 trail timeline -v -f jsonl other
	says "other/partial/"
}

@test "a folder of a run that is not over, and one of an empty run" {
	image i --class A=2 --class C=1
	proved 3 out i/image.raw
	rm out/records.jsonl out/events.jsonl out/report.*
	: >out/carve.finds
	: >out/carve.records
	: >out/carve.state
	exits 0 trail timeline -f jsonl out
	[ -n "$output" ]
	head -c 1M /dev/zero >zeros
	carve 0 none zeros
	exits 3 trail timeline -f jsonl none # no events
	same "" "$output"
	exits 3 trail verify none
}

@test "conflicts of what was carved are conflicts of the timeline" {
	image i --class O=2
	carve 1 out i/image.raw
	exits 1 trail timeline -f jsonl out
	same "$(jq '.summary.conflicts' out/report.json)" "$(grep -c 'conflict: event' <<<"$stderr")"
}

@test "gaps in what was carved are those of the original" {
	{
		find "$SOURCE_ROOT/testdata/gaps/bucket" -type f -print0 | LC_ALL=C sort -z | xargs -0 cat
	} >disk
	exits 1 trail gaps -f csv -k "$SOURCE_ROOT/testdata/gaps/keys.json" -m "$SOURCE_ROOT/testdata/gaps/metadata.jsonl" "$SOURCE_ROOT/testdata/gaps/bucket"
	printf '%s\n' "$output" >want
	run --separate-stderr trail carve -o out --reproducible -k "$SOURCE_ROOT/testdata/gaps/keys.json" -m "$SOURCE_ROOT/testdata/gaps/metadata.jsonl" disk
	[ "$status" -ne 2 ]
	exits 1 trail gaps -f csv -k "$SOURCE_ROOT/testdata/gaps/keys.json" -m "$SOURCE_ROOT/testdata/gaps/metadata.jsonl" out
	same "$(cat want)" "$output"
}

@test "records whose whole file is gone are read from the list" {
	image i --class A=4 --class C=2
	proved 3 out i/image.raw
	timeline 0 --columns event_id out
	json .event_id | sort >want
	# One of them, all of them, their folder, and one that is there without its bytes.
	cp -r out one
	rm "one/$(jq -r 'select(.records > 0 and .file != null and (.file | startswith("files/"))) | .file' out/carve.jsonl | head -1)"
	cp -r out none
	rm none/files/*
	cp -r none gone
	rmdir gone/files
	cp -r out empty
	: >"empty/$(jq -r 'select(.records > 0 and .file != null and (.file | startswith("files/"))) | .file' out/carve.jsonl | tail -1)"
	tar cf gone.tar gone
	for dir in one none gone gone.tar; do
		timeline 0 --columns event_id $dir
		same "$(cat want)" "$(json .event_id | sort)"
	done
	run --separate-stderr trail timeline -f jsonl --columns event_id empty
	same "$(cat want)" "$(json .event_id | sort)"
	# No digest vouches for what is in the list alone.
	exits 3 trail verify -f json -k i/keys.json -m i/metadata.jsonl gone
	[[ $(json '.skipped[].locator') == *gone/records.jsonl* ]]
	# A list of places that names no file hides nothing either.
	: >gone/carve.jsonl
	timeline 0 --columns event_id gone
	same "$(cat want)" "$(json .event_id | sort)"
}
