# Evidence made to be believed: each case was taken for verified once, crashed the tool, or kept it busy for minutes.

load helper

# found OPTION...: runs trail-verify for JSON over a set made in ./t.
found() {
	run --separate-stderr trail verify -f json -k t/keys.json -m t/metadata.jsonl "$@"
}

# finds ID: expects an alert of that id, and exit status 1.
finds() {
	[ "$status" -eq 1 ] || fail "exit status $status"
	json '.findings[] | select(.severity == "alert").id' | grep -qx "$1" || fail "no alert $1"
}

# edit_digest N PYTHON: edits digest number N in place (o is its document), without its metadata.
edit_digest() {
	python3 - "$1" "$2" <<-'END'
		import glob, gzip, json, os, sys
		path = sorted(glob.glob('t/bucket/AWSLogs/**/*_CloudTrail-Digest_*', recursive=True))[int(sys.argv[1])]
		o = json.loads(gzip.open(path).read())
		lines = [l for l in open('t/metadata.jsonl') if os.path.basename(path) not in l]
		open('t/metadata.jsonl', 'w').writelines(lines)
		exec(sys.argv[2])
		open(path, 'wb').write(gzip.compress(json.dumps(o).encode()))
	END
}

LOGS_GONE='
for l in o["logFiles"]: os.remove("t/bucket/" + l["s3Object"])
o["logFiles"] = []'

@test "bytes behind a second copy of a verified log, and a cut trailer there" {
	mk t --hours 4
	log=$(cd t/bucket && find AWSLogs -name '*CloudTrail_us*' | sort | sed -n 2p)
	mkdir t/bucket/zcopy
	{ cat "t/bucket/$log"; echo garbage; } >"t/bucket/zcopy/${log##*/}"
	found t/bucket
	finds log-trailing-data
	head -c -4 "t/bucket/$log" >"t/bucket/zcopy/${log##*/}"
	found t/bucket
	finds log-malformed
}

@test "a digest and metadata in a folder of logs: the same as where no folder is passed over" {
	mk t --hours 4
	digest=$(cd t/bucket && find AWSLogs -name '*_CloudTrail-Digest_*' | sort | sed -n 2p)
	log=$(cd t/bucket && find AWSLogs -name '*_CloudTrail_*' | sort | tail -n 1)
	mv "t/bucket/$digest" "t/bucket/${log%/*}/"
	grep -F "${digest##*/}" t/metadata.jsonl >"t/bucket/${log%/*}/${digest##*/}.meta.json"
	grep -vF "${digest##*/}" t/metadata.jsonl >rest.jsonl
	for sidecar in there gone; do
		[ $sidecar = there ] || rm "t/bucket/${log%/*}/${digest##*/}.meta.json"
		for progress in never always; do
			exits 0 trail verify -f json --progress $progress -k t/keys.json -m rest.jsonl t/bucket
			json '.findings[].id' | grep -qx digest-relocated || fail "not relocated"
			grep -vE '"(arguments|started|finished)"' <<<"$output" >$progress.json
		done
		cmp never.json always.json
	done
}

@test "a digest moved out of the window by its own words" {
	mk t --hours 10
	edit_digest 5 "$LOGS_GONE
o.update(digestStartTime='2024-06-01T00:00:00Z', digestEndTime='2024-06-01T01:00:00Z')"
	found --until 2024-03-01T06:00:00Z t/bucket
	finds digest-missing
	finds digest-hash-mismatch
}

@test "a digest moved to another trail by its own words" {
	mk t --hours 10
	edit_digest 5 "$LOGS_GONE
o['digestS3Object'] = o['digestS3Object'].replace('_management-events_', '_other-trail_')"
	found --trail management-events t/bucket
	finds digest-missing
}

@test "an unsigned digest from the future does not lengthen a chain, nor explain a log away" {
	mk t --hours 10 --tamper delete-newest:n=4 --tamper forge-log:h=3
	python3 - <<-'END'
		import glob, gzip, json, os
		digests = sorted(glob.glob('t/bucket/AWSLogs/**/*_CloudTrail-Digest_*', recursive=True))
		logs = glob.glob('t/bucket/AWSLogs/**/*_CloudTrail_us*', recursive=True)
		o = json.loads(gzip.open(digests[-1]).read())
		import hashlib
		o['logFiles'] = [dict(o['logFiles'][0], s3Object=l[len('t/bucket/'):],
		    hashValue=hashlib.sha256(gzip.open(l).read()).hexdigest()) for l in logs]
		key = o['digestS3Object']
		o.update(digestStartTime='2024-06-01T00:00:00Z', digestEndTime='2024-06-01T01:00:00Z',
		    previousDigestS3Object=key, digestS3Object=key.replace('2024/03/01', '2024/06/01').replace(key[-24:-8], '20240601T010000Z'))
		path = 't/bucket/' + o['digestS3Object']
		os.makedirs(os.path.dirname(path), exist_ok=True)
		open(path, 'wb').write(gzip.compress(json.dumps(o).encode()))
	END
	found --until 2024-03-01T10:00:00Z t/bucket
	finds chain-truncated
	finds log-unreferenced
}

