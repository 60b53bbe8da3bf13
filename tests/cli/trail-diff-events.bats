#!/usr/bin/env bats
# trail-diff: which events are the same, which differ and in what, and what is set apart.

load helper
load diff

setup_file() {
	load helper
	cd "$BATS_FILE_TMPDIR" || return
	mk t --hours 4 --accounts 2 --regions us-east-1,eu-west-1 --logs 2 --events 5 --seed 3 --event-version 10
	find t/bucket -path '*/CloudTrail/*' -name '*.gz' -exec gzip -dc {} + | jq -c '.Records[]' >records
	# Nine events of nine minutes; e5 is the one that tests change.
	local i
	for i in 1 2 3 4 5 6 7 8 9; do
		event "e$i" "2024-03-01T10:0$i:00Z" GetObject '.requestParameters = {bucketName: "b", n: 1, list: [1, 2, 3]}'
	done >nine
}

# side NAME [FILTER]: a log of the nine events, as changed by a filter of jq that gets each; empty drops it.
side() {
	jq -c "${2-.}" "$(ev nine)" | log >"$1"
}

# edit FILTER: the filter for side that changes e5 only.
edit() {
	echo "if .eventID == \"e5\" then $1 else . end"
}

# paths: the paths of the one changed event, sorted.
paths() {
	same 1 "$(json '.changed | length')"
	json '.changed[0].fields | map(.path) | sort | join(" ")'
}

# nothing_differs: expects empty lists, all of them.
nothing_differs() {
	same "0 0 0 0 0" "$(json '[.only_in_a, .only_in_b, .changed, .outside_common_window, .not_comparable] | map(length) | join(" ")')"
}

@test "two identical copies are the same" {
	cp -r "$(ev t/bucket)" copy
	differ 0 "$(ev t/bucket)" copy
	nothing_differs
	same "0 0 0" "$(json '.objects | [.only_in_a, .only_in_b, .changed] | map(length) | join(" ")')"
	same "trail-diff 1 verified same" "$(json '"\(.tool) \(.schema) \(.verdict) \(.result)"')"
	same "$(wc -l <"$(ev records)")" "$(json .summary.events.same)"
}

@test "the same directory on both sides is the same" {
	differ 0 "$(ev t/bucket)" "$(ev t/bucket)"
	nothing_differs
}

@test "one file, one record: the same" {
	event one 2024-03-01T10:00:00Z A >a.json
	cp a.json b.json
	differ 0 --events a.json b.json
	nothing_differs
}

@test "white space, the order of members at any depth, escapes and the spelling of numbers do not count" {
	side a.json '.requestParameters = {z: {y: 1, x: [{b: 1000, a: "é/\u0001"}]}, a: 10, f: 0.5}'
	jq -S . a.json | sed -e 's|é/|\\u00e9\\/|' -e 's/": 1000/": 1e3/' -e 's/"a": 10,/"a": 10.0,/' -e 's/0\.5/5E-1/' >b.json
	grep -q '1e3' b.json && grep -q '10\.0' b.json && grep -q '5E-1' b.json && grep -qF '\u00e9\/' b.json
	differ 0 --events a.json b.json
	nothing_differs
	same 9 "$(json .summary.events.same)"
	mkdir p s
	jq . "$(ev records)" >p/pretty.json
	jq -cS . "$(ev records)" >s/sorted.jsonl
	differ 0 --events p s
	nothing_differs
}

@test "the order of an array counts, and so do case, type and a null that is not there" {
	side a.json
	side b.json "$(edit '.requestParameters.list = [1, 3, 2]')"
	differ 1 --events a.json b.json
	same "/requestParameters/list/1 /requestParameters/list/2" "$(paths)"
	side b.json "$(edit '.requestParameters.n = "1"')"
	differ 1 --events a.json b.json
	same "/requestParameters/n" "$(paths)"
	same '1 "1"' "$(json '.changed[0].fields[0] | "\(.a) \(.b | tojson)"')"
	side b.json "$(edit '.eventName = "getObject"')"
	differ 1 --events a.json b.json
	same "/eventName" "$(paths)"
	side b.json "$(edit 'del(.responseElements)')"
	differ 1 --events a.json b.json
	same "/responseElements" "$(paths)"
	same "true null false" "$(json '.changed[0].fields[0] | "\(has("a")) \(.a) \(has("b"))"')"
}

