#!/usr/bin/env bats
# trail-gaps: each way in which coverage ends, against what the generator states: edges, cause, actor, events, exit status.

load helper

# scenario STATUS OPTION...: makes the evidence s, and expects the gaps and impairments that its maker states.
scenario() {
	local want=$1
	shift
	mk s "$@"
	gaps "$want" s
	same_gaps s
	same_impairments s
	whole_coverage
	same "$([ "$want" -eq 1 ] && echo findings || echo verified)" "$(jq -r .verdict gaps.json)"
}

# causes: the causes of gaps.json, each once, and whether all gaps of it are explained.
causes() {
	jq -r '.gaps | group_by(.cause)[] | "\(.[0].cause) \(all(.[]; .explained))"' gaps.json | paste -sd ' '
}

# states REGION: the states of a region's line, joined.
states() {
	jq -r --arg r "$1" '.coverage[] | select(.region == $r) | [.intervals[].state] | join(" ")' gaps.json
}

@test "nothing is wrong: no gap, no impairment, exit 0" {
	scenario 0 --hours 6 --accounts 2 --org o-ex --regions us-east-1,eu-west-1 --logs 2
	same "4" "$(jq -r '.coverage | length' gaps.json)"
	same "[]" "$(jq -c .gaps gaps.json)"
	same "quiet verified" "$(states us-east-1 | head -n 1)" # the start digest lists none
}

@test "logging stopped and started: by whom, in every account and region of an organization's trail" {
	scenario 1 --hours 10 --accounts 2 --org o-ex --regions us-east-1,eu-west-1 --stop 3:3
	same "logging-stopped true" "$(causes)"
	same "4 10800" "$(jq -r '"\(.gaps | length) \(.gaps[0].seconds)"' gaps.json)"
	[[ $(states eu-west-1 | head -n 1) == *" off "* ]] || fail "not off"
}

@test "the call names the trail by its ARN, or is logged in another home region" {
	scenario 1 --hours 8 --stop 3:2 --by-arn
	rm -r s
	scenario 1 --hours 8 --regions us-east-1,eu-west-1,ap-southeast-2 --home-region eu-west-1 --stop 3:2 --by-arn
	rm -r s
	scenario 1 --hours 8 --regions us-east-1,eu-west-1,ap-southeast-2 --home-region 2 --stop 3:2
}

@test "in partitions of their own" {
	scenario 1 --hours 8 --regions us-gov-west-1,us-gov-east-1 --stop 3:2 --by-arn
	rm -r s
	scenario 1 --hours 8 --regions cn-north-1,cn-northwest-1 --recreate 3:2
}

@test "a quick restart is a gap, of no length too" {
	scenario 1 --hours 8 --stop 3:0
	same "logging-stopped 0" "$(jq -r '.gaps[] | "\(.cause) \(.seconds)"' gaps.json)"
	rm -r s
	scenario 1 --hours 8 --stop 3:0 --short-final 20
	same "logging-stopped 2400" "$(jq -r '.gaps[] | "\(.cause) \(.seconds)"' gaps.json)"
	rm -r s
	scenario 1 --hours 8 --stop 3:1 --restart-empty
}

@test "several stops of one trail are several gaps" {
	scenario 1 --hours 14 --stop 2:2 --stop 6:1 --stop 10:1
	same "3" "$(jq '.gaps | length' gaps.json)"
}

@test "a trail deleted and created again" {
	scenario 1 --hours 9 --regions us-east-1,eu-west-1 --recreate 3:2
	same "trail-deleted true" "$(causes)"
}

@test "validation off and on: there are logs, and no digests" {
	scenario 1 --hours 9 --regions us-east-1,eu-west-1 --logs 2 --validation-off 3:3
	same "validation-disabled true" "$(causes)"
	[[ $(states us-east-1) == *unknown* ]] || fail "logs speak for this time: $(states us-east-1)"
}

@test "a moved bucket and a moved prefix are no gaps, and impairments" {
	scenario 0 --hours 7 --bucket-change 3
	rm -r s
	scenario 0 --hours 7 --prefix-change 3
	rm -r s
	scenario 0 --hours 9 --regions us-east-1,eu-west-1 --bucket-change 5 --prefix first --prefix-change 3 --prefix2 second/third
}

