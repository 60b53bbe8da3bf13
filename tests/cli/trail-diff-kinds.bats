#!/usr/bin/env bats
# trail-diff: sides of different kinds, what a kind never carries, objects, and what is proved on either side.

load helper
load diff

setup_file() {
	load helper
	cd "$BATS_FILE_TMPDIR" || return
	mk t --hours 4 --accounts 2 --regions us-east-1,eu-west-1 --logs 2 --events 5 --seed 5 --event-version 10 \
	    --envelope lookup,cwl,cwl-export,eventbridge,lines,array,csv,pretty
	find t/bucket -path '*/CloudTrail/*' -name '*.gz' -exec gzip -dc {} + | jq -c '.Records[]' >records
}

# lists: how many events are only in A, only in B, changed, not comparable.
lists() {
	json '[.only_in_a, .only_in_b, .changed, .not_comparable] | map(length) | join(" ")'
}

# victim: the id of an event in the middle of the generated ones.
victim() {
	jq -rs 'sort_by(.eventTime)[length / 2 | floor].eventID' "$(ev records)"
}

# lookup: the records on standard input as an answer of lookup-events.
lookup() {
	jq -cs '{Events: map({EventId: .eventID, EventName: .eventName, ReadOnly: "true", EventTime: .eventTime,
	    EventSource: .eventSource, Username: "u", Resources: [], CloudTrailEvent: tojson})}'
}

# export: the records on standard input as an export of CloudWatch Logs.
export_logs() {
	jq -cr '"\(.eventTime[:19]).000Z \(tojson)"'
}

# edit_log FILE FILTER: changes the records of a log under its own name.
edit_log() {
	gzip -dc "$1" | jq -c ".Records |= map($2)" | gzip -n >new.gz
	cat new.gz >"$1"
	rm new.gz
}

# holder ROOT ID: the log below ROOT that holds an event.
holder() {
	local file
	find "$1" -path '*/CloudTrail/*' -name '*.gz' | while read -r file; do
		if gzip -dc "$file" | grep -qF "$2"; then
			echo "$file"
			break
		fi
	done
}

# ---- Kinds ----

@test "every container of the same events is the same as the bucket" {
	local form
	for form in lookup cwl cwl-export eventbridge lines array pretty; do
		exits 0 trail diff -f json --events "$(ev t/bucket)" "$(ev t/other/$form)" || fail "$form"
		same "$form 0 0 0 0" "$form $(lists)"
		same "$form $(wc -l <"$(ev records)")" "$form $(json .summary.events.same)"
	done
	differ 0 --events "$(ev t/other/lookup)" "$(ev t/other/cwl)"
	same "0 0 0 0" "$(lists)"
}

@test "LookupEvents against logs: an event altered, one gone" {
	local id other
	id=$(victim)
	other=$(jq -rs 'sort_by(.eventTime)[length / 3 | floor].eventID' "$(ev records)")
	jq -c --arg id "$id" --arg other "$other" 'select(.eventID != $other) |
	    if .eventID == $id then .sourceIPAddress = "192.0.2.200" else . end' "$(ev records)" | lookup >lookup.json
	differ 1 --events "$(ev t/bucket)" lookup.json
	same "$other" "$(ids only_in_a)"
	same "$id" "$(ids changed)"
	same "/sourceIPAddress 192.0.2.200" "$(json '.changed[0].fields[] | "\(.path) \(.b)"')"
}

@test "a CloudWatch Logs export against logs: an event altered, one added" {
	local id
	id=$(victim)
	{
		jq -c --arg id "$id" 'if .eventID == $id then .eventName = "Other" else . end' "$(ev records)"
		jq -c --arg id "$id" 'select(.eventID == $id) | .eventID = "added"' "$(ev records)"
	} | export_logs | gzip >000000.gz
	differ 1 --events "$(ev t/bucket)" 000000.gz
	same "added" "$(ids only_in_b)"
	same "$id" "$(ids changed)"
	same "/eventName" "$(json '.changed[0].fields | map(.path) | join(" ")')"
}

