#!/usr/bin/env bats
# trail-timeline: the order of rows, duplicates and conflicts, and output that depends on nothing but the evidence.

load helper

setup_file() {
	load helper
	cd "$BATS_FILE_TMPDIR" || return
	mk t --hours 5 --accounts 2 --regions us-east-1,eu-west-1 --logs 2 --events 5 --insight --seed 3 --event-version 10
	# One event of each kind of odd time, in no order.
	{
		event late 2024-03-01T10:00:00.75Z A
		event none 2024-03-01T10:00:00Z B 'del(.eventTime)'
		event bad 2024-03-01T10:00:00Z C '.eventTime = "yesterday"'
		event offset 2024-03-01T21:00:00+11:00 D
		event noid 2024-03-01T10:00:00Z E 'del(.eventID)'
		event early 2024-03-01T09:59:59Z F
		event half 2024-03-01T10:00:00.5Z G
		event nobody 2024-03-01T10:00:00Z H 'del(.userIdentity)'
		event other 2024-03-01T10:00:00Z I '.recipientAccountId = "000000000001"'
		event region 2024-03-01T10:00:00Z J '.awsRegion = "ap-south-1"'
	} >odd.jsonl
	event d1 2024-03-01T10:00:00Z GetObject '.requestParameters = {a: {x: 1, y: [1, 2]}, b: "s/t"}' >one.json
}

ev() {
	echo "$BATS_FILE_TMPDIR/$1"
}

@test "time, account, region, eventID; what has no time comes last, what has no id after what has" {
	timeline 0 "$(ev odd.jsonl)"
	same "early other region nobody offset - half late" "$(column event_id | cut -d ' ' -f -8)"
	same "bad none" "$(column event_id | cut -d ' ' -f 9- | xargs -n 1 | sort | xargs)"
	same "2024-03-01T09:59:59Z 2024-03-01T10:00:00Z" "$(column event_time | cut -d ' ' -f 1-2)"
	same "2024-03-01T10:00:00Z 2024-03-01T10:00:00Z" "$(column event_time | cut -d ' ' -f 5-6)"
	same "yesterday" "$(json 'select(.event_id == "bad").event_time')"
	same '-' "$(column event_time | xargs -n 1 | grep -x -- - )"
	local words
	for words in "2 without a time" "1 without an eventID" "1 without a userIdentity"; do
		says "$words"
	done
}

@test "a progress bar, for which folders are counted first, changes nothing" {
	mkdir -p d/AWSLogs
	cp "$(ev odd.jsonl)" d/AWSLogs/a.jsonl
	cp "$(ev odd.jsonl)" d/AWSLogs/a.jsonl.meta.json
	timeline 0 d
	says "9 duplicates"
	local plain=$output
	timeline 0 --progress always d
	same "$plain" "$output"
}

@test "rows of generated logs stand as jq sorts them" {
	find "$(ev t)/bucket" -path '*/CloudTrail/*' -name '*.gz' -exec gzip -dc {} + | jq -c '.Records[]' >records
	[ "$(wc -l <records)" -gt 100 ]
	mkdir only
	cp -r "$(ev t)"/bucket only/
	find only -path '*-Insight*' -delete
	trail timeline -f jsonl only >have
	same "" "$(diff <(oracle <records) <(told <have) | head -n 6)"
}

