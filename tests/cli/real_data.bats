#!/usr/bin/env bats
# trail-verify on real material.  None of it comes with its keys, so that nothing of it can be verified; it is
# read all the same, and breaks nothing.

load helper

# look OPTION...: a result, of which nothing is verified.
look() {
	run --separate-stderr trail verify -f json -v "$@"
	same "" "$stderr"
	[[ $status =~ ^[13]$ ]] || fail "exit status $status"
	same "0 0" "$(json '"\(.summary.digests.verified) \(.summary.logs.verified)"')"
	[ "$(json .verdict)" != verified ]
}

@test "a digest as delivered in 2023 is read as one, and proved by nothing" {
	skip_without_shared real-digest
	local file options
	file=$(echo "$SHARED_DATA"/real-digest/*.json)
	for options in "" "-k $SHARED_DATA/aws-public-keys/list-public-keys.json"; do
		# shellcheck disable=SC2086
		look $options "$file"
		same "327878933619 ap-northeast-1 llm-guard-trail us-west-2 standard" \
		    "$(json '.chains[] | "\(.account) \(.region) \(.trail) \(.home_region) \(.kind)"')"
		same "2023-10-15T22:04:04Z 2023-10-15T23:04:04Z 5" "$(json '.chains[] | "\(.first) \(.last) \(.logs)"')"
		same "unsigned" "$(json '.digests[].status')"
		same "5" "$(json .summary.logs.missing)"
		same "log-missing 5" "$(alerts)"
		same "$(jq -r '.logFiles[].hashValue' "$file" | sort)" "$(json '.findings[] | select(.id == "log-missing").expected.sha256' | sort)"
		same "$(jq -r .previousDigestHashValue "$file")" "$(json '.findings[] | select(.id == "chain-head-cut").expected.sha256')"
		[[ $(findings) =~ (digest-unsigned|key-unknown)\ 1 ]]
	done
}

@test "the same digest under its own key and compressed: one of a copy that was cut" {
	skip_without_shared real-digest
	local file key
	file=$(echo "$SHARED_DATA"/real-digest/*.json)
	key=$(jq -r .digestS3Object "$file")
	mkdir -p "b/${key%/*}"
	gzip <"$file" >"b/$key"
	look b
	same "s3://llm-guard-trail/$key" "$(json '.digests[].object')"
	same "" "$(findings | grep -E 'relocated|inflated|malformed|scope' || :)"
	# With its slashes unescaped it has another hash, which nothing records here.
	gzip -dc "b/$key" | sed 's,\\/,/,g' | gzip >x
	mv x "b/$key"
	look b
	same "unsigned" "$(json '.digests[].status')"
}

@test "a successor that names the real digest holds it by its hash" {
	skip_without_shared real-digest
	local file key next
	file=$(echo "$SHARED_DATA"/real-digest/*.json)
	key=$(jq -r .digestS3Object "$file")
	next=${key/T230404Z/T000404Z}
	next=${next/20231015T/20231016T}
	next=${next/10\/15/10\/16}
	mkdir -p "b/${key%/*}" "b/${next%/*}"
	gzip <"$file" >"b/$key"
	jq -c --arg key "$key" --arg next "$next" --arg hash "$(sha256sum <"$file" | cut -c -64)" '.previousDigestS3Object = $key
	    | .previousDigestHashValue = $hash | .digestS3Object = $next | .digestStartTime = .digestEndTime
	    | .digestEndTime = "2023-10-16T00:04:04Z" | .logFiles = []' "$file" | gzip >"b/$next"
	look b
	same "linked unsigned" "$(json '[.digests[].status] | join(" ")')"
	jq -c . "$file" | gzip >"b/$key"
	look b
	same "1" "$(json '[.findings[] | select(.id == "digest-hash-mismatch" and .severity == "warning")] | length')"
}

@test "55 logs of a simulated attack whose names say another account than their records" {
	skip_without_shared invictus-stratus-logs
	look "$SHARED_DATA"/invictus-stratus-logs/*.json
	same 1 "$status"
	same "log-scope-mismatch 55" "$(alerts)"
	same "55" "$(json .summary.logs.undigested)"
	same "0" "$(json '.skipped | length')"
	same "$(cat "$SHARED_DATA"/invictus-stratus-logs/*.json | wc -c)" "$(json .summary.bytes)"
	# Under names that agree with them nothing speaks against them, and nothing for them.
	local f
	mkdir b
	for f in "$SHARED_DATA"/invictus-stratus-logs/*.json; do
		gzip <"$f" >"b/123837392027${f##*/218007301253}.gz"
	done
	look b
	same 3 "$status"
	same "log-undigested 55
log-unproven 1" "$(findings)"
}

