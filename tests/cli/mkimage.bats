#!/usr/bin/env bats
# The generator of disk images and its scorer: the other opinion on carving is held against gzip, python and trail-verify.

load helper

# image DIR OPTION...: makes an image.
image() {
	local dir=$1
	shift
	"$B/tests/gen/mkimage" -o "$dir" --keys-dir "$SOURCE_ROOT/tests/gen/keys" --size 24M "$@"
}

# score DIR...: scores folders against i/key.json, as JSON.
score() {
	python3 "$SOURCE_ROOT/tests/gen/score" --json i/key.json "$@"
}

# key_check DIR: reads the image as the key says, and prints what is not so, then how many items of each class were read.
key_check() {
	python3 - "$1" <<'END'
import base64, collections, hashlib, io, json, os, re, struct, sys, tarfile, zlib
top = sys.argv[1]
key = json.load(open(f"{top}/key.json"))
originals = open(f"{top}/originals.bin", "rb").read()
image = {"image.raw": open(f"{top}/image.raw", "rb").read()}
PART = 262144
parts = {int(n[-3:]) - 1: open(f"{top}/{n}", "rb").read() for n in os.listdir(top) if n.startswith("split.raw.")}
if parts:
    image["split.raw"] = b"".join(parts.get(i, bytes(PART)) for i in range(max(parts) + 1))
sha = lambda b: hashlib.sha256(b).hexdigest()
def gunzip(b, whole=True):
    z = zlib.decompressobj(31)
    out = z.decompress(b)
    assert z.eof or not whole, "no whole member"
    return out
def unescape(b, levels):
    for _ in range(levels):
        b = re.sub(rb'\\(.)', rb'\1', b)
    return b
def inner(item, raw):
    """The stored log as it is found inside of what the runs hold."""
    b, what = raw, item["what"]
    if item["class"] == "J":
        text = b.split(b"\r\n\r\n")[-1].replace(b"\r\n", b"") if b"mail" in what.encode() else re.search(rb'"(H4sI[^"]*)"', b).group(1)
        return base64.b64decode(text)
    if what == "compressed twice":
        return gunzip(b)
    if item["class"] == "I":
        tar = tarfile.open(fileobj=io.BytesIO(gunzip(b)))
        return next(d for d in (tar.extractfile(m).read() for m in tar) if sha(d) == item["stored"]["sha256"])
    if item["class"] == "S":
        at = item["runs"][0]["offset"] // 4096 * 4096
        rec = bytearray(image["image.raw"][at:at + struct.unpack_from("<I", image["image.raw"], at + 0x1c)[0]])
        assert rec[:4] == b"FILE"
        usa, n = struct.unpack_from("<HH", rec, 4)
        for i in range(1, n):
            assert rec[512 * i - 2:512 * i] == rec[usa:usa + 2], "fix-up"
            rec[512 * i - 2:512 * i] = rec[usa + 2 * i:usa + 2 * i + 2]
        return bytes(rec[item["runs"][0]["offset"] - at:][:item["stored"]["length"]])
    return b
def check(item):
    img = image[item["image"]]
    raw = b"".join(img[r["offset"]:r["offset"] + r["length"]] for r in sorted(item["runs"], key=lambda r: r["at"]))
    assert len(raw) == sum(r["length"] for r in item["runs"])
    if "stored" not in item:
        return
    o = item["original"]
    text = originals[o["offset"]:o["offset"] + o["length"]]
    for r in item["records"]:
        rec = text[r["at"]:r["at"] + r["length"]]
        assert sha(rec) == r["sha256"], "record"
        j = json.loads(rec)
        assert (j["eventID"], j["eventTime"], j["eventName"]) == (r["event_id"], r["event_time"], r["event_name"])
    expect = item["expect"]
    if expect in ("exact", "joined", "fixup") and item["image"] == "image.raw" or expect == "exact":
        z = inner(item, raw)
        assert sha(z) == item["stored"]["sha256"] and sha(gunzip(z)) == item["inflated"]["sha256"], "stored"
        if "batch" in item["what"]:
            found = [e["message"].encode() for m in gunzip(z).replace(b'}]}{"message', b'}]}\n{"message').split(b"\n") for e in json.loads(m)["logEvents"]]
            assert [sha(f) for f in found] == [r["sha256"] for r in item["records"]], "batch"
        else:
            assert gunzip(z) == text, "text"
    elif expect == "inflated":
        assert raw == text
    elif item["class"] == "G":
        assert raw.decode("utf-16-be" if "BE" in item["what"] else "utf-16-le").lstrip("\ufeff").encode() == text
    elif expect == "records":
        flat = unescape(raw, {"CloudWatch Logs": 1, "LookupEvents": 1, "SNS of EventBridge": 1, "SQS of EventBridge": 1,
                              "SQS of SNS of EventBridge": 2}.get(item["what"], 0))
        for r in item["records"]:
            rec = text[r["at"]:r["at"] + r["length"]]
            assert rec in flat or unescape(rec, 1) in flat, "escaped record"
    elif expect in ("prefix", "resync"):
        first = item["damage"][0]
        got = gunzip(raw[:first["at"]], False)
        assert text.startswith(got)
        assert sum(r["at"] + r["length"] <= len(got) for r in item["records"]) == item["complete"], "complete"
        if item["class"] == "D":
            assert img[first["offset"]:first["offset"] + first["length"]] == bytes(512)
        if item["class"] in "DLM":
            try:
                assert gunzip(raw) != text
            except (zlib.error, AssertionError):
                pass
            else:
                raise AssertionError("not damaged")
for item in key["items"]:
    try:
        check(item)
    except Exception as e:
        print(item["id"], item["what"], type(e).__name__, e)
for d in key["digests"]:
    if d["where"] == "image":
        z = image["image.raw"][d["offset"]:d["offset"] + d["length"]]
        if sha(z) != d["stored_sha256"] or sha(gunzip(z)) != d["sha256"]:
            print("digest", d["key"])
print(*sorted(f"{c}{n}" for c, n in collections.Counter(i["class"] for i in key["items"]).items()))
END
}

