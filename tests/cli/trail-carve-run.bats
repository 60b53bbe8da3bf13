#!/usr/bin/env bats
# trail-carve: what it finds, and what it writes.

load helper
load carve

@test "every class scores as it should" {
	image i
	proved 1 out i/image.raw
	# The split image has a part missing.
	proved 3 split i/split.raw.001
	prints "could not be read"
	python3 "$SOURCE_ROOT/tests/gen/score" --json i/key.json out split >s.json
	# Whole ones, joined ones: as stored, and every record.
	same "" "$(jq -r '.classes | to_entries[] | select(.key | IN("A", "B", "E", "F", "I", "J", "K", "N", "O", "S", "U"))
	    | select(.value.exact != .value.of or .value.records != .value.all) | "\(.key) \(.value.exact)/\(.value.of)"' s.json)"
	# Text in other codings: every record.
	same "" "$(jq -r '.classes | to_entries[] | select(.key | IN("G", "H")) | select(.value.records != .value.all) | .key' s.json)"
	# Cut: all that is complete before the cut.
	same "" "$(jq -r '.classes.C | select(.records < .before) | "\(.records) of \(.before)"' s.json)"
	# Nothing false, nothing wrong: but where bits flipped, of which the CRC alone tells.
	same "0" "$(jq -r '[.classes[].false] | add' s.json)"
	same "" "$(jq -r '.classes | to_entries[] | select(.key | IN("M", "none") | not) | select(.value.wrong > 0) | .key' s.json)"
	# What digests list is proved.
	same "" "$(jq -r '.classes | to_entries[] | select(.key != "T") | select(.value.proved != .value.provable) | .key' s.json)"
}