@test "numbers are compared as numbers, also where a double could not hold them" {
	side a.json
	sed 's/"n":1,/"n":12345678901234567890123,/g' a.json >x.json
	sed 's/"n":1,/"n":12345678901234567890124,/g' a.json >y.json
	differ 1 --events x.json y.json
	same 9 "$(json '.changed | length')"
	differ 0 --events x.json x.json
	sed 's/"n":1,/"n":9007199254740993,/g' a.json >x.json
	sed 's/"n":1,/"n":9007199254740992,/g' a.json >y.json
	differ 1 --events x.json y.json
	same 9 "$(json '.changed | length')"
	sed 's/"n":1,/"n":1e400,/g' a.json >x.json
	sed 's/"n":1,/"n":10e399,/g' a.json >y.json
	differ 0 --events x.json y.json
}

@test "one field altered: the event, the path and both values" {
	side a.json
	side b.json "$(edit '.userIdentity.arn = "arn:aws:iam::111122223333:user/bob"')"
	differ 1 --events a.json b.json
	same "/userIdentity/arn" "$(paths)"
	same "arn:aws:iam::111122223333:user/alice arn:aws:iam::111122223333:user/bob" "$(json '.changed[0].fields[0] | "\(.a) \(.b)"')"
	same "e5 111122223333" "$(json '.changed[0] | "\(.event_id) \(.account_id)"')"
	same "a.json 4 b.json 4" "$(json '.changed[0] | "\(.a.locator) \(.a.record_index) \(.b.locator) \(.b.record_index)"')"
	same "  8 1 findings differ" "$(ids only_in_a) $(ids only_in_b) $(json '"\(.summary.events.same) \(.summary.events.changed) \(.verdict) \(.result)"')"
	# The other way round a and b change places.
	differ 1 --events b.json a.json
	same "arn:aws:iam::111122223333:user/bob" "$(json '.changed[0].fields[0].a')"
}

@test "a path is a JSON Pointer: ~ and / in names are escaped, and an empty name is a step" {
	side a.json
	side b.json "$(edit '.requestParameters += {"a/b": 1, "c~d": 2, "": 3, "é": 4}')"
	differ 1 --events a.json b.json
	same "/requestParameters/
/requestParameters/a~1b
/requestParameters/c~0d
/requestParameters/é" "$(json '.changed[0].fields[].path' | LC_ALL=C sort)"
	same "false" "$(json '[.changed[0].fields[] | has("a")] | unique | .[]')"
}

@test "a time that was moved is a change, not one event gone and another come" {
	side a.json
	side b.json "$(edit '.eventTime = "2024-03-01T10:05:30Z"')"
	differ 1 --events a.json b.json
	same "/eventTime" "$(paths)"
	same "" "$(ids only_in_a)$(ids only_in_b)"
}

@test "an event removed, an event added, and both" {
	side a.json
	side b.json 'select(.eventID != "e5")'
	differ 1 --events a.json b.json
	same "e5//" "$(ids only_in_a)/$(ids only_in_b)/$(ids changed)"
	differ 1 --events b.json a.json
	same "/e5/" "$(ids only_in_a)/$(ids only_in_b)/$(ids changed)"
	same "2024-03-01T10:05:00Z GetObject s3.amazonaws.com eu-west-1 111122223333" \
	    "$(json '.only_in_b[0] | "\(.event_time) \(.event_name) \(.event_source) \(.region) \(.account_id)"')"
	same "arn:aws:iam::111122223333:user/alice" "$(json '.only_in_b[0].principal')"
	side c.json 'select(.eventID != "e6")'
	differ 1 --events b.json c.json
	same "e6/e5/" "$(ids only_in_a)/$(ids only_in_b)/$(ids changed)"
}

@test "an eventID in two accounts is two events" {
	side a.json
	side b.json
	event e5 2024-03-01T10:05:00Z GetObject '.recipientAccountId = "444455556666"' | log >b2.json
	mkdir b
	mv b.json b2.json b
	differ 1 --events a.json b
	same "/e5/" "$(ids only_in_a)/$(ids only_in_b)/$(ids changed)"
	same 444455556666 "$(json '.only_in_b[0].account_id')"
}

@test "records without an eventID are matched by their content" {
	side a.json 'del(.eventID)'
	differ 0 --events a.json a.json
	nothing_differs
	side b.json 'del(.eventID) | if .eventTime == "2024-03-01T10:05:00Z" then .userAgent = "other" else . end'
	differ 1 --events a.json b.json
	same "1 1 0" "$(json '"\(.only_in_a | length) \(.only_in_b | length) \(.changed | length)"')"
	same "null null" "$(json '"\(.only_in_a[0].event_id) \(.only_in_b[0].event_id)"')"
}

@test "copies on one side are one event; two identical records are no difference" {
	side a.json
	mkdir b
	cp a.json b/1.json
	cp a.json b/2.json
	differ 0 --events a.json b
	nothing_differs
}

