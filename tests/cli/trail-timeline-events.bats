#!/usr/bin/env bats
# trail-timeline: events in every container that an investigator is handed, real and damaged.

load helper

# same_events FILE WANT...: FILE holds these events, read whole.
same_events() {
	local file=$1
	shift
	timeline 0 "$file"
	same "$*" "$(column event_id)"
}

# three: records a, b, c, one a line.
three() {
	event a 2024-03-01T10:00:00Z A
	event b 2024-03-01T10:00:01Z B '.requestParameters = {text: "a \"quoted\" {brace} [x] \\ / é \u0001"}'
	event c 2024-03-01T10:00:02Z C
}

# ---- Real material ----

@test "real: 55 logs of a simulated attack, row by row as jq reads them" {
	skip_without_shared invictus-stratus-logs
	local logs=("$SHARED_DATA"/invictus-stratus-logs/*.json)
	trail timeline -f jsonl "${logs[@]}" >have
	same 2900 "$(jq -r .event_id have | sort -u | wc -l)"
	same 2900 "$(wc -l <have)"
	same "" "$(diff <(jq -c '.Records[]' "${logs[@]}" | oracle) <(told <have) | head -n 6)"
	same "2023-07-10T11:42:18Z 2023-07-10T12:37:50Z" "$(jq -r .event_time have | sed -n '1p;$p' | xargs)"
	timeline 0 --event StopLogging "${logs[@]}"
	same "TrailNotFoundException TrailNotFoundException TrailNotFoundException" "$(column result)"
	timeline 0 --event DeleteTrail "${logs[@]}"
	same "2 of 3" "$(json .result | grep -c success) of $(json .result | wc -l)"
	timeline 0 --event StartLogging "${logs[@]}"
	rows 5
	timeline 0 --event CreateTrail --event PutEventSelectors "${logs[@]}"
	rows 4
	# Every filter, with jq as the other opinion.
	timeline 0 --write-only "${logs[@]}"
	rows "$(jq -c '.Records[] | select(.readOnly == false)' "${logs[@]}" | wc -l)"
	timeline 0 --error "${logs[@]}"
	rows "$(jq -c '.Records[] | select(.errorCode or .errorMessage or .responseElements.ConsoleLogin? == "Failure")' "${logs[@]}" | wc -l)"
	timeline 0 --service iam --service 'sts*' --event '!Get*' "${logs[@]}"
	rows "$(jq -c '.Records[] | select((.eventSource == "iam.amazonaws.com" or (.eventSource | startswith("sts"))) and
	    (.eventName | startswith("Get") | not))' "${logs[@]}" | wc -l)"
	timeline 0 --since 2023-07-10T12 --until 2023-07-10T12:10:00Z "${logs[@]}"
	rows "$(jq -c '.Records[] | select(.eventTime >= "2023-07-10T12:00:00Z" and .eventTime < "2023-07-10T12:10:00Z")' "${logs[@]}" | wc -l)"
	timeline 0 --account 123837392027 "${logs[@]}"
	rows "$(jq -c '.Records[] | select(.recipientAccountId == "123837392027")' "${logs[@]}" | wc -l)"
}

@test "real: bare arrays of detonations" {
	skip_without_shared stratus-detonations
	timeline 0 "$SHARED_DATA"/stratus-detonations/*.json
	rows 310
	same "$(jq -r '.[].eventID' "$SHARED_DATA"/stratus-detonations/*.json | sort)" "$(json .event_id | sort)"
	same "$(jq -r '.[].awsRegion' "$SHARED_DATA"/stratus-detonations/*.json | sort -u)" "$(json .region | sort -u)"
	timeline 0 --event StopLogging --event DeleteTrail "$SHARED_DATA"/stratus-detonations/*.json
	same "success success" "$(column result)"
	# A licence among them is no evidence: it is counted, and named with -v.
	timeline 3 -v "$SHARED_DATA"/stratus-detonations
	rows 310
	says LICENSE
}

@test "real: every event version; one record delivered twice, with another time" {
	skip_without_shared event-versions
	local root=$SHARED_DATA/event-versions
	timeline 1 "$root/AWSLogs" "$root/examples"
	rows 206
	same 204 "$(json '.event_id // "none"' | sort -u | wc -l)"
	says "2 conflicts"
	says 4a48a30a-6530-4901-aeda-f8005ae1c003
	says aEXAMPLE-4a4f-4f2a-a7ed-c97a67b82974
	says "1 without an eventID"
	says "bad1_01.json#0"
	timeline 0 "$root/AWSLogs" "$root/examples" --region ap-southeast-1 --error=NoSuch
	# The organization's path gives what a record lacks; what stands under no path does without.
	timeline 0 "$root"/examples/1_0.json
	same "2014-03-06T21:22:54Z" "$(column event_time)"
	same "$(jq -r '.Records[0].userIdentity.accountId' "$root"/examples/1_0.json)" "$(column account_id)"
}

@test "real: damaged JSON gives 840 records, and says that something is lost" {
	skip_without_shared damaged-json
	timeline 3 -v "$SHARED_DATA"/damaged-json/samples-large.json
	rows 840
	says "not read: $SHARED_DATA/damaged-json/samples-large.json"
	timeline 0 "$SHARED_DATA"/damaged-json/samples.json
	rows 50
	same "$(jq -r '.[].aws.cloudtrail.eventID' "$SHARED_DATA"/damaged-json/samples.json | sort)" "$(json .event_id | sort)"
	timeline 0 "$SHARED_DATA"/damaged-json/raw-sample.json
	rows 1
}

@test "real: a busy minute, out of order and pretty-printed" {
	skip_without_shared busy-minute
	trail timeline -f jsonl "$SHARED_DATA"/busy-minute/cloudtrail.json >have
	same 1679 "$(wc -l <have)"
	same "" "$(diff <(jq -c '.Records[]' "$SHARED_DATA"/busy-minute/cloudtrail.json | oracle) <(told <have) | head -n 6)"
	same "$(jq -r '.Records | to_entries | sort_by(.value.eventTime, .value.recipientAccountId, .value.awsRegion, .value.eventID)[].key' \
	    "$SHARED_DATA"/busy-minute/cloudtrail.json | md5sum)" "$(jq -r .record_index have | md5sum)"
}

@test "real: LookupEvents, whose outer time has another zone" {
	skip_without_shared lookup-events
	timeline 0 "$SHARED_DATA"/lookup-events/*.jsonl
	rows 6
	same "" "$(diff <(jq -c '.CloudTrailEvent | fromjson' "$SHARED_DATA"/lookup-events/*.jsonl | oracle) <(told <<<"$output"))"
	same "2022-02-07T22:19:04Z" "$(json .event_time | head -n 1)"
	# The answer as one document, and the same events as a log beside it: nothing is new, and nothing conflicts.
	jq -s '{Events: .}' "$SHARED_DATA"/lookup-events/*.jsonl >answer.json
	jq -c '.CloudTrailEvent | fromjson' "$SHARED_DATA"/lookup-events/*.jsonl | log | gzip >log.json.gz
	timeline 0 answer.json log.json.gz "$SHARED_DATA"/lookup-events/*.jsonl
	rows 6
	says "12 duplicates"
}

@test "real: EventBridge envelopes, two pairs of which share an id" {
	skip_without_shared eventbridge
	timeline 1 "$SHARED_DATA"/eventbridge/*.json
	rows 20
	says "2 conflicts"
	says a1474634-7457-45e1-bc0f-d47e7ad72f79
	says 6589a9eb-59b7-4895-b7ab-962ed3cc257c
	same "$(jq -r '(.detail // .) | .eventID // "-"' "$SHARED_DATA"/eventbridge/*.json | sort)" "$(column event_id | tr ' ' '\n' | sort)"
	same "-" "$(column event_id | cut -d ' ' -f 20)"
}

@test "real: all sets at once" {
	skip_without_shared invictus-stratus-logs
	timeline 1 "$SHARED_DATA"/invictus-stratus-logs "$SHARED_DATA"/stratus-detonations "$SHARED_DATA"/event-versions \
	    "$SHARED_DATA"/damaged-json "$SHARED_DATA"/busy-minute "$SHARED_DATA"/lookup-events "$SHARED_DATA"/eventbridge
	rows $((2900 + 310 + 206 + 840 + 50 + 1 + 1679 + 6 + 20))
	says "0 duplicates"
	says "4 conflicts"
	same "" "$(column event_time | tr ' ' '\n' | grep -v -- '^-$' | sort -c 2>&1)"
}

# ---- Containers ----

@test "logs, arrays, lines, concatenated records, with and without white space" {
	three >lines.jsonl
	three | log >log.json
	three | log | jq . >pretty.json
	three | jq -cs . >array.json
	three | tr -d '\n' >together.json
	three | sed 's/$/\r/' >crlf.jsonl
	{ printf '\xef\xbb\xbf'; cat log.json; } >bom.json
	{ printf '\xef\xbb\xbf'; three; } >bom.jsonl
	three | log | sed 's/^{/{"future": [1, {"a": null}], "more": "Records", /' >future.json
	jq -c '{more: 1, Records, last: {Records: []}}' log.json >mixed.json
	{ three | sed -n 1p | log; three | sed -n 2,3p | log; } >two.json
	local file
	for file in lines.jsonl log.json pretty.json array.json together.json crlf.jsonl bom.json bom.jsonl future.json mixed.json two.json; do
		same_events $file a b c
		gzip -k $file
		same_events $file.gz a b c
		timeline 0 - <$file
		same "a b c" "$(column event_id)"
		same '"aws-cli/2.15"' "$(json '.user_agent | tojson' | sort -u)"
	done
	# A name says nothing.
	cp log.json noname
	cp log.json.gz picture.png
	same_events noname a b c
	same_events picture.png a b c
}

@test "CloudWatch Logs: export lines, filter-log-events, subscription batches" {
	three | sed 's/^/2024-03-01T10:00:05.123Z /' >export
	same_events export a b c
	gzip -k export
	same_events export.gz a b c
	three | jq -cR '{message: ., timestamp: 1, ingestionTime: 2, eventId: "3", logStreamName: "s"}' | jq -s '{events: ., searchedLogStreams: []}' >filter.json
	same_events filter.json a b c
	batch() {
		jq -cR '{id: "1", timestamp: 2, message: .}' | jq -cs '{messageType: "DATA_MESSAGE", owner: "111122223333", logGroup: "g",
		    logStream: "s", subscriptionFilters: ["f"], logEvents: .}'
	}
	three | batch >batch.json
	same_events batch.json a b c
	# Firehose: one behind the other without a line end, compressed as a whole and one by one.
	{ three | sed -n 1,2p | batch | tr -d '\n'; three | sed -n 3p | batch | tr -d '\n'; } >firehose
	same_events firehose a b c
	gzip -k firehose
	same_events firehose.gz a b c
	{ three | sed -n 1,2p | batch | tr -d '\n' | gzip; three | sed -n 3p | batch | gzip; } >members.gz
	same_events members.gz a b c
	jq -cn '{messageType: "CONTROL_MESSAGE", owner: "CloudwatchLogs", logGroup: "", logStream: "", subscriptionFilters: [],
	    logEvents: [{id: "", timestamp: 1, message: "CWL CONTROL MESSAGE: Checking health of destination Firehose."}]}' >control.json
	cat control.json batch.json >both.json
	trail timeline -f jsonl both.json >have || [ $? -eq 3 ]
	same "a b c" "$(column event_id have)"
}

@test "EventBridge, SQS and SNS" {
	three | jq -c '{version: "0", id: "x", "detail-type": "AWS API Call via CloudTrail", source: "aws.s3", account: "111122223333",
	    time: .eventTime, region: .awsRegion, resources: [], detail: .}' >bridge.jsonl
	same_events bridge.jsonl a b c
	jq -s . bridge.jsonl >array.json
	same_events array.json a b c
	jq -cR '{MessageId: "m", ReceiptHandle: "r", MD5OfBody: "0", Body: .}' bridge.jsonl | jq -s '{Messages: .}' >sqs.json
	same_events sqs.json a b c
	jq -cR '{Type: "Notification", MessageId: "m", TopicArn: "arn:aws:sns:eu-west-1:111122223333:t", Message: .}' bridge.jsonl >sns.jsonl
	same_events sns.jsonl a b c
	jq -cR '{messageId: "m", receiptHandle: "r", body: ., attributes: {}, eventSource: "aws:sqs", awsRegion: "eu-west-1"}' bridge.jsonl |
		jq -s '{Records: .}' >lambda.json
	same_events lambda.json a b c
	# SNS into SQS: a string in a string in a string.
	jq -cR '{Messages: [{Body: .}]}' sns.jsonl >deep.jsonl
	same_events deep.jsonl a b c
}

@test "LookupEvents: whole, in pages, and one a line" {
	three | jq -c '{EventId: .eventID, EventName: .eventName, ReadOnly: "true", EventTime: "2024-03-01T21:00:00+11:00",
	    Username: "alice", Resources: [], CloudTrailEvent: tojson}' >lines.jsonl
	same_events lines.jsonl a b c
	jq -s '{Events: ., NextToken: "x"}' lines.jsonl >whole.json
	same_events whole.json a b c
	{ head -n 2 lines.jsonl | jq -cs '{Events: .}'; tail -n 1 lines.jsonl | jq -cs '{Events: .}'; } >pages.json
	same_events pages.json a b c
	jq -s . lines.jsonl >array.json
	same_events array.json a b c
	same "$(three | sed -n 2p)" "$(trail timeline -f records whole.json | sed -n 2p)"
}

@test "the console's event-history CSV, of either year, agrees with a fuller record" {
	cat >new.csv <<-'END'
		Event ID,Event time,User name,Event name,Resource type,Resource name,Event source,Access key,Source IP address,AWS region,Error code,Request ID,Read-only,Username
		a,"March 01, 2024, 10:00:00 (UTC+00:00)",alice,A,,,s3.amazonaws.com,AKIAALICE,192.0.2.7,eu-west-1,,R-a,true,alice
	END
	cat >plain.csv <<-'END'
		Event name,Event time,User name,Event source,Resource type,Resource name,Event ID,AWS access key,AWS region,Error code,Source IP address,Read-only
		A,2024-03-01T10:00:00Z,alice,s3.amazonaws.com,,,a,AKIAALICE,eu-west-1,,192.0.2.7,true
		B,2024-03-01T10:00:01Z,alice,s3.amazonaws.com,,"x, y",b,AKIAALICE,eu-west-1,AccessDenied,192.0.2.7,false
	END
	timeline 0 plain.csv
	same "a b" "$(column event_id)"
	same "2024-03-01T10:00:00Z 2024-03-01T10:00:01Z" "$(column event_time)"
	same "success AccessDenied" "$(column result)"
	same "AKIAALICE AKIAALICE" "$(column access_key_id)"
	timeline 0 new.csv
	same "a A 192.0.2.7" "$(column event_id) $(column event_name) $(column source_ip)"
	event a 2024-03-01T10:00:00Z A >full.jsonl
	event b 2024-03-01T10:00:01Z B '.errorCode = "AccessDenied" | .readOnly = false | .resources = [{ARN: "x, y"}]' >>full.jsonl
	for files in "full.jsonl plain.csv" "plain.csv full.jsonl"; do
		# shellcheck disable=SC2086
		timeline 0 --columns event_id,locator $files
		says "0 conflicts"
		# The fuller one is shown, and the line is a duplicate of it.
		same "a b full.jsonl full.jsonl" "$(column event_id) $(column locator)"
		says "2 duplicates"
	done
}

@test "a console CSV that says something else than the record: both are shown, one conflict, exit 1" {
	local files format
	cat >bad.csv <<-'END'
		Event name,Event time,User name,Event source,Event ID,AWS access key,AWS region,Error code,Source IP address,Read-only
		A,2024-03-01T10:00:00Z,alice,s3.amazonaws.com,a,AKIAALICE,eu-west-1,,203.0.113.9,true
		B,2024-03-01T10:00:01Z,alice,s3.amazonaws.com,b,AKIAALICE,eu-west-1,,192.0.2.7,true
	END
	three | head -n 2 >full.jsonl
	cp full.jsonl again.jsonl
	sed 's/203.0.113.9/192.0.2.7/' bad.csv >good.csv
	timeline 1 again.jsonl good.csv bad.csv full.jsonl
	printf '%s\n' "$output" >want
	same "a bad.csv - true;a again.jsonl full.jsonl good.csv true;b again.jsonl bad.csv full.jsonl good.csv -" "$(json '[.event_id, .locator,
	    (if .also_in then .also_in | map(.locator) | join(" ") else "-" end), .conflict // "-"] | join(" ")' | paste -sd ';')"
	says "5 duplicates, 1 conflict,"
	says "conflict: event a of account 111122223333 is told in different ways, all of them shown: bad.csv#0, again.jsonl#0"
	trail timeline -q -f jsonl -j 7 --memory 16M full.jsonl bad.csv good.csv again.jsonl | cmp - want
	trail timeline -q -f jsonl -j 1 bad.csv full.jsonl again.jsonl good.csv | cmp - want
	for format in text csv timesketch records html; do
		exits 1 trail timeline -f $format bad.csv full.jsonl
	done
	# A CSV that has no column for errors does not say that all went well.
	event f 2024-03-01T10:00:03Z F '.errorCode = "AccessDenied"' >failed.json
	printf '%s\n' "Event name,Event time,Event ID" F,2024-03-01T10:00:03Z,f >short.csv
	timeline 0 short.csv failed.json
	same "f AccessDenied failed.json" "$(column event_id) $(column result) $(column locator)"
	timeline 0 short.csv
	same "f -" "$(column event_id) $(column result)"
	# Lines alone: equal ones are one, and others a conflict.
	cp good.csv good2.csv
	timeline 0 good.csv good2.csv
	rows 2
	says "2 duplicates"
	timeline 1 good.csv bad.csv
	rows 3
	says "of an unknown account is told in different ways"
}

@test "results of CloudTrail Lake are no events" {
	mk k --hours 3 --lake=2
	trail timeline -f jsonl --columns event_id k/bucket/AWSLogs/*/CloudTrail >want
	[ -s want ]
	trail timeline -f jsonl --columns event_id k/bucket >have || [ $? -eq 3 ]
	cmp want have
	exits 3 trail timeline -v -f jsonl k/bucket
	says "result_1.csv.gz: a CloudTrail Lake query result, whose columns are the query's: not read as events"
}

@test "Insight, NetworkActivity and Aggregated events" {
	jq -cn '{eventVersion: "1.07", eventTime: "2024-03-01T10:00:00Z", awsRegion: "eu-west-1", eventID: "i", eventType:
	    "AwsCloudTrailInsight", recipientAccountId: "111122223333", sharedEventID: "s", eventCategory: "Insight", insightDetails:
	    {state: "Start", eventSource: "autoscaling.amazonaws.com", eventName: "CompleteLifecycleAction", insightType: "ApiCallRateInsight"}}' >i.json
	jq -cn '{eventVersion: "1.09", eventTime: "2024-03-01T10:00:01Z", awsRegion: "eu-west-1", eventID: "n", eventType: "AwsVpceEvent",
	    eventSource: "kms.amazonaws.com", eventName: "ListKeys", errorCode: "VpceAccessDenied", recipientAccountId: "111122223333",
	    eventCategory: "NetworkActivity", userIdentity: {type: "AWSAccount", principalId: "AIDA:x", accountId: "123456789012"}}' >n.json
	jq -cn '{eventVersion: "1.0", accountId: "111122223333", eventId: "g", eventCategory: "Aggregated", eventType: "AwsAggregatedEvent",
	    awsRegion: "eu-west-1", eventSource: "s3.amazonaws.com", timeWindow: {windowStart: "2024-03-01T10:05:00Z",
	    windowEnd: "2024-03-01T10:10:00Z", windowSize: "PT5M"}, summary: {primaryDimension: {dimension: "x", statistics: []}}}' >g.json
	cat i.json n.json g.json | log >all.json
	timeline 0 all.json
	same "i n g" "$(column event_id)"
	same "2024-03-01T10:00:00Z 2024-03-01T10:00:01Z 2024-03-01T10:05:00Z" "$(column event_time)"
	same "CompleteLifecycleAction ListKeys AwsAggregatedEvent" "$(column event_name)"
	same "autoscaling.amazonaws.com kms.amazonaws.com s3.amazonaws.com" "$(column event_source)"
	same "111122223333 111122223333 111122223333" "$(column account_id)"
	same "Insight NetworkActivity Aggregated" "$(column event_category)"
	same "- AIDA:x -" "$(column principal)"
}

