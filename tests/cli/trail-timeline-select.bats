#!/usr/bin/env bats
# trail-timeline: what is refused before work, what filters, times and places select, columns, output files.

load helper

setup_file() {
	load helper
	cd "$BATS_FILE_TMPDIR" || return
	{
		event e1 2024-03-01T10:00:00Z GetObject '.resources = [{ARN: "arn:aws:s3:::papers/Salaries.xlsx"}]
		    | .eventCategory = "Data"'
		event e2 2024-03-01T10:00:01Z CreateUser '.eventSource = "iam.amazonaws.com" | .readOnly = false
		    | .awsRegion = "us-east-1" | .requestParameters = {userName: "Backdoor"} | .sourceIPAddress = "198.51.100.200"'
		event e3 2024-03-01T10:00:02Z CreateAccessKey '.eventSource = "iam.amazonaws.com" | .readOnly = false
		    | .awsRegion = "us-east-1" | .responseElements = {accessKey: {accessKeyId: "AKIABACKDOOR", status: "Active"}}
		    | .sourceIPAddress = "198.51.100.200"'
		event e4 2024-03-01T10:00:03Z StopLogging '.eventSource = "cloudtrail.amazonaws.com" | .readOnly = false
		    | .userIdentity = {type: "IAMUser", userName: "Backdoor", principalId: "AIDABACKDOOR", accessKeyId: "AKIABACKDOOR",
		      arn: "arn:aws:iam::111122223333:user/Backdoor"} | .errorCode = "AccessDenied"
		    | .errorMessage = "User is not authorized" | .sourceIPAddress = "2001:db8:7::1"'
		event e5 2024-03-01T10:00:04Z Decrypt '.eventSource = "kms.amazonaws.com" | .userIdentity = {type: "AWSService",
		      invokedBy: "config.amazonaws.com"} | .sourceIPAddress = "config.amazonaws.com" | .sharedEventID = "shared-5"'
		event e6 2024-03-01T10:00:05Z ListBuckets '.userIdentity = {type: "AssumedRole", principalId: "AROAADMIN:nightly",
		      arn: "arn:aws:sts::444455556666:assumed-role/Admin/nightly", accessKeyId: "ASIASESSION",
		      sessionContext: {sessionIssuer: {type: "Role", userName: "Admin", principalId: "AROAADMIN",
		      arn: "arn:aws:iam::444455556666:role/ops/Admin"}}} | .recipientAccountId = "444455556666"
		    | .sourceIPAddress = "192.0.2.9" | del(.readOnly)'
		event e7 2024-03-01T10:00:06.500Z ConsoleLogin '.eventSource = "signin.amazonaws.com" | .readOnly = false
		    | .responseElements = {ConsoleLogin: "Failure"} | .errorMessage = "Failed authentication"
		    | .eventType = "AwsConsoleSignIn"'
		event e8 2024-03-01T10:00:07Z UpdateTrail '.eventSource = "cloudtrail.amazonaws.com" | .readOnly = "false"
		    | .errorCode = "InvalidTrailNameException"'
	} | log >all.json
}

ev() {
	echo "$BATS_FILE_TMPDIR/$1"
}

# picks IDS OPTION...: the events that are shown, in order.
picks() {
	local want=$1
	shift
	timeline 0 "$@" "$(ev all.json)"
	same "$want" "$(column event_id)"
}

# refuses WORDS OPTION...: nothing is begun, not even with an operand that does not exist.
refuses() {
	local words=$1
	shift
	exits 2 trail timeline "$@" /nonexistent
	says "trail-timeline: "
	says "$words"
	[[ $stderr != *"No such file"* ]] || fail "work was begun"
	same "" "$output"
}

COLUMNS_ALL="event_time account_id region principal event_source event_name result source_ip user_agent access_key_id resources
read_only event_category event_id shared_event_id actor integrity locator record_index"

@test "--help: examples first, every option, no line over 80 columns; --version" {
	local option
	exits 0 trail timeline --help
	same "Examples: Usage: Options:" "$(grep -E '^(Examples|Usage|Options):$' <<<"$output" | xargs)"
	same "" "$(grep -E '^.{81}' <<<"$output" || :)"
	for option in keys metadata since until account region trail format output jobs shard tmpdir max-object max-total columns \
	    user event service ip access-key error resource category id write-only read-only grep lineage session memory merge \
	    raw-csv quiet verbose color progress help version; do
		grep -qE -- "--$option\b" <<<"$output" || fail "--$option is not in --help"
	done
	exits 0 trail timeline --version
	same "trail-timeline $(sed -n 's/^#define LF_VERSION "\(.*\)"/\1/p' "$SOURCE_ROOT/libforensic/forensic.h")" \
	    "$(head -n 1 <<<"$output")"
}