@test "multi-region switched off: the other regions end, the home region goes on" {
	scenario 1 --hours 9 --regions us-east-1,eu-west-1,ap-southeast-2 --drop-regions 3
	same "region-dropped true" "$(causes)"
	same "ap-southeast-2 eu-west-1" "$(jq -r '[.gaps[].region] | sort | join(" ")' gaps.json)"
	same "2024-03-01T09:01:31Z" "$(jq -r '.gaps[].end' gaps.json | sort -u)"
}

@test "selectors narrowed and widened: no gap, and an impairment" {
	scenario 0 --hours 9 --narrow 3:3
	same "PutEventSelectors" "$(jq -r '.impairments[].event_name' gaps.json)"
}

@test "a region opted out is a gap, one opted in is none" {
	scenario 1 --hours 9 --accounts 2 --org o-ex --regions us-east-1,eu-south-1 --region-until eu-south-1:3
	same "region-disabled true" "$(causes)"
	rm -r s
	scenario 0 --hours 9 --regions us-east-1,eu-south-1 --region-from eu-south-1:3
}

@test "an account that leaves is a gap, one that joins is none" {
	scenario 1 --hours 9 --accounts 3 --org o-ex --regions us-east-1,eu-west-1 --account-until 1:3
	same "account-left true" "$(causes)"
	same "444455556666" "$(jq -r '.gaps[].account' gaps.json | sort -u)"
	rm -r s
	scenario 0 --hours 9 --accounts 3 --org o-ex --account-from 1:3
}

@test "delivery failed, and what was held back came later" {
	scenario 1 --hours 9 --delivery-failure 3:2
	same "delivery-failure false" "$(causes)"
	rm -r s
	scenario 1 --hours 9 --regions us-east-1,eu-west-1 --delivery-failure 3:2 --backfill-lost
	same "delivery-failure false" "$(causes)"
	rm -r s
	# Late digests alone tell of it, and nobody is blamed.
	scenario 1 --hours 9 --delivery-failure 3:2 --backfill-lost --no-events
	same "delivery-failure false" "$(causes)"
}

@test "digests deleted: one gap for those in a row, nobody is blamed" {
	scenario 1 --hours 9 --regions us-east-1,eu-west-1 --tamper delete-digest:h=4,n=2 --tamper delete-digest:r=1,h=6
	same "digest-missing false" "$(causes)"
	same "7200 3600" "$(jq -r '[.gaps[].seconds] | join(" ")' gaps.json)"
	[[ $(states us-east-1) == *missing* ]] || fail "not missing"
}

@test "logs deleted: the windows that list them" {
	scenario 1 --hours 9 --logs 3 --tamper delete-log:h=3 --tamper delete-log:h=4,l=2 --tamper delete-log:h=6,n=3
	same "log-missing false" "$(causes)"
	same "7200 3600" "$(jq -r '[.gaps[].seconds] | join(" ")' gaps.json)"
}

@test "quiet hours are proved, and no gaps" {
	scenario 0 --hours 9 --regions us-east-1,eu-west-1 --quiet 3,4,6
	same "quiet verified quiet verified quiet verified" "$(states us-east-1)"
	rm -r s
	scenario 0 --hours 9 --logs 0
	same "quiet" "$(states us-east-1)"
}

@test "a copy that is cut at its start" {
	mk s --hours 9 --regions us-east-1,eu-west-1 --tamper delete-oldest:r=1,n=2
	gaps 1 s
	same_gaps s
	same "evidence-cut false" "$(causes)"
}

@test "a copy that is cut at its end: shown by other regions, explained by nobody" {
	local want='1 eu-west-1 2024-03-01T08:01:31Z false null []' what='"\(.gaps | length) \(.gaps[0]
	    | "\(.region) \(.start) \(.explained) \(.actor) \(.event_ids)")"'
	mk s --hours 12 --regions us-east-1,eu-west-1 --tamper delete-newest:r=1,n=4
	find s/bucket -path '*/CloudTrail/eu-west-1/*' \( -name '*T09*' -o -name '*T1*' \) | grep -v T0900Z >cut
	[ "$(wc -l <cut)" -eq 3 ]
	gaps 1 s
	# Digests are gone, and logs of that time are there.
	same "$want" "$(jq -r "$what" gaps.json)"
	[[ $(causes) =~ ^(unexplained|digest-missing|validation-disabled)\ false$ ]] || fail "cause: $(causes)"
	same unexplained "$(jq -r '.gaps[].cause' gaps.json)"
	# Nothing of that time is there.
	xargs rm <cut
	find s/bucket -path '*/CloudTrail/eu-west-1/*' -name '*T0900Z*' -delete
	gaps 1 s
	same "$want" "$(jq -r "$what" gaps.json)"
	[[ $(causes) =~ ^(unexplained|evidence-cut)\ false$ ]] || fail "cause: $(causes)"
}