# ---- Damage and malice ----

@test "damaged gzip gives what stands before the damage; a truncated log what stands before its end" {
	local n all
	for n in $(seq 300); do
		event "e$(printf %03d "$n")" 2024-03-01T10:00:00Z Get ".requestParameters = {x: \"$(sha256sum <<<"$n")\"}"
	done >lines
	log <lines >whole.json
	gzip whole.json
	head -c $(($(stat -c %s whole.json.gz) / 2)) whole.json.gz >half.json.gz
	timeline 3 -v half.json.gz
	all=$(json 'input_line_number' | wc -l)
	[ "$all" -gt 50 ] && [ "$all" -lt 300 ] || fail "$all rows"
	same "$(head -n "$all" lines | jq -r .eventID)" "$(json .event_id)"
	says half.json.gz
	gzip -dc whole.json.gz | head -c 50000 >cut.json
	timeline 3 cut.json
	all=$(json 'input_line_number' | wc -l)
	same "$(jq -nr --stream --seq 'empty' 2>/dev/null; head -c 50000 <(gzip -dc whole.json.gz) | grep -oE '"eventCategory":"Management"\}' | wc -l)" "$all"
	# A trailer that is cut leaves all records.
	head -c -3 whole.json.gz >trailer.json.gz
	timeline 3 trailer.json.gz
	rows 300
	# Damage in the middle of the text takes no more than the records around it.
	gzip -dc whole.json.gz | perl -0pe 's/"e150"/"e150/' >middle.json
	timeline 3 middle.json
	[ "$(json .event_id | wc -l)" -ge 298 ]
	column event_id | grep -q 'e148.* e300'
}