@test "every option of --help stands in trail-timeline(1), and the other way round" {
	local option page
	page=$(mandoc -Tascii "$SOURCE_ROOT/man/trail-timeline.1" | col -b)
	exits 0 trail timeline --help
	for option in $(grep -oE -- '--[a-z][a-z-]+' <<<"$output" | sort -u); do
		grep -qF -- "$option" <<<"$page" || fail "$option is not in the page"
	done
	for option in $(grep -oE -- '--[a-z][a-z_-]+' <<<"$page" | grep -vxE -- '--(timeline_name|name)' | sort -u); do
		grep -qF -- "$option" <<<"$output" || fail "$option is not in --help"
	done
}

@test "no operand, no option of that name, no value" {
	exits 2 trail timeline
	says "no EVIDENCE given"
	exits 2 trail timeline --merge
	refuses 'no option "--nonsense"' --nonsense
	refuses 'text, csv, jsonl, timesketch, records, html' -f json
	exits 2 trail timeline "$(ev all.json)" --columns
	says "--columns needs its"
}

@test "a column that is none, or twice: the valid ones are listed" {
	local name
	refuses 'event_tim' --columns event_tim,region
	for name in $COLUMNS_ALL also_in; do says "$name"; done
	for name in event_time,event_time "event_time," ",region" "" "event_time, region" EVENT_TIME "*"; do
		refuses "" "--columns=$name"
	done
}

@test "a range of addresses that is none" {
	local bad
	for bad in 192.0.2.0/33 192.0.2.0/ 192.0.2.0/x 192.0.2.0/-1 300.0.0.0/8 192.0.2/24 2001:db8::/129 2001:db8::/ :::/8 2001:db8/32 \
	    '!192.0.2.0/33'; do
		refuses --ip --ip "$bad"
	done
}

@test "a glob that is none, a category that is none, a time that is none, a size that is none" {
	local option
	for option in user event service access-key error resource id; do
		refuses "--$option" "--$option=[a-"
		refuses "--$option" "--$option=![a-"
	done
	refuses --category --category Managment
	for option in Management Data Insight NetworkActivity Aggregated; do says $option; done
	refuses '--since: "yesterday" is no time' --since yesterday
	refuses '--until: "2024-02-30" is no time' --until 2024-02-30
	refuses '--since must be before --until' --since 2024-03-02 --until 2024-03-01
	refuses '--memory: "much" is no size' --memory much
	refuses 'no K/N' --shard 3/2
}

@test "--event: the whole name, globs, any of several, not with \"!\", without regard to case" {
	picks "e4" --event StopLogging
	picks "e4" --event stoplogging
	picks "" --event Stop
	picks "e2 e3" --event 'Create*'
	picks "e2 e4" --event 'Create????' --event '*Logging'
	picks "e1 e6 e7" --event '[GCL]*t*' --event '!Create*' --event '!Decrypt' --event ConsoleLogin
	picks "e1 e4 e5 e6 e7 e8" --event '!Create*'
	picks "e4 e5 e6 e7 e8" --event '!Create*' --event '!GetObject'
}

@test "--service: with and without .amazonaws.com" {
	picks "e2 e3" --service iam
	picks "e2 e3" --service iam.amazonaws.com
	picks "e1 e6" --service '!iam' --service '!cloudtrail.amazonaws.com' --service '!kms' --service '!sign*'
	picks "e4 e5 e8" --service 'cloud*' --service kms
}

@test "--user: ARN, user name, role name, session name, principal id, invoking service" {
	picks "e4" --user backdoor
	picks "e4" --user 'arn:aws:iam::111122223333:user/Backdoor'
	picks "e4" --user AIDABACKDOOR
	picks "e6" --user nightly
	picks "e6" --user Admin
	picks "e6" --user 'arn:aws:iam::*:role/*'
	picks "e6" --user 'AROAADMIN:*'
	picks "e5" --user config.amazonaws.com
	picks "e4 e5 e6" --user '!alice'
	picks "e4 e6" --user nightly --user Backdoor
	picks "" --user Backdoo
}

