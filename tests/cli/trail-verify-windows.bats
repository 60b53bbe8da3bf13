#!/usr/bin/env bats
# trail-verify: --since, --until, --account, --region and --trail.  A window is examined if it meets the
# half-open time, as the validator of AWS does it; what lies outside is not reported, but may prove what lies inside.

load helper

# Two accounts, two regions, two trails, 12 windows each that end at 01:31 past every hour, 1 log in each but the first.
setup_file() {
	load helper
	cd "$BATS_FILE_TMPDIR" || return
	local shape="--hours 12 --accounts 2 --regions us-east-1,eu-west-1 --trail one --trail two"
	# shellcheck disable=SC2086
	mk t $shape
	# shellcheck disable=SC2086
	mk bad $shape --tamper modify-log:h=2 --tamper delete-log:h=8 --tamper forge-log:h=4 --tamper delete-digest:h=6,n=2,t=1 \
	    --tamper modify-log:h=5,a=1,r=1,t=1
	mk one --hours 12 --trail one
}

ev() {
	echo "$BATS_FILE_TMPDIR/$1"
}

# at HOUR: the end of the window of that hour, which is the start of the next one.
at() {
	printf '2024-03-01T%02d:01:31Z\n' $(($1 + 1))
}

# look SET OPTION...
look() {
	run --separate-stderr trail verify -f json -v -k "$(ev "$1/keys.json")" -m "$(ev "$1/metadata.jsonl")" "${@:2}" "$(ev "$1/bucket")"
	same "" "$stderr"
	[[ $status =~ ^[013]$ ]] || fail "exit status $status"
}

# counts: digests and logs that are verified, and all others, if any.
counts() {
	json '[.summary.digests, .summary.logs | "\(.verified)+\([.[]] | add - ([.[0]] | add))"] | join(" ")'
}

# expect STATUS COUNTS ALERTS
expect() {
	same "$1 | $2 | $3" "$status | $(counts) | $(json '[.findings[] | select(.severity == "alert").id] | group_by(.) | map(.[0] +
	    (if length > 1 then "*\(length)" else "" end)) | join(" ")')"
}

# hours: which windows of account 0, us-east-1, trail one were examined.
hours() {
	json '[.digests[].object | capture("/111122223333_CloudTrail-Digest_us-east-1_one_.*T(?<h>..)0131Z").h | tonumber - 1] | join(" ")'
}

@test "no selection, and one that takes in everything" {
	look one
	expect 0 "12+0 11+0" ""
	look one --since 2024-03-01 --until "$(at 11)"
	expect 0 "12+0 11+0" ""
	same "0 1 2 3 4 5 6 7 8 9 10 11" "$(hours)"
	look one --since 2024-03-01T00:01:31Z
	expect 0 "12+0 11+0" ""
}

@test "the half-open edges: a window that ends at --since is out, and one that starts at --until" {
	look one --since "$(at 3)"
	same "4 5 6 7 8 9 10 11" "$(hours)"
	look one --since 2024-03-01T04:01:30Z
	same "3 4 5 6 7 8 9 10 11" "$(hours)"
	look one --since 2024-03-01T05:01:30Z
	same "4 5 6 7 8 9 10 11" "$(hours)"
	look one --until "$(at 3)"
	same "0 1 2 3" "$(hours)"
	look one --until 2024-03-01T04:01:32Z
	same "0 1 2 3 4" "$(hours)"
	look one --until 2024-03-01T03:01:32Z
	same "0 1 2 3" "$(hours)"
	look one --since "$(at 3)" --until "$(at 4)"
	same "4" "$(hours)"
	expect 0 "1+0 1+0" ""
	look one --since 2024-03-01T04:30:00Z --until 2024-03-01T05:30:00Z
	same "4 5" "$(hours)"
	expect 0 "2+0 2+0" ""
}