@test "what is no JSON of CloudTrail's is skipped, counted and named, and hides nothing" {
	mkdir d
	three >d/good.jsonl
	echo 'some text' >d/text.txt
	head -c 5000 /dev/urandom >d/noise.bin
	echo '{"a": 1}' >d/other.json
	: >d/empty.json
	ln -s good.jsonl d/link
	timeline 3 -v d
	same "a b c" "$(column event_id)"
	local name
	for name in text.txt noise.bin other.json; do says "d/$name"; done
	trail timeline -f csv d >/dev/null 2>err || [ $? -eq 3 ]
	grep -qE '[0-9]+ .*(skipped|not read)' err || fail "$(cat err)"
	echo '{"Records": []}' >none.json
	timeline 0 none.json d/good.jsonl
	rows 3
}

@test "byte-order marks, NUL bytes, odd numbers and surrogates" {
	three | sed -n 1p >a.json
	{ three | sed -n 1p; printf '\0\0\n'; three | sed -n 2,3p; } >nul.jsonl
	trail timeline -f jsonl nul.jsonl >have || [ $? -eq 3 ]
	same "a b c" "$(column event_id have)"
	perl -pe 's/"requestParameters":null/"requestParameters":{"n":[1e999,-0,1E-400,123456789012345678901234567890],"s":"\\ud83d\\ude00 \\ud83d x"}/' a.json >odd.json
	timeline 0 odd.json
	same "a" "$(column event_id)"
	# Lone surrogates and NULs in what is shown.
	perl -pe 's/aws-cli/\\udc00\\u0000/' a.json >lone.json
	timeline 0 lone.json
	same "a" "$(column event_id)"
	perl -pe 's/"readOnly":true/"readOnly":NaN/' a.json >nan.json
	cat nan.json >>both.jsonl
	three | sed -n 2p >>both.jsonl
	trail timeline -f jsonl both.jsonl >have || [ $? -eq 3 ]
	[[ $(column event_id have) == *b ]]
}