@test "a console CSV is compared on the fields it has" {
	differ 0 --events "$(ev t/bucket)" "$(ev t/other/csv)"
	same "0 0 0 0" "$(lists)"
	mkdir csv
	cp "$(ev t/other/csv)"/* csv
	local file id
	file=$(grep -l . csv/* | sed -n 5p)
	id=$(sed -n 2p "$file" | cut -d , -f 8 | tr -d '"')
	sed -i '2s/^"[A-Za-z0-9]*"/"Renamed"/' "$file"
	differ 1 --events "$(ev t/bucket)" csv
	same "$id" "$(ids changed)"
	same "/eventName Renamed" "$(json '.changed[0].fields[] | "\(.path) \(.b)"')"
	# What a CSV lacks says nothing, whichever side it is on.
	differ 0 --events "$(ev t/other/csv)" "$(ev t/bucket)"
}

@test "archives of any kind, and standard input" {
	local form
	cp -r "$(ev t/bucket)" b
	tar -cf b.tar b
	tar -czf b.tgz b
	zip -qr b.zip b
	7z a -bd b.7z b >/dev/null
	for form in b.tar b.tgz b.zip b.7z; do
		differ 0 "$(ev t/bucket)" $form
		same "$form 0 0 0 0" "$form $(lists)"
		differ 0 $form "$(ev t/bucket)"
	done
	exits 0 trail diff -f json b.tar - <b.tgz
	exits 2 trail diff - - <b.tgz
	exits 0 trail diff <(cat b.tar) <(cat b.tgz)
	exits 0 trail diff - <(cat b.tgz) <b.tar
	edit_log "$(holder b "$(victim)")" 'select(.eventID != "'"$(victim)"'")'
	tar -cf b2.tar b
	differ 1 b.tar b2.tar
	same "$(victim)" "$(ids only_in_a)"
	same "1" "$(json '.objects.changed | length')"
}

# ---- What a kind never carries ----

@test "Insight events are never in LookupEvents' event history: not comparable, with the reason" {
	event i 2024-03-01T10:05:00Z Insight '.eventType = "AwsCloudTrailInsight" | .eventCategory = "Insight" |
	    .insightDetails = {state: "Start", eventSource: "s3.amazonaws.com", eventName: "GetObject", insightType: "ApiCallRateInsight"}
	    | del(.eventName, .eventSource, .userIdentity)' >insight
	{ event a 2024-03-01T10:00:00Z A; event z 2024-03-01T10:09:00Z Z; } >both
	cat both insight | log >a.json
	lookup <both >b.json
	differ 3 --events a.json b.json
	same "0 0 0 1" "$(lists)"
	same "i a inconclusive" "$(ids not_comparable) $(json '.not_comparable[0].side') $(json .verdict)"
	[[ $(json '.not_comparable[0].reason') == *[Ii]nsight* ]] || fail "the reason does not say why"
	# The other way round, and with logs on both sides, where it ought to be.
	differ 3 --events b.json a.json
	same "b" "$(json '.not_comparable[0].side')"
	log <both >c.json
	differ 1 --events a.json c.json
	same "1 0 0 0" "$(lists)"
}

@test "records over 256 KB never reach CloudWatch Logs; smaller ones that lack are differences" {
	event big 2024-03-01T10:05:00Z Big '.requestParameters = {x: ("x" * 300000)}' >big
	event small 2024-03-01T10:06:00Z Small '.requestParameters = {x: ("x" * 200000)}' >small
	{ event a 2024-03-01T10:00:00Z A; event z 2024-03-01T10:09:00Z Z; } >both
	cat both big | log >a.json
	export_logs <both >000000
	differ 3 --events a.json 000000
	same "big" "$(ids not_comparable)"
	[[ $(json '.not_comparable[0].reason') == *256* ]] || fail "the reason does not say why"
	cat both big small | log >a.json
	differ 1 --events a.json 000000
	same "big/small" "$(ids not_comparable)/$(ids only_in_a)"
	# LookupEvents do carry it.
	lookup <both >b.json
	cat both big | log >a.json
	differ 1 --events a.json b.json
	same "big" "$(ids only_in_a)"
}

@test "data and network activity events are never in the event history" {
	event d 2024-03-01T10:05:00Z D '.eventCategory = "Data" | .managementEvent = false' >data
	event n 2024-03-01T10:06:00Z N '.eventCategory = "NetworkActivity" | .eventType = "AwsVpceEvent" | .managementEvent = false' >net
	{ event a 2024-03-01T10:00:00Z A; event z 2024-03-01T10:09:00Z Z; } >both
	cat both data net | log >a.json
	lookup <both >b.json
	differ 3 --events a.json b.json
	same "d n" "$(ids not_comparable)"
	printf '%s\n' 'Event name,Event time,Event source,AWS region,Source IP address,Read-only,Event ID' \
	    'A,2024-03-01T10:00:00Z,s3.amazonaws.com,eu-west-1,192.0.2.7,true,a' \
	    'Z,2024-03-01T10:09:00Z,s3.amazonaws.com,eu-west-1,192.0.2.7,true,z' >history.csv
	differ 3 --events a.json history.csv
	same "d n" "$(ids not_comparable)"
	# A CloudWatch Logs export carries data events.
	export_logs <both >000000
	differ 1 --events a.json 000000
	same "d" "$(json '.only_in_a[] | select(.event_id == "d").event_id')"
}

@test "a management event that the event history lacks is a difference" {
	{ event a 2024-03-01T10:00:00Z A; event z 2024-03-01T10:09:00Z Z; } >both
	{ cat both; event m 2024-03-01T10:05:00Z M; } | log >a.json
	lookup <both >b.json
	differ 1 --events a.json b.json
	same "m/" "$(ids only_in_a)/$(ids not_comparable)"
}

@test "a side of mixed kinds can carry all that any of them carries" {
	event d 2024-03-01T10:05:00Z D '.eventCategory = "Data"' >data
	{ event a 2024-03-01T10:00:00Z A; event z 2024-03-01T10:09:00Z Z; } >both
	cat both data | log >a.json
	mkdir b
	lookup <both >b/lookup.json
	log <both >b/log.json
	differ 1 --events a.json b
	same "d/" "$(ids only_in_a)/$(ids not_comparable)"
}

# ---- Objects ----

@test "objects: one gone, one added, one of other content, by key and by hash" {
	cp -r "$(ev t/bucket)" b
	local logs gone changed
	mapfile -t logs < <(find b -path '*/CloudTrail/*' -name '*.gz' | sort)
	gone=${logs[5]} changed=${logs[9]}
	rm "$gone"
	edit_log "$changed" '.userAgent = "x"'
	cp "${logs[0]}" "${logs[0]%_*}_AAAAAAAAAAAAAAAA.json.gz"
	differ 1 --objects "$(ev t/bucket)" b
	same "1 1 1" "$(json '.objects | [.only_in_a, .only_in_b, .changed] | map(length) | join(" ")')"
	same "${gone#b/}" "$(json '.objects.only_in_a[0].key')"
	same "${logs[0]#b/}" "$(json '.objects.only_in_b[0].key' | sed "s/_AAAAAAAAAAAAAAAA/_$(basename "${logs[0]}" .json.gz | sed 's/.*_//')/")"
	same "${changed#b/}" "$(json '.objects.changed[0].key')"
	same "$(gzip -dc "$changed" | sha256sum | cut -d ' ' -f 1)" "$(json '.objects.changed[0].b.sha256')"
	same "$(gzip -dc "$(ev t/bucket)/${changed#b/}" | sha256sum | cut -d ' ' -f 1)" "$(json '.objects.changed[0].a.sha256')"
}

@test "objects: compressed again, or stored inflated, is the same content; another root is the same key" {
	mkdir -p deep/er
	cp -r "$(ev t/bucket)" deep/er/copy
	find deep -name '*.gz' | while read -r file; do
		gzip -dc "$file" | gzip -9n >x.gz
		cat x.gz >"$file"
	done
	rm -f x.gz
	differ 0 --objects "$(ev t/bucket)" deep
	same "0 0 0" "$(json '.objects | [.only_in_a, .only_in_b, .changed] | map(length) | join(" ")')"
	[ "$(json .summary.objects.same)" -gt 20 ]
}

@test "--events says nothing of objects, --objects nothing of events" {
	cp -r "$(ev t/bucket)" b
	edit_log "$(holder b "$(victim)")" '.'
	exits 0 trail diff --events "$(ev t/bucket)" b
	printf '\n' >>b/AWSLogs/x.json
	edit_log "$(holder b "$(victim)")" 'if .eventID == "'"$(victim)"'" then .userAgent = "x" else . end'
	differ 1 --objects "$(ev t/bucket)" b
	same "null" "$(json '.changed | tostring')"
	differ 1 --events "$(ev t/bucket)" b
	same "null" "$(json '.objects | tostring')"
	exits 2 trail diff --objects --events "$(ev t/bucket)" b
}

@test "a bucket copied again, hours later: nothing was changed" {
	mk later --hours 6 --accounts 1 --logs 1 --events 5 --seed 9
	cp -r later/bucket early
	find early -name '*_20240301T0[456]*' -delete
	[ "$(find early -name '*.gz' | wc -l)" -lt "$(find later/bucket -name '*.gz' | wc -l)" ]
	differ 0 early later/bucket
	same "0 0 0 0" "$(lists)"
	[ "$(json '.outside_common_window | length')" -gt 0 ]
	differ 0 later/bucket early
}

# ---- What is proved ----

@test "an event altered in a copy that is not proved, while the other side is verified" {
	cp -r "$(ev t/bucket)" a
	edit_log "$(holder a "$(victim)")" 'if .eventID == "'"$(victim)"'" then .sourceIPAddress = "192.0.2.200" else . end'
	differ 1 -k "$(ev t/keys.json)" -m "$(ev t/metadata.jsonl)" a "$(ev t/bucket)"
	same "$(victim)" "$(ids changed)"
	same "modified verified" "$(json '.changed[0] | "\(.a.integrity) \(.b.integrity)"')"
	same "modified verified" "$(json '.objects.changed[0] | "\(.a.integrity) \(.b.integrity)"')"
	exits 1 trail diff -k "$(ev t/keys.json)" -m "$(ev t/metadata.jsonl)" a "$(ev t/bucket)"
	prints modified
	prints verified
	# Without keys nothing is said of it.
	differ 1 a "$(ev t/bucket)"
	same "null null" "$(json '.changed[0] | "\(.a.integrity) \(.b.integrity)"')"
}

@test "a forged event on one side stands in a log that no digest lists" {
	mk f --hours 4 --accounts 2 --regions us-east-1,eu-west-1 --logs 2 --events 5 --seed 5 --event-version 10 --tamper forge-log:h=2
	differ 1 -k f/keys.json -m f/metadata.jsonl "$(ev t/bucket)" f/bucket
	[ "$(json '.only_in_b | length')" -gt 0 ]
	same "unreferenced" "$(json '[.only_in_b[].integrity] | unique | join(" ")')"
}

@test "the SIEM's export has an altered event; the log is verified, the export has no digests" {
	jq -c --arg id "$(victim)" 'if .eventID == $id then .userAgent = "x" else . end' "$(ev records)" | export_logs >000000
	differ 1 --events -k "$(ev t/keys.json)" -m "$(ev t/metadata.jsonl)" "$(ev t/bucket)" 000000
	same "verified none" "$(json '.changed[0] | "\(.a.integrity) \(.b.integrity)"')"
}

# counted: what came of the events and objects that both sides have.
counted() {
	json '.summary | "\(.events.same) \(.events.changed) \(.objects.same) \(.objects.changed)"'
}

@test "--trail: only digests of that trail and the logs that they list, on each side by its own digests" {
	mk two --hours 4 --events 3 --trail one --trail three
	cp -r two other
	local log
	log=$(find other/bucket -name '*_three_*.gz' -exec gzip -dc {} + | jq -rs '[.[].logFiles[].s3Object] | first')
	gzip -dc "other/bucket/$log" | jq -c '.Records[0].userAgent = "x"' | gzip >log.gz
	mv log.gz "other/bucket/$log"
	differ 0 --trail one two/bucket other/bucket
	same "9 0 7 0" "$(counted)"
	same "one" "$(json '.selection.trails | join(" ")')"
	differ 1 --trail three two/bucket other/bucket
	same "8 1 6 1" "$(counted)"
	differ 1 --trail three -k two/keys.json -m two/metadata.jsonl two/bucket other/bucket
	same "verified modified" "$(json '.changed[0] | "\(.a.integrity) \(.b.integrity)"')"
	differ 0 --trail one --trail three two/bucket two/bucket
	same "9 0 14 0" "$(counted)"
}

@test "--trail: a side without digests of the trail is named, and nothing of it is compared" {
	differ 3 --trail management-events "$(ev t)/bucket" "$(ev records)"
	same "0 0 0" "$(json '.summary.events | "\(.same) \(.only_in_a) \(.only_in_b)"')"
	same "1" "$(json '.skipped | length')"
	json '.skipped[0].reason' | grep -q 'no digest here lists logs of the trails'
}

@test "objects that are the same: further copies are counted as if each were read" {
	mkdir -p twice/a twice/b
	cp -r "$(ev t)/bucket/AWSLogs" twice/a
	cp -r "$(ev t)/bucket/AWSLogs" twice/b
	differ 0 --events "$(ev t)/bucket" twice
	same "$(wc -l <"$(ev records)")" "$(json .summary.events.same)"
	same "0 $(json .summary.events.same)" "$(json '.summary | "\(.a.duplicates) \(.b.duplicates)"')"
	differ 0 --events twice "$(ev t)/bucket"
	same "$(json .summary.events.same) 0" "$(json '.summary | "\(.a.duplicates) \(.b.duplicates)"')"
	differ 0 twice twice
}