@test "without the calls that explain it a stop is unexplained" {
	scenario 1 --hours 9 --regions us-east-1,eu-west-1 --stop 3:2 --no-events
	same "unexplained false" "$(causes)"
	rm -r s
	mk s --hours 9 --regions us-east-1,eu-west-1 --drop-regions 3 --no-events
	gaps 1 s
	same "unexplained false" "$(causes)"
	rm -r s
	mk s --hours 9 --validation-off 3:3 --no-events
	gaps 1 s
	[[ $(causes) =~ ^(unexplained|validation-disabled)\ false$ ]] || fail "cause: $(causes)"
	same "2024-03-01T04:01:31Z 2024-03-01T07:01:31Z" "$(jq -r '.gaps[] | "\(.start) \(.end)"' gaps.json)"
}

@test "a stop that stands in no log is unexplained, though the start does" {
	mk s --hours 9 --stop 3:2 --quiet 3
	gaps 1 s
	same "unexplained false null" "$(jq -r '.gaps[] | "\(.cause) \(.explained) \(.actor)"' gaps.json)"
}

@test "calls that failed stop nothing, explain nothing, and are listed as tried" {
	scenario 0 --hours 8 --regions us-east-1,eu-west-1 --attempts 3
	same "3 false" "$(jq -r '"\(.impairments | length) \([.impairments[].effective] | unique | join(" "))"' gaps.json)"
	same "AccessDenied InvalidHomeRegionException TrailNotFoundException" \
	    "$(jq -r '[.impairments[].error_code] | sort | join(" ")' gaps.json)"
	rm -r s
	# Right before a stop that nobody is seen to have made.
	scenario 1 --hours 9 --regions us-east-1,eu-west-1 --attempts 3 --stop 3:2 --no-events
	same "unexplained false" "$(causes)"
}

@test "a start that failed ends nothing" {
	mk s --hours 9 --stop 3:2 --no-events \
	    --inject 'source=cloudtrail;name=StopLogging;h=3;params={"name":"management-events"}' \
	    --inject 'source=cloudtrail;name=StartLogging;h=6;pos=first;error=AccessDenied'
	gaps 1 s
	same "logging-stopped false null" "$(jq -r '.gaps[] | "\(.cause) \(.explained) \(.ended_by)"' gaps.json)"
}

@test "the call for another trail, or for its namesake elsewhere, explains nothing" {
	local call='source=cloudtrail;name=StopLogging;h=3;params={"name":"%s"}' name
	for name in management-events-2 other arn:aws:cloudtrail:eu-west-1:111122223333:trail/management-events \
	    arn:aws:cloudtrail:us-east-1:999988887777:trail/management-events; do
		rm -rf s
		# shellcheck disable=SC2059 # the name stands in the middle
		mk s --hours 9 --stop 3:2 --no-events --inject "$(printf "$call" "$name")"
		gaps 1 s
		same "$name: unexplained false null" "$name: $(jq -r '.gaps[] | "\(.cause) \(.explained) \(.actor)"' gaps.json)"
	done
}

@test "a trail of that name in another account, or at home in another region, is another trail" {
	scenario 1 --hours 8 --accounts 2 --stop 3:2
	same "logging-stopped true unexplained false" "$(causes)"
	rm -r s
	scenario 1 --hours 8 --regions us-east-1,eu-west-1 --single-region --stop 3:2
	same "logging-stopped true unexplained false" "$(causes)"
}

@test "a stop that was undone, or long ago, explains no later hole" {
	local stop='source=cloudtrail;params={"name":"management-events"}'
	mk s --hours 12 --stop 6:2 --no-events --inject "$stop;name=StopLogging;h=6;offset=600" \
	    --inject "$stop;name=StartLogging;h=6;offset=700"
	gaps 1 s
	same "unexplained false" "$(causes)"
	rm -r s
	mk s --hours 26 --inject "$stop;name=StopLogging;h=3" --tamper delete-digest:h=20,n=2
	gaps 1 s
	same "digest-missing false null" "$(causes) $(jq -r '.gaps[].actor' gaps.json)"
}