@test "a string of 10 MB, a record of 256 KB, and nesting without end" {
	skip_under_wrap
	perl -e 'print q({"eventVersion":"1.08","eventID":"big","eventName":"X","eventTime":"2024-03-01T10:00:01Z","recipientAccountId":"111122223333","awsRegion":"eu-west-1","userAgent":"), "u" x 10_000_000, qq("}\n)' >big.jsonl
	three >>big.jsonl
	timeline 0 big.jsonl --columns event_id
	same "a b big c" "$(column event_id)"
	trail timeline -f jsonl --event X big.jsonl >have
	same 10000000 "$(jq '.user_agent | length' have)"
	local open
	for open in '[' '{"a":' '{"Records":[' '{"detail":' '{"Message":"' '[{"Records":['; do
		perl -e 'print $ARGV[0] x 1_000_000, "\n"' "$open" >bomb.json
		three >>bomb.json
		run --separate-stderr timeout 60 "$B/trail-timeline" -f jsonl bomb.json
		[ "$status" -eq 3 ] || fail "$open: exit status $status"
	done
	# Inside a record it is a value like any other, or damage that is told.
	perl -e 'print q({"eventVersion":"1.08","eventID":"deep","eventName":"X","eventTime":"2024-03-01T10:00:00Z","requestParameters":), "[" x 100_000, "]" x 100_000, qq(}\n)' >deep.jsonl
	three >>deep.jsonl
	run --separate-stderr timeout 60 "$B/trail-timeline" -f jsonl deep.jsonl
	[[ $status =~ ^[03]$ ]] || fail "exit status $status"
	[[ $(column event_id) == *"b c" ]]
	[ "$status" -eq 3 ] || [[ $(column event_id) == *deep* ]]
}