@test "the same seed makes the same bytes, another makes others" {
	image a --bomb 1M --seed 7
	image b --bomb 1M --seed 7
	diff -r a b
	image c --bomb 1M --seed 8
	exits 1 cmp -s a/image.raw c/image.raw
	exits 1 cmp -s a/key.json c/key.json
}

@test "what the key says stands at the offsets, in every class" {
	image i --bomb 1M
	same "A12 B8 C6 D6 E6 F6 G4 H6 I5 J6 K9 L6 M6 N4 O4 P8 Q2 R3 S4 T6 U3" "$(key_check i)"
	image j --class all=9 --bomb 64K --seed 3
	grep -aq 'Zürich' j/originals.bin
	[[ "$(key_check j)" == A9\ B9\ C9\ D9\ E9\ F9\ G9\ H9\ I* ]] || fail "$(key_check j)"
	[ "$(jq '[.items[] | select(.expect == "fixup" and (.damage | length) > 0)] | length' j/key.json)" -gt 0 ]
	# Nothing lies over another.
	same "" "$(jq -r '[.items[] | select(.image == "image.raw") | .group as $g | .runs[] | [.offset, .length, $g]] | unique
	    | sort as $r | range(1; $r | length) | select($r[. - 1][0] + $r[. - 1][1] > $r[.][0]) | $r[.][0]' j/key.json)"
}

@test "logs that must be large are, and no larger than logs get" {
	(ulimit -v 2000000 && image i --class E=300) # seed 1: none of a hundred chances is large enough
	same "true true" "$(jq -r '[.items[].stored.length] | "\(min > 4096) \(max < 110000)"' i/key.json)"
}

@test "a check that looks at the bytes sees a byte changed" {
	image i --class A=2
	local at
	at=$(jq '.items[0].runs[0].offset + 40' i/key.json)
	printf 'X' | dd of=i/image.raw bs=1 seek="$at" conv=notrunc status=none
	[[ "$(key_check i)" == A-0* ]]
}

@test "a bomb is one, and what is nested deeply is" {
	image i --class Q=2 --class R=3 --bomb 3M
	local at length
	for n in 0 1; do
		read -r at length < <(jq -r ".items[$n].runs[0] | \"\(.offset) \(.length)\"" i/key.json)
		[ "$(dd if=i/image.raw bs=64K skip="$at" count="$length" iflag=skip_bytes,count_bytes status=none | gzip -dc | wc -c)" -gt 3000000 ]
		[ "$length" -lt 20000 ]
	done
	grep -aq '\[\{5000\}' i/image.raw
}

@test "an image without items has no log on it, and any mix" {
	image i --class all=0 --mix 0:1:0
	same 0 "$(jq '.items | length' i/key.json)"
	exits 1 grep -aq eventVersion i/image.raw
	image j --class all=0 --mix 0:0:1 --sparse
	cmp -n $((24 << 20)) j/image.raw /dev/zero
	[ "$(du -k j/image.raw | cut -f1)" -lt 1024 ]
	image k --class all=0 --mix 1:0:0
	same 384 "$(jq .extents.random k/key.json)"
}