@test "versions of one event on one side: equal ones meet first, the rest are compared" {
	side one.json
	side two.json "$(edit '.userAgent = "two"')"
	side three.json "$(edit '.userAgent = "three"')"
	mkdir a b
	cp one.json two.json a
	cp two.json three.json b
	differ 1 --events a b
	same "e5" "$(ids changed)"
	same "/userAgent aws-cli/2.15 three" "$(paths) $(json '.changed[0].fields[0] | "\(.a) \(.b)"')"
	# A version that the other side lacks altogether.
	differ 1 --events a two.json
	same 1 "$(json '[.only_in_a, .only_in_b, .changed] | map(length) | add')"
	same "e5" "$(json '[.only_in_a, .only_in_b, .changed] | add | .[0].event_id')"
	# Both versions on both sides, in whatever order.
	mkdir r
	cp two.json r/1.json
	cp one.json r/2.json
	differ 0 --events a r
}

@test "a later copy that goes on longer is not tampered with" {
	side a.json 'select(.eventID <= "e6")'
	side b.json
	differ 0 --events a.json b.json
	same "e7 e8 e9" "$(ids outside_common_window)"
	same "b" "$(json '[.outside_common_window[].side] | unique | join(" ")')"
	same "//" "$(ids only_in_a)/$(ids only_in_b)/$(ids changed)"
	same "2024-03-01T10:01:00Z 2024-03-01T10:06:00Z" "$(json '.common_window | "\(.start) \(.end)"')"
	# Both begin and end at other times.
	side c.json 'select(.eventID >= "e4")'
	differ 0 --events a.json c.json
	same "e1 a
e2 a
e3 a
e7 b
e8 b
e9 b" "$(json '.outside_common_window[] | "\(.event_id) \(.side)"')"
}

@test "inside the common window an event that is gone is a difference, however long the other side goes on" {
	side a.json 'select(.eventID <= "e6" and .eventID != "e3")'
	side b.json
	differ 1 --events a.json b.json
	same "e3" "$(ids only_in_b)"
	same "e7 e8 e9" "$(ids outside_common_window)"
}

@test "sides whose times do not meet cannot be compared" {
	side a.json 'select(.eventID <= "e4")'
	side b.json 'select(.eventID >= "e6")'
	differ 3 --events a.json b.json
	same "e1 e2 e3 e4 e6 e7 e8 e9" "$(ids outside_common_window)"
	same "inconclusive" "$(json .verdict)"
	same "//" "$(ids only_in_a)/$(ids only_in_b)/$(ids changed)"
}

@test "a changed event at the edge of the window stays a changed event" {
	side a.json 'select(.eventID <= "e6")'
	side b.json 'if .eventID == "e6" then .userAgent = "other" else . end'
	differ 1 --events a.json b.json
	same "e6" "$(ids changed)"
}

@test "an empty side is no proof that the other was emptied" {
	side a.json
	mkdir empty
	differ 3 a.json empty
	same inconclusive "$(json .verdict)"
	same 9 "$(json '[.only_in_a, .outside_common_window] | map(length) | add')"
	differ 3 empty a.json
	mkdir empty2
	differ 3 empty empty2
	nothing_differs
}

@test "a side that is unreadable in part is not the same, and a difference weighs more" {
	mkdir a b
	side a/1.json
	side b/1.json
	printf '\037\213\010garbage' >b/2.json.gz
	differ 3 --events a b
	same "b" "$(json '[.skipped[].side] | unique | join(" ")')"
	same "1" "$(json '[.skipped[] | select(.locator | contains("2.json.gz"))] | length')"
	[ -n "$(json '.skipped[0].reason')" ]
	side b/1.json "$(edit '.userAgent = "x"')"
	differ 1 --events a b
	same 1 "$(json '.skipped | length')"
}

@test "--ignore leaves members out, * stands for one step, and what is below goes with it" {
	side a.json
	side b.json "$(edit '.userAgent = "x" | .requestParameters.list[1] = 7 | .userIdentity.arn = "arn:aws:iam::111122223333:user/bob"')"
	differ 1 --events --ignore /userAgent a.json b.json
	same "/requestParameters/list/1 /userIdentity/arn" "$(paths)"
	differ 1 --events --ignore /userAgent --ignore '/*/arn' a.json b.json
	same "/requestParameters/list/1" "$(paths)"
	differ 0 --events --ignore /userAgent --ignore '/*/arn' --ignore /requestParameters a.json b.json
	nothing_differs
	differ 0 --events --ignore /userAgent --ignore '/*/arn' --ignore '/requestParameters/list/*' a.json b.json
	differ 1 --events --ignore /userAgen --ignore /userIdentity/ar a.json b.json
	same "/requestParameters/list/1 /userAgent /userIdentity/arn" "$(paths)"
}