@test "all versions of events, bare arrays, a busy minute" {
	skip_without_shared event-versions
	look "$SHARED_DATA"/event-versions/AWSLogs "$SHARED_DATA"/event-versions/examples
	same 3 "$status"
	same "" "$(alerts)"
	same "21" "$(json .summary.logs.undigested)"
	same "0" "$(json '.skipped | length')"
	look "$SHARED_DATA"/stratus-detonations/*.json
	same 3 "$status"
	same "35" "$(json .summary.logs.undigested)"
	look "$SHARED_DATA"/busy-minute/*.json
	same 3 "$status"
	same "1" "$(json .summary.logs.undigested)"
}

@test "containers without signatures are named as such" {
	skip_without_shared lookup-events
	local f
	for f in "$SHARED_DATA"/lookup-events/*.json* "$SHARED_DATA"/eventbridge/*.json; do
		look "$f"
		same 3 "$status"
		same "1" "$(json '(.skipped | length) + .summary.logs.undigested')"
		same "" "$(alerts)"
	done
}

@test "JSON in which a comma is missing" {
	skip_without_shared damaged-json
	look "$SHARED_DATA"/damaged-json/samples-large.json
	same 1 "$status"
	same "log-malformed 1" "$(alerts)"
	look "$SHARED_DATA"/damaged-json
	same "log-malformed 1" "$(alerts)"
}

@test "everything at once, in a folder and as a tar, gives one result for any number of threads" {
	skip_without_shared invictus-stratus-logs
	local j
	run trail verify -f json --reproducible -v -j 1 "$SHARED_DATA"
	[[ $status =~ ^[13]$ ]]
	printf '%s\n' "$output" >want
	for j in 2 8; do
		trail verify -f json --reproducible -v -j $j "$SHARED_DATA" >have || :
		cmp want have
	done
	tar -C "$SHARED_DATA" -cf all.tar .
	trail verify -f json --reproducible -j 2 all.tar >tar.json || :
	same "$(jq -c '.summary | [.digests, .logs, .bytes]' want)" "$(jq -c '.summary | [.digests, .logs, .bytes]' tar.json)"
	trail verify -v "$SHARED_DATA" >text || :
	[ -s text ]
}

@test "the published keys are read as what they are" {
	skip_without_shared aws-public-keys
	local key
	mk t --hours 1
	look -k "$SHARED_DATA/aws-public-keys/list-public-keys.json" t/bucket
	same "31e8b5433410dfb61a9dc45cc65b22ff 7f3f401420072e50a65a141430817ab3 8933b39ddc64d26d8e14ffbf6566fee4 8eba5db5bea9b640d1c96a77256fe7f2" \
	    "$(json '[.anchors[].keys[].fingerprint] | sort | join(" ")')"
	same "2048 false" "$(json '[.anchors[].keys[] | "\(.bits) \(.used)"] | unique | join(" ")')"
	same "" "$(findings | grep fingerprint || :)"
	for key in "$SHARED_DATA"/aws-public-keys/*.der "$SHARED_DATA"/aws-public-keys/*.pem; do
		look -k "$key" t/bucket
		same "1 2048" "$(json '.anchors[] | "\(.keys | length) \(.keys[0].bits)"')"
	done
}