@test "whole logs and digests are what trail-verify proves" {
	image i --class A=40
	# Each object where it was in the bucket.
	python3 - <<'END'
import json, os
image = open("i/image.raw", "rb").read()
key = json.load(open("i/key.json"))
def put(name, at, length):
    os.makedirs(os.path.dirname(f"b/{name}"), exist_ok=True)
    open(f"b/{name}", "wb").write(image[at:at + length])
for i in key["items"]:
    if i["object"]:
        put(i["object"], i["runs"][0]["offset"], i["runs"][0]["length"])
for d in key["digests"]:
    if d["where"] == "image":
        put(d["key"], d["offset"], d["length"])
END
	cp -r i/bucket/. b/
	exits 1 trail verify -f json -k i/keys.json -m i/metadata.jsonl b
	# A log of each digest with logs is nowhere; the last digest of the image has its signature nowhere.
	same "$(jq '[.digests[].logs[] | select(.planted | not)] | length' i/key.json)" "$(json '[.findings[] | select(.id == "log-missing")] | length')"
	same "1" "$(json '[.findings[] | select(.id == "digest-unsigned")] | length')"
	none=$(json '[.findings[] | select(.id == "log-modified" or .id == "digest-signature-invalid" or .id == "digest-hash-mismatch")] | length')
	same 0 "$none"
}