@test "a member that stands twice in a record: the last counts, and it is told" {
	three | sed -n 1p | sed 's/^{/{"eventName":"First","sourceIPAddress":"203.0.113.9",/' >twice.json
	timeline 3 -v twice.json
	same "A 192.0.2.7" "$(column event_name) $(column source_ip)"
	same "$(jq -r .eventName twice.json)" "$(column event_name)"
	says twice.json
}

@test "what a caller wrote inside a record is no event, not even where the record around it is damaged" {
	local forged record
	forged=$(event forged 2024-03-01T10:00:00Z Forged '.userIdentity = {type: "Root"}')
	record=$(event r 2024-03-01T10:00:01Z Decrypt ".requestParameters = {encryptionContext: $forged, Records: [$forged], detail: $forged,
	    CloudTrailEvent: ($forged | tojson)} | .detail = $forged | .Records = [$forged] | .Message = ($forged | tojson)")
	echo "$record" >whole.json
	same_events whole.json r
	{ three | sed -n 1p; echo "$record"; three | sed -n 2p; } | log >log.json
	same_events log.json a b r
	sed 's/"eventID":"r"/"eventID:"r"/' log.json >damaged.json
	! cmp -s log.json damaged.json || false
	timeline 3 damaged.json
	same "a b" "$(column event_id)"
}