@test "a digest that names another account than its folder is some shard's, and --account's" {
	mk t --hours 4 --accounts 2
	edit_digest 1 "o['awsAccountId'] = '444455556666'; o['digestS3Object'] = o['digestS3Object'].replace('111122223333', '444455556666')"
	found --account 111122223333 t/bucket
	finds digest-scope-mismatch
	trail verify -f json -v --reproducible -k t/keys.json -m t/metadata.jsonl -o whole t/bucket || :
	for k in 1 2 3; do
		trail verify -f json -v --reproducible --shard $k/3 -k t/keys.json -m t/metadata.jsonl -o $k t/bucket || :
	done
	trail verify --merge -f json --reproducible 1 2 3 | cmp - whole
}

@test "another content under a listed name, the genuine log moved aside, with --trail" {
	mk t --hours 4
	log=$(find t/bucket -name '*CloudTrail_us*' | sort | sed -n 2p)
	mkdir t/bucket/aside
	cp "$log" t/bucket/aside/1.json.gz
	gzip -dc "$log" | sed 's/Records/Record5/;s/Record5/Records/;s/eventVersion/eventversion/' | gzip -n >new
	mv new "$log"
	found --trail management-events t/bucket
	finds log-modified
}

@test "a genuine log under the name of a forged one, in one archive, does not vouch for it" {
	local forged real order
	mk t --hours 6 --tamper forge-log:h=3
	forged=$(jq -r '.tampers[0].added[0]' t/facts.json)
	forged=${forged#s3://*/}
	for real in "t/bucket/${forged%_*}"_*; do
		[ "$real" = "t/bucket/$forged" ] || break
	done
	mkdir -p "genuine/${forged%/*}" "false/${forged%/*}"
	mv "$real" "genuine/$forged"
	mv "t/bucket/$forged" "false/$forged"
	for order in "genuine false" "false genuine"; do
		tar -cf e.tar -C t/bucket AWSLogs
		for real in $order; do
			tar -rf e.tar -C "$real" "$forged"
		done
		found e.tar
		finds log-unreferenced
		same "5" "$(json .summary.logs.verified)"
	done
}

@test "management events in the folder of a class that nobody knows" {
	mk t --hours 4 --tamper forge-log
	log=$(jq -r '.tampers[]?.added[]?, .. | strings | select(test("CloudTrail_us-east-1.*gz$"))' t/facts.json | tail -n 1)
	log=t/bucket/${log#s3://*/}
	[ -e "$log" ]
	new=${log/CloudTrail\//CloudTrail-Foo/}
	mkdir -p "${new%/*}"
	mv "$log" "$new"
	found t/bucket
	finds log-scope-mismatch
}

@test "records in the company of keys or check sums are not ignored" {
	mk t --hours 3
	printf '{"PublicKeyList":[],"pad":"%070000d","Records":[{"eventVersion":"1.08"}]}' 0 >t/bucket/y.json
	printf 'd41d8cd98f00b204e9800998ecf8427e  z\n{"Records":[]}\n' >t/bucket/z.json
	found t/bucket
	[ "$status" -eq 3 ]
	[ "$(json '.skipped | length')" -eq 2 ]
}

@test "a merged row without an object" {
	mk t --hours 3
	trail verify -v -f json --shard 1/1 -k t/keys.json -o 1.json t/bucket || :
	jq '.digests[0] = -1 | .logs[0] = -1' 1.json >2.json
	run --separate-stderr trail verify --merge -v 2.json
	[ "$status" -eq 2 ]
}

@test "one log listed by a digest 50,000 times, and a forged log of 200,000 empty records" {
	mk t --hours 4
	edit_digest 3 "o['logFiles'] *= 50000"
	python3 - <<-'END'
		import glob, gzip
		log = sorted(glob.glob('t/bucket/AWSLogs/**/*_CloudTrail_us*', recursive=True))[1]
		open(log.replace('.json.gz', '')[:-16] + 'ZzZzZzZzZzZzZzZz.json.gz', 'wb').write(gzip.compress(b'{"Records":[' + b','.join([b'{}'] * 200000) + b']}'))
	END
	start=$SECONDS
	found t/bucket
	[ "$status" -eq 1 ] || fail "exit status $status"
	[ -n "${TRAIL_WRAP-}" ] || [ $((SECONDS - start)) -lt 60 ] || fail "took $((SECONDS - start)) s"
}