@test "given files are planted whole, cut, in fragments and inflated" {
	skip_without_shared invictus-stratus-logs
	image i --plant "$SHARED_DATA"/invictus-stratus-logs/*.json
	same "real-A real-C real-E real-F" "$(jq -r '[.items[].class] | unique | join(" ")' i/key.json)"
	same 2900 "$(jq '[.items[].records | length] | add' i/key.json)"
	[[ "$(key_check i)" == real-A* ]] || fail "$(key_check i)"
}

@test "the scorer counts what is there, and what is wrong" {
	image i --class A=4 --class C=2 --class D=2 --class F=3 --class O=1
	mkdir carved
	same "0 0 0" "$(score carved | jq -r '[.classes[]] | "\(map(.exact) | add) \(map(.records) | add) \(map(.wrong) | add)"')"
	# Stored logs, cut ones, and one with a record that was altered.
	python3 - <<'END'
import json, zlib
image = open("i/image.raw", "rb").read()
for i in json.load(open("i/key.json"))["items"]:
    r = i["runs"][0]
    b = image[r["offset"]:r["offset"] + r["length"]]
    if i["id"] == "A-3":
        b = zlib.decompress(b, 31).replace(b'"awsRegion":"', b'"awsRegion":"mars-', 1)
    open(f"carved/{i['id']}", "wb").write(b)
END
	score carved >s.json
	same "3/4 1 2/2 0/0" "$(jq -r '.classes | "\(.A.exact)/\(.A.of) \(.A.wrong) \(.O.exact)/\(.O.of) \(.D.exact)/\(.D.of)"' s.json)"
	same "$(jq '[.items[] | select(.class == "C" or .class == "D").complete] | add' i/key.json)" \
	    "$(jq '.classes.C.records + .classes.D.records' s.json)"
	same "2/2" "$(jq -r '.classes.F | "\(.exact)/\(.of)"' s.json)"
	same "true true" "$(jq -r '"\(.classes.F | .records == .all) \(.classes.A | .records == .all - 1)"' s.json)"
}

@test "the scorer reads what trail-carve writes" {
	image i --class A=1 --class D=1 --class P=1 --class C=1
	mkdir -p out/files out/partial
	python3 - <<'END'
import json
image = open("i/image.raw", "rb").read()
originals = open("i/originals.bin", "rb").read()
items = {i["class"]: i for i in json.load(open("i/key.json"))["items"]}
a, d, p, c = (items[x] for x in "ADPC")
runs = lambda i: [{"offset": r["offset"], "length": r["length"]} for r in i["runs"]]
r = a["runs"][0]
open(f"out/files/{a['stored']['sha256']}.json.gz", "wb").write(image[r["offset"]:r["offset"] + r["length"]])
with open("out/carve.jsonl", "w") as f:
    f.write(json.dumps({"id": 1, "state": "listed", "runs": runs(a), "stored_sha256": a["stored"]["sha256"], "inflated_sha256": a["inflated"]["sha256"]}) + "\n")
    f.write(json.dumps({"id": 2, "state": "whole", "runs": runs(p), "stored_sha256": "00", "inflated_sha256": "11"}) + "\n")
text = lambda i: originals[i["original"]["offset"]:i["original"]["offset"] + i["original"]["length"]]
rec = lambda i, n: json.loads(text(i)[i["records"][n]["at"]:i["records"][n]["at"] + i["records"][n]["length"]])
with open("out/records.jsonl", "w") as f:
    for n in range(len(a["records"])):
        f.write(json.dumps({"event_id": a["records"][n]["event_id"], "state": "listed", "record": rec(a, n), "locations": runs(a)}) + "\n")
    f.write(json.dumps({"event_id": d["records"][-1]["event_id"], "state": "fragment",
                        "record": {"eventID": d["records"][-1]["event_id"], "eventName": None, "userIdentity": {}}}) + "\n")
    f.write(json.dumps({"event_id": d["records"][-2]["event_id"], "state": "fragment", "record": {"eventName": "x"}}) + "\n")
    f.write(json.dumps({"event_id": d["records"][0]["event_id"], "state": "prefix", "record": rec(d, 0), "locations": runs(a)}) + "\n")
    f.write(json.dumps({"event_id": c["records"][0]["event_id"], "state": "prefix", "record": {**rec(c, 0), "awsRegion": "mars"}}) + "\n")
b = bytearray(text(d))
b[100:103] = b"\1\2\3"
b[200:210] = bytes(10)
name = f"out/partial/{d['runs'][0]['offset']}"
open(name + ".json", "wb").write(b)
json.dump({"unknown": [{"offset": 200, "length": 10}]}, open(name + ".map", "w"))
END
	score out >s.json
	same "1/1 true 0 0" "$(jq -r '.classes.A | "\(.exact)/\(.of) \(.records == .all) \(.wrong) \(.false)"' s.json)"
	# A wrong value of an incomplete record, and a record where its log is not.
	same 2 "$(jq .classes.D.wrong s.json)"
	same "2 3 $(($(jq '[.items[] | select(.class == "D").original.length] | add' i/key.json) - 10))" \
	    "$(jq -r '.classes.D | "\(.ids) \(.wrong_bytes) \(.known)"' s.json)"
	same "1 1" "$(jq -r '"\(.classes.P.false) \(.classes.C.wrong)"' s.json)"
}

@test "the scorer gives full marks for what is all there" {
	image i --bomb 1M
	mkdir out
	python3 - <<'END'
import json
originals = open("i/originals.bin", "rb").read()
rows = {}
for i in json.load(open("i/key.json"))["items"]:
    for r in i["records"]:
        at = i["original"]["offset"] + r["at"]
        row = rows.setdefault((r["event_id"], r["sha256"]), {"event_id": r["event_id"], "state": "record", "locations": [],
            "record": json.loads(originals[at:at + r["length"]])})
        row["locations"] += [{"runs": i["runs"]}]
open("out/carve.jsonl", "w")
with open("out/records.jsonl", "w") as f:
    f.writelines(json.dumps(r) + "\n" for r in rows.values())
END
	same "21 0 0 0" "$(score out | jq -r '.classes | "\(length) \(map(.all - .records) | add) \(map(.wrong) | add) \(map(.false) | add)"')"
	# Every log that a digest says is planted is in the key.
	same "" "$(jq -r '[.items[].object] as $o | .digests[].logs[] | select(.planted and (.object | IN($o[]) | not)).object' i/key.json)"
}

@test "the scorer holds authentic and listed against the digests" {
	image i --class A=7
	mkdir out
	# The first two logs are listed on the image, where the last digest is not signed, and in the folder; the third nowhere.
	state() {
		jq -c --arg a "$1" --arg b "$2" '[.items[] | {runs, stored_sha256: .stored.sha256, inflated_sha256: .inflated.sha256}]
		    | to_entries[] | .value + {id: .key, state: [$a, $b, "whole"][.key % 3]}' i/key.json >out/carve.jsonl
		score out | jq -r '.classes.A | "\(.proved)/\(.provable) \(.false)"'
	}
	same "listed signed null" "$(jq -r '[.digests[], {}] as $d | [.items[:3][] | .digest as $k | first($d[] | select(.key == $k)).state]
	    | map(tostring) | join(" ")' i/key.json)"
	same "5/5 0" "$(state listed authentic)"
	same "2/5 3" "$(state authentic authentic)"
	same "0/5 3" "$(state authentic listed)"
}

@test "wrong options are told" {
	exits 2 "$B/tests/gen/mkimage"
	says "give -o DIR"
	exits 2 image i --class X=3
	says "classes are A to U"
	exits 2 image i --mix 0:0:0
	exits 2 image i --size 12Q
	exits 2 image i --size 256K --class A=500
	says "--size"
	exits 0 "$B/tests/gen/mkimage" --help
	prints "answer key"
	exits 2 python3 "$SOURCE_ROOT/tests/gen/score" none.json .
}