@test "an object over --max-object, and a bomb of gzip" {
	three | log >ok.json
	{ perl -e 'print " " x 3_000_000'; three | log; } | gzip >large.json.gz
	timeline 3 -v --max-object 1M ok.json large.json.gz
	same "a b c" "$(column event_id)"
	says large.json.gz
	timeline 0 --max-object 10M ok.json large.json.gz
	says "3 duplicates"
}

@test "an archive inside a folder is named, not lost" {
	mkdir d
	three >d/good.jsonl
	event z 2024-03-01T10:00:09Z Z >inner.json
	zip -q d/inner.zip inner.json
	tar -cf d/inner.tar inner.json
	timeline 3 -v d
	says "d/inner.zip: an archive inside a folder or archive: name it as evidence of its own"
	says "d/inner.tar: an archive inside a folder or archive: name it as evidence of its own"
	same "a b c" "$(column event_id)"
	# Its name, and where a log has its sign, say nothing.
	event ustar 2024-03-01T10:00:10Z U '{Records: [.]}' >d/u.json
	perl -0pi -e 's/"AIDAALICE"/"\"" . "x" x (256 - $-[0]) . "ustar\""/e' d/u.json
	same ustar "$(tail -c +258 d/u.json | head -c 5)"
	timeline 3 d
	same "a b c ustar" "$(column event_id)"
	timeline 0 d/good.jsonl d/inner.tar
	same "a b c z" "$(column event_id)"
	timeline 0 d/good.jsonl d/inner.zip
	same "a b c z" "$(column event_id)"
}