@test "--until within the hour that the next digest will end" {
	look one --until 2024-03-01T12:30:00Z
	expect 0 "12+0 11+0" ""
	look one --until "$(at 12)"
	expect 1 "12+0 11+0" chain-truncated
}

@test "a selection is proved, and nothing outside it is reported" {
	local h
	for h in 0 3 7; do
		look t --since "$(at $h)" --until "$(at $((h + 4)))"
		same "0 | 32+0 32+0" "$status | $(counts)"
		same "" "$(json '.findings[] | select(.id | test("relocated|undigested|missing|unreferenced|cut")).id')"
	done
}

@test "a successor outside the selection proves the last window inside" {
	run --separate-stderr trail verify -f json -v -k "$(ev one/keys.json)" --since "$(at 3)" --until "$(at 7)" "$(ev one/bucket)"
	same "0 | 4+0 4+0" "$status | $(counts)"
	same "successor" "$(json '[.digests[].by] | unique[]')"
	run --separate-stderr trail verify -f json -v -k "$(ev one/keys.json)" --since "$(at 3)" "$(ev one/bucket)"
	same "3 | 7+1 7+1" "$status | $(counts)"
}

@test "a chain of hashes from outside the selection, with one key at its end" {
	local key
	mk r --hours 12 --rotate-hours 2 --metadata heads
	key=$(gzip -dc "$(find r/bucket -name '*_20240301T120131Z.json.gz')" | jq -r .digestPublicKeyFingerprint)
	run --separate-stderr trail verify -f json -v -k "r/keys/$key.pem" -m r/metadata.jsonl --since "$(at 0)" --until "$(at 2)" r/bucket
	same "0 | 2+0 2+0" "$status | $(counts)"
	same "anchor" "$(json '[.digests[].by] | unique[]')"
}

@test "findings belong to the selection in which they lie" {
	look bad
	expect 1 "94+2 83+6" "digest-missing*2 log-missing log-modified*2 log-unreferenced"
	look bad --until "$(at 1)"
	expect 0 "16+0 8+0" ""
	look bad --since "$(at 1)" --until "$(at 2)"
	expect 1 "8+0 7+1" "log-modified"
	look bad --since "$(at 2)" --until "$(at 3)"
	expect 0 "8+0 8+0" ""
	look bad --since "$(at 3)" --until "$(at 5)"
	expect 1 "16+0 15+2" "log-modified log-unreferenced"
	look bad --since "$(at 5)" --until "$(at 7)"
	expect 1 "14+2 14+2" "digest-missing*2"
	look bad --since "$(at 7)" --until "$(at 8)"
	expect 1 "8+0 7+1" "log-missing"
	look bad --since "$(at 8)"
	expect 0 "24+0 24+0" ""
}

@test "a hole over the edge of the selection: only what lies inside is missing" {
	look bad --since "$(at 6)" --trail two
	same "digest-missing 1" "$(alerts)"
	[[ $(json '.findings[] | select(.id == "digest-missing").object') == *T080131Z.json.gz ]]
	look bad --until "$(at 6)" --trail two
	[[ $(json '[.findings[] | select(.severity == "alert").object] | join(" ")') != *T080131Z* ]]
	[ "$status" -eq 1 ]
}

@test "what is missing before the first digest, when --since lies there" {
	mk late --hours 12 --tamper delete-oldest:n=4
	run --separate-stderr trail verify -f json -k late/keys.json -m late/metadata.jsonl --since "$(at 1)" late/bucket
	same 1 "$status"
	same "T030131Z T040131Z" "$(json '[.findings[] | select(.id == "digest-missing").object | capture("(?<t>T[0-9]*Z)").t] | sort | join(" ")')"
	# A year of nothing is counted all the same, and not without end.
	run --separate-stderr trail verify -f json -k late/keys.json -m late/metadata.jsonl --since 2023-03-02 late/bucket
	same 1 "$status"
	[[ $(json .summary.digests.missing) =~ ^876[45]$ ]]
	same "$(json .summary.digests.missing)" "$(json '[.findings[] | select(.id == "digest-missing").object] | unique | length')"
	exits 1 timeout 100 "$B/trail-verify" -f json -k late/keys.json --since 1970-01-01 -o out late/bucket
	grep -q digest-missing out
}

