#!/usr/bin/env bats
# trail-verify: what it says of genuine, incomplete and altered evidence.  The expectations come from the
# rules of proof (trail-evidence(7), trail-findings(7)), and the evidence from a generator that shares no
# code with the library.

load helper

setup_file() {
	load helper
	cd "$BATS_FILE_TMPDIR" || return
	mk whole --hours 12
	mk late --hours 12 --backfill
	mk classes --hours 12 --insight --insight-listed
}

# What holds for every result, as one line for each breach.
SOUND='
def severities: {"digest-hash-mismatch": ["alert", "warning"]}
  + ([("digest-signature-invalid digest-reissued digest-metadata-altered digest-malformed digest-trailing-data "
    + "digest-scope-mismatch digest-missing chain-truncated chain-fork chain-overlap chain-window-broken "
    + "log-modified log-missing log-malformed log-trailing-data log-duplicate-reference log-unreferenced "
    + "log-scope-mismatch" | split(" ")[] | {(.): ["alert"]}),
    ("key-unknown digest-unsigned log-unproven chain-gap algorithm-unknown evidence-unreadable lake-name-unsigned"
    | split(" ")[] | {(.): ["warning"]}),
    ("log-unlisted-copy chain-start chain-head-cut chain-phase-change log-undigested digest-relocated "
    + "log-relocated log-stored-inflated log-extra-header log-time-range backfill-time-unknown "
    + "key-outside-validity key-fingerprint-mismatch metadata-without-object"
    | split(" ")[] | {(.): ["notice"]})] | add);
