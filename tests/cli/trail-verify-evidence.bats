#!/usr/bin/env bats
# trail-verify: where evidence comes from.  The same objects give the same result in every container and
# however the copy is rooted; what is hostile or cannot be read is named, and stops nothing.

load helper

setup_file() {
	load helper
	cd "$BATS_FILE_TMPDIR" || return
	mk t --hours 6 --regions us-east-1,eu-west-1 --logs 2 --insight --backfill --lake --rotate-hours 4 \
	    --tamper modify-log:h=1 --tamper forge-log:h=2 --tamper delete-digest:h=3,r=1 --tamper trailing-digest:h=2,r=1 \
	    --tamper stored-inflated:h=4 --tamper delete-log:h=4,l=1
	mk clean --hours 3
	trail verify -f json --reproducible -v -k t/keys.json -m t/metadata.jsonl t/bucket >t.json || [ $? -eq 1 ]
	plain t.json >want
	(cd t/bucket && find AWSLogs -type f | sort -R --random-source=../keys.json) >shuffled
}

ev() {
	echo "$BATS_FILE_TMPDIR/$1"
}

# plain [FILE]: a JSON result without what says where in the evidence something lies.
plain() {
	jq -S 'del(.skipped[]?.locator, .anchors[].file) | walk(if type == "object" then del(.locator) else . end)
	    | .findings[].message |= gsub("[^ ]*AWSLogs/"; "AWSLogs/")' "$@"
}

# equal OPERAND...: the same result as of the folder.
equal() {
	exits 1 trail verify -f json --reproducible -v -k "$(ev t/keys.json)" -m "$(ev t/metadata.jsonl)" "$@"
	same "" "$stderr"
	diff "$(ev want)" <(plain <<<"$output")
}