@test "the name, or what stands in front, hides no events" {
	local digest='{"digestStartTime": "2024-03-01T00:00:00Z", "digestEndTime": "2024-03-01T01:00:00Z", "digestS3Bucket": "b", "logFiles": []}'
	local log=111122223333_CloudTrail_eu-west-1_20240301T0005Z_abcdefghijklmnop.json.gz
	local named=111122223333_CloudTrail-Digest_eu-west-1_t_eu-west-1_20240301T000500Z.json.gz
	mkdir d
	# A digest alone, and keys, are no business of a timeline.
	echo "$digest" | gzip >"d/$named"
	echo '{"PublicKeyList": []}' >d/keys.json
	event b 2024-03-01T10:00:01Z B >d/b.json
	timeline 0 d
	same b "$(column event_id)"
	# What stands behind them in one file or gzip file is; the digest or the keys are told as strangers among events.
	local front
	for front in "$digest" '{"PublicKeyList": []}' '{"Metadata": {}}' \
	    '{"version": "1.0", "hashSignature": "00", "files": [], "queryCompleteTime": "x", "signatureAlgorithm": "x"}'; do
		{ echo "$front"; event a 2024-03-01T10:00:00Z A | log; } >d/all.json
		timeline 3 d
		same "a b" "$(column event_id)"
		{ echo "$front" | gzip; event a 2024-03-01T10:00:00Z A | log | gzip; } >d/all.json
		timeline 3 d
		same "a b" "$(column event_id)"
	done
	rm d/all.json
	# Under a log's name, too; further members of a log are told there.
	{ echo "$digest"; event a 2024-03-01T10:00:00Z A | log; } | gzip >"d/$log"
	timeline 3 d
	same "a b" "$(column event_id)"
	{ echo "$digest" | gzip; event a 2024-03-01T10:00:00Z A | log | gzip; } >"d/$log"
	timeline 3 -v d
	says "bytes behind the gzip member, not read"
	rm "d/$log"
	# A log under a digest's name; one in which nothing can be read.
	event a 2024-03-01T10:00:00Z A | log | gzip >"d/$named"
	timeline 0 d
	same "a b" "$(column event_id)"
	timeline 0 --shard 1/2 --columns event_id d
	column event_id >have
	timeline 0 --shard 2/2 --columns event_id d
	same "a b" "$({ column event_id; cat have; } | tr ' ' '\n' | grep . | sort | paste -sd ' ')"
	printf 'Event time,Event name,Event ID\n2024-03-01T10:00:00Z,A,a\n' >"d/$named"
	timeline 0 d
	same "a b" "$(column event_id)"
	echo noise | gzip >"d/$named"
	timeline 3 -v d
	says "$named: damaged"
}