# forge HOUR [REGION]: adds to s the digests of f, signed by a key of somebody else, that end in HOUR or later, and their logs;
# replaces none.
forge() {
	local file stamp
	while read -r file; do
		stamp=$(sed -n 's/.*_20240301T\(..\).*/\1/p' <<<"$file")
		[[ $stamp < $1 || $file != */${2-}* || -e s/bucket/$file ]] || install -D "f/bucket/$file" "s/bucket/$file"
	done < <(cd f/bucket && find . -name '*.gz')
}

@test "who stops a trail and forges digests from then on hides nothing" {
	mk f --hours 10 --regions us-east-1,eu-west-1 --seed 2 --fresh-keys
	mk s --hours 10 --regions us-east-1,eu-west-1 --stop 3:20
	forge 05
	gaps 1 s
	same "logging-stopped true" "$(causes)"
	same "2024-03-01T04:01:31Z 2024-03-01T10:01:31Z 21600 null" \
	    "$(jq -r '.gaps[] | "\(.start) \(.end) \(.seconds) \(.ended_by)"' gaps.json | sort -u)"
	same unproven "$(jq -r '.coverage[].intervals[-1].state' gaps.json | sort -u)"
	COLUMNS=200 exits 1 trail gaps -k s/keys.json -m s/metadata.jsonl s/bucket
	prints "nothing proves them"
	# Until a start that is proved.
	rm -r s
	mk s --hours 10 --regions us-east-1,eu-west-1 --stop 3:3
	forge 05
	gaps 1 s
	same "logging-stopped true 10800" "$(causes) $(jq -r '.gaps[].seconds' gaps.json | sort -u)"
}

@test "a chain that ends is no longer for digests that nothing proves" {
	mk f --hours 10 --regions us-east-1,eu-west-1 --seed 2 --fresh-keys
	mk s --hours 10 --regions us-east-1,eu-west-1 --tamper delete-newest:r=1,n=5
	gaps 1 s
	jq -c '.gaps[] | [.region, .start, .end, .cause]' gaps.json >without
	forge 06 eu-west-1
	gaps 1 s
	same "$(cat without)" "$(jq -c '.gaps[] | [.region, .start, .end, .cause]' gaps.json)"
	COLUMNS=200 exits 1 trail gaps -k s/keys.json -m s/metadata.jsonl s/bucket
	prints "no digest of this time is proved"
	# Without keys there is nothing to tell them apart by, and that is said once.
	exits 3 trail gaps s/bucket
	same 1 "$(grep -c 'Nothing is proved' <<<"$output")"
}

@test "a stop that lasts, while another trail or --until goes on" {
	scenario 1 --hours 10 --trail first-trail --trail second-trail --stop 3:20
	same "logging-stopped true second-trail" "$(causes) $(jq -r '.gaps[].covered_by[]' gaps.json)"
	rm -r s
	mk s --hours 6 --stop 3:20
	gaps 1 s
	same "2024-03-01T04:01:31Z 2024-03-01T04:01:31Z 0 logging-stopped true null" \
	    "$(jq -r '.gaps[] | "\(.start) \(.end) \(.seconds) \(.cause) \(.explained) \(.ended_by)"' gaps.json)"
	gaps 3 s --min 1h
	same "0 1" "$(jq -r '"\(.gaps | length) \(.summary.left_out)"' gaps.json)"
	gaps 0 s --until 2024-03-01T04
	gaps 1 s --until 2024-03-02
	same "2024-03-01T04:01:31Z 2024-03-02T00:00:00Z logging-stopped true" "$(jq -r '.gaps[] | "\(.start) \(.end)"' gaps.json) $(causes)"
}

@test "what ends coverage where the evidence ends leaves an open gap in what it ended" {
	local want name
	while read -r want name; do
		rm -rf s
		mk s --hours 6 --regions us-east-1,eu-west-1 --inject "h=5;$name"
		gaps 1 s
		same "$name: $want" "$name: $(jq -r '[.gaps[] | "\(.cause)@\(.region)"] | join(",")' gaps.json)"
		same "0 true" "$(jq -r '.gaps[] | "\(.seconds) \(.explained)"' gaps.json | sort -u)"
	done <<-'END'
		trail-deleted@eu-west-1,trail-deleted@us-east-1 source=cloudtrail;name=DeleteTrail;params={"name":"management-events"}
		region-dropped@eu-west-1 source=cloudtrail;name=UpdateTrail;params={"name":"management-events","isMultiRegionTrail":false}
		validation-disabled@eu-west-1,validation-disabled@us-east-1 source=cloudtrail;name=UpdateTrail;params={"name":"management-events","enableLogFileValidation":false}
		region-disabled@eu-west-1 source=account;name=DisableRegion;params={"RegionName":"eu-west-1"}
	END
	for name in 'name=StopLogging;error=AccessDenied;params={}' 'name=StopLogging;params={"name":"other"}' \
	    'name=PutEventSelectors;params={"trailName":"management-events"}'; do
		rm -rf s
		mk s --hours 6 --regions us-east-1,eu-west-1 --inject "source=cloudtrail;h=5;$name"
		gaps 0 s
	done
}