@test "--ignore of a name with ~ and / in it" {
	side a.json
	side b.json "$(edit '.requestParameters += {"a/b": 1, "c~d": 2}')"
	differ 0 --events --ignore /requestParameters/a~1b --ignore /requestParameters/c~0d a.json b.json
	exits 2 trail diff --ignore userAgent a.json b.json
	says "userAgent"
	exits 2 trail diff --ignore /a~2b a.json b.json
	same "" "$output"
}

@test "records deep and huge: no crash, and the difference is found" {
	local deep
	deep=$(perl -e 'print "[" x 200, "]" x 200')
	side a.json
	sed "s/\"n\":1,/\"n\":$deep,/g" a.json >x.json
	differ 0 --events x.json x.json
	differ 1 --events a.json x.json
	same 9 "$(json '.changed | length')"
	perl -pe 's/"n":1,/"\"n\":" . "[" x 100000 . "]" x 100000 . ","/e' a.json >x.json
	run trail diff --events a.json x.json
	[ "$status" -eq 1 ] || [ "$status" -eq 3 ] || fail "exit status $status"
	perl -pe 's/"n":1,/"\"n\":\"" . "x" x 3000000 . "\","/e' a.json >y.json
	perl -pe 's/"n":1,/"\"n\":\"" . "x" x 2999999 . "y\","/e' a.json >z.json
	differ 1 --events y.json z.json
	same "/requestParameters/n" "$(json '.changed[0].fields[0].path')"
	# Of a value over 256 KB the beginning is given, and that it is one.
	same "true true true" "$(json '.changed[0].fields[0] | "\(.a | startswith("\"x") or startswith("x")) \(.a_cut) \(.b_cut)"')"
	exits 1 trail diff --events y.json z.json
	same 2 "$(grep -c '/requestParameters/n: .*(its beginning)$' <<<"$output")"
	perl -pe 's/"n":1,/"\"n\":\"" . "x" x 200000 . "\","/e' a.json >y.json
	perl -pe 's/"n":1,/"\"n\":\"" . "x" x 199999 . "y\","/e' a.json >z.json
	differ 1 --events y.json z.json
	same "200000 xy" "$(json '.changed[0].fields[0] | "\(.a | length) \(.b[-2:])"')"
}

@test "two members of one name: the record is not taken for one that has only the last" {
	side a.json
	sed 's/"userAgent":/"userAgent":"first","userAgent":/g' a.json >b.json
	run trail diff --events a.json b.json
	[ "$status" -eq 1 ] || [ "$status" -eq 3 ] || fail "exit status $status"
}

@test "events stand in order of time, account, region and id" {
	cp -r "$(ev t/bucket)" b
	find b -path '*/CloudTrail/*' -name '*_20240301T02*' -delete
	differ 1 --events "$(ev t/bucket)" b
	[ "$(json '.only_in_a | length')" -gt 20 ]
	same "$(json '.only_in_a | map([.event_time, .account_id, .region, .event_id]) | sort[] | tojson')" \
	    "$(json '.only_in_a | map([.event_time, .account_id, .region, .event_id])[] | tojson')"
	same "$(json '.only_in_a | length')" "$(json .summary.events.only_in_a)"
	# What jq finds.
	find b -path '*/CloudTrail/*' -name '*.gz' -exec gzip -dc {} + | jq -r '.Records[].eventID' | sort >left
	same "$(jq -r .eventID "$(ev records)" | sort | comm -23 - left)" "$(json '(.only_in_a + .outside_common_window)[].event_id' | sort)"
}

@test "real: a log against itself, and with one record edited" {
	skip_without_shared invictus-stratus-logs
	local logs=("$SHARED_DATA"/invictus-stratus-logs/*.json)
	mkdir b
	cp "${logs[@]}" b
	chmod u+w b/*
	differ 0 --events "$SHARED_DATA/invictus-stratus-logs" b || :
	same "0 0 0" "$(json '[.only_in_a, .only_in_b, .changed] | map(length) | join(" ")')"
	local victim=b/${logs[20]##*/}
	jq -c '.Records[0].sourceIPAddress = "192.0.2.99"' "${logs[20]}" >"$victim"
	differ 1 --events "$SHARED_DATA/invictus-stratus-logs" b
	same "/sourceIPAddress" "$(paths)"
	same "$(jq -r '.Records[0].eventID' "$victim")" "$(ids changed)"
}