def rows($list; $kind; $summary):
  $list | unique_by([.object, .status]) | group_by(.status)[] | select(.[0].status != "missing")
  | select(length != ($summary[.[0].status] // 0))
  | "\(length) \($kind) \(.[0].status), and in the summary \($summary[.[0].status] // 0)";
. as $r | [.findings[].severity] as $s
| (if ($s | any(. == "alert")) then ["findings", 1]
   elif ($s | any(. == "warning")) or (.skipped | length > 0) or .summary.objects == 0 then ["inconclusive", 3]
   else ["verified", 0] end) as $want
| (select(.verdict != $want[0] or $status != $want[1]) | "verdict \(.verdict), exit status \($status), not \($want)"),
  (.findings[] | select(.severity as $x | severities[.id] // [] | any(. == $x) | not) | "\(.id) as \(.severity)"),
  (.findings[] | select((.message | length == 0) or (has("object") and has("locator") | not)) | "\(.id) is incomplete"),
  ([.findings[] | select(.id == "digest-missing")] | length | select(. != $r.summary.digests.missing)
   | "\(.) findings digest-missing, and in the summary \($r.summary.digests.missing)"),
  ([.findings[] | select(.id == "log-missing" and (.object | contains("CloudTrail-Lake") | not))] | length | select(. != $r.summary.logs.missing)
   | "\(.) findings log-missing, and in the summary \($r.summary.logs.missing)"),
  rows(.digests; "digests"; .summary.digests), rows(.logs; "logs"; .summary.logs),
  (select([.tool, .schema] != ["trail-verify", 1]) | "tool \(.tool), schema \(.schema)")'

# look OPTION...: runs trail-verify for JSON, in $output and $status, and holds it against what is always so:
# status, verdict and findings agree, rows and counts agree, and the text says the same.
look() {
	local text breach
	run --separate-stderr trail verify -f json -v "$@"
	same "" "$stderr"
	[[ $status =~ ^[013]$ ]] || fail "exit status $status"
	breach=$(jq -r --argjson status "$status" "$SOUND" <<<"$output")
	same "" "$breach"
	[ -z "${TRAIL_WRAP-}" ] || return 0
	text=0
	trail verify "$@" >text || text=$?
	same "$status" "$text"
	breach=$(json '[.findings[].id] | unique[]' | while read -r text; do
		grep -qF -- "$text" text || echo "the text lacks $text"
	done)
	same "" "$breach"
}

# judge SET OPTION...: the same with the keys and the metadata of a set.
judge() {
	look -k "$1/keys.json" -m "$1/metadata.jsonl" "${@:2}" "$1/bucket"
}

# bare SET OPTION...: the same without metadata.
bare() {
	look -k "$1/keys.json" "${@:2}" "$1/bucket"
}

# expect STATUS DIGESTS LOGS FINDINGS: the exit status, the counts that are not 0, and all ids, sorted,
# those that occur more than once as ID*N.
expect() {
	same "$1 | $2 | $3 | $4" "$status | $(digests) | $(logs) | $(ids)"
}

digests() {
	json '.summary.digests as $s | [("verified", "linked", "unsigned", "invalid", "missing")
	    | select($s[.] > 0) | "\($s[.]) \(.)"] | join(", ")'
}

logs() {
	json '.summary.logs as $s | [("verified", "unproven", "modified", "missing", "malformed", "unreferenced",
	    "undigested") | select($s[.] > 0) | "\($s[.]) \(.)"] | join(", ")'
}

# ids [SEVERITY]: the ids of the findings.
ids() {
	json "[.findings[] | select(\"${1-}\" == \"\" or .severity == \"${1-}\")] | group_by(.id)
	    | map(.[0].id + (if length > 1 then \"*\(length)\" else \"\" end)) | join(\" \")"
}

# no_alert: nothing speaks against the evidence.
no_alert() {
	same "" "$(ids alert)"
}

# only ID...: expects an alert, and none but these.
only() {
	[ "$status" -eq 1 ] || fail "exit status $status"
	json '.findings[] | select(.severity == "alert").id' | sort -u >have
	printf '%s\n' "$@" | sort >may
	same "" "$(comm -23 have may)"
}

# concerns ID: the objects that a finding names, sorted.
concerns() {
	json ".findings[] | select(.id == \"$1\").object" | sort
}

# state OBJECT: what became of it.
state() {
	json ".digests[], .logs[] | select(.object == \"$1\").status"
}

# digest HOUR [REGION]: the name of a digest of account 0.
digest() {
	local region=${2-us-east-1}
	printf 's3://example-trail-logs/AWSLogs/111122223333/CloudTrail-Digest/%s/2024/03/01/' "$region"
	printf '111122223333_CloudTrail-Digest_%s_management-events_us-east-1_20240301T%02d0131Z.json.gz\n' "$region" $(($1 + 1))
}

# path OBJECT [SET]: where an object lies.
path() {
	echo "${2-$BATS_FILE_TMPDIR/whole}/bucket/${1#s3://example-trail-logs/}"
}

# stated HOUR FILTER: what jq finds in a genuine digest.
stated() {
	gzip -dc "$(path "$(digest "$1")")" | jq -r "$2"
}

# log HOUR [INDEX]: the name of a log.
log() {
	stated "$1" ".logFiles[${2-0}] | \"s3://\(.s3Bucket)/\(.s3Object)\""
}

# deeds WHAT SET: the objects that tampering removed, changed or added.
deeds() {
	jq -r ".tampers[].$1[]" "$2/facts.json" | sort
}

# lacks TEXT WORD
lacks() {
	[[ $1 != *$2* ]] || fail "has $2: $1"
}

# ---- Genuine evidence

@test "a genuine copy with keys and metadata is verified" {
	mk t --hours 6
	judge t
	expect 0 "6 verified" "5 verified" chain-start
	same "metadata" "$(json '[.digests[].by] | unique | join(" ")')"
	same "$(digest 0)" "$(concerns chain-start)"
	same "standard management-events us-east-1 us-east-1 111122223333 null 6 1" \
	    "$(json '.chains[] | "\(.kind) \(.trail) \(.region) \(.home_region) \(.account) \(.organization) \(.segments[0] | "\(.digests) \(.quiet)")"')"
	same "$(jq -r .bytes t/facts.json)" "$(json .summary.bytes)"
	same "" "$(comm -3 <(json '.digests[], .logs[] | .locator' | sort) <(find t/bucket -type f | sort))"
}

@test "every number of the generator is found again: accounts, regions, trails, quiet hours" {
	mk t --hours 5 --accounts 3 --regions us-east-1,eu-west-1 --trail one --trail two --logs 2 --quiet 3
	judge t
	expect 0 "60 verified" "$(jq .logs t/facts.json) verified" "chain-start*12"
	local chains='[.chains[] | [.account, .region, .trail, .home_region, .kind]] | sort[] | @tsv'
	same "$(jq -r "$chains" t/facts.json)" "$(json "$chains")"
	same "24" "$(json '[.chains[].segments[].quiet] | add')"
	same "$(jq -r .bytes t/facts.json)" "$(json .summary.bytes)"
}

@test "one digest, a starting one" {
	mk t --hours 1
	judge t
	expect 0 "1 verified" "" chain-start
}

@test "every form of the key file" {
	local form
	for form in iso float string spki lower nofp iso,spki,lower,nofp; do
		mk "$form" --hours 3 --keys-form "$form"
		judge "$form"
		expect 0 "3 verified" "2 verified" chain-start
	done
	for form in nofp/keys/*; do
		look -k "$form" -m nofp/metadata.jsonl nofp/bucket
		expect 0 "3 verified" "2 verified" chain-start
	done
	cat nofp/keys.json iso/keys.json >row.json
	look -k row.json -m nofp/metadata.jsonl nofp/bucket
	expect 0 "3 verified" "2 verified" chain-start
}

@test "keys of 1024, 3072 and 4096 bits" {
	local bits
	for bits in 1024 3072 4096; do
		"$B/tests/gen/mktrail" -o "$bits" --hours 2 --fresh-keys=1 --key-bits "$bits"
		judge "$bits"
		expect 0 "2 verified" "1 verified" chain-start
		same "$bits" "$(json '.anchors[0].keys[0].bits')"
	done
}

@test "every form of the metadata" {
	local form
	while read -r form where; do
		mk "$form" --hours 3 --metadata-form "$form"
		look -k "$form/keys.json" -m "$form/$where" "$form/bucket"
		expect 0 "3 verified" "2 verified" chain-start
		same "metadata" "$(json '[.digests[].by] | unique | join(" ")')"
	done <<-END
		jsonl metadata.jsonl
		meta.json bucket
		meta-tree meta
		rclone rclone.json
		mc mc.json
		headers headers
	END
	# Metadata files that nobody asked for are no gap in the evidence.
	bare meta.json
	same "0" "$(json '.skipped | length')"
}

@test "metadata in extended attributes needs no -m" {
	mk t --hours 3 --metadata-form xattr || skip "no extended attributes here"
	bare t
	expect 0 "3 verified" "2 verified" chain-start
	same "metadata" "$(json '[.digests[].by] | unique | join(" ")')"
}

@test "metadata of another bucket, as for a bucket copied in S3" {
	mk t --hours 3 --metadata-bucket the-copy
	judge t
	expect 0 "3 verified" "2 verified" chain-start
}

@test "trail names with underscores and parts like regions" {
	mk t --hours 3 --trail a_us-west-2_b --trail us-east-1_eu-west-1 --trail 1.a-b_c --trail x_20240301T010131Z_backfill
	judge t
	expect 0 "12 verified" "8 verified" "chain-start*4"
	same "1.a-b_c a_us-west-2_b us-east-1_eu-west-1 x_20240301T010131Z_backfill" "$(json '[.chains[].trail] | sort | join(" ")')"
	same "standard us-east-1" "$(json '[.chains[] | "\(.kind) \(.home_region)"] | unique[]')"
}

@test "a trail whose name goes on like the digests of another: both are whole" {
	mk t --hours 12 --tamper collide-trail
	judge t
	expect 0 "24 verified" "22 verified" "chain-start*2"
	same "management-events management-events_us-east-1_x" "$(json '[.chains[].trail] | sort | join(" ")')"
}

@test "organization trails: the id behind AWSLogs, and as a prefix too" {
	mk t --hours 3 --org o-exampleorg --accounts 2
	judge t
	expect 0 "6 verified" "4 verified" "chain-start*2"
	same "o-exampleorg" "$(json '[.chains[].organization] | unique[]')"
	mk p --hours 3 --org o-exampleorg --org-as-prefix --accounts 2
	judge p
	expect 0 "6 verified" "4 verified" "chain-start*2"
	same "o-exampleorg" "$(json '[.chains[].organization] | unique[]')"
	same "6" "$(json '[.digests[] | select(.object | startswith("s3://example-trail-logs/o-exampleorg/AWSLogs/o-exampleorg/"))] | length')"
}

@test "a prefix" {
	mk t --hours 3 --prefix some/where
	judge t
	expect 0 "3 verified" "2 verified" chain-start
	same "5" "$(json '[.digests[], .logs[] | select(.object | startswith("s3://example-trail-logs/some/where/AWSLogs/111122223333/"))] | length')"
}

@test "GovCloud, China and isolated partitions" {
	mk gov --hours 3 --regions us-gov-west-1,us-gov-east-1
	judge gov
	expect 0 "6 verified" "4 verified" "chain-start*2"
	mk cn --hours 3 --regions cn-north-1
	judge cn
	expect 0 "3 verified" "2 verified" chain-start
	mk iso --hours 3 --regions us-isob-east-1
	judge iso
	expect 0 "3 verified" "2 verified" chain-start
}

@test "shapes of names and JSON: old names, escaped and plain slashes, all event versions, bare records" {
	local options shape=0
	while read -r options; do
		# shellcheck disable=SC2086
		mk $((++shape)) --hours 3 $options
		judge $shape
		expect 0 "3 verified" "2 verified" chain-start
		bare $shape
		expect 3 "2 verified, 1 unsigned" "1 verified, 1 unproven" "chain-start digest-unsigned log-unproven"
	done <<-END
		--old-names
		--plain-slashes
		--escape-logs
		--event-version 0 --bare
		--event-version 11
		--compressor libdeflate --level 9
		--start 2019-01-31T22:00:00Z
		--phase 59:59
	END
}

@test "files of other services are ignored; what nobody knows is skipped and named" {
	mk t --hours 3 --noise
	judge t
	expect 3 "3 verified" "2 verified" "chain-start evidence-unreadable"
	same "1" "$(json '.skipped | length')"
	[[ $(json '.skipped[0].locator') == */readme.txt ]]
	rm t/bucket/AWSLogs/111122223333/CloudTrail/us-east-1/readme.txt
	judge t
	expect 0 "3 verified" "2 verified" chain-start
	same "$(($(jq .noise t/facts.json) - 1))" "$(json .summary.ignored)"
	same "0" "$(json '.skipped | length')"
}

@test "a single-region trail per region, and one of several homes" {
	mk t --hours 3 --regions us-east-1,eu-west-1 --single-region
	judge t
	expect 0 "6 verified" "4 verified" "chain-start*2"
	mk h --hours 3 --regions us-east-1,eu-west-1 --home-region eu-west-1
	judge h
	expect 0 "6 verified" "4 verified" "chain-start*2"
	same "eu-west-1" "$(json '[.chains[].home_region] | unique[]')"
}

@test "chains of several phases end at different minutes, and none is truncated" {
	mk t --hours 4 --regions us-east-1,eu-west-1,ap-south-1 --phase-vary
	judge t
	expect 0 "12 verified" "9 verified" "chain-start*3"
}

@test "the last hour has logs and no digest yet" {
	mk t --hours 6 --tail 1
	judge t
	expect 0 "5 verified" "4 verified, 1 undigested" "chain-start log-undigested"
}

@test "a region and an account that come later" {
	mk t --hours 6 --accounts 2 --regions us-east-1,eu-west-1 --region-from eu-west-1:3 --account-from 1:2
	judge t
	no_alert
	same 0 "$status"
	same "chain-start*4" "$(ids)"
}

# ---- Metadata, keys and what they reach

@test "a mirror without metadata: all but the head of each segment" {
	mk t --hours 6 --metadata none
	bare t
	expect 3 "5 verified, 1 unsigned" "4 verified, 1 unproven" "chain-start digest-unsigned log-unproven"
	same "$(digest 5)" "$(concerns digest-unsigned)"
	same "$(log 5)" "$(concerns log-unproven)"
	same "5 successor" "$(json '[.digests[] | select(.status == "verified").by] | group_by(.)[] | "\(length) \(.[0])"')"
	[[ $(json '.findings[] | select(.id == "digest-unsigned").message') == *head-object* ]] || fail "no way out is named"
	mk s --hours 9 --stop 3:2 --metadata none
	bare s
	expect 3 "5 verified, 2 unsigned" "4 verified, 2 unproven" "chain-gap chain-start*2 digest-unsigned*2 log-unproven*2"
	same "$(jq -r '.heads[]' s/facts.json | sort)" "$(concerns digest-unsigned)"
}

@test "metadata of the heads only" {
	mk t --hours 6 --metadata heads
	judge t
	expect 0 "6 verified" "5 verified" chain-start
	same "5 successor, 1 metadata" "$(json '[.digests[].by] | group_by(.) | reverse | map("\(length) \(.[0])") | join(", ")')"
	mk s --hours 9 --stop 3:2 --metadata heads
	judge s
	expect 3 "7 verified" "6 verified" "chain-gap chain-start*2"
}

@test "one key and one signature prove a segment by its hashes" {
	local key
	mk t --hours 6 --rotate-hours 2 --metadata heads
	key=$(gzip -dc "$(path "$(digest 5)" t)" | jq -r .digestPublicKeyFingerprint)
	for key in "t/keys/$key.pem" "t/keys/$key.der"; do
		look -k "$key" -m t/metadata.jsonl t/bucket
		expect 0 "6 verified" "5 verified" chain-start
		same "anchor anchor anchor anchor anchor metadata" "$(json '[.digests[].by] | join(" ")')"
	done
}

@test "the key of the old digests only" {
	local key
	mk t --hours 6 --rotate-hours 2 --metadata none
	key=$(gzip -dc "$(path "$(digest 1)" t)" | jq -r .digestPublicKeyFingerprint)
	look -k "t/keys/$key.pem" t/bucket
	# 1 and 2 by their successors, 0 by its hash in 1; 3 and 4 have another key, 5 no signature.
	same 3 "$status"
	same "3 verified, 2 linked, 1 unsigned" "$(digests)"
	same "2 verified, 3 unproven" "$(logs)"
	no_alert
	[[ $(concerns key-unknown) == *"$(digest 3)"*"$(digest 4)"* ]]
	[[ $(concerns digest-unsigned) == *"$(digest 5)"* ]]
	same "anchor successor successor" "$(json '[.digests[] | select(.status == "verified").by] | join(" ")')"
}

@test "no keys: everything hangs together and nothing is proved" {
	mk t --hours 6
	look -m t/metadata.jsonl t/bucket
	expect 3 "5 linked, 1 unsigned" "5 unproven" "chain-start key-unknown*6 log-unproven*5"
	look t/bucket
	same 3 "$status"
	same "5 linked, 1 unsigned" "$(digests)"
	same "5 unproven" "$(logs)"
	same "$(digest 5)" "$(concerns digest-unsigned)"
}

@test "no keys: contradictions are found all the same" {
	mk t --hours 6 --tamper modify-digest:h=3,what=previous --tamper modify-log:h=1 --tamper delete-digest:h=4
	look t/bucket
	same 1 "$status"
	same "digest-missing log-modified" "$(ids alert)"
	mk u --hours 6 --tamper modify-digest:h=3,what=previous
	look u/bucket
	same 3 "$status"
	no_alert
	[[ $(concerns digest-hash-mismatch) == *"$(digest 3)"* ]]
}

@test "the keys of another region" {
	mk t --hours 4 --regions us-east-1,eu-west-1
	look -k t/keys-us-east-1.json -m t/metadata.jsonl t/bucket
	expect 3 "4 verified, 3 linked, 1 unsigned" "3 verified, 3 unproven" "chain-start*2 key-unknown*4 log-unproven*3"
	same "" "$(concerns key-unknown | grep -v /CloudTrail-Digest/eu-west-1/ || :)"
	look -k t/keys-us-east-1.json -k t/keys-eu-west-1.json -m t/metadata.jsonl t/bucket
	expect 0 "8 verified" "6 verified" "chain-start*2"
}

@test "another key under the fingerprint: no signature holds" {
	mk t --hours 4 --tamper wrong-region-key
	judge t
	expect 1 "4 invalid" "3 unproven" "chain-start digest-signature-invalid*4 key-fingerprint-mismatch log-unproven*3"
}

@test "a fingerprint that nobody published" {
	mk t --hours 4 --regions us-east-1,eu-west-1 --tamper drop-key:r=1
	judge t
	expect 3 "4 verified, 3 linked, 1 unsigned" "3 verified, 3 unproven" "chain-start*2 key-unknown*4 log-unproven*3"
}

@test "a key whose DER is cut" {
	mk t --hours 3 --tamper bad-key-der
	exits 2 trail verify -k t/keys.json t/bucket
	same "" "$output"
	mk u --hours 3 --regions us-east-1,eu-west-1 --tamper bad-key-der:r=1
	run --separate-stderr trail verify -k u/keys.json -m u/metadata.jsonl u/bucket
	[[ $status =~ ^[23]$ ]] || fail "exit status $status"
}

@test "a published fingerprint that is not the MD5 of the key" {
	mk t --hours 4 --tamper wrong-fingerprint
	judge t
	no_alert
	[[ $(ids notice) == *key-fingerprint-mismatch* ]]
}

@test "a published validity that ended before" {
	mk t --hours 4 --tamper key-outside-validity
	judge t
	same 0 "$status"
	same "4 verified" "$(digests)"
	[[ $(ids) =~ ^chain-start\ key-outside-validity(\*[0-9]+)?$ ]]
}

@test "two genuine keys of which neither signed: the published AWS keys" {
	skip_without_shared aws-public-keys/list-public-keys.json
	mk t --hours 4
	look -k "$SHARED_DATA/aws-public-keys/list-public-keys.json" -m t/metadata.jsonl t/bucket
	expect 3 "3 linked, 1 unsigned" "3 unproven" "chain-start key-unknown*4 log-unproven*3"
}

@test "a metadata signature with one digit changed" {
	mk t --hours 6 --tamper alter-metadata-signature:h=3
	judge t
	expect 1 "6 verified" "5 verified" "chain-start digest-metadata-altered"
	same "$(digest 3)" "$(concerns digest-metadata-altered)"
	mk u --hours 6 --tamper alter-metadata-signature:h=-1
	judge u
	expect 1 "5 verified, 1 invalid" "4 verified, 1 unproven" "chain-start digest-signature-invalid log-unproven"
	same "$(digest 5)" "$(concerns digest-signature-invalid)"
}

@test "metadata stripped from one digest, and from all" {
	mk t --hours 6 --tamper strip-metadata:h=3
	judge t
	expect 0 "6 verified" "5 verified" chain-start
	mk u --hours 6 --tamper strip-metadata
	bare u
	expect 3 "5 verified, 1 unsigned" "4 verified, 1 unproven" "chain-start digest-unsigned log-unproven"
}

@test "metadata that names what the copy lacks" {
	mk t --hours 6 --tamper delete-oldest:n=2,meta=keep
	judge t
	no_alert
	[[ $(ids) == *metadata-without-object* ]]
	same "6 4" "$(json '.summary.metadata | "\(.entries) \(.matched)"')"
	mk u --hours 6 --tamper metadata-absent
	judge u
	expect 1 "6 verified" "5 verified" "chain-start chain-truncated metadata-without-object"
}

@test "algorithms that nobody knows" {
	mk signature --hours 6 --tamper unknown-algorithm:h=-1,which=signature
	judge signature
	expect 3 "5 verified, 1 unsigned" "4 verified, 1 unproven" "algorithm-unknown chain-start log-unproven"
	mk metadata --hours 6 --tamper unknown-algorithm:h=-1,which=metadata
	judge metadata
	same 3 "$status"
	no_alert
	same "5 verified, 1 unsigned" "$(digests)"
	same "$(digest 5)" "$(concerns algorithm-unknown)"
	mk log --hours 6 --tamper unknown-algorithm:h=3,which=log
	judge log
	same 3 "$status"
	no_alert
	same "6 verified" "$(digests)"
	same "4 verified, 1 unproven" "$(logs)"
	[[ $(ids warning) == *algorithm-unknown* ]]
	# Another name of the algorithm does not hide that the signature is another.
	mk both --hours 6 --tamper unknown-algorithm:h=3,which=metadata --tamper alter-metadata-signature:h=3
	judge both
	expect 1 "6 verified" "5 verified" "chain-start digest-metadata-altered"
	same "$(digest 3)" "$(concerns digest-metadata-altered)"
	mk previous --hours 6 --tamper unknown-algorithm:h=3,which=previous
	judge previous
	same 3 "$status"
	no_alert
	same "algorithm-unknown" "$(ids warning)"
}

# ---- Logs

@test "a log that was edited: every kind of edit" {
	local what
	for what in ip name time drop; do
		mk $what --hours 6 --logs 2 --tamper modify-log:h=3,l=1,e=2,what=$what
		judge $what
		same 1 "$status"
		same "6 verified" "$(digests)"
		same "9 verified, 1 modified" "$(logs)"
		same "log-modified" "$(ids alert)"
		same "$(deeds changed $what)" "$(concerns log-modified)"
		same "modified" "$(state "$(deeds changed $what)")"
	done
	judge time
	same "chain-start log-modified log-time-range" "$(ids)"
}

@test "a log that is gone, and three" {
	mk t --hours 6 --tamper delete-log:h=3
	judge t
	expect 1 "6 verified" "4 verified, 1 missing" "chain-start log-missing"
	same "$(log 3)" "$(concerns log-missing)"
	same "$(stated 3 .logFiles[0].hashValue)" "$(json '.findings[] | select(.id == "log-missing").expected.sha256')"
	mk u --hours 6 --logs 4 --tamper delete-log:h=3,l=1,n=3
	judge u
	expect 1 "6 verified" "17 verified, 3 missing" "chain-start log-missing*3"
	same "$(deeds removed u)" "$(concerns log-missing)"
}

@test "a forged log that no digest lists" {
	mk t --hours 6 --tamper forge-log:h=3,n=2
	judge t
	expect 1 "6 verified" "5 verified, 2 unreferenced" "chain-start log-unreferenced*2"
	same "$(deeds added t)" "$(concerns log-unreferenced)"
	bare t
	expect 1 "5 verified, 1 unsigned" "4 verified, 1 unproven, 2 unreferenced" \
	    "chain-start digest-unsigned log-unproven log-unreferenced*2"
}

@test "a log that a signed digest does not list" {
	mk t --hours 6 --tamper unlist-log:h=3
	judge t
	expect 1 "6 verified" "4 verified, 1 unreferenced" "chain-start log-unreferenced"
	same "$(log 3)" "$(concerns log-unreferenced)"
}

@test "a forged log beside a hole is not called forged" {
	mk t --hours 6 --tamper forge-log:h=3 --tamper delete-digest:h=3
	judge t
	expect 1 "5 verified, 1 missing" "4 verified, 2 undigested" "chain-start digest-missing log-undigested*2"
}

@test "logs of a second trail without validation: their events stand in verified logs" {
	mk t --hours 6 --logs 3 --tamper unlisted-copy:all=1
	judge t
	same 0 "$status"
	same "15 verified" "$(logs | grep -o '^[0-9]* verified')"
	# The last of them may belong to a digest that is not written yet.
	same "chain-start log-undigested log-unlisted-copy*14" "$(ids)"
	same "$(deeds added t)" "$( (concerns log-unlisted-copy; concerns log-undigested) | sort)"
	mk u --hours 6 --logs 3 --tamper unlisted-copy:h=3,edit=1
	judge u
	same 1 "$status"
	same "log-unreferenced*3" "$(ids alert)"
	same "$(deeds added u)" "$(concerns log-unreferenced)"
}

@test "a copy of an unverified log is no proof of itself" {
	mk t --hours 6 --tamper unlisted-copy:h=3
	look t/bucket
	same "log-unreferenced" "$(ids alert)"
}

@test "the bytes of a log under a second name" {
	mk t --hours 6 --tamper copy-log:h=3
	judge t
	same 0 "$status"
	same "chain-start log-unlisted-copy" "$(ids)"
	same "$(deeds added t)" "$(concerns log-unlisted-copy)"
}

@test "bytes or a member behind the first gzip member of a log" {
	local what
	for what in member garbage zeros; do
		mk $what --hours 6 --tamper trailing-log:h=3,what=$what
		judge $what
		expect 1 "6 verified" "5 verified" "chain-start log-trailing-data"
		same "$(log 3)" "$(concerns log-trailing-data)"
	done
}

@test "a log in several gzip members" {
	mk t --hours 6 --tamper split-members:h=3
	judge t
	only log-trailing-data log-modified log-malformed
	same "$(log 3)" "$(concerns log-trailing-data)"
	[ "$(state "$(log 3)")" != verified ]
}

@test "a gzip trailer that is cut or wrong: the hash holds, and it is an alert" {
	local n
	for n in 1 4 8; do
		mk cut$n --hours 6 --tamper cut-trailer:h=3,n=$n
		judge cut$n
		expect 1 "6 verified" "4 verified, 1 malformed" "chain-start log-malformed"
		same "$(log 3)" "$(concerns log-malformed)"
	done
	mk crc --hours 6 --tamper bad-crc:h=3
	judge crc
	expect 1 "6 verified" "4 verified, 1 malformed" "chain-start log-malformed"
}

@test "a log that is cut, is no gzip, or no JSON" {
	local kind
	for kind in truncate bad-gzip; do
		mk $kind --hours 6 --tamper $kind:h=3
		judge $kind
		expect 1 "6 verified" "4 verified, 1 malformed" "chain-start log-malformed"
		same "$(log 3)" "$(concerns log-malformed)"
	done
	mk none --hours 6 --tamper truncate:h=3,keep=0
	judge none
	only log-malformed log-missing log-modified
	mk json --hours 6 --tamper bad-json:h=3
	judge json
	only log-malformed log-modified
	[ "$(state "$(log 3)")" != verified ]
}

@test "a gzip header that hides something, and one with a name" {
	local what
	for what in comment extra; do
		mk $what --hours 6 --tamper extra-header:h=3,what=$what
		judge $what
		expect 0 "6 verified" "5 verified" "chain-start log-extra-header"
		same "$(log 3)" "$(concerns log-extra-header)"
	done
	mk name --hours 6 --tamper extra-header:h=3,what=name --tamper recompress:h=4 --tamper recompress:h=4,which=digest
	judge name
	expect 0 "6 verified" "5 verified" chain-start
}

@test "a log listed twice" {
	mk t --hours 6 --tamper duplicate-reference:h=3
	judge t
	expect 1 "6 verified" "5 verified" "chain-start log-duplicate-reference"
	same "$(log 3)" "$(concerns log-duplicate-reference)"
	mk u --hours 6 --tamper duplicate-reference:h=3,same=1
	judge u
	expect 1 "6 verified" "5 verified" "chain-start log-duplicate-reference"
	same "$(log 3)" "$(concerns log-duplicate-reference)"
}

@test "the log of another account, listed" {
	mk t --hours 6 --accounts 2 --tamper foreign-log:h=3
	judge t
	same 1 "$status"
	same "12 verified" "$(digests)"
	same "10 verified" "$(logs)"
	same "digest-scope-mismatch" "$(ids alert)"
	[[ $(json '.findings[] | select(.severity == "alert").message') == */444455556666_CloudTrail_us-east-1_20240301T04* ]]
}

@test "records of another account or region in an unproved log" {
	local field
	for field in account region; do
		mk forged-$field --hours 6 --tamper log-scope:h=3,field=$field
		judge forged-$field
		expect 1 "6 verified" "5 verified, 1 unreferenced" "chain-start log-scope-mismatch log-unreferenced"
		same "$(deeds added forged-$field)" "$(concerns log-scope-mismatch)"
		mk listed-$field --hours 6 --regions eu-west-1 --tamper log-scope:h=3,field=$field,mode=unverified
		judge listed-$field
		same 1 "$status"
		same "digest-hash-mismatch digest-signature-invalid log-scope-mismatch" "$(ids alert)"
		same "4 verified, 1 unproven" "$(logs)"
	done
}

@test "global services are logged everywhere, and that is no mismatch" {
	local regions
	for regions in eu-west-1,us-east-1 us-gov-east-1,us-gov-west-1 cn-northwest-1,cn-north-1; do
		mk "$regions" --hours 4 --logs 3 --regions "$regions" --start 2021-03-01 --global-everywhere
		look "$regions/bucket"
		no_alert
		same 3 "$status"
		judge "$regions"
		expect 0 "8 verified" "18 verified" "chain-start*2"
	done
}

@test "event times outside what an unproved digest states" {
	mk t --hours 6 --tamper log-time-range:h=-1
	bare t
	expect 3 "5 verified, 1 unsigned" "4 verified, 1 unproven" "chain-start digest-unsigned log-time-range log-unproven"
	same "$(log 5)" "$(concerns log-time-range)"
	judge t
	expect 0 "6 verified" "5 verified" chain-start
}

@test "Insight and other classes that digests do not list" {
	mk t --hours 6 --insight --network --aggregated
	judge t
	local others
	others=$(jq .other_class_logs t/facts.json)
	expect 0 "6 verified" "5 verified, $others undigested" "chain-start log-undigested*$others"
}

@test "Insight files that digests list, and one that they do not" {
	mk t --hours 12 --insight --insight-listed
	judge t
	expect 0 "12 verified" "$(jq '.logs + .other_class_logs' t/facts.json) verified" chain-start
	local l
	l=$(gzip -dc "$(path "$(digest 5)" "$BATS_FILE_TMPDIR/classes")" |
		jq '[.logFiles[].s3Object | contains("/CloudTrail-Insight/")] | index(true)')
	mk u --hours 12 --insight --insight-listed --tamper "unlist-log:h=5,l=$l"
	judge u
	same 1 "$status"
	same "log-unreferenced" "$(ids alert)"
	[[ $(concerns log-unreferenced) == */CloudTrail-Insight/* ]]
}

# ---- Digests

@test "an edited digest: its signature and the hash in its successor both speak" {
	mk t --hours 6 --tamper modify-digest:h=3
	judge t
	expect 1 "5 verified, 1 invalid" "4 verified, 1 modified" \
	    "chain-start digest-hash-mismatch digest-signature-invalid log-modified"
	same "$(digest 3)" "$(concerns digest-hash-mismatch)"
	same "$(digest 3)" "$(concerns digest-signature-invalid)"
	same "invalid" "$(state "$(digest 3)")"
	same "$(stated 4 .previousDigestHashValue)" "$(json '.findings[] | select(.id == "digest-hash-mismatch").expected.sha256')"
	bare t
	expect 1 "4 verified, 1 unsigned, 1 invalid" "3 verified, 1 unproven, 1 modified" \
	    "chain-start digest-hash-mismatch digest-signature-invalid digest-unsigned log-modified log-unproven"
}

@test "an edited digest: other fields" {
	mk previous --hours 6 --tamper modify-digest:h=3,what=previous
	judge previous
	same 1 "$status"
	same "digest-hash-mismatch digest-signature-invalid" "$(ids alert)"
	same "5 verified, 1 invalid" "$(digests)"
	same "4 verified, 1 unproven" "$(logs)"
	mk end --hours 6 --tamper modify-digest:h=3,what=end
	judge end
	only digest-hash-mismatch digest-signature-invalid digest-scope-mismatch chain-window-broken chain-overlap
	same "$(digest 3)" "$(concerns digest-signature-invalid)"
}

@test "an edited head: only its own signature can speak" {
	mk t --hours 6 --tamper modify-digest:h=-1,what=previous
	judge t
	same "digest-signature-invalid" "$(ids alert)"
	same "$(digest 5)" "$(concerns digest-signature-invalid)"
	same "invalid" "$(state "$(digest 5)")"
	same "verified" "$(state "$(digest 4)")"
	bare t
	same 3 "$status"
	no_alert
	same "$(digest 5)" "$(concerns digest-unsigned)"
}

@test "an edited digest, and its successors made to agree" {
	mk t --hours 6 --tamper modify-digest-and-successor:h=3
	judge t
	expect 1 "3 verified, 3 invalid" "2 verified, 2 unproven, 1 modified" \
	    "chain-start digest-signature-invalid*3 log-modified log-unproven*2"
	same "$(digest 3)
$(digest 4)
$(digest 5)" "$(concerns digest-signature-invalid)"
	mk u --hours 6 --tamper modify-digest-and-successor:h=2,n=1
	judge u
	same "digest-hash-mismatch digest-signature-invalid*2 log-modified" "$(ids alert)"
	same "$(digest 3)" "$(concerns digest-hash-mismatch)"
}

@test "a signed digest whose successor recorded another" {
	mk t --hours 6 --tamper reissue:h=3
	judge t
	same 1 "$status"
	same "digest-reissued log-unreferenced" "$(ids alert)"
	same "$(digest 3)" "$(concerns digest-reissued)"
	bare t
	same 1 "$status"
	same "$(digest 3)" "$(concerns digest-signature-invalid)"
	same "$(digest 3)" "$(concerns digest-hash-mismatch)"
	mk u --hours 6 --tamper previous-hash:h=3
	judge u
	expect 1 "6 verified" "5 verified" "chain-start digest-reissued"
	same "$(digest 2)" "$(concerns digest-reissued)"
}

@test "a digest put under the key of another" {
	mk t --hours 6 --tamper digest-over-other-key:h=2
	judge t
	only digest-missing digest-scope-mismatch
	same "$(digest 3)" "$(concerns digest-missing)"
	same "t/bucket/$(digest 3 | sed 's,s3://[^/]*/,,')" "$(json '.findings[] | select(.id == "digest-relocated").locator')"
	same "undigested" "$(state "$(log 3)")"
}

@test "a digest that is {}, no gzip, no JSON, empty or cut" {
	local kind
	for kind in digest-empty-object:h=3 bad-gzip:h=3,which=digest bad-json:h=3,which=digest \
	    truncate:h=3,which=digest truncate:h=3,which=digest,keep=30; do
		mk "$kind" --hours 6 --tamper "$kind"
		judge "$kind"
		only digest-malformed digest-hash-mismatch
		[[ $(digest 3) == *"$(concerns digest-malformed)" ]]
		same "5 verified, 1 invalid" "$(digests)"
		same "4 verified, 1 undigested" "$(logs)"
	done
}

@test "a damaged digest is named as its successor names it" {
	mk t --hours 6 --prefix some/where --tamper bad-gzip:h=3,which=digest
	judge t
	same "$(deeds changed t)" "$(concerns digest-malformed)"
}

@test "some of the five previous fields null" {
	local which
	for which in bucket object hash algorithm signature; do
		mk $which --hours 6 --tamper null-some-previous:h=3,which=$which
		judge $which
		same 1 "$status"
		same "digest-malformed" "$(ids alert)"
		same "$(digest 3)" "$(concerns digest-malformed)"
		same "invalid" "$(state "$(digest 3)")"
	done
}

@test "a digest whose gzip trailer is cut or wrong" {
	local kind
	for kind in cut-trailer:h=3,which=digest cut-trailer:h=3,which=digest,n=1 bad-crc:h=3,which=digest; do
		mk "$kind" --hours 6 --tamper "$kind"
		judge "$kind"
		same 1 "$status"
		same "digest-malformed" "$(ids alert)"
		same "$(digest 3)" "$(concerns digest-malformed)"
		same "invalid" "$(state "$(digest 3)")"
	done
}

@test "bytes or a member behind a digest" {
	local what
	for what in member garbage zeros; do
		mk $what --hours 6 --tamper trailing-digest:h=3,what=$what
		judge $what
		expect 1 "6 verified" "5 verified" "chain-start digest-trailing-data"
		same "$(digest 3)" "$(concerns digest-trailing-data)"
	done
	mk split --hours 6 --tamper split-members:h=3,which=digest
	judge split
	same 1 "$status"
	[ "$(state "$(digest 3)")" != verified ]
}

@test "a digest that disagrees with its own key" {
	local which
	for which in account end; do
		mk $which --hours 6 --tamper scope-mismatch:h=3,which=$which
		judge $which
		only digest-scope-mismatch chain-window-broken chain-overlap
		same "$(digest 3)" "$(concerns digest-scope-mismatch)"
	done
}

# ---- Chains

@test "one digest deleted" {
	mk t --hours 6 --tamper delete-digest:h=3
	judge t
	expect 1 "5 verified, 1 missing" "4 verified, 1 undigested" "chain-start digest-missing log-undigested"
	same "$(digest 3)" "$(concerns digest-missing)"
	same "$(log 3)" "$(concerns log-undigested)"
	same "$(stated 4 '.previousDigestHashValue, .previousDigestSignature')" \
	    "$(json '.findings[] | select(.id == "digest-missing").expected | .sha256, .signature')"
}

@test "a deleted digest leaves its predecessor provable by its own metadata only" {
	mk t --hours 6 --metadata none --tamper delete-digest:h=3
	bare t
	expect 1 "3 verified, 2 unsigned, 1 missing" "2 verified, 2 unproven, 1 undigested" \
	    "chain-start digest-missing digest-unsigned*2 log-undigested log-unproven*2"
	same "$(digest 2)
$(digest 5)" "$(concerns digest-unsigned)"
}

@test "two and five digests deleted in a row: each is named" {
	mk two --hours 12 --tamper delete-digest:h=4,n=2
	judge two
	expect 1 "10 verified, 2 missing" "9 verified, 2 undigested" "chain-start digest-missing*2 log-undigested*2"
	same "$(digest 4)
$(digest 5)" "$(concerns digest-missing)"
	mk five --hours 12 --tamper delete-digest:h=4,n=5
	judge five
	expect 1 "7 verified, 5 missing" "6 verified, 5 undigested" "chain-start digest-missing*5 log-undigested*5"
	same "$(for h in 4 5 6 7 8; do digest $h; done)" "$(concerns digest-missing)"
	# Only the newest of the run has commitments; those are exact.
	same "$(stated 9 '.previousDigestHashValue')" \
	    "$(json '[.findings[] | select(.id == "digest-missing").expected.sha256 // empty] | join(" ")')"
	same "$(stated 9 '.previousDigestSignature')" \
	    "$(json '[.findings[] | select(.id == "digest-missing").expected.signature // empty] | join(" ")')"
}

@test "start, missing, link, missing" {
	mk t --hours 5 --tamper delete-digest:h=1 --tamper delete-digest:h=3
	judge t
	expect 1 "3 verified, 2 missing" "2 verified, 2 undigested" "chain-start digest-missing*2 log-undigested*2"
	same "$(digest 1)
$(digest 3)" "$(concerns digest-missing)"
}

@test "start, invalid, link" {
	mk t --hours 3 --tamper modify-digest:h=1,what=previous
	judge t
	same 1 "$status"
	same "digest-hash-mismatch digest-signature-invalid" "$(ids alert)"
	same "2 verified, 1 invalid" "$(digests)"
}

@test "all but the first and the last of 12 deleted" {
	mk t --hours 12 --tamper delete-digest:h=1,n=10
	judge t
	expect 1 "2 verified, 10 missing" "1 verified, 10 undigested" "chain-start digest-missing*10 log-undigested*10"
	same "$(for h in 1 2 3 4 5 6 7 8 9 10; do digest $h; done)" "$(concerns digest-missing)"
}

@test "the newest digests deleted: held against the chain's own logs" {
	mk three --hours 12 --tamper delete-newest:n=3
	judge three
	same 1 "$status"
	same "chain-truncated" "$(ids alert)"
	same "9 verified" "$(digests)"
	same "8 verified, 3 undigested" "$(logs)"
	mk one --hours 12 --tamper delete-newest:n=1
	judge one
	expect 0 "11 verified" "10 verified, 1 undigested" "chain-start log-undigested"
}

@test "the newest digests deleted: held against the metadata" {
	mk t --hours 12 --tamper delete-newest:n=1,meta=keep
	judge t
	same "chain-truncated" "$(ids alert)"
	same "chain-start chain-truncated log-undigested metadata-without-object" "$(ids)"
}

@test "the newest digests deleted: held against the sibling regions" {
	local n
	for n in 1 2 5; do
		mk $n --hours 8 --logs 0 --regions us-east-1,eu-west-1,ap-south-1 --tamper delete-newest:r=1,n=$n
		judge $n
		expect 1 "$((24 - n)) verified" "" "chain-start*3 chain-truncated"
		[[ $(json '.findings[] | select(.id == "chain-truncated") | "\(.object) \(.message)"') == *eu-west-1* ]]
	done
	mk t --hours 8 --logs 0 --trail one --trail two --tamper delete-newest:t=1,n=4
	judge t
	expect 0 "12 verified" "" "chain-start*2"
}

@test "the newest digests deleted: held against --until" {
	mk t --hours 12 --logs 0 --tamper delete-newest:n=3
	judge t
	expect 0 "9 verified" "" chain-start
	judge t --until 2024-03-01T12:01:31Z
	expect 1 "9 verified" "" "chain-start chain-truncated"
	judge t --until 2024-03-01T09:01:31Z
	expect 0 "9 verified" "" chain-start
}

@test "the newest digests of one trail deleted, under the name of the other" {
	mk t --hours 12 --tamper collide-trail --tamper delete-newest:n=3
	judge t
	same 1 "$status"
	[[ $(ids alert) == *chain-truncated* ]]
	same "21 verified" "$(digests)"
}

@test "all digests deleted: nothing is proved, and the exit status says so" {
	mk t --hours 12 --tamper delete-all-digests
	judge t
	expect 3 "" "11 undigested" "log-undigested*11 log-unproven"
	same "null" "$(json '.findings[] | select(.id == "log-unproven").object')"
	mk u --hours 6 --regions us-east-1,eu-west-1 --tamper delete-region-digests:r=1
	judge u
	expect 3 "6 verified" "5 verified, 5 undigested" "chain-start log-undigested*5 log-unproven"
}

@test "the oldest digests deleted" {
	mk t --hours 12 --tamper delete-oldest:n=3
	judge t
	expect 3 "9 verified" "9 verified, 2 undigested" "chain-head-cut log-undigested*2 log-unproven"
	same "$(stated 3 '.previousDigestHashValue, .previousDigestSignature')" \
	    "$(json '.findings[] | select(.id == "chain-head-cut").expected | .sha256, .signature')"
	[[ $(json '.findings[] | select(.id == "chain-head-cut") | "\(.object) \(.message)"') == *20240301T030131Z* ]]
	judge t --since 2024-03-01
	same "chain-truncated" "$(ids alert | grep -o chain-truncated || echo chain-truncated)"
	same 1 "$status"
	same "$(digest 0)
$(digest 1)
$(digest 2)" "$(concerns digest-missing)"
	same "$(stated 3 '.previousDigestHashValue')" \
	    "$(json '[.findings[] | select(.id == "digest-missing").expected.sha256 // empty] | join(" ")')"
	lacks "$(ids)" chain-head-cut
	judge t --since 2024-03-01T02:01:31Z
	same "$(digest 2)" "$(concerns digest-missing)"
	judge t --since 2024-03-01T03:01:31Z
	same "" "$(concerns digest-missing)"
	same 0 "$status"
}

@test "logging stopped for hours, and for no time" {
	mk t --hours 12 --stop 4:4
	judge t
	same 3 "$status"
	same "chain-gap chain-start*2" "$(ids)"
	same "8 verified" "$(digests)"
	same "2024-03-01T05:01:31Z 2024-03-01T09:01:31Z" "$(json '.findings[] | select(.id == "chain-gap") | "\(.start) \(.end)"')"
	same "2" "$(json '.chains[0].segments | length')"
	mk u --hours 12 --stop 4:0
	judge u
	[[ $status =~ ^[03]$ ]]
	no_alert
	same "2" "$(json '.chains[0].segments | length')"
	[[ $(ids notice) == *'chain-start*2'* ]]
	mk v --hours 12 --stop 4:2 --short-final 20
	judge v
	same 3 "$status"
	no_alert
	same "chain-gap" "$(ids warning)"
}

@test "a trail deleted and made again" {
	mk t --hours 12 --recreate 4:3
	judge t
	same 3 "$status"
	no_alert
	same "chain-gap" "$(ids warning)"
	[[ $(ids notice) == *'chain-start*2'* ]]
}

@test "validation switched off: logs without digests" {
	mk t --hours 12 --validation-off 4:3
	judge t
	same 3 "$status"
	no_alert
	same "chain-gap" "$(ids warning)"
	local listed
	listed=$(find t/bucket -path '*CloudTrail-Digest*' -name '*.gz' -exec gzip -dc {} + | jq '.logFiles | length' | paste -sd+ | bc)
	same "$listed verified, $(($(jq .logs t/facts.json) - listed)) undigested" "$(logs)"
}

@test "delivery that failed: digests that were named and never came" {
	mk t --hours 12 --delivery-failure 4:3
	judge t
	same 1 "$status"
	same "digest-missing*3" "$(ids alert)"
}

@test "a region dropped from the trail, and one disabled" {
	mk t --hours 8 --regions us-east-1,eu-west-1 --drop-regions 3
	judge t
	same "chain-truncated" "$(ids alert)"
	mk u --hours 8 --regions us-east-1,eu-west-1 --region-until eu-west-1:3
	judge u
	same "chain-truncated" "$(ids alert)"
}

@test "a change of bucket: both, the new one, the old one" {
	mk t --hours 6 --bucket-change 3
	look -k t/keys.json -m t/metadata.jsonl t/bucket t/bucket2
	expect 0 "6 verified" "5 verified" chain-start
	mkdir both
	mv t/bucket t/bucket2 both
	look -k t/keys.json -m t/metadata.jsonl both
	expect 0 "6 verified" "5 verified" chain-start
	same "3" "$(json '[.digests[] | select(.object | startswith("s3://example-trail-logs-2/"))] | length')"
	look -k t/keys.json both/bucket2
	same "2 verified, 1 unsigned" "$(digests)"
	no_alert
	[[ $(ids) == *chain-head-cut* ]]
	look -k t/keys.json both/bucket
	same "2 verified, 1 unsigned" "$(digests)"
	look -k t/keys.json -m t/metadata.jsonl both/bucket
	[[ $(ids alert) == *chain-truncated* ]]
}

@test "a change of phase" {
	mk t --hours 8 --tamper phase-change:h=4
	judge t
	expect 0 "8 verified" "7 verified" "chain-phase-change chain-start"
	mk u --hours 8 --tamper phase-change:h=3 --tamper delete-digest:h=5,n=2
	judge u
	same "digest-missing*2" "$(ids alert)"
	same "$(deeds removed u)" "$(concerns digest-missing)"
}

@test "a fork" {
	mk t --hours 6 --tamper fork:h=3
	judge t
	only chain-fork chain-overlap
	[[ $(ids alert) == *chain-fork* ]]
	same "7 verified" "$(digests)"
	same "5 verified" "$(logs)"
	[[ $(json '.findings[] | select(.id == "chain-fork") | "\(.object) \(.message)"') == *20240301T04013[12]Z* ]]
	mk u --hours 6 --tamper fork:h=3,logs=1
	judge u
	only chain-fork chain-overlap log-duplicate-reference
	same "$(log 3)" "$(concerns log-duplicate-reference)"
	bare t
	same 1 "$status"
	[[ $(concerns digest-unsigned) == *20240301T040132Z* ]]
}

@test "windows that overlap, and that do not meet" {
	mk t --hours 6 --tamper overlap:h=3
	judge t
	only chain-overlap chain-window-broken
	[[ $(ids alert) == *chain-overlap* ]]
	mk u --hours 6 --tamper window-broken:h=3
	judge u
	same 1 "$status"
	same "chain-window-broken" "$(ids alert)"
	same "6 verified" "$(digests)"
}

@test "backfill digests: listed late logs, own chain, own signatures" {
	mk t --hours 6 --backfill=3
	judge t
	expect 0 "9 verified" "8 verified" "chain-start*2"
	same "backfill standard" "$(json '[.chains[].kind] | sort | join(" ")')"
	same "backfill 3" "$(json '.chains[] | select(.kind == "backfill") | "\(.kind) \(.segments[0].digests)"')"
	mk none --hours 6 --backfill=3 --tamper backfill-no-time
	judge none
	expect 0 "9 verified" "8 verified" "backfill-time-unknown*3 chain-start*2"
	bare t
	same 3 "$status"
	no_alert
	same "7 verified, 2 unsigned" "$(digests)"
}

@test "backfill digests only, and with a hole" {
	mk t --hours 6 --backfill=4 --tamper delete-all-digests
	judge t
	same "4 verified" "$(digests)"
	same "4 verified" "$(logs | grep -o '^[0-9]* verified')"
	[ "$status" -ne 0 ]
	mk u --hours 6 --backfill=4 --tamper delete-digest:h=3,backfill=1
	judge u
	[[ $(ids alert) == *digest-missing* ]]
	same "$(deeds removed u)" "$(concerns digest-missing)"
}

@test "backfill digests deleted: their late logs stand alone" {
	mk one --hours 6 --backfill=3 --tamper delete-newest:backfill=1
	judge one
	expect 1 "8 verified" "7 verified, 1 unreferenced" "chain-start*2 log-unreferenced"
	mk all --hours 6 --backfill=3 --tamper delete-all-digests:backfill=1
	judge all
	expect 1 "6 verified" "5 verified, 3 unreferenced" "chain-start log-unreferenced*3"
}

# ---- Copies

@test "objects under other names and in other folders are found and labelled" {
	mk log --hours 6 --tamper relocate:h=3
	judge log
	expect 0 "6 verified" "5 verified" "chain-start log-relocated"
	same "$(log 3)" "$(concerns log-relocated)"
	mk digest --hours 6 --tamper relocate:h=3,which=digest
	judge digest
	expect 0 "6 verified" "5 verified" "chain-start digest-relocated"
	same "$(digest 3)" "$(concerns digest-relocated)"
	mk renamed --hours 6 --tamper rename:h=3
	judge renamed
	expect 0 "6 verified" "5 verified" "chain-start log-relocated"
	mk renamed-digest --hours 6 --tamper rename:h=3,which=digest
	judge renamed-digest
	expect 0 "6 verified" "5 verified" "chain-start digest-relocated"
}

@test "all objects in one folder" {
	mk t --hours 6
	mkdir flat
	find t/bucket -type f -exec mv {} flat \;
	look -k t/keys.json -m t/metadata.jsonl flat
	same 0 "$status"
	same "6 verified" "$(digests)"
	same "5 verified" "$(logs)"
}

@test "objects named by nothing but a number" {
	local f n=0
	mk t --hours 6 --metadata heads
	mkdir numbered
	find t/bucket -type f | sort | while read -r f; do mv "$f" numbered/$((++n)); done
	look -k t/keys.json numbered
	same 3 "$status"
	same "5 verified, 1 unsigned" "$(digests)"
	same "4 verified, 1 unproven" "$(logs)"
}

@test "names in lower case, and names with odd characters replaced" {
	mk t --hours 6 --tamper case-fold
	judge t
	same 0 "$status"
	same "6 verified" "$(digests)"
	same "5 verified" "$(logs)"
	mk u --hours 6 --prefix 'a:b' --tamper sanitise-names
	judge u
	same 0 "$status"
	same "6 verified" "$(digests)"
	same "5 verified" "$(logs)"
}

@test "objects that are stored inflated" {
	mk log --hours 6 --tamper stored-inflated:h=3
	judge log
	expect 0 "6 verified" "5 verified" "chain-start log-stored-inflated"
	same "$(log 3)" "$(concerns log-stored-inflated)"
	mk json --hours 6 --tamper stored-inflated:h=3,name=json
	judge json
	same 0 "$status"
	same "5 verified" "$(logs)"
	mk digest --hours 6 --tamper stored-inflated:h=3,which=digest
	judge digest
	same 0 "$status"
	same "6 verified" "$(digests)"
	mk all --hours 6 --tamper stored-inflated:all=1
	judge all
	same 0 "$status"
	same "6 verified" "$(digests)"
	same "5 verified" "$(logs)"
	same "11" "$(concerns log-stored-inflated | wc -l)"
}

@test "an inflated copy beside the object" {
	mk t --hours 6
	gzip -dk "$(path "$(log 3)" t)" "$(path "$(digest 3)" t)"
	judge t
	same 0 "$status"
	no_alert
}

@test "the same evidence twice, and a second copy that differs" {
	mk t --hours 6
	cp -r t/bucket again
	look -k t/keys.json -m t/metadata.jsonl t/bucket again
	same 0 "$status"
	same "5 verified" "$(logs | grep -o '^[0-9]* verified' | sed 's/10/5/')"
	mk u --hours 6 --tamper modify-log:h=3
	look -k t/keys.json -m t/metadata.jsonl t/bucket u/bucket
	same 1 "$status"
	same "log-modified" "$(ids alert)"
	mk v --hours 6 --tamper modify-digest:h=3,what=previous
	look -k t/keys.json -m t/metadata.jsonl t/bucket v/bucket
	same 1 "$status"
}

@test "a log in the place of another" {
	local a b
	mk t --hours 6
	a=$(path "$(log 2)" t)
	b=$(path "$(log 3)" t)
	cp "$a" "$b"
	judge t
	same 1 "$status"
	[[ $(ids alert) =~ ^log-(modified|missing)$ ]]
	[ "$(state "$(log 3)")" != verified ]
}

# ---- CloudTrail Lake

@test "a CloudTrail Lake export: what is signed and what is not" {
	mk t --hours 2 --lake=3
	judge t
	expect 3 "2 verified" "1 verified" "chain-start lake-name-unsigned"
	same "verified 3" "$(json '.lake[] | "\(.status) \(.files)"')"
	[[ $(json '.lake[].object') == */CloudTrail-Lake/Query/*/result_sign.json ]]
}

@test "a Lake export that was altered, is incomplete, or whose signature is wrong" {
	local kind
	for kind in lake-alter:n=2 lake-missing lake-signature; do
		mk "$kind" --hours 2 --lake=3 --tamper "$kind"
		judge "$kind"
		same 1 "$status"
		[ "$(json '.lake[0].status')" != verified ]
		same "2 verified" "$(digests)"
	done
}

@test "a Lake export without its key, or with names that were swapped or leave the folder" {
	mk t --hours 2 --lake=3
	look t/bucket
	same 3 "$status"
	[ "$(json '.lake[0].status')" != verified ]
	mk swap --hours 2 --lake=3 --tamper lake-swap
	judge swap
	[ "$status" -ne 0 ]
	mk name --hours 2 --lake=3 --tamper lake-name
	judge name
	[ "$status" -ne 0 ]
	[ "$(json '.lake[0].status')" != verified ]
}

@test "very many logs of one name take no more time for each" {
	mk t --hours 2
	local name i
	name=$(basename "$(path "$(log 1)" t)")
	seq -f 'e/%g' 20000 | xargs mkdir -p
	for ((i = 1; i <= 20000; i++)); do
		printf '{"Records":[],"n":%d}' $i >e/$i/"$name"
	done
	tar cf e.tar t/bucket e
	run timeout 20 "$B/trail-verify" -q -f json -k t/keys.json -o v.json e.tar
	same 1 "$status"
	same 20000 "$(json '[.findings[] | select(.id == "log-modified")] | length' v.json)"
}

@test "very many logs of one name, each listed, take no more time for each" {
	local root=AWSLogs/111122223333 name=111122223333_CloudTrail_us-east-1_20240301T00 sum since
	mkdir -p b/$root/CloudTrail/us-east-1/2024/03/01 b/$root/CloudTrail-Digest/us-east-1/2024/03/01
	echo '{"Records":[]}' | tee b/$root/CloudTrail/us-east-1/2024/03/01/"$name"{05Z_AAAAAAAAAAAAAAAA,10Z_BBBBBBBBBBBBBBBB}.json.gz | sha256sum >sum
	sum=$(cut -c -64 sum)
	# One content under all keys of the first name, and under those of the second others than are listed.
	jq -n --arg root $root --arg name $name --arg sum "${sum%% *}" '{awsAccountId: "111122223333", digestStartTime: "2024-03-01T00:00:00Z",
	    digestEndTime: "2024-03-01T01:00:00Z", digestS3Bucket: "b", digestS3Object: ($root + "/CloudTrail-Digest/us-east-1/2024/03/01/"
	    + "111122223333_CloudTrail-Digest_us-east-1_t_us-east-1_20240301T010000Z.json.gz"), digestPublicKeyFingerprint: ("0" * 32),
	    digestSignatureAlgorithm: "SHA256withRSA", newestEventTime: null, oldestEventTime: null, previousDigestS3Bucket: null,
	    previousDigestS3Object: null, previousDigestHashValue: null, previousDigestHashAlgorithm: null, previousDigestSignature: null,
	    logFiles: [range(1; 20001) as $i | ["05Z_AAAAAAAAAAAAAAAA", $sum], ["10Z_BBBBBBBBBBBBBBBB", "0" * 64]
	    | {s3Bucket: "b", s3Object: "\($root)/CloudTrail/us-east-1/2024/03/01/\($i)/\($name)\(.[0]).json.gz", hashValue: .[1],
	    hashAlgorithm: "SHA-256", newestEventTime: "2024-03-01T00:10:00Z", oldestEventTime: "2024-03-01T00:05:00Z"}]}' \
	    >b/$root/CloudTrail-Digest/us-east-1/2024/03/01/111122223333_CloudTrail-Digest_us-east-1_t_us-east-1_20240301T010000Z.json.gz
	yes "$(find b -name '*_CloudTrail_*')" | head -40000 >files
	tar cf b.tar --hard-dereference -T files b/$root/CloudTrail-Digest
	run timeout 20 "$B/trail-verify" -q -f json -o v.json b.tar
	same 1 "$status"
	same "20000 20000 0" "$(json '.summary.logs | "\(.unproven) \(.modified) \(.missing)"' v.json)"
	# Nor where the digest is not of the time that was asked for, nor the logs.
	for since in 2024-03-01T01:05:00Z 2024-03-05; do
		run timeout 20 "$B/trail-verify" -q -f json --since $since -o v.json b.tar
		same 3 "$status"
	done
}

@test "a Lake export of very many files, listed very often, takes no more time for each" {
	local folder=e/AWSLogs/111122223333/CloudTrail-Lake/Query/2024/03/01/efbca198-cfa2-4408-b7a5-44d1f4e6752c i sum
	mkdir -p $folder
	for ((i = 10000; i < 20000; i++)); do
		: >$folder/result_$i.csv.gz
	done
	sum=$(sha256sum <$folder/result_19999.csv.gz | cut -c -64)
	awk -v sum="$sum" 'BEGIN {
	    printf "{\"version\":\"1.0\",\"region\":\"us-east-1\",\"files\":["
	    for (i = 0; i < 300000; i++)
		    printf "%s{\"fileHashValue\":\"%s\",\"fileName\":\"result_19999.csv.gz\"}", i ? "," : "", sum
	    printf "],\"hashAlgorithm\":\"SHA-256\",\"signatureAlgorithm\":\"SHA256withRSA\",\"queryCompleteTime\":\"2024-03-01T02:20:34Z\","
	    printf "\"hashSignature\":\"a7\",\"publicKeyFingerprint\":\"%032d\"}\n", 0}' >$folder/result_sign.json
	exits 3 timeout 30 "$B/trail-verify" -q -f json -o v.json e
	same "unsigned 300000" "$(json '.lake[] | "\(.status) \(.files)"' v.json)"
	same "9999" "$(json '[.findings[] | select(.id == "log-undigested")] | length' v.json)"
}

@test "of very many files of one name in a Lake export the first counts, however many threads there are" {
	local j
	mk t --hours 2 --lake=3
	python3 - <<-'END'
		import glob, io, os, tarfile
		out = tarfile.open('e.tar', 'w')
		def add(name, content):
		    entry = tarfile.TarInfo(name)
		    entry.size = len(content)
		    out.addfile(entry, io.BytesIO(content))
		files = sorted(glob.glob(os.path.dirname(glob.glob('t/bucket/**/result_sign.json', recursive=True)[0]) + '/*'))
		for file in files:
		    add(file[len('t/bucket/'):], open(file, 'rb').read())
		for i in range(12000):
		    add(files[0][len('t/bucket/'):], b'%d' % i)
		out.close()
	END
	for j in 1 2 8 8 8; do
		exits 3 timeout 30 "$B/trail-verify" -q -j $j -f json -k t/keys.json -o v.json e.tar
		same "verified 12000" "$(json '"\(.lake[].status) \([.findings[] | select(.id == "log-undigested")] | length)"' v.json)"
	done
}

# ---- Many

@test "a tree of 100,000 files" {
	skip_under_wrap
	mk t --hours 200 --logs 101 --events 1 --regions us-east-1,eu-west-1,us-west-2,ap-south-1,eu-north-1 --level 1 --threads 2 \
	    --tamper modify-log:h=100,r=2,l=50 --tamper delete-log:h=150,r=3,l=7 --tamper forge-log:h=40,r=1
	[ "$(find t/bucket -type f | wc -l)" -ge 100000 ]
	run --separate-stderr trail verify -f json -k t/keys.json -m t/metadata.jsonl t/bucket
	same 1 "$status"
	same "log-missing log-modified log-unreferenced" "$(ids alert)"
	same "$(deeds changed t)" "$(concerns log-modified)"
	same "$(deeds removed t)" "$(concerns log-missing)"
	same "$(deeds added t)" "$(concerns log-unreferenced)"
	rm -r t
}