@test "what is missing behind the last digest, when --until lies there" {
	look one --until "$(at 14)"
	expect 1 "12+0 11+0" "chain-truncated"
	look one --since "$(at 5)" --until "$(at 20)"
	expect 1 "6+0 6+0" "chain-truncated"
	look t --until "$(at 14)"
	expect 1 "96+0 88+0" "chain-truncated*8"
}

@test "a time in which there is nothing is not verified" {
	look one --since 2025-01-01 --until 2025-02-01
	[ "$status" -ne 0 ]
	same "0" "$(json .summary.digests.verified)"
	look one --until 2024-01-01
	[ "$status" -ne 0 ]
	same "0" "$(json .summary.digests.verified)"
}

@test "--account and --region, once and several times" {
	look t --account 111122223333
	expect 0 "48+0 44+0" ""
	look t --account 111122223333 --account 444455556666
	expect 0 "96+0 88+0" ""
	look t --region eu-west-1
	expect 0 "48+0 44+0" ""
	same "eu-west-1" "$(json '[.chains[].region] | unique | join(" ")')"
	look t --region eu-west-1 --account 444455556666
	expect 0 "24+0 22+0" ""
	look t --region ap-south-1
	expect 3 "0+0 0+0" ""
	look t --account 999999999999
	expect 3 "0+0 0+0" ""
}

@test "objects of other accounts and regions are neither missing nor skipped nor reported" {
	look bad --account 444455556666 --region us-east-1
	expect 0 "24+0 22+0" ""
	same "0 0" "$(json '"\(.skipped | length) \(.summary.ignored)"')"
	look bad --account 444455556666
	expect 1 "48+0 43+1" "log-modified"
	look bad --region eu-west-1 --account 111122223333
	expect 0 "24+0 22+0" ""
}

@test "--trail selects chains and the logs that they list" {
	look t --trail one
	expect 0 "48+0 44+0" ""
	same "one" "$(json '[.chains[].trail] | unique | join(" ")')"
	# The logs of the other trail are not its affair.
	same "44" "$(json '.logs | length')"
	same "" "$(findings | grep -E 'undigested|unreferenced' || :)"
	look t --trail one --trail two
	expect 0 "96+0 88+0" ""
	look t --trail none
	[ "$status" -eq 3 ]
	look bad --trail one --account 111122223333 --region us-east-1
	same "$(json '[.findings[] | select(.id == "log-modified" or .id == "log-missing").id] | sort | join(" ")')" "log-missing log-modified"
	same "" "$(json '.findings[] | select(.id == "digest-missing").id')"
}

@test "all selections at once" {
	look bad --account 111122223333 --region us-east-1 --trail one --since "$(at 1)" --until "$(at 3)"
	expect 1 "2+0 1+1" "log-modified"
	look bad --account 444455556666 --region eu-west-1 --trail two --since "$(at 4)" --until "$(at 5)"
	expect 1 "1+0 0+1" "log-modified"
}

@test "the forms of time mean the same" {
	local form
	for form in 2024-03-01T04:01:31Z 2024-03-01T05:01:31+01:00 @1709265691 2024-03-01T04:01:31.000Z 2024-03-01t04:01:31z; do
		look one --since "$form"
		same "4 5 6 7 8 9 10 11" "$(hours)"
	done
	look one --since 2024-03-01T04
	same "3 4 5 6 7 8 9 10 11" "$(hours)"
	look one --since 36500d --until now
	same "0 1 2 3 4 5 6 7 8 9 10 11" "$(hours)"
	same "1" "$status"
	same "chain-truncated 1" "$(alerts | grep -v digest-missing)"
}