@test "--ip: IPv4 and IPv6 ranges, one address, a host name" {
	picks "e2 e3" --ip 198.51.100.0/24
	picks "e2 e3" --ip 198.51.100.200
	picks "" --ip 198.51.100.0/25
	picks "e4" --ip 2001:db8::/32
	picks "e4" --ip 2001:DB8:7:0::1
	picks "" --ip 2001:db8:8::/48
	picks "e5" --ip config.amazonaws.com
	picks "e5" --ip '*.amazonaws.com'
	picks "e1 e2 e3 e6 e7 e8" --ip 0.0.0.0/0
	picks "e4" --ip ::/0 --ip '!0.0.0.0/0'
	picks "e1 e4 e5 e6 e7 e8" --ip '!198.51.100.0/24'
}

@test "--access-key: whose it is, and the call that made it" {
	picks "e3 e4" --access-key AKIABACKDOOR
	picks "e6" --access-key 'ASIA*'
	picks "e1 e2 e5 e6 e7 e8" --access-key '!AKIABACKDOOR'
}

@test "--error: any failure, one of a name, and none" {
	picks "e4 e7 e8" --error
	picks "e4" --error=AccessDenied
	picks "e4 e8" --error='*Denied' --error='Invalid*'
	picks "e1 e2 e3 e5 e6 e7 e8" --error='!AccessDenied'
	picks "e7 e8" --error --error='!AccessDenied'
	# A value is only what is joined: the next word is an operand.
	exits 2 trail timeline --error AccessDenied "$(ev all.json)"
	says "cannot open AccessDenied: No such file or directory (an error code is given as --error=CODE)"
	exits 2 trail timeline nowhere "$(ev all.json)"
	[[ $stderr != *--error* ]] || fail "a hint that does not fit"
}

@test "--resource, --id, --category" {
	picks "e1" --resource 'arn:aws:s3:::papers/*'
	picks "e2" --resource Backdoor
	picks "e1" --resource '*salaries*'
	picks "e2" --id e2
	picks "e3" --id R-e3
	picks "e5" --id SHARED-5
	picks "e1 e2 e3 e4 e5 e6 e7" --id '!e8'
	picks "e1" --category Data
	picks "e2 e3 e4 e5 e6 e7 e8" --category '!data'
}

@test "--grep: text anywhere, taken literally" {
	picks "e4" --grep 'not authorized'
	picks "e4" --grep 'NOT AUTHORIZED'
	picks "e1" --grep 'Salaries.xlsx'
	picks "" --grep 'Salaries?xlsx'
	picks "" --grep 'Sal*xlsx'
	picks "e1 e2 e3 e5 e6 e7 e8" --grep '!not authorized'
	picks "e1 e4" --grep authorized --grep papers
}

@test "--write-only and --read-only: what does not say is neither" {
	picks "e2 e3 e4 e7 e8" --write-only
	picks "e1 e5" --read-only
}

@test "filters of different options must all match" {
	picks "e3" --service iam --event '*Key'
	picks "e8" --write-only --error --ip 192.0.2.0/24 --service 'cloudtrail' --user alice --event '!Stop*'
	picks "e2" --ip 198.51.100.0/24 --resource '*' --event '!CreateAccessKey'
}

@test "--since and --until: half-open, by the time of the event, fractions too" {
	picks "e3 e4" --since 2024-03-01T10:00:02Z --until 2024-03-01T10:00:04Z
	picks "e7" --since 2024-03-01T10:00:06Z --until 2024-03-01T10:00:07Z
	picks "e8" --since 2024-03-01T11:00:07+01:00
	picks "e1" --until @1709287201
	picks "" --since 2024-03-02
}

@test "logs are opened by the time in their names, an hour before and a day after" {
	local dir=b/AWSLogs/111122223333/CloudTrail/eu-west-1/2024/03 at
	for at in 01T0859 01T0900 01T1000 02T1059 02T1100 05T0000; do
		mkdir -p "$dir/${at%T*}"
		event "i$at" 2024-03-01T10:30:00Z GetObject | log |
			gzip >"$dir/${at%T*}/111122223333_CloudTrail_eu-west-1_202403${at}Z_aaaaaaaaaaaaaaaa.json.gz"
	done
	timeline 0 --since 2024-03-01T10 --until 2024-03-01T11 b
	same "i01T0900 i01T1000 i02T1059" "$(column event_id)"
	# What is passed over for its date may be damaged, and is not skipped.
	printf '\x1f\x8bdamaged' >"$dir/05/111122223333_CloudTrail_eu-west-1_20240305T0000Z_aaaaaaaaaaaaaaaa.json.gz"
	timeline 0 --since 2024-03-01T10 --until 2024-03-01T11 b
	timeline 3 --since 2024-03-01T10 b
	timeline 3 b
	# A file that is under no key is opened whatever its name says.
	event far 2024-03-01T10:30:00Z GetObject | log >b/20200101.json
	timeline 0 --since 2024-03-01T10 --until 2024-03-01T11 b
	[[ $(column event_id) == *far* ]]
}