@test "a region that is switched on and watched by no trail is an impairment" {
	local call='source=account;name=EnableRegion;h=3;params={"RegionName":"%s"}'
	# shellcheck disable=SC2059 # the region stands in the middle
	mk s --hours 6 --regions us-east-1,eu-south-1 --inject "$(printf "$call" eu-south-1)" --inject "$(printf "$call" me-south-1)"
	gaps 0 s
	same me-south-1 "$(jq -r '.impairments[].target' gaps.json)"
}

@test "a member that stops a trail of its own of that name stops nobody else's" {
	local stop='source=cloudtrail;h=3;a=1;name=StopLogging;params={"name":"management-events"}'
	mk s --hours 9 --accounts 3 --org o-ex --stop 3:2 --no-events --inject "$stop" \
	    --inject 'source=cloudtrail;h=1;name=CreateTrail;params={"name":"management-events","isOrganizationTrail":true};response={"isOrganizationTrail":true}'
	gaps 1 s
	same "unexplained null" "$(jq -r '.gaps[] | "\(.cause) \(.actor)"' gaps.json | sort -u)"
	rm -r s
	mk s --hours 9 --accounts 3 --org o-ex --stop 3:2 --no-events --inject "$stop" \
	    --inject 'source=cloudtrail;h=1;a=1;name=CreateTrail;params={"name":"management-events"};response={"isOrganizationTrail":false}'
	gaps 1 s
	same "unexplained null" "$(jq -r '.gaps[] | "\(.cause) \(.actor)"' gaps.json | sort -u)"
}

# plant FILE TO: a copy of a log of another time, under the name of that time.
plant() {
	local to
	to=$(sed "s,/2024/03/01/,/2031/03/01/,; s,_20240301T,_20310301T,; s,Z_\(....\),Z_XXXX," <<<"$1")
	mkdir -p "$(dirname "$to")"
	zcat "$1" | sed 's/"eventID":"./"eventID":"f/g; s/2024-03-01T/2031-03-01T/g' | gzip -n >"$to"
}

@test "a planted log or digest of a far time shows gaps in no other line" {
	mk s --hours 6 --regions us-east-1,eu-west-1
	plant "$(find s/bucket -path '*/CloudTrail/eu-west-1/*' -name '*.gz' | sort | tail -n 1)"
	gaps 1 s
	same eu-west-1 "$(jq -r '.gaps[].region' gaps.json | sort -u)"
	COLUMNS=100 exits 1 trail gaps -k s/keys.json -m s/metadata.jsonl s/bucket
	prints "2024-03-01T00:01:31Z to 2024-03-01T06:01:31Z"
	prints "claims a time far outside"
	rm -r s
	mk s --hours 6 --regions us-east-1,eu-west-1
	local file to
	file=$(find s/bucket -path '*/CloudTrail-Digest/eu-west-1/*' -name '*.gz' | sort | tail -n 1)
	to=$(sed 's,/2024/03/01/,/2031/03/01/,; s,_20240301T,_20310301T,' <<<"$file")
	mkdir -p "$(dirname "$to")"
	zcat "$file" | sed 's/2024-03-01T/2031-03-01T/g; s/20240301T/20310301T/g; s|2024\\/03|2031\\/03|g' | gzip -n >"$to"
	gaps 1 s
	same eu-west-1 "$(jq -r '.gaps[].region' gaps.json | sort -u)"
}