# limited COMMAND...: a command that must not hang.
limited() {
	timeout $((${#TRAIL_WRAP} > 0 ? 600 : 60)) "$@"
}

# clean STATUS OPERAND...: what is said of a small genuine set, to which something was added.
clean() {
	# shellcheck disable=SC2086 # a command with its options
	exits "$1" limited ${TRAIL_WRAP-} "$B/trail-verify" -f json -k "$(ev clean/keys.json)" -m "$(ev clean/metadata.jsonl)" "${@:2}"
}

# hostile_free FILE...: no byte that a terminal would obey, and valid UTF-8.
hostile_free() {
	local f bad
	for f; do
		iconv -f UTF-8 -t UTF-8 "$f" >/dev/null || fail "$f is not UTF-8"
		bad=$(LC_ALL=C grep -anP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xd8\x9c|\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xa9]' "$f" |
			cat -v | head -n 5)
		[ -z "$bad" ] || fail "$f has raw $bad"
	done
}

# ---- Folders

@test "a copy rooted at every level, as the operand and as the current folder" {
	local at
	mkdir -p above/it
	cp -r "$(ev t/bucket)" above/it/example-trail-logs
	for at in above above/it above/it/example-trail-logs; do
		equal "$at"
		equal "$at/"
		equal "$PWD/$at"
		cd "$at"
		equal .
		cd "$OLDPWD"
	done
	equal above/it/example-trail-logs/AWSLogs
	cd above/it/example-trail-logs
	equal AWSLogs
	equal ./AWSLogs
}

@test "a copy rooted below AWSLogs, by a path that has it" {
	local account=t/bucket/AWSLogs/111122223333
	equal "$(ev $account)"
	equal "$(ev $account)"/*
	equal "$(ev $account)"/CloudTrail-Lake "$(ev $account)"/CloudTrail/* "$(ev $account)"/CloudTrail-Digest/* \
	    "$(ev $account)"/CloudTrail-Insight/*
}

# below FOLDER OPERAND...: what is said inside that folder of the set, whose path is not told.
below() {
	cd "$(ev t/bucket)/$1" || return
	exits 1 trail verify -f json --reproducible -v -k "$(ev t/keys.json)" -m "$(ev t/metadata.jsonl)" "${@:2}"
}

@test "a copy rooted at AWSLogs or below, by a path that does not tell: the same is proved" {
	local at
	for at in AWSLogs AWSLogs/111122223333; do
		below $at .
		same "$(json .summary "$(ev t.json)")" "$(json .summary)"
		same "$(alerts "$(ev t.json)")" "$(alerts)"
	done
	below AWSLogs/111122223333 CloudTrail CloudTrail-Digest CloudTrail-Insight CloudTrail-Lake
	same "$(json .summary "$(ev t.json)")" "$(json .summary)"
	same "$(alerts "$(ev t.json)")" "$(alerts)"
}

@test "a copy rooted at AWSLogs or below, by a path that does not tell: the names are whole" {
	local at objects='.digests[], .logs[], .findings[] | .object // empty | select(contains("/CloudTrail-Lake/") | not)'
	for at in AWSLogs AWSLogs/111122223333; do
		below $at .
		same "" "$(json "$objects" | grep -F /./ || :)"
		same "$(json "$objects" "$(ev t.json)" | sort -u)" "$(json "$objects" | sort -u)"
	done
}

@test "several roots, in any order, side by side and one a file" {
	local file d=AWSLogs/111122223333
	mkdir one two
	cp -r "$(ev t/bucket)/." one
	mkdir -p two/$d/CloudTrail-Digest
	mv one/$d/CloudTrail two/$d
	mv one/$d/CloudTrail-Digest/eu-west-1 two/$d/CloudTrail-Digest
	equal one two
	equal two one
	file=$(find two -name '*.gz' | sort | tail -n 1)
	mkdir three
	mkdir -p "three/${file#two/}"
	rmdir "three/${file#two/}"
	mv "$file" "three/${file#two/}"
	equal "three/${file#two/}" two one
}

@test "an operand that is a symbolic link is followed, one inside is not" {
	ln -s "$(ev t/bucket)" link
	equal link
	cp -r "$(ev clean/bucket)" b
	ln -s "$(ev t/bucket)" b/dir
	ln -s ../../etc/passwd b/file
	ln -s loop b/loop
	ln -s . b/self
	ln -s nowhere b/dangling
	clean 3 b
	same "5 evidence-unreadable" "$(json '[.findings[] | select(.severity != "notice").id] | group_by(.)[] | "\(length) \(.[0])"')"
	same "b/dangling b/dir b/file b/loop b/self" "$(json '[.skipped[].locator] | sort | join(" ")')"
	same "verified" "$(json '.summary.digests | select(.verified == 3) | "verified"')"
	lacks_etc
}

lacks_etc() {
	[[ $output != *root:* ]] || fail "a link was followed"
}

@test "a log that is a symbolic link was not read" {
	mk s --hours 4 --tamper symlink:h=2
	run --separate-stderr trail verify -f json -v -k s/keys.json -m s/metadata.jsonl s/bucket
	[[ $status =~ ^[13]$ ]]
	same "1" "$(json '.skipped | length')"
	same "2" "$(json .summary.logs.verified)"
	[[ $(findings) == *"evidence-unreadable 1"* ]]
}

@test "pipes, sockets and devices are skipped, and nobody waits for them" {
	cp -r "$(ev clean/bucket)" b
	mkfifo b/pipe b/AWSLogs/111122223333_CloudTrail_us-east-1_20240301T0000Z_0123456789abcdef.json.gz
	perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => "b/socket", Listen => 1) or die'
	local n=3
	if mknod b/null c 1 3 2>/dev/null && mknod b/zero c 1 5 2>/dev/null; then
		n=5
	fi
	clean 3 b
	same "$n" "$(json '.skipped | length')"
	same "$n" "$(json '[.findings[] | select(.id == "evidence-unreadable")] | length')"
	same "2" "$(json .summary.logs.verified)"
	same "" "$(json '.skipped[] | select((.reason | length) == 0).locator')"
}

@test "what cannot be read is told once, however often the evidence is gone through" {
	mk f --hours 6 --tamper forge-log:h=3
	mkfifo f/bucket/AWSLogs/pipe
	ln -s /etc/passwd f/bucket/AWSLogs/link.json
	ln -s /etc/passwd f/bucket/AWSLogs/111122223333_CloudTrail_us-east-1_20240301T0000Z_0123456789abcdef.json.gz
	tar -cf f.tar -C f/bucket AWSLogs
	for e in f/bucket f.tar; do
		exits 1 trail verify -f json -k f/keys.json -m f/metadata.jsonl $e
		[[ $(alerts) == *"log-unreferenced 1"* ]] || fail "no second look"
		same "3" "$(json '[.findings[] | select(.id == "evidence-unreadable").locator] | length')"
		same "3" "$(json '.skipped | length')"
	done
}

@test "files and folders that may not be read" {
	local drop=
	mk s --hours 6 --tamper unreadable:h=3 --tamper unreadable:h=-1,which=digest
	mkdir s/bucket/closed
	chmod 0 s/bucket/closed
	if [ "$(id -u)" -eq 0 ]; then
		drop="setpriv --bounding-set=-dac_override,-dac_read_search"
		# shellcheck disable=SC2086
		! $drop cat s/bucket/closed/x 2>&1 | grep -q 'Permission denied' && skip "root reads everything here"
	fi
	# shellcheck disable=SC2086
	run --separate-stderr $drop ${TRAIL_WRAP-} "$B/trail-verify" -f json -k s/keys.json -m s/metadata.jsonl s/bucket
	chmod 700 s/bucket/closed
	same 3 "$status"
	same "3" "$(json '.skipped | length')"
	same "3" "$(json '[.findings[] | select(.id == "evidence-unreadable")] | length')"
	same "" "$(alerts)"
	# Digest 5 is not read; 4 is proved by its own metadata all the same.
	same "5" "$(json .summary.digests.verified)"
	same "3" "$(json .summary.logs.verified)"
}

@test "nothing below a folder that is given as evidence is changed" {
	local before after
	before=$(cd "$(ev t/bucket)" && find . -printf '%p %s %T@ %C@ %m\n' | sort)
	trail verify -v -k "$(ev t/keys.json)" "$(ev t/bucket)" >/dev/null || :
	trail verify -f json -k "$(ev t/keys.json)" "$(ev t/bucket)" >/dev/null || :
	after=$(cd "$(ev t/bucket)" && find . -printf '%p %s %T@ %C@ %m\n' | sort)
	same "$before" "$after"
}

# ---- Archives

# shuffled_tar FILE OPTION...: a tar of the set, its members in no order.
shuffled_tar() {
	tar -C "$(ev t/bucket)" -cf "$1" --no-recursion -T "$(ev shuffled)" "${@:2}"
}

@test "tar, plain and with every compression" {
	shuffled_tar t.tar
	equal t.tar
	gzip -k t.tar
	bzip2 -k t.tar
	xz -k t.tar
	zstd -q t.tar
	equal t.tar.gz
	equal t.tar.bz2
	equal t.tar.xz
	equal t.tar.zst
	tar -C "$(ev t)" --format=pax -cf pax.tar ./bucket
	equal pax.tar
	tar -C "$(ev t)" --format=gnu -cf gnu.tar bucket
	equal gnu.tar
	# Found by content, not by name.
	cp t.tar.xz evidence.bin
	equal evidence.bin
}

@test "zip and 7z" {
	(cd "$(ev t)" && zip -qr "$BATS_TEST_TMPDIR/t.zip" bucket)
	equal t.zip
	(cd "$(ev t)" && 7z a -bd "$BATS_TEST_TMPDIR/t.7z" bucket >/dev/null)
	equal t.7z
}

@test "standard input: tar, compressed tar, zip and 7z" {
	local archive
	shuffled_tar t.tar
	xz -k t.tar
	(cd "$(ev t)" && zip -qr "$BATS_TEST_TMPDIR/t.zip" bucket && 7z a -bd "$BATS_TEST_TMPDIR/t.7z" bucket >/dev/null)
	mkdir tmp
	for archive in t.tar t.tar.xz t.zip t.7z; do
		equal --tmpdir tmp - <"$archive"
		run --separate-stderr bash -c 'cat "$1" | (shift; "$@")' - "$archive" ${TRAIL_WRAP-} "$B/trail-verify" -f json \
		    --reproducible -v -k "$(ev t/keys.json)" -m "$(ev t/metadata.jsonl)" --tmpdir tmp -
		same 1 "$status"
		diff "$(ev want)" <(plain <<<"$output")
		same "" "$(ls -A tmp)"
	done
}

@test "parts of the evidence in different containers" {
	local d=AWSLogs/111122223333
	tar -C "$(ev t/bucket)" -cf digests.tar $d/CloudTrail-Digest
	(cd "$(ev t/bucket)" && zip -qr "$BATS_TEST_TMPDIR/rest.zip" $d/CloudTrail-Insight $d/CloudTrail-Lake)
	equal rest.zip digests.tar "$(ev t/bucket/$d/CloudTrail)"
	equal rest.zip - "$(ev t/bucket/$d/CloudTrail)" <digests.tar
}

@test "a single object: a digest and a log, as a file and on standard input" {
	local digest log f
	digest=$(find "$(ev clean/bucket)" -name '*CloudTrail-Digest*T010131Z.json.gz')
	log=$(find "$(ev clean/bucket)" -path '*/CloudTrail/*' -name '*.gz' | sort | head -n 1)
	grep T010131Z "$(ev clean/metadata.jsonl)" >meta.jsonl
	exits 0 trail verify -f json -k "$(ev clean/keys.json)" -m meta.jsonl "$digest"
	same "1 0" "$(json '"\(.summary.digests.verified) \(.summary.logs.verified)"')"
	exits 0 trail verify -k "$(ev clean/keys.json)" -m meta.jsonl - <"$digest"
	exits 3 trail verify -f json -k "$(ev clean/keys.json)" - <"$digest"
	same "1" "$(json .summary.digests.unsigned)"
	clean 3 "$log"
	same "1" "$(json .summary.logs.undigested)"
	gzip -dc "$log" >a.json
	jq -c '.Records[]' a.json >a.jsonl
	jq -c .Records a.json >array.json
	for f in a.json a.jsonl array.json; do
		exits 3 trail verify -f json "$f"
		same "0" "$(json '.skipped | length')"
		same "" "$(alerts)"
		exits 3 trail verify -f json - <"$f"
		same "0" "$(json '.skipped | length')"
	done
}

@test "a name in an archive that leaves it is a name and no more" {
	mkdir -p deep/er
	touch outside
	cp -r "$(ev clean/bucket)/AWSLogs" deep/er
	(cd deep/er && tar -cPf ../../t.tar ../../outside /dev/null AWSLogs)
	clean 3 t.tar
	same "2" "$(json .summary.logs.verified)"
	[ ! -s outside ]
}

@test "links, devices and pipes in a tar" {
	mkdir b
	cp -r "$(ev clean/bucket)/." b
	ln -s /etc/passwd b/link
	mkfifo b/pipe
	tar -C b -cf t.tar .
	clean 3 t.tar
	same "2" "$(json '.skipped | length')"
	same "2" "$(json .summary.logs.verified)"
	lacks_etc
}

@test "an archive inside a folder or an archive is named, not opened" {
	mkdir b
	cp -r "$(ev clean/bucket)/." b
	tar -C "$(ev t)" -cf b/inner.tar bucket
	(cd "$(ev t)" && zip -qr "$BATS_TEST_TMPDIR/b/inner.zip" bucket)
	clean 3 b
	same "b/inner.tar b/inner.zip" "$(json '[.skipped[].locator] | sort | join(" ")')"
	same "3" "$(json .summary.digests.verified)"
	tar -C b -cf outer.tar .
	clean 3 outer.tar
	same "2" "$(json '.skipped | length')"
	same "3" "$(json .summary.digests.verified)"
}

# ---- What is not evidence

@test "an empty folder, and one without a digest" {
	mkdir -p empty/AWSLogs/111122223333/CloudTrail
	clean 3 empty
	same "inconclusive 0 0" "$(json '"\(.verdict) \(.summary.objects) \(.chains | length)"')"
	: >empty/AWSLogs/111122223333/CloudTrail/us-east-1
	clean 3 empty
	cp -r "$(ev clean/bucket)" b
	rm -r b/AWSLogs/111122223333/CloudTrail-Digest
	clean 3 b
	same "2" "$(json .summary.logs.undigested)"
	[[ $(findings) == *"log-unproven 1"* ]]
}

@test "garbage: counted, named, and no reason to stop" {
	local n
	mkdir b
	cp -r "$(ev clean/bucket)/." b
	head -c 5000 "$B/trail-verify" >b/program
	printf '\x1f\x8b' >b/two-bytes.json.gz
	printf '\x1f\x8b\x08\x00garbage' >b/header.json.gz
	head -c 3000 "$(ev t/bucket)/$(head -n 1 "$(ev shuffled)")" | tail -c 2000 >b/middle.json.gz
	echo '{"Records":' >b/cut.json
	echo 'not json' >b/text.json
	printf 'a,b\n1,2\n' >b/table.csv
	echo '{"hello": "world"}' >b/other.json
	echo '[1, 2, {"a": null}]' >b/array.json
	echo null >b/null.json
	head -c 100000 /dev/zero >b/zeros
	n=$(find b -maxdepth 1 -type f | wc -l)
	run --separate-stderr trail verify -f json -v -k "$(ev clean/keys.json)" -m "$(ev clean/metadata.jsonl)" b
	[[ $status =~ ^[13]$ ]] || fail "exit status $status"
	same "3 2" "$(json '"\(.summary.digests.verified) \(.summary.logs.verified)"')"
	# Each is accounted for: skipped, ignored or a malformed log.
	same "$n" "$(json '[.skipped[].locator] + [.findings[] | select(.id == "log-malformed" or .id == "log-undigested"
	    or .id == "digest-malformed").locator] | unique | length + '"$(json .summary.ignored)")"
	trail verify -v b >text || :
	hostile_free text
}

@test "the output of other sources proves nothing and breaks nothing" {
	local records
	records=$(gzip -dc "$(find "$(ev clean/bucket)" -path '*/CloudTrail/*' -name '*.gz' | sort | head -n 1)")
	jq -c '{Events: [.Records[] | {EventId: .eventID, EventName: .eventName, CloudTrailEvent: tojson}]}' <<<"$records" >lookup.json
	jq -c '{messageType: "DATA_MESSAGE", owner: "111122223333", logGroup: "g", logStream: "s", subscriptionFilters: ["f"],
	    logEvents: [.Records[] | {id: "1", timestamp: 1, message: tojson}]}' <<<"$records" >cwl.json
	jq -c '.Records[] | {version: "0", "detail-type": "AWS API Call via CloudTrail", detail: .}' <<<"$records" >eventbridge.json
	printf 'Event time,Event name,Event ID\n2024-03-01T01:00:00Z,GetObject,1\n' >history.csv
	for f in lookup.json cwl.json eventbridge.json history.csv; do
		exits 3 trail verify -f json "$f"
		same "" "$(alerts)"
		exits 3 trail verify "$f"
	done
}

# ---- Hostile evidence

@test "hostile names never reach the output raw" {
	local evil=$'evil\n\e[31m\a\x7f\xff\xfe\xe2\x80\xaegz\xc2\x9b1m\t"\\'
	mkdir b
	cp -r "$(ev clean/bucket)/." b
	mkdir "b/$evil"
	echo text >"b/$evil/$evil"
	printf '\x1f\x8bxx' >"b/$evil/111122223333_CloudTrail_us-east-1_20240301T0000Z_$evil.json.gz"
	ln -s "$evil" "b/$evil/link"
	tar -C b -cf "$evil.tar" .
	local operand
	for operand in b "$evil.tar" "b/$evil"; do
		trail verify -f json -v "$operand" >out.json 2>err || :
		jq -e . out.json >/dev/null
		jq -r '.skipped | length' out.json | grep -qvx 0
		trail verify -v "$operand" >out.text 2>>err || :
		trail verify --color always -v "$operand" 2>>err | sed $'s/\e\\[[0-9;]*m//g' >out.color || :
		hostile_free out.json out.text out.color err
		[ -s out.text ]
	done
	exits 2 trail verify "$evil"
	printf '%s\n' "$stderr" >err
	hostile_free err
}

@test "hostile values in digests and logs never reach the output raw" {
	local digest=AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2024/03/01
	local evil='\u001b[2J\u0000\u202e\u009b\n\r\u2028\u007f'
	digest=$(cd "$(ev clean/bucket)" && echo $digest/*T030131Z.json.gz)
	mkdir b
	cp -r "$(ev clean/bucket)/." b
	gzip -dc "b/$digest" | jq -c '.digestS3Bucket = "'"$evil"'" | .previousDigestS3Object += "'"$evil"'"
	    | .previousDigestSignature = "'"$evil"'" | .digestPublicKeyFingerprint = "'"$evil"'"
	    | .logFiles += [{s3Bucket: "'"$evil"'", s3Object: "AWSLogs/111122223333/CloudTrail/us-east-1/'"$evil"'", hashValue: "'"$evil"'",
	      hashAlgorithm: "'"$evil"'", newestEventTime: "'"$evil"'", oldestEventTime: "'"$evil"'"}]
	    | .digestSignatureAlgorithm = "'"$evil"'"' | gzip >forged
	mv forged "b/$digest"
	jq -c '., (.key += "'"$evil"'"), (.bucket = "'"$evil"'"), (.metadata = {"signature": "'"$evil"'", "signature-algorithm": "'"$evil"'"})' \
	    "$(ev clean/metadata.jsonl)" >meta.jsonl
	run --separate-stderr trail verify -f json -v -k "$(ev clean/keys.json)" -m meta.jsonl b
	[[ $status =~ ^[13]$ ]] || fail "exit status $status"
	printf '%s\n' "$output" >out.json
	trail verify -v -k "$(ev clean/keys.json)" -m meta.jsonl b >out.text 2>err || :
	jq -e . out.json >/dev/null
	hostile_free out.json out.text err
}

@test "JSON nested without end" {
	local d
	mkdir b
	cp -r "$(ev clean/bucket)/." b
	d=b/AWSLogs/111122223333
	log=$(find $d/CloudTrail -name '*.gz' | sort | head -n 1)
	digest=$(find $d/CloudTrail-Digest -name '*.gz' | sort | tail -n 1)
	{
		printf '{"Records":['
		head -c 3000000 /dev/zero | tr '\0' '['
	} | gzip >bomb
	cp bomb "$log"
	{
		printf '{"awsAccountId":'
		yes '{"a":' | head -n 500000 | tr -d '\n'
	} | gzip >"$digest"
	clean 1 b
	[[ $(findings) == *"digest-malformed 1"* ]]
	same "1" "$(json .summary.digests.invalid)"
	same "1" "$(json '.summary.logs | .modified + .malformed')"
}

@test "JSON with names that occur twice, and with wrong types" {
	local digest good
	mkdir b
	cp -r "$(ev clean/bucket)/." b
	digest=$(find b -name '*CloudTrail-Digest*T020131Z.json.gz')
	good=$(gzip -dc "$digest")
	while read -r filter; do
		jq -c "$filter" <<<"$good" | gzip >"$digest"
		clean 1 b
		[[ $(alerts) =~ digest-(malformed|signature-invalid|scope-mismatch) ]] || fail "$filter"
		same "0" "$(json '[.findings[] | select(.id == "digest-missing")] | length')"
	done <<-'END'
		.logFiles = null
		.logFiles = {}
		.logFiles = ["x"]
		.logFiles[0].hashValue = 7
		.logFiles[0].s3Object = null
		.digestEndTime = 7
		.digestEndTime = "yesterday"
		.digestStartTime = "9999-99-99T99:99:99Z"
		.digestS3Object = []
		.previousDigestHashValue = "zz"
		.previousDigestSignature = "00"
		.awsAccountId = 111122223333
		del(.logFiles)
		del(.digestEndTime)
		[.]
		{a: .}
	END
	printf '%s' "${good%\}},\"digestEndTime\":\"2024-03-01T02:01:31Z\"}" | gzip >"$digest"
	clean 1 b
	[[ $(alerts) =~ digest-(malformed|signature-invalid) ]]
}

@test "gzip bombs: over the ratio, over --max-object, over --max-total" {
	local log n
	mkdir b
	cp -r "$(ev clean/bucket)/." b
	log=$(find b/AWSLogs/111122223333/CloudTrail -name '*.gz' | sort | head -n 1)
	{
		printf '{"Records":[{"eventName":"'
		head -c 150M /dev/zero | tr '\0' a
	} | gzip -9 >"$log"
	run --separate-stderr limited "$B/trail-verify" -f json -k "$(ev clean/keys.json)" -m "$(ev clean/metadata.jsonl)" b
	[[ $status =~ ^[13]$ ]] || fail "exit status $status"
	same "$log" "$(json '.skipped[].locator')"
	same "3" "$(json .summary.digests.verified)"
	[ "$(json .summary.bytes)" -lt $((130 << 20)) ]
	tar -C b -cf t.tar .
	run --separate-stderr limited "$B/trail-verify" -f json -k "$(ev clean/keys.json)" -m "$(ev clean/metadata.jsonl)" t.tar
	[[ $status =~ ^[13]$ ]] || fail "exit status $status"
	[[ $(findings) == *evidence-unreadable* ]]
	# A small file is no bomb, whatever its ratio.
	head -c 20M /dev/zero | tr '\0' ' ' | gzip -9 >"$log"
	clean 1 b
	same "0" "$(json '.skipped | length')"
	clean 3 --max-object 19M b
	same "$log" "$(json '.skipped[].locator')"
	n=$(find b -type f | wc -l)
	clean 3 --max-object 1 b
	same "$n" "$(json '.skipped | length')"
	exits 3 trail verify -f json -k "$(ev clean/keys.json)" --max-total 1K b
	[ "$(json '.skipped | length')" -ge 1 ]
	same "0" "$(json .summary.logs.verified)"
	clean 0 --max-object 1M --max-total 1M "$(ev clean/bucket)"
}

@test "a compressed archive that inflates without end" {
	head -c 150M /dev/zero >zeros
	tar -cf - zeros | gzip -9 >bomb.tar.gz
	tar -cf - zeros | zstd -q >bomb.tar.zst
	rm zeros
	for f in bomb.tar.gz bomb.tar.zst; do
		run --separate-stderr limited "$B/trail-verify" -f json "$f"
		same 3 "$status"
		[[ $(findings) == *evidence-unreadable* ]]
		run --separate-stderr limited "$B/trail-verify" -f json - <"$f"
		same 3 "$status"
	done
}

@test "a deep tree, and long names" {
	local i name
	mkdir b
	cp -r "$(ev clean/bucket)/." b
	name=$(printf 'n%.0s' {1..250})
	(
		cd b
		for i in {1..40}; do mkdir "$name" && cd "$name"; done
		echo text >"$name"
	)
	(
		cd b
		for i in {1..400}; do mkdir d && cd d; done
		echo text >deep
	)
	clean 3 b
	same "3 2" "$(json '"\(.summary.digests.verified) \(.summary.logs.verified)"')"
	[ "$(json '.skipped | length')" -ge 2 ]
	find b -mindepth 1 -delete
}