@test "--account and --region are those of the event" {
	picks "e6" --account 444455556666
	picks "e2 e3" --region us-east-1
	picks "e1 e2 e3 e4 e5 e6 e7 e8" --region us-east-1 --region eu-west-1
	picks "" --region us-east-1 --account 444455556666
}

@test "--shard: every event is in one shard, whole accounts and regions" {
	local k
	for k in 1 2 3 4 5; do
		timeline 0 --shard $k/5 --columns event_id,account_id,region "$(ev all.json)"
		same "" "$(json '"\(.account_id) \(.region)"' | sort -u | grep -Fxf <(cat places 2>/dev/null) || :)"
		json '"\(.account_id) \(.region)"' | sort -u >>places
		json .event_id >>ids
	done
	same "e1 e2 e3 e4 e5 e6 e7 e8" "$(sort ids | xargs)"
}

@test "a filter that matches nothing: exit 0, and what a format has without rows" {
	exits 0 trail timeline -f csv --event NoSuch "$(ev all.json)"
	same "$(tr -s ' \n' ',' <<<"$COLUMNS_ALL" | sed 's/,$//')" "${output%$'\r'}"
	exits 0 trail timeline -f jsonl --event NoSuch "$(ev all.json)"
	same "" "$output"
	exits 0 trail timeline -f records --event NoSuch "$(ev all.json)"
	same "" "$output"
	exits 0 trail timeline -f text --event NoSuch "$(ev all.json)"
	exits 0 trail timeline -f html --event NoSuch "$(ev all.json)"
	prints "</html>"
}

@test "--columns: these, in this order" {
	exits 0 trail timeline -f csv --columns event_id,event_name --event 'Create*' "$(ev all.json)"
	same "event_id,event_name e2,CreateUser e3,CreateAccessKey" "$(tr -d '\r' <<<"$output" | xargs)"
	timeline 0 --columns record_index,region --event CreateUser "$(ev all.json)"
	same '["record_index","region"]' "$(json 'keys_unsorted | tojson')"
	same "1 us-east-1" "$(column record_index) $(column region)"
	timeline 0 --event CreateUser "$(ev all.json)"
	same "$(xargs <<<"$COLUMNS_ALL")" "$(json 'keys_unsorted | join(" ")' | sed 's/ also_in$//; s/ record_sha256$//')"
}

@test "nothing that is evidence, and nothing to read" {
	mkdir empty
	timeline 3 empty
	same "" "$output"
	exits 3 trail timeline -f csv empty
	exits 3 trail timeline -f text empty
	exits 2 trail timeline /nonexistent
	says "/nonexistent: No such file or directory"
	exits 2 trail timeline -k /nonexistent "$(ev all.json)"
	exits 2 trail timeline -m /nonexistent "$(ev all.json)"
}

@test "--tmpdir: absent, no folder, inside evidence" {
	touch file
	cp -r "$BATS_FILE_TMPDIR" copy
	exits 2 trail timeline --tmpdir /nonexistent "$(ev all.json)"
	says /nonexistent
	exits 2 trail timeline --tmpdir file "$(ev all.json)"
	says file
	exits 2 trail timeline --tmpdir copy copy
	says "inside evidence"
	exits 0 trail timeline --tmpdir . -f csv "$(ev all.json)"
	same "" "$(find . -maxdepth 1 -name '*tmp*')"
}

@test "-o writes what standard output would get, or nothing" {
	exits 0 trail timeline -f csv "$(ev all.json)"
	printf '%s\n' "$output" >expected
	exits 0 trail timeline -f csv -o out.csv "$(ev all.json)"
	same "" "$output"
	cmp expected out.csv
	exits 2 trail timeline -f csv -o out.csv --event '[' "$(ev all.json)"
	exits 2 trail timeline -f csv -o out.csv /nonexistent
	cmp expected out.csv
	cp -r "$BATS_FILE_TMPDIR" copy
	exits 2 trail timeline -o copy/out copy
	says "nothing is written inside evidence"
	exits 2 trail timeline -o /dev/full -f csv "$(ev all.json)"
	says "No space left on device"
	nothing_left
}
