#!/usr/bin/env bats
# trail-gaps on real material, none of which has digests: what was done to logging, what was only tried, and no gap blamed.

load helper

# look EVIDENCE...: the result, in gaps.json.
look() {
	run --separate-stderr trail gaps -f json "$@"
	[[ $status =~ ^[13]$ ]] || fail "exit status $status"
	printf '%s\n' "$output" >gaps.json
}

# tried NAME FILTER: how many impairments have that name and pass a filter.
tried() {
	jq --arg name "$1" "[.impairments[] | select(.event_name == \$name and ($2))] | length" gaps.json
}

@test "invictus: three calls that failed stopped nothing, two trails were deleted, starts are no impairments" {
	skip_without_shared invictus-stratus-logs
	look "$SHARED_DATA"/invictus-stratus-logs/*.json
	same "3 0" "$(tried StopLogging '.effective | not') $(tried StopLogging .effective)"
	same "TrailNotFoundException" "$(jq -r '.impairments[] | select(.event_name == "StopLogging").error_code' gaps.json | sort -u)"
	same "2 1" "$(tried DeleteTrail .effective) $(tried DeleteTrail '.effective | not')"
	same "0 0" "$(tried StartLogging true) $(tried CreateTrail true)"
	same "stratus-red-team-ctes-trail-qyxyekjbtk
stratus-red-team-ctlr-trail-zqfsvooxqj" "$(jq -r '.impairments[] | select(.event_name == "DeleteTrail" and .effective).target' gaps.json | sort)"
	# What failed is no event of a gap.
	same "" "$(jq -r '[.impairments[] | select(.effective | not).event_id] as $failed | .gaps[]
	    | select(([.event_ids[], .ended_by.event_id] - $failed) != [.event_ids[], .ended_by.event_id])' gaps.json)"
	same "" "$(jq -r '.gaps[] | select(.explained)' gaps.json)"
	# Nobody knows which trail delivered logs without digests.
	same "null unknown" "$(jq -r '.coverage[] | "\(.trail) \([.intervals[].state] | unique | join(" "))"' gaps.json | sort -u)"
}

@test "invictus: what jq finds of CloudTrail's own calls, each once, with actor and address" {
	skip_without_shared invictus-stratus-logs
	look "$SHARED_DATA"/invictus-stratus-logs/*.json
	jq -r '.Records[] | select(.eventSource == "cloudtrail.amazonaws.com" and (.eventName | IN("StopLogging", "DeleteTrail")))
	    | [.eventID, .eventTime, .eventName, .userIdentity.arn, .sourceIPAddress, .errorCode // "-"] | @tsv' \
	    "$SHARED_DATA"/invictus-stratus-logs/*.json | sort -u >want
	jq -r '.impairments[] | select(.event_source == "cloudtrail.amazonaws.com" and (.event_name | IN("StopLogging", "DeleteTrail")))
	    | [.event_id, .time, .event_name, .actor, .source_ip, .error_code // "-"] | @tsv' gaps.json | sort >got
	diff want got
	[ "$(wc -l <want)" -eq 6 ]
}

@test "stratus: one effective StopLogging" {
	skip_without_shared stratus-detonations
	look "$SHARED_DATA"/stratus-detonations/*.json
	same "1 0" "$(tried StopLogging .effective) $(tried StopLogging '.effective | not')"
	[ "$(tried DeleteTrail .effective)" -ge 1 ]
	same "" "$(jq -r '.gaps[] | select(.explained)' gaps.json)"
	same "$(jq -r '.impairments[].event_id' gaps.json | sort -u)" "$(jq -r '.impairments[].event_id' gaps.json | sort)"
}

@test "impairments have the classes of one table" {
	skip_without_shared stratus-detonations
	look "$SHARED_DATA"/stratus-detonations/*.json "$SHARED_DATA"/invictus-stratus-logs/*.json
	same "" "$(jq -r '.impairments[] | select((.class | type) != "string" or (.class | test("^[a-z][a-z-]*$") | not))' gaps.json)"
	same "" "$(jq -r '.impairments[] | select(.effective != (.error_code == null))' gaps.json)"
	same "$(jq -r '.impairments[].time' gaps.json | sort)" "$(jq -r '.impairments[].time' gaps.json)"
}

@test "everything at once, for any number of threads" {
	skip_without_shared invictus-stratus-logs
	run trail gaps -f json --reproducible -j 1 "$SHARED_DATA"
	[[ $status =~ ^[13]$ ]]
	printf '%s\n' "$output" >want
	trail gaps -f json --reproducible -j 8 "$SHARED_DATA" >have || :
	cmp want have
	for f in text csv html; do
		run trail gaps -f $f "$SHARED_DATA"
		[[ $status =~ ^[13]$ ]]
	done
}

@test "a real digest, alone: its window, unproven, and what it follows" {
	skip_without_shared real-digest
	look "$SHARED_DATA"/real-digest/*.json
	same "327878933619 ap-northeast-1 llm-guard-trail" "$(jq -r '.coverage[] | "\(.account) \(.region) \(.trail)"' gaps.json)"
	same "true" "$(jq '.summary.digests_alone' gaps.json)"
	same "evidence-cut 2023-10-15T22:04:04Z false" "$(jq -r '.gaps[] | "\(.cause) \(.end) \(.explained)"' gaps.json)"
}