@test "a known byte behind a hole is right, and most members are synchronised again" {
	image i --class D=60 --class L=12
	proved 3 out i/image.raw
	python3 "$SOURCE_ROOT/tests/gen/score" --json i/key.json out >s.json
	same "0 0" "$(jq -r '"\(.classes.D.wrong) \(.classes.D.wrong_bytes)"' s.json)"
	[ "$(jq -r 'select(.state == "resync") | .id' out/carve.jsonl | wc -l)" -ge 54 ] || fail "$(states out)"
	# Maps and contents stand side by side.
	same "$(ls out/partial/*.map | sed 's/map$//')" "$(ls out/partial/*.json | sed 's/json$//')"
	jq -es 'all(.[]; .unknown | all(.[]; .length > 0))' out/partial/*.map
}

@test "all documents are written, and say the same" {
	image i --class all=1 --bomb 1M
	proved 1 out -f json --dfxml out/report.xml --hash-image i/image.raw
	same "carve.jsonl events.jsonl files partial records.jsonl report.html report.json report.txt report.xml" \
	    "$(LC_ALL=C ls out | paste -sd ' ')"
	same "$(cat out/report.json)" "$output"
	jq -e '.tool == "trail-carve" and .schema == 1 and .verdict == "findings"' out/report.json
	same "$(sha256sum i/image.raw | cut -d' ' -f1)" "$(jq -r '.images[0].sha256' out/report.json)"
	same "$(wc -l <out/carve.jsonl)" "$(jq .summary.locations out/report.json)"
	same "$(jq -s 'map(select(.state != "fragment")) | length' out/records.jsonl)" "$(jq .summary.records out/report.json)"
	same "$(jq -s 'map(select(.state != "fragment").locations | length) | add' out/records.jsonl)" "$(jq .summary.places out/report.json)"
	same "$(jq -s length out/carve.jsonl)" "$(jq -s length out/events.jsonl)"
	same "$(jq '[.summary.states[] | .log + .digest + .envelope + .record] | add' out/report.json)" "$(jq .summary.locations out/report.json)"
	# Suppressed counts always stand there.
	grep -q 'turned down: no gzip member' out/report.txt
	carve 1 quiet -q i/image.raw
	prints "turned down"
	prints "CONFLICTS"
	# The page loads nothing, and has a picture of the image.
	grep -q "default-src 'none'" out/report.html
	grep -q '<rect class="authentic' out/report.html
	exits 1 grep -qE '(src|href)="http|<script' out/report.html
}

@test "the XML is well-formed and has what the rows have" {
	image i --class all=1 --bomb 1M
	printf '<>&"\n' >odd
	cp i/image.raw "i/a <&> b.raw"
	proved 1 out --dfxml x.xml "i/a <&> b.raw"
	python3 - <<'END'
import json, xml.etree.ElementTree as E
ns = {"d": "http://www.forensicswiki.org/wiki/Category:Digital_Forensics_XML", "c": "urn:x-trail-carve:1"}
top = E.parse("x.xml").getroot()
rows = [json.loads(l) for l in open("out/carve.jsonl")]
files = top.findall("d:fileobject", ns)
assert len(rows) == len(files) > 20
assert top.find("d:source/d:image_filename", ns).text == "i/a <&> b.raw"
image = open("i/image.raw", "rb").read()
import hashlib
exact = 0
for r, f in zip(rows, files):
    runs = [(int(b.get("img_offset")), int(b.get("len"))) for b in f.findall("d:byte_runs/d:byte_run", ns)]
    assert runs == [(x["offset"], x["length"]) for x in r["runs"]], r
    assert f.find("c:state", ns).text == r["state"] and f.find("c:path", ns).text == r["path"]
    digest = f.find("d:hashdigest", ns)
    if r["stored_sha256"]:
        assert digest.text == r["stored_sha256"] and f.find("d:filename", ns).text == r["file"]
        assert hashlib.sha256(open("out/" + r["file"], "rb").read()).hexdigest() == digest.text
        data = b"".join(image[o:o + n] for o, n in runs)
        exact += hashlib.sha256(data).hexdigest() == digest.text
assert exact > 10, exact
END
}

@test "the report names what digests list: found, given, in part, missing" {
	image i --class A=6 --class C=3
	proved 3 out i/image.raw
	same "$(jq '[.digests[].logs[]] | length' i/key.json)" "$(jq '.listed | length' out/report.json)"
	# Found where the key has them.
	jq -r '.listed[] | select(.status == "found") | "\(.key) \(.where)"' out/report.json | LC_ALL=C sort >found
	jq -r '[.items[] | select(.class == "A" and .object)] | .[] | "\(.object) i/image.raw|\(.runs[0].offset)-GZIP-0"' i/key.json |
		LC_ALL=C sort >want
	[ -s found ]
	same "$(cat want)" "$(cat found)"
	# What is nowhere is missing, or has a part that may be of it.
	same "" "$(jq -r --slurpfile k i/key.json '[$k[0].digests[].logs[] | select(.planted | not).object] as $gone
	    | .listed[] | select(.key | IN($gone[])) | select(.status != "missing" and .status != "partial") | .key' out/report.json)"
	jq -e '[.listed[] | select(.status == "partial") | .perhaps | length] | all(. > 0)' out/report.json
	grep -q "SHA-256 of its content" out/report.txt
	# A reader is told what lacks; what was found stands in the file and behind -v.
	grep -q "^  found    s3:" out/report.txt
	[[ $output != *"  found    s3:"* && $output == *"named by -v"* ]]
}

@test "a log that was cut in its first record is found in part, and one of other times is not" {
	image i --class A=3 --class C=9
	proved 3 out i/image.raw
	# Times and region of incomplete records count where no record is complete.
	jq -r '[.items[] | select(.class == "C" and .object)][] | "\(.object) i/image.raw|\(.runs[0].offset)-GZIP-0"' i/key.json >cut
	jq -r 'select(.records == 0 and (.known // [] | any(has("eventTime") and has("awsRegion")))) | .path' out/carve.jsonl >torn
	grep -F -f torn cut >want
	[ -s want ]
	jq -r '.listed[] | .key as $k | .perhaps[]? | "\($k) \(.)"' out/report.json | sort >told
	same "" "$(sort want | comm -23 - told)"
	# Whatever is named lies within the times that the digest states.
	find i/bucket -name '*Digest*' -exec zcat {} + |
		jq -r '.logFiles[] | "\(.s3Object) \(.oldestEventTime) \(.newestEventTime)"' >stated
	jq -r '.path as $p | [.first, .last, (.known // [] | .[].eventTime)] | map(select(. != null)) | "\($p) \(min) \(max)"' out/carve.jsonl >times
	same "" "$(awk 'FILENAME == "stated" { from[$1] = $2; to[$1] = $3; next }
	    FILENAME == "times" { lo[$1] = $2; hi[$1] = $3; next }
	    $1 in from && (lo[$2] < from[$1] || hi[$2] > to[$1])' stated times told)"
}

@test "the same event with other content is a conflict, and both stay" {
	image i --class O=2
	carve 1 out -f json i/image.raw
	jq -e '.findings | length > 0 and all(.[]; .id == "conflict" and .severity == "alert")' <<<"$output"
	same "$(jq -r '.findings[].event_id' <<<"$output")" "$(jq -r .event_id out/records.jsonl | sort | uniq -d)"
	exits 0 trail carve --explain conflict
	prints conflict
}

@test "threads and places change nothing" {
	image i --bomb 1M
	proved 1 one -j 1 i/image.raw
	proved 1 two -j 2 i/image.raw
	proved 1 five -j 5 i/image.raw
	alike one two
	alike one five
	mkdir sub
	TMPDIR=$PWD/sub proved 1 tmp i/image.raw
	alike one tmp
	same "" "$(ls sub)"
	mkdir other
	proved 1 dir --tmpdir other i/image.raw
	alike one dir
	same "" "$(ls other)"
}

@test "a pipe gives what the file gives without joins, and says so" {
	image i --class all=2 --bomb 1M
	carve 1 file --no-joins i/image.raw
	carve 1 pipe - < <(cat i/image.raw)
	prints "read once and forwards"
	for f in carve.jsonl records.jsonl events.jsonl; do
		sed 's/"image":"-"/"image":"i\/image.raw"/g; s/"path":"-|/"path":"i\/image.raw|/g' "pipe/$f" | cmp - "file/$f"
	done
	diff -r file/files pipe/files
	diff -r file/partial pipe/partial
	# A file on standard input can be sought in.
	carve 1 joins i/image.raw
	carve 1 input - <i/image.raw
	same "$(states joins)" "$(states input)"
	carve 1 hashed --hash-image - < <(cat i/image.raw)
	same "$(sha256sum <i/image.raw | cut -d' ' -f1)" "$(jq -r '.images[0].sha256' hashed/report.json)"
}

@test "several images are one run" {
	image i --class A=3 --seed 4
	image j --class A=2 --class C=2 --seed 5
	carve 3 out i/image.raw j/image.raw
	prints "2 images"
	same "$(jq '.items | length' i/key.json) $(jq '.items | length' j/key.json)" \
	    "$(jq -r 'select(.kind == "log") | .image' out/carve.jsonl | uniq -c | awk '{ print $1 }' | paste -sd ' ')"
	compgen -G "out/partial/2_*" >/dev/null
	same "2" "$(jq '.images | length' out/report.json)"
}

@test "memory stays bounded on an image of any size" {
	image i --size 96M --class all=20 --bomb 80M
	[ -z "${TRAIL_WRAP-}" ] || skip "under another program"
	nm "$B/trail-carve" | grep -q __asan && skip "sanitizers take memory of their own"
	run --separate-stderr /usr/bin/env python3 - "$B/trail-carve" -o out -q i/image.raw <<'END'
import resource, subprocess, sys
r = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
sys.exit(r.returncode)
END
	[ "$status" -le 3 ] && [ "$status" -ne 2 ] || fail "failed"
	[ "$output" -le 256 ] || fail "$output MiB"
}

@test "what stands at an offset" {
	image i --class A=1 --class P=2
	read -r at < <(jq -r '.items[] | select(.class == "A").runs[0].offset' i/key.json)
	exits 0 trail carve --what-at "$at" i/image.raw
	prints "gzip compressed data"
	prints "whole, log, by gzip: $at-GZIP-0"
	exits 0 trail carve --what-at "$(printf '0x%x' "$at")" i/image.raw
	prints "whole, log"
	exits 0 trail carve --what-at $((at + 1)) i/image.raw
	exits 1 grep -q 'whole, log' <<<"$output"
	head -c 1M /dev/zero >zeros
	exits 0 trail carve --what-at 4K zeros
	prints "no detector's sign stands"
	exits 2 trail carve --what-at 1M zeros
	says "ends at 1048576"
	exits 2 trail carve --what-at 0 zeros zeros
	exits 2 trail carve --what-at 0
	exits 2 trail carve --what-at 0x zeros
	exits 2 trail carve --what-at -1 zeros
	exits 2 trail carve --what-at 0 .
	printf '\033[31m{"eventVersion":"1.08"}' >odd
	exits 0 trail carve --what-at 0 odd
	[[ $output != *$'\033'* ]]
	prints "turned down"
	# Nothing was written.
	same "i odd zeros" "$(here)"
}