@test "digests alone: said once, no gap, inconclusive" {
	mk s --hours 6 --quiet 3
	find s/bucket -path '*/CloudTrail/*' -name '*.gz' -delete
	gaps 3 s
	same "[] true" "$(jq -c '.gaps' gaps.json) $(jq .summary.digests_alone gaps.json)"
	exits 3 trail gaps -k s/keys.json -m s/metadata.jsonl s/bucket
	same 1 "$(grep -c 'No logs in the evidence: only digests were compared' <<<"$output")"
	# All logs of one line are gone, those of the other are there: that is a gap.
	rm -r s
	mk s --hours 6 --regions us-east-1,eu-west-1
	find s/bucket -path '*/CloudTrail/eu-west-1/*' -name '*.gz' -delete
	gaps 1 s
	same "log-missing eu-west-1 false" "$(jq -r '.gaps[] | "\(.cause) \(.region)"' gaps.json) $(jq .summary.digests_alone gaps.json)"
}

@test "the digest that lists the stop is deleted: it is told by whom, and not explained" {
	mk s --hours 9 --stop 3:2 --tamper delete-digest:h=3
	gaps 1 s
	same "false" "$(jq -r '.gaps[].explained' gaps.json | sort -u)"
	same "arn:aws:iam::111122223333:user/mallory" "$(jq -r '.gaps[] | select(.cause == "logging-stopped").actor' gaps.json)"
	same "2024-03-01T03:01:31Z 2024-03-01T06:01:31Z" "$(jq -r '"\([.gaps[].start] | min) \([.gaps[].end] | max)"' gaps.json)"
}

@test "only logs: unknown time, no gap, inconclusive" {
	mk s --hours 8 --stop 3:2
	find s/bucket -path '*CloudTrail-Digest*' -name '*.gz' -delete
	gaps 3 s
	same "null unknown [] 1" "$(jq -r '"\(.coverage[] | "\(.trail) \([.intervals[].state] | unique | join(" "))") \(.gaps) \(.impairments | length)"' gaps.json)"
}

@test "another trail that still saw the region is named" {
	scenario 1 --hours 9 --trail first-trail --trail second-trail --stop 3:2:1
	same "second-trail first-trail" "$(jq -r '.gaps[] | "\(.trail) \(.covered_by | join(","))"' gaps.json)"
	rm -r s
	# Both are blind at the same time.
	scenario 1 --hours 12 --trail first-trail --trail second-trail --stop 3:4:1 --stop 4:2
	same "" "$(jq -r '.gaps[] | select(.trail == "second-trail").covered_by[]' gaps.json)"
}

@test "--lineage: who stands behind the role that stopped the trail" {
	mk s --hours 9 --lineage --by-session --stop 3:2
	gaps 1 s
	same_gaps s actor
	gaps 1 s --lineage
	same_gaps s root
	same "arn:aws:iam::111122223333:user/alice" "$(jq -r '.gaps[].actor, .gaps[].ended_by.actor' gaps.json | sort -u)"
	same "arn:aws:iam::111122223333:user/alice" "$(jq -r '.impairments[].actor' gaps.json | sort -u)"
}