@test "the same bytes for any number of threads, any memory, any order of operands" {
	local j format roots=() root
	for root in "$(ev t)"/bucket/AWSLogs/*; do roots+=("$root"); done
	[ ${#roots[@]} -eq 2 ]
	for format in jsonl csv text records html timesketch; do
		trail timeline -f $format -j 1 --reproducible "${roots[@]}" >want
		[ "$(wc -l <want)" -gt 1 ]
		for j in "-j 2" "-j 7" "--memory 16M" "--memory 0" "--memory 1" "--memory 256M -j 3"; do
			# shellcheck disable=SC2086
			trail timeline -f $format --reproducible $j "${roots[@]}" | cmp want - || fail "$format $j"
		done
		trail timeline -f $format --reproducible "${roots[1]}" "${roots[0]}" | cmp want - || fail "$format: other order"
	done
}

@test "the same when rows have to be spilled" {
	skip_under_wrap
	local j
	event x 2024-03-01T10:00:00Z GetObject >seed.json
	perl -e 'local $/; my $r = <>; for my $i (1 .. 80000) { my $s = ($i * 7919) % 80000; my $x = $r;
	    $x =~ s/"eventID":"x"/sprintf "\"eventID\":\"%08d\"", $s/e; $x =~ s/10:00:00Z/sprintf "%02d:%02d:%02dZ", $s \/ 3600, $s \/ 60 % 60, $s % 60/e;
	    print $x }' seed.json >many.jsonl
	trail timeline -f jsonl --memory 1G many.jsonl >want
	same "80000" "$(wc -l <want)"
	same "" "$(jq -r '"\(.event_time) \(.event_id)"' want | sort -c 2>&1)"
	for j in "-j 1 --memory 16M" "-j 7 --memory 16M"; do
		# shellcheck disable=SC2086
		trail timeline -f jsonl $j many.jsonl | cmp want -
	done
	# Memory that is too little for the rows, and a folder that is too small for their runs.
	[ "$(id -u)" -eq 0 ] || return 0
	mkdir small
	mount -t tmpfs -o size=1m none small 2>/dev/null || return 0
	run --separate-stderr trail timeline -f jsonl --memory 16M --tmpdir small -o out many.jsonl
	umount small
	[ "$status" -eq 2 ] || fail "exit status $status"
	says "small"
	says "No space left on device"
	[ ! -e out ]
}

@test "a folder, an archive of any kind, standard input, .json and .json.gz: the same events" {
	local form
	cp -r "$(ev t)/bucket" b
	trail timeline -f jsonl --columns event_time,event_id,principal,region,record_index b >want
	[ "$(wc -l <want)" -gt 100 ]
	tar -cf b.tar b
	tar -czf b.tar.gz b
	tar -cJf b.tar.xz b
	zip -qr b.zip b
	7z a -bd b.7z b >/dev/null
	for form in b.tar b.tar.gz b.tar.xz b.zip b.7z; do
		trail timeline -f jsonl --columns event_time,event_id,principal,region,record_index $form | cmp want - || fail $form
		trail timeline -f jsonl --columns event_time,event_id,principal,region,record_index - <$form | cmp want - || fail "- <$form"
	done
	find b -name '*.gz' -exec gunzip {} +
	trail timeline -f jsonl --columns event_time,event_id,principal,region,record_index b | cmp want -
}

@test "a duplicate is one row, and all its places are kept" {
	mkdir a b c
	cp "$(ev one.json)" a/x.json
	cp "$(ev one.json)" b/y.json
	log <"$(ev one.json)" >c/z.json
	local places='[.] + .also_in | map("\(.locator)#\(.record_index)") | join("; ")'
	timeline 0 --columns event_id,locator,record_index,also_in a b c
	rows 1
	same "a/x.json#0; b/y.json#0; c/z.json#0" "$(json "$places")"
	says "2 duplicates"
	timeline 0 --columns also_in,locator,record_index c b a
	same "a/x.json#0; b/y.json#0; c/z.json#0" "$(json "$places" | sed 's/; /\n/g' | sort | paste -sd ';' | sed 's/;/; /g')"
	exits 0 trail timeline -f csv --columns locator,also_in a b c
	prints "a/x.json,b/y.json#0; c/z.json#0"
	# A whole bucket twice.
	cp -r "$(ev t)/bucket" one
	cp -r "$(ev t)/bucket" two
	trail timeline -f jsonl one >once
	timeline 0 --columns event_id,also_in one two
	rows "$(wc -l <once)"
	same "1" "$(json '.also_in | length' | sort -u)"
}

@test "a copy that is the same value is no conflict: white space, order, escapes" {
	local one
	one=$(ev one.json)
	mkdir a
	cp "$one" a/1.json
	jq . "$one" >a/2.json
	jq -S . "$one" >a/3.json
	jq -S . "$one" | sed 's/$/\r/' >a/4.json
	perl -pe 's,s/t,s\\/\\u0074,; s,"GetObject","\\u0047etObject",; s,^,\xef\xbb\xbf,' "$one" >a/5.json
	jq -c '.requestParameters.a |= {y, x}' "$one" >a/6.json
	timeline 0 a
	rows 1
	says "5 duplicates"
	[[ $stderr != *conflict:* ]]
}

@test "a record that was edited in a copy: both are shown, both places are named, exit 1" {
	local edit n=0
	mkdir a b
	for edit in '.sourceIPAddress = "203.0.113.1"' '.requestParameters.a.y = [2, 1]' '.requestParameters.a.x = "1"' \
	    '.additionalEventData = null' 'del(.userAgent)' '.requestParameters.b = "s/T"' '.responseElements = {}' '.readOnly = "true"' \
	    '.userIdentity.arn = "arn:aws:iam::111122223333:user/bob"'; do
		n=$((n + 1))
		cp "$(ev one.json)" a/x.json
		jq -c "$edit" "$(ev one.json)" >b/x.json
		timeline 1 a b
		rows 2
		says "a/x.json#0"
		says "b/x.json#0"
		says d1
		says conflict
	done
	same 9 $n
	# Also when the time differs, so that the two do not stand side by side.
	jq -c '.eventTime = "2024-03-02T10:00:00Z"' "$(ev one.json)" >b/x.json
	event between 2024-03-01T20:00:00Z X >b/y.json
	timeline 1 a b
	same "d1 between d1" "$(column event_id)"
	says "a/x.json#0"
	says "b/x.json#0"
}

@test "versions of one event: each is shown once, with its copies" {
	mkdir a
	cp "$(ev one.json)" a/1.json
	cp "$(ev one.json)" a/2.json
	jq -c '.userAgent = "other"' "$(ev one.json)" >a/3.json
	jq -S '.userAgent = "other"' "$(ev one.json)" >a/4.json
	jq -c '.userAgent = "third"' "$(ev one.json)" >a/5.json
	timeline 1 --columns user_agent,locator,also_in a
	rows 3
	same "aws-cli/2.15 other third" "$(json .user_agent | sort | xargs)"
	same "1" "$(json 'select(.user_agent == "other") | "\(.locator) \(.also_in[].locator)"' | grep -c '3.json.*4.json')"
	says "1 conflict"
	says "2 duplicates"
	exits 1 trail timeline a
	exits 1 trail timeline -f html a
	exits 0 trail timeline --event NoSuch a
}

@test "one event for two accounts is two events, and records without an id are never taken for one another" {
	mkdir a
	{
		cat "$(ev one.json)"
		jq -c '.recipientAccountId = "999988887777" | .sharedEventID = "s"' "$(ev one.json)"
		jq -c 'del(.eventID)' "$(ev one.json)"
		jq -c 'del(.eventID)' "$(ev one.json)"
		jq -c 'del(.eventID) | .userAgent = "x"' "$(ev one.json)"
		jq -c '.eventID = null' "$(ev one.json)"
		jq -c '.eventID = ""' "$(ev one.json)"
	} >a/x.jsonl
	timeline 0 a
	rows 7
	says "0 conflicts"
}

@test "filters decide which copies are compared" {
	mkdir a
	cp "$(ev one.json)" a/1.json
	jq -c '.sourceIPAddress = "203.0.113.1"' "$(ev one.json)" >a/2.json
	timeline 1 --event GetObject a
	timeline 0 --ip 203.0.113.0/24 a
	rows 1
}

@test "sixty thousand copies of one event in many versions take no quadratic time" {
	skip_under_wrap
	perl -e 'local $/; my $r = <>; for my $i (1 .. 60000) { my $x = $r; my $v = $i % 3000; $x =~ s/aws-cli/agent-$v/; print $x }' \
	    "$(ev one.json)" >many.jsonl
	run --separate-stderr timeout 60 "$B/trail-timeline" -f jsonl many.jsonl
	[ "$status" -eq 1 ] || fail "exit status $status"
	rows 3000
	says "57,000 duplicates"
}

@test "forty thousand entries of one name that hold versions of one event take no quadratic time" {
	skip_under_wrap
	perl -e 'local $/; my $r = <>; for my $i (1 .. 40000) { my $x = $r; $x =~ s/aws-cli/agent-$i/; $x = "{\"Records\":[$x]}";
	    my $h = pack "a100 a8 a8 a8 a12 a12 A8 a1 a100 a6 a2 a80 a155 x12",
	        "111122223333_CloudTrail_eu-west-1_20240301T1005Z_aaaaaaaaaaaaaaaa.json.gz", "0000644", "0000000", "0000000",
	        sprintf("%011o", length $x), "00000000000", "", "0", "", "ustar", "00", "",
	        "b/AWSLogs/111122223333/CloudTrail/eu-west-1/2024/03/01";
	    substr($h, 148, 8) = sprintf "%06o\0 ", unpack "%32C*", $h;
	    print $h, $x, "\0" x (-length($x) % 512) } print "\0" x 1024' "$(ev one.json)" >same.tar
	run --separate-stderr timeout 60 "$B/trail-timeline" -f jsonl same.tar
	[ "$status" -eq 1 ] || fail "exit status $status"
	rows 40000
	says "1 conflict"
}

@test "copies of a record that names no recipient are one event wherever they lie" {
	local key=b/AWSLogs/111122223333/CloudTrail/eu-west-1/2024/03/01
	mkdir -p $key
	jq -c 'del(.recipientAccountId) | .eventVersion = "1.0" | .userIdentity = {type: "AWSService", invokedBy: "x.amazonaws.com"}' \
	    "$(ev one.json)" >old.json
	log <old.json | gzip >$key/111122223333_CloudTrail_eu-west-1_20240301T1005Z_aaaaaaaaaaaaaaaa.json.gz
	timeline 0 b old.json
	rows 1
	says "1 duplicate"
	# And versions of it are a conflict.
	jq -c '.sourceIPAddress = "203.0.113.1"' old.json >forged.json
	timeline 1 b forged.json
	rows 2
}

@test "a conflict of many versions names eight places, in the order of their numbers" {
	local i
	for i in {1..12}; do
		event x 2024-03-01T10:00:00Z A ".requestID = \"$i\""
	done >many.json
	timeline 1 many.json
	rows 12
	says "all of them shown: many.json#0, many.json#1, many.json#2, many.json#3, many.json#4, many.json#5, many.json#6, many.json#7 and 4 more"
	[[ $stderr != *"#8"* ]]
	sed -n 8,11p many.json >few.json
	{ for i in {1..8}; do event "y$i" 2024-03-01T10:00:00Z A; done; cat few.json; } >places.json
	timeline 1 places.json
	says "shown: places.json#8, places.json#9, places.json#10, places.json#11"
}

@test "a name that stands twice in a record is told, whatever the name; the other way round it is another record" {
	event x 2024-03-01T10:00:00Z A 'del(.requestID)' >x.json
	sed 's/}$/,"requestID":"a","requestID":"b"}/' x.json >ab.json
	sed 's/}$/,"requestID":"b","requestID":"a"}/' x.json >ba.json
	sed 's/}$/,"requestID":"a","request\\u0049D":"b"}/' x.json >escaped.json
	timeline 3 -v ab.json
	says "a name that stands there twice"
	timeline 3 -v escaped.json
	says "a name that stands there twice"
	timeline 1 ab.json ba.json
	rows 2
	timeline 3 ab.json ab.json
	rows 1
}

@test "numbers that doubles take for one another differ; the same number written otherwise does not" {
	event x 2024-03-01T10:00:00Z A '.requestParameters = {n: "N"}' >x.json
	sed 's/"N"/12345678901234567.0/' x.json >a.json
	sed 's/"N"/12345678901234568.0/' x.json >b.json
	sed 's/"N"/1234567890123456700E-2/' x.json >c.json
	timeline 1 a.json b.json
	rows 2
	timeline 0 a.json c.json
	rows 1
	says "1 duplicate"
}