@test "exports in a folder that another service could have are read; the logs of such services are not" {
	local root=copy/AWSLogs/111122223333 record
	mkdir -p $root/lookup $root/Config $root/elasticloadbalancing
	record=$(event no 2024-03-01T10:00:00Z No)
	event a 2024-03-01T10:00:00Z A '{Events: [{EventId: "x", CloudTrailEvent: tojson}]}' >$root/lookup/events.json
	# larger than what is looked at at first
	event b 2024-03-01T10:00:01Z B | jq -c --arg r "$(seq 20000 | sha256sum)" '[.] + [range(3000) | {eventVersion: "1.08",
	    eventID: "n\(.)", eventName: $r, eventTime: "2024-03-01T11:00:00Z"}] | {Records: .}' >$root/lookup/large.json
	gzip -k $root/lookup/large.json
	# What other services write, with what their callers had to say.
	jq -cn --argjson r "$record" '{fileVersion: "1.0", configurationItems: [range(2000) | {id: ., Records: [$r], message: ($r | tojson)}]}' \
	    >$root/Config/history.json
	gzip -k $root/Config/history.json
	printf 'http 2018-07-02T22:23:00.186641Z app/x 192.0.2.1:2817 "%s"\n%s\n' "$record" "$record" >$root/elasticloadbalancing/x.log
	: >$root/elasticloadbalancing/ELBAccessLogTestFile
	timeline 0 copy
	same "a b 3002" "$(column event_id | cut -d ' ' -f 1,2) $(json .event_id | wc -l)"
	says "3,001 duplicates"
	# In an archive, and with a proof.
	tar -cf copy.tar copy
	trail timeline -q -f jsonl --columns event_id copy.tar | cmp - <(trail timeline -q -f jsonl --columns event_id copy)
	mk k --hours 1
	timeline 3 -k k/keys.json copy
	same 3002 "$(json .event_id | wc -l)"
	# trail-verify leaves them alone.
	exits 3 trail verify -f json copy
	same "7 []" "$(json '"\(.summary.ignored) \(.skipped)"')"
}

@test "what is passed over beside events is told" {
	jq -cn --argjson a "$(event a 2024-03-01T10:00:00Z A)" --argjson b "$(event b 2024-03-01T10:00:00Z B)" \
	    '{Records: [$a], payload: {items: [$b]}}' >beside.json
	timeline 3 -v beside.json
	same a "$(column event_id)"
	says "seems to hold records"
	printf '%s\n' "Event time,Event name,Event ID,User name" 2024-03-01T10:00:00Z,DeleteTr 2024-03-01T10:00:01Z,X,x,bob >short.csv
	timeline 3 -v short.csv
	same "DeleteTr X" "$(column event_name)"
	says "short.csv: 1 lines of CSV that do not fit their header; the first at byte 41 of the content: a line with fewer fields"
	printf '%s\n' "Event time,Event name,Event ID" >none.csv
	timeline 3 -v none.csv
	says "none.csv: 1 values that are no CloudTrail records; the first at byte 0 of the content: the header of an event history"
}

@test "events that anyone may have put into EventBridge are none" {
	event a 2024-03-01T10:00:00Z A '{version: "0", "detail-type": "AWS API Call via CloudTrail", source: "aws.s3", detail: .}' >bus.jsonl
	event no 2024-03-01T10:00:00Z A '{version: "0", "detail-type": "AWS API Call via CloudTrail", source: "my.app", detail: .}' >>bus.jsonl
	timeline 3 bus.jsonl
	same a "$(column event_id)"
}

@test "records without anything to know them by do not hide others" {
	printf '%s\n' '{"eventVersion":"1.08","eventName":"N","eventSource":"x.amazonaws.com"}' >odd.jsonl
	three >>odd.jsonl
	timeline 0 odd.jsonl
	rows 4
	same "N" "$(json .event_name | tail -n 1)"
	says "1 without a time"
	says "1 without an eventID"
	says "1 without a userIdentity"
}