@test "--lineage: a record that nothing proves does not change who stopped the trail" {
	local key time
	mk s --hours 9 --lineage --by-session --stop 3:2
	key=$(jq -r '[.. | objects | select(.actor? != null and .key? != null and .actor == "arn:aws:iam::111122223333:user/alice")][].key' s/facts.json)
	for time in 2020-01-01T00:00:00Z 2030-01-01T00:00:00Z; do
		for key in $key; do
			event "forged-$key" $time AssumeRole ".eventSource = \"sts.amazonaws.com\" | .userIdentity.arn = \"arn:aws:iam::111122223333:user/eve\"
			    | .responseElements = {credentials: {accessKeyId: \"$key\"}, assumedRoleUser: {arn: \"arn:aws:sts::111122223333:assumed-role/Admin/alice\"}}"
		done >forged.jsonl
		[ -s forged.jsonl ]
		gaps 1 s --lineage forged.jsonl
		same "arn:aws:iam::111122223333:user/alice" "$(jq -r '(.gaps[] | select(.cause == "logging-stopped") | .actor,
		    .ended_by.actor), .impairments[].actor' gaps.json | sort -u)"
	done
}

@test "several causes at once, in several regions" {
	scenario 1 --hours 20 --accounts 2 --org o-ex --regions us-east-1,eu-west-1,eu-south-1 --stop 2:1 --recreate 5:1 \
	    --validation-off 8:2 --delivery-failure 12:1 --region-until eu-south-1:14 --narrow 15:1 --quiet 18 --attempts 17 \
	    --tamper delete-digest:a=1,r=1,h=17
	same "delivery-failure digest-missing logging-stopped region-disabled trail-deleted validation-disabled" \
	    "$(jq -r '[.gaps[].cause] | unique | join(" ")' gaps.json)"
}

@test "names of trails with underscores and of regions" {
	scenario 1 --hours 8 --regions us-east-1,eu-west-1 --trail my_trail_us-east-1_x --stop 3:2
}

@test "without keys no gap is explained: the calls are not proved" {
	mk s --hours 8 --stop 3:2
	exits 1 trail gaps -f json s/bucket
	same "logging-stopped false" "$(json '.gaps[] | "\(.cause) \(.explained)"')"
	same "off unproven" "$(json '[.coverage[].intervals[].state] | unique | join(" ")')"
	mk clean --hours 4
	exits 3 trail gaps -f json clean/bucket
	same "inconclusive []" "$(json '"\(.verdict) \(.gaps)"')"
}

@test "the call that stopped logging stands only in a log that nothing proves" {
	mk s --hours 8 --logs 2 --stop 3:2 --tamper modify-log:h=3,l=1,e=0
	gaps 1 s
	same "logging-stopped false" "$(jq -r '.gaps[] | select(.cause != "log-missing") | "\(.cause) \(.explained)"' gaps.json)"
}

@test "a call in an export that lies in a folder another service could have; what such a service wrote is no call" {
	mk s --hours 3
	mkdir -p s/bucket/AWSLogs/111122223333/lookup s/bucket/AWSLogs/111122223333/Config
	event stop 2024-03-01T01:00:00Z StopLogging '.eventSource = "cloudtrail.amazonaws.com" | .readOnly = false' >stop.json
	jq -c '{Events: [{EventId: "x", CloudTrailEvent: tojson}]}' stop.json >s/bucket/AWSLogs/111122223333/lookup/e.json
	gaps 0 s
	same stop "$(jq -r '.impairments[].event_id' gaps.json)"
	jq -c '{configurationItems: [{Records: [.]}]}' stop.json >s/bucket/AWSLogs/111122223333/Config/c.json
	rm -r s/bucket/AWSLogs/111122223333/lookup
	gaps 0 s
	same "[] []" "$(jq -c .impairments,.skipped gaps.json | paste -sd ' ')"
}

# planted DIR STAMP EVENT TIME USER: a log of that name, which no digest lists, with one call on the trail.
planted() {
	local log=$1/bucket/AWSLogs/111122223333/CloudTrail/us-east-1/2024/03/01/111122223333_CloudTrail_us-east-1_$2_AAAAAAAAAAAAAAAA.json.gz
	jq -cn --arg name "$3" --arg time "$4" --arg user "$5" '{Records: [{eventVersion: "1.08", userIdentity: {type: "IAMUser",
	    principalId: "AIDA", arn: "arn:aws:iam::111122223333:user/\($user)", accountId: "111122223333", userName: $user},
	    eventTime: $time, eventSource: "cloudtrail.amazonaws.com", eventName: $name, awsRegion: "us-east-1",
	    sourceIPAddress: "192.0.2.66", requestParameters: {name: "management-events"}, responseElements: null,
	    eventID: "planted-\($name)", eventType: "AwsApiCall", recipientAccountId: "111122223333"}]}' | gzip >"$log"
}

@test "events that somebody planted blame nobody: not for a gap, and where they are listed it is said what is proved of them" {
	mk s --hours 10 --stop 3:3
	planted s 20240301T0400Z StopLogging 2024-03-01T03:59:00Z alice
	planted s 20240301T0410Z StartLogging 2024-03-01T04:05:00Z alice
	gaps 1 s
	same_gaps s
	same "planted-StopLogging false
verified" "$(jq -r '.impairments[] | if .actor | endswith("alice") then "\(.event_id) \(.integrity == "verified")" else .integrity end' gaps.json | sort)"
	mapfile -t args < <(set_args s)
	exits 1 trail gaps "${args[@]}"
	[[ $(tr -s ' \n' ' ' <<<"$output") == *"event planted-StopLogging (undigested)"* ]] || fail "planted, and not said"
	exits 1 trail gaps -f html "${args[@]}"
	prints "planted-StopLogging<small>undigested</small>"
	# without keys nothing is
	exits 1 trail gaps -f json s/bucket
	same "undigested unproven" "$(json '[.impairments[].integrity] | unique | join(" ")')"
}
