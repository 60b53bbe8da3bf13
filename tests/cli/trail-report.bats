#!/usr/bin/env bats
# trail-report: what it takes, what it refuses, what it says, and that nothing hostile comes through.

load helper

# Results over the committed evidence, made once: $R/SET.verify.json, .gaps.json, .timeline.jsonl, $R/diff.json.
setup_file() {
	local set
	export R=$BATS_FILE_TMPDIR/results
	mkdir "$R"
	cd "$SOURCE_ROOT/testdata" || return
	for set in clean tampered gaps; do
		local args=(-k "$set/keys.json" -m "$set/metadata.jsonl" "$set/bucket")
		"$B/trail-verify" -v -f json --reproducible -o "$R/$set.verify.json" "${args[@]}" || [ $? -ne 2 ]
		"$B/trail-gaps" -f json --reproducible -o "$R/$set.gaps.json" "${args[@]}" || [ $? -ne 2 ]
		"$B/trail-timeline" -q -f jsonl -o "$R/$set.timeline.jsonl" "${args[@]}" || [ $? -ne 2 ]
	done
	"$B/trail-diff" -q -f json --reproducible -o "$R/diff.json" clean/bucket tampered/bucket || [ $? -ne 2 ]
}

# ledger FILE BUCKET [N]: a ledger as trail-seal keeps it, with N entries over a bucket.
ledger() {
	local n previous=null manifest
	mkdir -p "$1.d"
	for ((n = 1; n <= ${3-1}; n++)); do
		manifest=$(printf '%04d.manifest.json' $n)
		(cd "$2" && find . -type f | sed 's,^\./,,' | LC_ALL=C sort | xargs -d '\n' sha256sum) |
			jq -Rs --arg name "$2" '[split("\n")[] | select(. != "") | {source: 0, path: .[66:], key: .[66:],
			    role: (if test("CloudTrail-Digest") then "digest" else "log" end), size: 1, mtime: "2024-03-02T00:00:00Z", sha256: .[:64]}]
			    | {manifest: 1, summary: {sources: 1, objects: length, skipped: 0, bytes: 1, inflated_bytes: 1},
			       sources: [{source: 0, name: $name, kind: "folder"}], objects: .}' >"$1.d/$manifest"
		jq -cn --argjson n $n --argjson previous "$previous" --arg file "$manifest" --arg sum "$(sha256sum <"$1.d/$manifest" | cut -c -64)" \
		    '{entry: $n, previous: $previous, previous_timestamp: null, action: "received", case: "7", exhibit: "JK-3", examiner: "A. Kay",
		      organization: "Example Lab", note: null, started: "2024-03-02T00:00:00Z", finished: "2024-03-02T00:00:01Z",
		      clock: {source: "tsc", synchronized: true, max_error_us: 500, utc_offset: 3600},
		      host: {name: "desk", kernel: "Linux 6", machine: "x86_64", distribution: "Debian", uid: 0},
		      tool: {name: "trail-seal", version: "0.1.0", sha256: null, libraries: ""}, arguments: [], manifest: {file: $file, sha256: $sum},
		      evidence: {sources: 1, objects: 1, bytes: 1, skipped: 0, hashed_twice: true}, signer: null}' >>"$1"
		previous=\"$(tail -n 1 "$1" | sha256sum | cut -c -64)\"
	done
}

# notes: the contradictions of a JSON report, with their severity.
notes() {
	json '[.contradictions[] | "\(.id) \(.severity)"] | sort[]'
}

@test "all results and the ledger: one page, its twin and its JSON-LD" {
	ledger l.jsonl "$SOURCE_ROOT/testdata/gaps/bucket" 2
	local all=("$R/gaps.verify.json" "$R/gaps.gaps.json" "$R/gaps.timeline.jsonl" "$R/diff.json") f
	for f in html json case; do
		exits 0 trail report -f $f -o out.$f --ledger l.jsonl "${all[@]}"
		same "" "$stderr$output"
	done
	same "findings" "$(json .verdict out.json)"
	same "7 JK-3 A. Kay Example Lab" "$(json '.case | "\(.id) \(.exhibit) \(.examiner) \(.organization)"' out.json)"
	same "0 0 sound sound 2" "$(json '.ledger | "\(.broken) \(.changed) \([.entries[].manifest] | join(" ")) \(.manifest_of)"' out.json)"
	same "$(tail -n 1 l.jsonl | sha256sum | cut -c -64)" "$(json .ledger.head out.json)"
	html out.html >page
	same "ok" "$(head -n 1 page)"
	same "loads" "$(grep ^loads page)"
	same "" "$(grep ^raw page || :)"
	nothing_left
}

@test "the page has all that a report must carry, and says what was not examined" {
	ledger l.jsonl "$SOURCE_ROOT/testdata/gaps/bucket"
	exits 0 trail report -o out.html --ledger l.jsonl "$R/gaps.verify.json" "$R/gaps.gaps.json" "$R/gaps.timeline.jsonl"
	local word
	# 1 case, 2 machine and command line, 3 clocks, 4 inventory, 5 anchors, 6 verdicts, 7 coverage, 8 gaps, 9 duplicates, 10 skipped,
	# 11 limits, 12 reading only, 13 manifest and signatures, 14 ledger, 15 block for signatures
	for word in JK-3 'trail-verify</b>' desk 'synchronized, error at most 500 us' 'S3 key\|inflated\|SHA-256' 20240301T010131Z.json.gz \
	    05bf01a5b98aae2528b1a0f386921f55 digest-missing 'role="img" aria-label="111122223333 eu-west-1' logging-stopped \
	    'assumed-role/Admin/alice' 203.0.113.53 'Further copies (duplicates)' 'What was not read' 'not what happened' 'for reading only' \
	    0001.manifest.json 'not signed' 'Head of the ledger' 'Examiner: name and signature' 'sha256sum -c' '@page' '@media print' \
	    'prefers-color-scheme:dark' 'StartLogging at 2024-03-01T07:57:21Z'; do
		grep -q -- "$word" out.html || fail "not on the page: $word"
	done
	same "18" "$(grep -c '<h2 id="[a-z]*"><span class="no">' out.html)"
	exits 0 trail report -o little.html "$R/clean.gaps.json"
	for word in 'no result of trail-verify' 'no timeline' 'no result of trail-diff' 'no result of trail-carve' 'no ledger was given'; do
		grep -qF -- "$word" little.html || fail "does not say: $word"
	done
	same "18" "$(grep -c '<h2 id="[a-z]*"><span class="no">' little.html)"
}

@test "the twin follows its schema, with every tool's results" {
	ledger l.jsonl "$SOURCE_ROOT/testdata/clean/bucket"
	/usr/bin/python3 -c 'import jsonschema' || skip "no jsonschema for Python"
	exits 0 trail report --schema -o schema.json
	local set
	for set in clean tampered gaps; do
		exits 0 trail report -q -f json -o $set.json --ledger l.jsonl "$R/$set.verify.json" "$R/$set.gaps.json" "$R/$set.timeline.jsonl" "$R/diff.json"
	done
	exits 0 trail report -q -f json --reproducible -o bare.json "$R/clean.verify.json" "$R/clean.verify.json"
	exits 0 /usr/bin/python3 - schema.json clean.json tampered.json gaps.json bare.json <<'END'
import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
v = jsonschema.Draft202012Validator(schema)
for name in sys.argv[2:]:
    for e in v.iter_errors(json.load(open(name))): print(name, list(e.path), e.message[:200])
bad = json.load(open(sys.argv[2]))
bad["results"][0]["sha256"] = "x"
assert list(v.iter_errors(bad)), "the schema takes anything"
END
	same "" "$output"
}

@test "numbers of the twin are those of the results" {
	exits 0 trail report -q -f json "$R/gaps.verify.json" "$R/gaps.gaps.json" "$R/gaps.timeline.jsonl" "$R/diff.json"
	same "$(jq '[.findings[] | select(.severity == "alert")] | length' "$R/gaps.verify.json")" "$(json .summary.alerts)"
	same "$(jq '.gaps | length' "$R/gaps.gaps.json")" "$(json .summary.gaps)"
	same "$(jq '.impairments | length' "$R/gaps.gaps.json")" "$(json .summary.impairments)"
	same "$(wc -l <"$R/gaps.timeline.jsonl")" "$(json .summary.events)"
	same "$(jq -s '[.[] | select(.integrity == "verified")] | length' "$R/gaps.timeline.jsonl")" "$(json '.results[] | .timeline // empty | .integrity.verified')"
	same "$(jq -s 'group_by(.event_time[:13])[] | "\(.[0].event_time[:13]) \(length)"' "$R/gaps.timeline.jsonl")" \
	    "$(json '.results[] | .timeline // empty | .slots[] | "\"\(.start[:13]) \(.verified + .unproven + .modified + .unreferenced + .undigested + .none + .unknown)\""')"
	same "$(jq -rs 'group_by(.principal) | map({n: length, p: .[0].principal}) | sort_by(-.n, .p)[0] | "\(.n)"' "$R/gaps.timeline.jsonl")" \
	    "$(json '.results[] | .timeline // empty | .most_frequent.principals.counted[0].events')"
	local i
	for i in 0 1 2 3; do
		same "$(sha256sum <"$(json ".results[$i].file")" | cut -c -64)" "$(json ".results[$i].sha256")"
	done
	same "$(jq -S . "$R/gaps.gaps.json")" "$(json '.results[] | select(.tool == "trail-gaps").document' | jq -S .)"
}

@test "JSON-LD: terms of the ontologies and no others, and references that lead somewhere" {
	ledger l.jsonl "$SOURCE_ROOT/testdata/clean/bucket" 2
	exits 0 trail report -q -f case -o out.jsonld --title 'A title' --ledger l.jsonl "$R/clean.verify.json" "$R/clean.gaps.json"
	# Source: CASE 1.3, ontology/investigation/investigation.ttl; UCO 1.3, ontology/uco/{action,core,identity,location,observable,tool,types,
	# vocabulary}/*.ttl: classes and properties that these files define.
	sort >known <<-'END'
		case-investigation:Investigation
		case-investigation:InvestigativeAction
		case-investigation:ProvenanceRecord
		case-investigation:exhibitNumber
		case-investigation:focus
		uco-action:endTime
		uco-action:instrument
		uco-action:location
		uco-action:object
		uco-action:performer
		uco-action:result
		uco-action:startTime
		uco-core:description
		uco-core:hasFacet
		uco-core:name
		uco-core:object
		uco-identity:Organization
		uco-identity:Person
		uco-location:Location
		uco-observable:ContentDataFacet
		uco-observable:File
		uco-observable:FileFacet
		uco-observable:fileName
		uco-observable:filePath
		uco-observable:hash
		uco-observable:modifiedTime
		uco-observable:sizeInBytes
		uco-tool:Tool
		uco-tool:toolType
		uco-tool:version
		uco-types:Hash
		uco-types:hashMethod
		uco-types:hashValue
		uco-vocabulary:HashNameVocab
		xsd:dateTime
		xsd:hexBinary
	END
	jq -r '."@graph" | .. | objects | (keys_unsorted[] | select(startswith("@") | not)), (."@type" // empty)' out.jsonld | sort -u >used
	same "" "$(comm -23 used known)"
	local term
	for term in case-investigation:InvestigativeAction case-investigation:exhibitNumber uco-action:performer uco-action:instrument \
	    uco-action:object uco-action:result uco-action:startTime uco-action:location uco-tool:version uco-types:hashValue; do
		grep -qx "$term" used || fail "not used: $term"
	done
	same "" "$(jq -r '[."@graph" | .. | objects | select(has("@type") and has("@id"))."@id"] as $nodes
	    | ."@graph" | .. | objects | select(keys == ["@id"])."@id" | select([.] - $nodes != [])' out.jsonld | sort -u)"
	same "" "$(jq -r '[."@graph" | .. | objects | select(has("@type") and has("@id"))."@id"] | group_by(.)[] | select(length > 1)[0]' out.jsonld)"
	same "$(jq -r '.objects[].sha256' l.jsonl.d/0001.manifest.json | sort -u)" "$(comm -12 <(jq -r '.. | objects | select(."@type" == "xsd:hexBinary")."@value"' out.jsonld |
	    sort -u) <(jq -r '.objects[].sha256' l.jsonl.d/0001.manifest.json | sort -u))"
	same "SHA256" "$(jq -r '.. | objects | select(."@type" == "uco-vocabulary:HashNameVocab")."@value"' out.jsonld | sort -u)"
	same "" "$(jq -r '."@context" | to_entries[] | select(.value | test("^https?://.*[/#]$") | not) | .key' out.jsonld)"
}

@test "--reproducible: the same bytes, in any order of the operands, in any folder" {
	ledger l.jsonl "$SOURCE_ROOT/testdata/clean/bucket"
	local f
	cp "$R"/clean.* .
	for f in html json case; do
		exits 0 trail report --reproducible -f $f -o a --ledger l.jsonl clean.verify.json clean.gaps.json clean.timeline.jsonl
		exits 0 trail report --reproducible -f $f -o b --ledger l.jsonl clean.timeline.jsonl clean.gaps.json clean.verify.json
		cmp a b
		SOURCE_DATE_EPOCH=1 exits 0 trail report -f $f -o b --ledger l.jsonl clean.timeline.jsonl clean.gaps.json clean.verify.json
		cmp a b
		[[ $f == case ]] || ! grep -F "$(uname -n)-never" a
	done
	exits 0 trail report --reproducible -f json clean.verify.json
	same "false false false false false" "$(json '"\(has("started")) \(has("finished")) \(has("arguments")) \(has("host")) \(has("programs"))"')"
}

@test "what results say against themselves and each other" {
	exits 0 trail report -f json "$R/clean.verify.json" "$R/clean.gaps.json" "$R/clean.timeline.jsonl"
	same "" "$stderr"
	same "verified" "$(json .verdict)"
	same "" "$(notes)"
	# Different evidence.
	exits 0 trail report -f json "$R/clean.verify.json" "$R/gaps.gaps.json"
	same "evidence-differs warning" "$(notes)"
	says "speak of different evidence"
	exits 0 trail report -f json "$R/tampered.verify.json" "$R/gaps.verify.json"
	same "evidence-differs warning" "$(notes)"
	jq '.coverage[0].intervals |= (.[0].end = "2024-03-01T00:30:00Z" | .[1].start = .[0].end)' "$R/clean.gaps.json" >edited.json
	exits 0 trail report -f json "$R/clean.gaps.json" edited.json
	same "evidence-differs warning" "$(notes)"
	# A timeline of evidence that was found to be proved otherwise.
	exits 0 trail report -f json "$R/tampered.verify.json" "$R/tampered.timeline.jsonl"
	same "" "$(notes)"
	exits 0 trail report -f json "$R/clean.verify.json" "$R/tampered.timeline.jsonl"
	same "evidence-differs warning" "$(notes)"
	(cd "$SOURCE_ROOT/testdata" && "$B/trail-verify" -f json --reproducible clean/bucket) >nokey.json || [ $? -ne 2 ]
	exits 0 trail report -f json nokey.json "$R/clean.timeline.jsonl"
	same "evidence-differs warning" "$(notes)"
	# A verdict that was edited, a finding that was taken out.
	jq '.verdict = "verified"' "$R/tampered.verify.json" >edited.json
	exits 0 trail report -f json edited.json
	same "verdict-altered warning" "$(notes)"
	same "findings findings" "$(json '"\(.verdict) \(.results[0].verdict)"')"
	jq '.findings |= map(select(.id != "chain-truncated"))' "$R/tampered.verify.json" >edited.json
	exits 0 trail report -f json edited.json
	same "findings-altered warning" "$(notes)"
	jq '.verdict = "verified" | .gaps = []' "$R/gaps.gaps.json" >edited.json
	exits 0 trail report -f json edited.json
	same "findings-altered warning
findings-altered warning
verdict-altered warning" "$(notes)"
	same "inconclusive" "$(json .verdict)"
	jq '.verdict = "verified"' "$R/gaps.gaps.json" >edited.json
	exits 0 trail report -f json edited.json
	same "verdict-altered warning" "$(notes)"
	# Other keys, another version, another part of the evidence.
	jq '.anchors[0].sha256 |= ("0" * 64)' "$R/clean.gaps.json" >edited.json
	exits 0 trail report -f json "$R/clean.verify.json" edited.json
	same "keys-differ warning" "$(notes)"
	jq '.anchors |= [range(300) | tostring | {file: ., sha256: ., keys: []}] + [.[0] | .sha256 = "00"]' "$R/clean.gaps.json" >edited.json
	exits 0 trail report -f json "$R/clean.verify.json" edited.json
	same "keys-differ warning" "$(notes)"
	jq '.version = "0.0.9"' "$R/clean.gaps.json" >edited.json
	exits 0 trail report -f json "$R/clean.verify.json" edited.json
	same "versions-differ notice" "$(notes)"
	same "verified" "$(json .verdict)"
	jq '.selection.accounts = ["111122223333"]' "$R/clean.gaps.json" >edited.json
	exits 0 trail report -f json "$R/clean.verify.json" edited.json
	same "selections-differ notice" "$(notes)"
	# Of a part of the evidence trail-verify judges that part, and trail-gaps counts alerts of the whole.
	mk t --tail 3
	local part=(--reproducible -k t/keys.json -m t/metadata.jsonl --until 2024-03-01T09:30:00Z t/bucket)
	exits 0 trail verify -f json -o part.verify.json "${part[@]}"
	exits 3 trail gaps -f json -o part.gaps.json "${part[@]}"
	same "1" "$(json .summary.alerts part.gaps.json)"
	exits 0 trail report -f json part.verify.json part.gaps.json
	same "" "$(notes)"
	# Of the whole both count the same.
	jq '.summary.alerts = 1' "$R/clean.gaps.json" >edited.json
	exits 0 trail report -f json "$R/clean.verify.json" edited.json
	same "evidence-differs warning" "$(notes | grep evidence)"
	# The same bytes twice are told once.
	cp "$R/gaps.gaps.json" copy.json
	exits 0 trail report -f json "$R/gaps.gaps.json" copy.json
	same "same-result-twice notice" "$(notes)"
	same "6 1" "$(json '"\(.summary.gaps) \(.summary.results)"')"
	exits 0 trail report -q -o out.html "$R/gaps.gaps.json" copy.json
	same "" "$stderr"
	same "4" "$(grep -c '<article class="card told' out.html)"
}

@test "a ledger that is broken, of another case, or of other evidence" {
	ledger l.jsonl "$SOURCE_ROOT/testdata/clean/bucket" 3
	exits 0 trail report -f json --ledger l.jsonl "$R/clean.verify.json"
	same "" "$(notes)"
	exits 0 trail report -f json --case 8 --ledger l.jsonl "$R/clean.verify.json"
	same "case-differs warning" "$(notes | sort -u)"
	exits 0 trail report -f json --ledger l.jsonl "$R/gaps.verify.json"
	same "evidence-not-sealed warning" "$(notes)"
	# An entry edited, taken out, cut, put in.
	cp -r l.jsonl.d x.jsonl.d
	sed '2s/received/examined/' l.jsonl >x.jsonl
	exits 0 trail report -f json --ledger x.jsonl "$R/clean.verify.json"
	same "ledger-broken warning" "$(notes)"
	same "inconclusive" "$(json .verdict)"
	same "3" "$(json '[.ledger.entries[].problem] | index([.[] | strings]) + 1')"
	sed 2d l.jsonl >x.jsonl
	exits 0 trail report -f json --ledger x.jsonl "$R/clean.verify.json"
	same "1" "$(json .ledger.broken)"
	head -c -1 l.jsonl >x.jsonl
	exits 0 trail report -f json --ledger x.jsonl "$R/clean.verify.json"
	same "its line has no end" "$(json '.ledger.entries[2].problem')"
	# what trail-seal --check finds malformed is no entry here, either
	jq -c 'if .entry == 3 then del(.host) else . end' l.jsonl >x.jsonl
	exits 0 trail report -f json --ledger x.jsonl "$R/clean.verify.json"
	same 'it is no entry as trail-seal writes it: "host" is not there' "$(json '.ledger.entries[2].problem')"
	exits 0 trail report -o out.html --ledger x.jsonl "$R/clean.verify.json"
	grep -q 'BROKEN: it is no entry as trail-seal writes it: &quot;host&quot; is not there' out.html
	jq -c 'if .entry == 1 then del(.previous) else . end' l.jsonl | head -n 1 >x.jsonl
	exits 0 trail report -f json --ledger x.jsonl "$R/clean.verify.json"
	same "1" "$(json .ledger.broken)"
	sed '1i nonsense' l.jsonl >x.jsonl
	exits 0 trail report -o out.html --ledger x.jsonl "$R/clean.verify.json"
	grep -q 'The chain of this ledger is broken' out.html
	# A manifest edited, one taken away, one with a name that leads elsewhere.
	cp l.jsonl x.jsonl
	echo >>x.jsonl.d/0002.manifest.json
	rm x.jsonl.d/0001.manifest.json
	exits 0 trail report -f json --ledger x.jsonl "$R/clean.verify.json"
	same "manifest-absent notice
manifest-altered warning" "$(notes)"
	# As for trail-seal --check, a link or a pipe in its place is no manifest, and one that may not be read is not told as absent.
	for i in link pipe; do
		rm x.jsonl.d/0002.manifest.json
		if [ $i = pipe ]; then
			mkfifo x.jsonl.d/0002.manifest.json
		else
			ln -s ../l.jsonl.d/0002.manifest.json x.jsonl.d/
		fi
		exits 0 trail report -f json --ledger x.jsonl "$R/clean.verify.json"
		same "absent altered sound" "$(json '[.ledger.entries[].manifest] | join(" ")')"
	done
	rm x.jsonl.d/0002.manifest.json
	cp l.jsonl.d/0002.manifest.json x.jsonl.d/
	sed '3s,0003.manifest.json,../l.jsonl.d/0003.manifest.json,' l.jsonl >x.jsonl
	exits 0 trail report -f json --ledger x.jsonl "$R/clean.verify.json"
	same "absent" "$(json '.ledger.entries[2].manifest')"
	# As in trail-seal --check, what an append that was cut off left pending beside an entry that stands is of that entry.
	cp l.jsonl x.jsonl
	mv x.jsonl.d/0003.manifest.json x.jsonl.d/.0003.manifest.json.pending
	exits 0 trail report -f json --ledger x.jsonl "$R/clean.verify.json"
	same "sound" "$(json '.ledger.entries[2].manifest')"
	# Evidence that changed from one entry to the next.
	rm -r x.jsonl x.jsonl.d
	cp -r "$SOURCE_ROOT/testdata/clean/bucket" b
	ledger x.jsonl b 1
	printf x >>"$(find b -type f | sort | head -n 1)"
	ledger y.jsonl b 2
	cp y.jsonl.d/0002.manifest.json x.jsonl.d/
	sed -n 2p y.jsonl | jq -c --arg p "$(sha256sum <x.jsonl | cut -c -64)" '.previous = $p' >>x.jsonl
	exits 0 trail report -f json --ledger x.jsonl "$R/clean.verify.json"
	same "evidence-changed warning" "$(notes)"
	same "1" "$(json .ledger.changed)"
}

@test "a ledger whose lines share one number has its files read once or twice" {
	skip_under_wrap
	ledger l.jsonl "$SOURCE_ROOT/testdata/clean/bucket"
	for ((i = 0; i < 300; i++)); do cat l.jsonl; done >more
	cat more >>l.jsonl
	truncate -s 300M l.jsonl.d/0001.manifest.json
	exits 0 timeout 60 "$B/trail-report" -q -f json --ledger l.jsonl "$R/clean.verify.json"
	same "absent 299 altered 2" "$(json '[.ledger.entries[].manifest] | group_by(.)[] | "\(.[0]) \(length)"' | paste -sd ' ')"
	# A file that nobody looked for is not told as one that is not there.
	[[ $(notes) != *manifest-absent* ]] || fail "manifest-absent"
	exits 0 timeout 60 "$B/trail-report" -q -o out.html --ledger l.jsonl "$R/clean.verify.json"
	grep -q 'not looked at: the entry is not in its place' out.html
	[ "$(grep -c '>not there<' out.html)" -eq 0 ]
}

@test "what changed shows whatever exhibits come between, and copies in two folders are no change" {
	mkdir a b
	echo '{"Records":[]}' >a/x.json
	echo '{"Records":[1]}' >b/x.json
	local seal=("$B/trail-seal" -q --ledger l.jsonl --case 7 --examiner A --action received)
	"${seal[@]}" --exhibit E1 a b
	"${seal[@]}" --exhibit E1 b a
	"${seal[@]}" --exhibit E2 b
	exits 0 trail report -f json --ledger l.jsonl "$R/clean.gaps.json"
	same "0" "$(json .ledger.changed)"
	same "" "$(notes)"
	echo '{"Records":[7]}' >a/x.json
	"${seal[@]}" --exhibit E1 a b || [ $? -eq 3 ]
	exits 0 trail report -f json --ledger l.jsonl "$R/clean.gaps.json"
	same "1" "$(json .ledger.changed)"
	same "evidence-changed warning" "$(notes)"
	# The same exhibit of another case is another one.
	echo '{"Records":[8]}' >a/x.json
	"$B/trail-seal" -q --ledger l.jsonl --case 8 --examiner A --action received --exhibit E1 a b
	exits 0 trail report -f json --ledger l.jsonl "$R/clean.gaps.json"
	same "1" "$(json .ledger.changed)"
}

# edit FILTER FILE WANT VERDICT [OWN]: what a report says of a result that was edited, its verdict, and that of the result.
edit() {
	jq "$1" "$2" >edited.json
	exits 0 trail report -f json edited.json
	same "$3 $4 ${5-$4}" "$(notes | sort -u | paste -sd ' ') $(json '"\(.verdict) \(.results[0].verdict)"')"
}

@test "results of every tool that were edited: what they hold counts, not what they say" {
	edit . "$R/clean.gaps.json" "" verified
	edit . "$R/diff.json" "" findings
	# Differences between copies that the verdict, the counts or the lists deny.
	edit '.verdict = "verified"' "$R/diff.json" "verdict-altered warning" findings
	edit '.verdict = "verified" | .summary.events.changed = 0' "$R/diff.json" "findings-altered warning verdict-altered warning" findings
	edit '.only_in_a = .only_in_a[1:]' "$R/diff.json" "findings-altered warning" findings
	# Findings of trail-seal and trail-carve.
	local f='{id: "object-altered", severity: "alert", object: null, locator: "b/x", message: "other bytes"}'
	jq -n "{tool: \"trail-seal\", version: \"0.1.0\", schema: 1, verdict: \"findings\", summary: {}, head: null, findings: [$f], skipped: []}" >seal.json
	edit . seal.json "" findings
	edit '.verdict = "verified"' seal.json "verdict-altered warning" findings
	edit '.verdict = "verified" | .findings[0].severity = "notice"' seal.json "verdict-altered warning" findings
	edit '.verdict = "verified" | .findings[0] |= (.id = "other" | .severity = "ALERT")' seal.json "verdict-altered warning" inconclusive
	# Counts of things that are findings, each, and no finding.
	jq '.findings = [] | .verdict = "verified"' seal.json >none.json
	edit . none.json "" verified
	edit '.summary.signatures = {invalid: 1}' none.json "verdict-altered warning" findings
	edit '.summary.timestamps = {missing: 1}' none.json "verdict-altered warning" findings
	edit '.summary.evidence = {same: 5, altered: 1}' none.json "verdict-altered warning" findings
	edit '.summary.evidence = {same: 5, unread: 1}' none.json "verdict-altered warning" inconclusive
	edit '.summary.entries = 3 | .summary.anchored = 2' none.json "verdict-altered warning" inconclusive
	edit '.tool = "trail-carve" | .summary.states.prefix.log = 1' none.json "verdict-altered warning" inconclusive
	edit '.tool = "trail-carve" | .images = [{bad: [{offset: 0, length: 512}]}]' none.json "verdict-altered warning" inconclusive
	edit '.tool = "trail-carve" | .images = [{rejected: {work: 1, total: 0}}]' none.json "verdict-altered warning" inconclusive
	edit '.tool = "trail-carve" | .images = [{rejected: {work: 0, total: 1}}]' none.json "verdict-altered warning" inconclusive
	jq '.tool = "trail-carve" | .summary.conflicts = 1' seal.json >carve.json
	edit . carve.json "" findings
	edit '.verdict = "verified"' carve.json "verdict-altered warning" findings
	edit '.findings = [] | .verdict = "verified"' carve.json "findings-altered warning verdict-altered warning" findings
	# Hours that nothing proves, and a verdict that says all is proved.
	jq '.gaps = [] | .summary.gaps = 0 | .summary.unexplained = 0' "$R/gaps.gaps.json" >less.json
	edit '.verdict = "verified"' less.json "verdict-altered warning" inconclusive
	edit '.verdict = "verified" | .coverage[].intervals |= map(select(.state == "verified" or .state == "quiet"))' less.json \
	    "findings-altered warning verdict-altered warning" inconclusive
	edit '.impairments = []' "$R/gaps.gaps.json" "findings-altered warning" findings
	edit '.gaps[].explained = true' "$R/gaps.gaps.json" "findings-altered warning" findings
	# Findings taken out or made harmless, while chains and counts still know of them.
	edit '.findings = [] | .skipped = [] | .verdict = "verified"' "$R/tampered.verify.json" "findings-altered warning verdict-altered warning" findings
	edit '.findings |= map(select(.severity != "alert")) | .verdict = "inconclusive"' "$R/gaps.verify.json" \
	    "findings-altered warning verdict-altered warning" findings
	# Nothing of the tail is left to judge, and the chain still says what was found.
	edit '.findings |= map(.severity = "notice" | select(.id != "chain-truncated")) | .chains[].tail |= (.until = null | .newest_log = null | .newest_named = null)
	    | .chains |= .[:1] | .verdict = "inconclusive"' "$R/gaps.verify.json" "findings-altered warning verdict-altered warning" findings
	# All findings made harmless: they are what their kind is.
	edit '.findings[].severity = "notice" | .verdict = "inconclusive"' "$R/tampered.verify.json" "verdict-altered warning" findings
	# Counts that were edited, against the objects of -v.
	edit '.summary.logs.modified = 0' "$R/tampered.verify.json" "findings-altered warning" findings
	edit '.summary.digests.verified = 9000000' "$R/clean.verify.json" "findings-altered warning" inconclusive verified
	# More proved than chains hold, or with no key.
	edit 'del(.digests, .logs) | .chains = .chains[1:]' "$R/clean.verify.json" "findings-altered warning" inconclusive verified
	edit 'del(.digests, .logs) | .summary.logs.verified += 1' "$R/clean.verify.json" "findings-altered warning" inconclusive verified
	edit '.anchors = []' "$R/clean.verify.json" "proof-without-key warning" inconclusive verified
	edit '.anchors[].keys[].used = false' "$R/clean.verify.json" "proof-without-key warning" inconclusive verified
	edit '.logs[0].status = "proved"' "$R/tampered.verify.json" "findings-altered warning" findings
}

@test "results of one evidence do not contradict each other: backfill, several trails, stops, attacks" {
	skip_under_wrap
	local set
	for set in "--backfill" "--trail a --trail b --backfill" "--accounts 2 --regions us-east-1,eu-west-1 --backfill --metadata heads" "--stop 5:2" \
	    "--logs 2 --duplicates 2" "--lake --insight --insight-listed --noise" "--tamper modify-log:h=4" "--tamper delete-digest:h=4" \
	    "--tamper forge-log:h=4" "--tamper duplicate-reference:h=4" "--tamper modify-digest:h=4" "--tamper unlisted-copy:h=4"; do
		# shellcheck disable=SC2086 # options
		mk e --hours 8 $set
		"$B/trail-verify" -v -f json -o v.json -k e/keys.json e/bucket || [ $? -ne 2 ]
		"$B/trail-gaps" -f json -o g.json -k e/keys.json e/bucket || [ $? -ne 2 ]
		"$B/trail-timeline" -q -f jsonl -o t.jsonl -k e/keys.json e/bucket || [ $? -ne 2 ]
		exits 0 trail report -f json v.json g.json t.jsonl
		same "$set:" "$set:$(notes)"
		rm -r e
	done
}

# refused TEXT ARGUMENT...: expects no report, and why.
refused() {
	exits 2 trail report -o out.html "${@:2}"
	says "$1"
	[ ! -e out.html ] || fail "a report was written"
	nothing_left
}

@test "bad input is refused, and no report is written" {
	refused "no RESULT given"
	refused "No such file" "$R/nowhere.json"
	refused "Is a directory" "$R"
	: >empty
	refused "is empty" empty
	echo hello >text
	refused "no JSON document" text
	head -c 3000 "$R/clean.verify.json" >cut.json
	refused "no JSON document" cut.json
	head -c 3000 "$R/clean.timeline.jsonl" >cut.jsonl
	refused "line" cut.jsonl
	echo '[1]' >list.json
	refused "has no member" list.json
	echo '{"tool":"trail-verify","tool":"trail-gaps"}' >twice.json
	refused "duplicate" twice.json
	jq '.schema = 2' "$R/clean.verify.json" >schema.json
	refused "another schema than 1" schema.json
	jq '.schema = "1"' "$R/clean.verify.json" >schema.json
	refused "another schema than 1" schema.json
	jq '.tool = "trail-\u001b[31mmix"' "$R/clean.verify.json" >tool.json
	refused "no tool of this kit" tool.json
	same 0 "$(printf '%s' "$stderr" | tee x | controls x)"
	exits 0 trail report -q -f json -o report.json "$R/clean.verify.json"
	refused "is a report" report.json
	ledger l.jsonl "$SOURCE_ROOT/testdata/clean/bucket"
	refused "is a ledger" l.jsonl
	refused "No such file" --ledger nowhere.jsonl "$R/clean.verify.json"
	refused "is empty" --ledger empty "$R/clean.verify.json"
	refused "is no ledger: no line of it is an entry" --ledger "$R/clean.verify.json" "$R/clean.verify.json"
	ln -s l.jsonl link.jsonl
	refused "symbolic" --ledger link.jsonl "$R/clean.verify.json"
	mkfifo pipe.jsonl
	refused "is no regular file" --ledger pipe.jsonl "$R/clean.verify.json"
	jq 'del(.chains)' "$R/clean.verify.json" >part.json
	refused 'no list "chains"' part.json
	local no
	for no in -5 1.5 1e300 '"7"' null; do
		jq "del(.logs, .digests) | .summary.logs.verified = $no" "$R/clean.verify.json" >part.json
		refused 'counts in "summary" with something that is no count' part.json
	done
	jq '.summary.gaps = -1' "$R/gaps.gaps.json" >part.json
	refused '"gaps"' part.json
	jq '.verdict = "fine"' "$R/clean.gaps.json" >part.json
	refused "no verdict" part.json
	jq '.coverage[0].intervals[0].start = "yesterday"' "$R/clean.gaps.json" >part.json
	refused "intervals cannot be used" part.json
	jq '.gaps[0].region = "mars-1"' "$R/gaps.gaps.json" >part.json
	refused "no line" part.json
	jq '.shard = {k: 1, n: 2}' "$R/clean.verify.json" >part.json
	refused "part.json: is shard 1 of 2: join all of them with trail-verify --merge" part.json
	trail gaps -f json --shard 2/3 "$SOURCE_ROOT/testdata/gaps/bucket" >part.json || [ $? -ne 2 ]
	refused "part.json: is shard 2 of 3: join all of them with trail-gaps --merge" part.json
	trail diff -f json --shard 1/2 "$SOURCE_ROOT/testdata/clean/bucket" "$SOURCE_ROOT/testdata/tampered/bucket" >part.json || [ $? -ne 2 ]
	refused "part.json: is shard 1 of 2: give the result of trail-diff without --shard" part.json
	exits 2 trail report - - <"$R/clean.verify.json"
	exits 2 trail report -k x "$R/clean.verify.json"
	says "no option of trail-report"
}

@test "the options that say how every tool does its work are taken, and change nothing" {
	trail report --reproducible "$R/clean.verify.json" >want
	exits 0 trail report --reproducible -j 2 --tmpdir . --color never --progress always -o have "$R/clean.verify.json"
	same "" "$stderr"
	cmp want have
	exits 2 trail report --color perhaps "$R/clean.verify.json"
	exits 2 trail report -j 0 "$R/clean.verify.json"
	local option
	for option in $(trail report --help | grep -oE '^ +(-[a-zA-Z], )?--[a-z-]+' | grep -oE -- '--[a-z-]+'); do
		grep -q -- "$option" "$SOURCE_ROOT/tools/completions/bash/trail-report" || fail "bash: $option"
		grep -q -- "$option" "$SOURCE_ROOT/tools/completions/zsh/_trail-report" || fail "zsh: $option"
		grep -q -- "-l ${option#--}" "$SOURCE_ROOT/tools/completions/fish/trail-report.fish" || fail "fish: $option"
		mandoc -Tascii "$SOURCE_ROOT/man/trail-report.1" | col -b | grep -q -- "$option" || fail "trail-report(1): $option"
	done
}

@test "output: a folder that is not there, a full disk, the ledger, an input" {
	exits 2 trail report -o nowhere/out.html "$R/clean.verify.json"
	says "nowhere"
	if [ -e /dev/full ]; then
		exits 2 trail report -o /dev/full "$R/clean.verify.json"
		says "No space left"
	fi
	ledger l.jsonl "$SOURCE_ROOT/testdata/clean/bucket"
	cp l.jsonl before
	exits 2 trail report -o l.jsonl --ledger l.jsonl "$R/clean.verify.json"
	says "is the ledger"
	cmp l.jsonl before
	cp "$R/clean.verify.json" v.json
	exits 2 trail report -o v.json v.json
	cmp v.json "$R/clean.verify.json"
}

@test "standard input, and results by their content" {
	exits 0 trail report -q -f json - <"$R/clean.timeline.jsonl"
	same "trail-timeline -" "$(json '.results[0] | "\(.tool) \(.file)"')"
	jq -c . "$R/clean.verify.json" >x.jsonl
	exits 0 trail report -q -f json x.jsonl
	same "trail-verify" "$(json '.results[0].tool')"
	# A timeline without proof proves nothing.
	jq -c 'del(.integrity)' "$R/clean.timeline.jsonl" >plain.jsonl
	exits 0 trail report -q -f json plain.jsonl
	same "inconclusive 192" "$(json '.results[0] | "\(.verdict) \(.timeline.integrity.unknown)"')"
	exits 0 trail report -q -o out.html plain.jsonl
	grep -q 'Nothing says what proves these events' out.html
}

EVIL=$'</script><script>alert(1)</script>"\'><img src=x onerror=alert(1)> \u202egnp.\u0007\u001b[31m&amp;<!--'

@test "nothing hostile comes through, wherever it stands" {
	local long
	long=$(head -c 1000000 /dev/zero | tr '\0' A)
	# Every string of a result that is not a time, a word of ours or a hash.
	evil() {
		jq --arg evil "$EVIL" 'walk(if type == "string" and (test("^[0-9]{4}-|^[0-9a-f]{32,64}$") | not)
		    and (IN("trail-verify", "trail-gaps", "trail-diff", "verified", "findings", "inconclusive", "unproven", "quiet", "missing", "off", "unknown",
		    "standard", "backfill", "alert", "warning", "notice", "logging-stopped", "validation-disabled", "region-dropped", "digest-missing",
		    "evidence-cut", "unexplained", "digest-signature-invalid", "log-modified", "log-trailing-data", "chain-truncated", "log-unreferenced",
		    "chain-gap", "chain-start", "log-undigested") | not) then $evil + . else . end)
		    | if .findings then .findings |= map(.id |= ltrimstr($evil)) else . end' "$1"
	}
	evil "$R/gaps.verify.json" >v.json
	evil "$R/gaps.gaps.json" | jq --arg long "$EVIL" '.impairments[0].actor = $long' >g.json
	evil "$R/diff.json" >d.json
	jq -c --arg evil "$EVIL" '.principal = $evil + .principal | .event_name = $evil | .source_ip = $evil' "$R/gaps.timeline.jsonl" >t.jsonl
	ledger l.jsonl "$SOURCE_ROOT/testdata/gaps/bucket"
	jq -c --arg evil "$EVIL" '.examiner = $evil | .note = $evil | .host.name = $evil | .action = $evil' l.jsonl >x.jsonl
	cp -r l.jsonl.d x.jsonl.d
	local f
	for f in html json case; do
		exits 0 trail report -f $f -o out.$f --title "$EVIL" --case "$EVIL" --purpose "$EVIL" --ledger x.jsonl v.json g.json t.jsonl d.json
		same "0" "$(controls out.$f)"
		same "0" "$(printf '%s' "$stderr" | tee x | controls x)"
		iconv -f utf-8 -t utf-8 out.$f >/dev/null
	done
	html out.html >page
	same "ok" "$(head -n 1 page)"
	same "loads" "$(grep ^loads page)"
	same "" "$(grep -E '<(script|img)|<!--' out.html || :)"
	[ "$(grep -c '&lt;/script&gt;' out.html)" -gt 20 ] || fail "what was to be hostile is not there"
	same "$(printf %s "$EVIL" | base64 -w 0)" "$(jq -r '.title | @base64' out.json)"
	# A name of a megabyte is cut on the page, and whole in the twin.
	jq --arg long "$long" '.findings[0].object = $long | .findings[0].message = $long | .chains[0].trail = $long' "$R/gaps.verify.json" >long.json 2>/dev/null ||
	    printf '%s' "$long" | jq -Rs --slurpfile v "$R/gaps.verify.json" '. as $long | $v[0] | .findings[0].object = $long | .findings[0].message = $long
	    | .chains[0].trail = $long' >long.json
	exits 0 trail report -q -o out.html long.json
	[ "$(wc -c <out.html)" -lt 400000 ] || fail "$(wc -c <out.html) bytes"
	grep -q '1,000,000 bytes in all' out.html
	exits 0 trail report -q -f json -o out.json long.json
	same "1000000" "$(jq '.results[0].document.findings[0].message | length' out.json)"
}

@test "100,000 findings and gaps: grouped, counted, and all in the twin" {
	skip_under_wrap
	jq '.findings[0] as $f | .findings += [range(100000) | $f + {object: "s3://b/AWSLogs/\(.)"}]' "$R/gaps.verify.json" >v.json
	jq '.gaps[0] as $g | .gaps = [range(100000) | $g + {start: (1709251200 + . * 10 | todate), end: (1709251205 + . * 10 | todate), event_ids: [],
	    actor: null, ended_by: null, cause: "unexplained", explained: false}] | .summary.gaps = 100000' "$R/gaps.gaps.json" >g.json
	exits 0 trail report -q -o out.html v.json g.json
	[ "$(wc -c <out.html)" -lt 1500000 ] || fail "$(wc -c <out.html) bytes"
	grep -q '99,981 more: the result and the JSON twin of this report hold all' out.html
	grep -q '99800 more groups of gaps' out.html
	exits 0 trail report -q -f json -o out.json v.json g.json
	same "100000 $(jq '.findings | length' v.json)" "$(jq -r '"\(.summary.gaps) \([.results[] | select(.tool == "trail-verify").document.findings[]] | length)"' out.json)"
}

@test "100,000 key files in each of two results: shown as far as there is room, and counted" {
	skip_under_wrap
	jq -c '.anchors[0] as $a | .anchors = [range(100000) | $a + {file: tostring}]' "$R/clean.verify.json" >1.json
	jq -c '.anchors |= reverse' 1.json >2.json
	exits 0 timeout 60 "$B/trail-report" -q -o out.html 1.json 2.json
	same "200" "$(grep -c 'RSA-2048, fingerprint.*1.json.*2.json' out.html)"
}

@test "trail-verify -f html: one page with what its JSON says" {
	cd "$SOURCE_ROOT/testdata" || return
	local out=$BATS_TEST_TMPDIR/out.html
	exits 1 trail verify -f html -o "$out" -k tampered/keys.json -m tampered/metadata.jsonl tampered/bucket
	html "$out" >"$BATS_TEST_TMPDIR/page"
	same "ok" "$(head -n 1 "$BATS_TEST_TMPDIR/page")"
	same "loads" "$(grep ^loads "$BATS_TEST_TMPDIR/page")"
	local id
	for id in $(jq -r '.findings[].id' "$R/tampered.verify.json" | sort -u); do
		grep -q "$id" "$out" || fail "not on the page: $id"
	done
	for id in $(jq -r '.findings[] | .object | select(. != null)' "$R/tampered.verify.json"); do
		grep -qF "$id" "$out" || fail "not on the page: $id"
	done
	same "0" "$(controls "$out")"
}

@test "recovered material: states, images, and what is still missing" {
	jq -n '{tool: "trail-carve", version: "0.1.0", schema: 1, verdict: "findings", summary: {locations: 5, states: {authentic: {log: 2, digest: 1,
	    envelope: 0, record: 0, bytes: 1234567}, fragment: {log: 0, digest: 0, envelope: 0, record: 2, bytes: 9}}, records: 4242, places: 5000,
	    incomplete: 2, first: "2024-03-01T00:00:00Z", last: "2024-03-02T00:00:00Z", conflicts: 1, digests: 1,
	    listed: {given: 0, found: 1, partial: 0, missing: 1}}, limits: ["a limit of carving"],
	    images: [{image: "disk.dd", size: 4096, sha256: null, scanned: 4096, bad: [{offset: 0, length: 512}]}],
	    listed: [{status: "found", key: "AWSLogs/found", sha256: "00"}, {status: "missing", key: "AWSLogs/lost", sha256: "11"}],
	    findings: [{id: "conflict", severity: "alert", object: null, locator: "records.jsonl", message: "two versions of e1"}],
	    skipped: [{locator: "disk.dd|0", reason: "unreadable"}]}' >carve.json
	exits 0 trail report -o out.html carve.json
	local word
	for word in 4,242 1,234,567 disk.dd 'not hashed' AWSLogs/lost 'two versions of e1' 'a limit of carving' 'disk.dd|0' 'Finds by state'; do
		grep -qF -- "$word" out.html || fail "not on the page: $word"
	done
	same "" "$(grep -F AWSLogs/found out.html || :)"
	exits 0 trail report -f json carve.json
	same "4242 1 1 findings" "$(json '"\(.summary.recovered) \(.summary.alerts) \(.summary.skipped) \(.verdict)"')"
	jq '.summary.states = "none" | .images = 7 | .listed = {} | .findings = []' carve.json >odd.json
	exits 0 trail report -o out.html odd.json
}

# built TOOL...: skips the test where a tool is not there.
built() {
	local tool
	for tool; do
		[ -x "$B/trail-$tool" ] || skip "no trail-$tool"
	done
}

@test "the ledger that trail-seal keeps, and what its check finds" {
	built seal
	local bucket=$SOURCE_ROOT/testdata/clean/bucket
	exits 0 trail seal -q --ledger l.jsonl --action received --case 7 --exhibit JK-3 --examiner 'A. Kay' "$bucket"
	exits 0 trail seal -q --ledger l.jsonl --action examined --case 7 --exhibit JK-3 --examiner 'A. Kay' "$bucket"
	run trail seal --check -f json -o seal.json --ledger l.jsonl "$bucket"
	exits 0 trail report -f json -o out.json --ledger l.jsonl "$R/clean.verify.json" seal.json
	same "" "$stderr"
	same "0 sound sound" "$(jq -r '"\(.ledger.broken) \([.ledger.entries[].manifest] | join(" "))"' out.json)"
	same "$(jq -r .head seal.json)" "$(jq -r .ledger.head out.json)"
	exits 0 trail report -o out.html --ledger l.jsonl "$R/clean.verify.json" seal.json
	grep -q 'Checked by trail-seal' out.html
	grep -q 'same 56, altered 0, removed 0' out.html
	# The ledger is among the lines for sha256sum, and they hold.
	sed -n '/To check that these/,/<.pre>/p' out.html | sed -n 's/^\(<.*<pre>\|<pre>\)\{0,1\}\([0-9a-f]\{64\}  \)/\2/p' >SUMS
	same "3" "$(wc -l <SUMS)"
	exits 0 sha256sum --quiet -c SUMS
	# Names that such a line holds in its own way, and that none can hold.
	local names=('back\slash & <b>.json' $'line\nbreak.json' $'esc\e[1m.json' $'\xff.json') n
	for n in "${names[@]}"; do
		jq --arg n "$n" '. + {n: $n}' "$R/clean.verify.json" >"$n"
	done
	exits 0 trail report -o names.html "${names[@]}"
	sed -n '/To check that these/,/<.pre>/p' names.html | sed 's/.*<pre>//; s,</pre>.*,,; s/&lt;/</g; s/&gt;/>/g; s/&#39;/'\''/g; s/&quot;/"/g; s/&amp;/\&/g' |
	    grep '^[#\\0-9a-f]' >SUMS
	same "4" "$(wc -l <SUMS)"
	exits 0 sha256sum --quiet --strict -c SUMS
	same "$(sed -n 's/^#.* # //p' SUMS)" "$(sed -n 's/^# //p' SUMS | sh | cut -c -64)"
	same "3" "$(grep -c '^#' SUMS)"
	# What the check found is told without the ledger, too, and its names are text.
	jq '.summary = {evidence: {"<b>": 3, same: 1}, signatures: 7}' seal.json >odd.json
	exits 0 trail report -o odd.html odd.json
	grep -q '&lt;b&gt; 3, same 1<' odd.html
	# A key file that two results used is told once.
	exits 0 trail report -o keys.html "$R/gaps.verify.json" "$R/gaps.gaps.json"
	same "1" "$(grep -c '<tr><td><code>[^<]*keys.json' keys.html)"
	local sum
	for sum in $(jq -r '.objects[].sha256' l.jsonl.d/0002.manifest.json | head -n 50); do
		grep -q "$sum" out.html || fail "not on the page: $sum"
	done
	# A check of this ledger when it was shorter, and one of another.
	exits 0 trail seal -q --ledger l.jsonl --action examined --case 7 --exhibit JK-3 --examiner 'A. Kay' "$bucket"
	exits 0 trail report -f json --ledger l.jsonl "$R/clean.verify.json" seal.json
	same "ledger-differs notice" "$(notes)"
	exits 0 trail seal -q --ledger other.jsonl --action received --case 7 --exhibit JK-3 --examiner 'B. Kay' "$bucket"
	exits 0 trail report -f json --ledger other.jsonl "$R/clean.verify.json" seal.json
	same "ledger-differs warning" "$(notes)"
	/usr/bin/python3 -c 'import jsonschema' || skip "no jsonschema for Python"
	trail report --schema -o schema.json
	exits 0 /usr/bin/python3 -c 'import json, jsonschema, sys
jsonschema.Draft202012Validator(json.load(open("schema.json"))).validate(json.load(open("out.json")))'
}

@test "what trail-carve recovered" {
	built carve
	find "$SOURCE_ROOT/testdata/clean/bucket" -type f -exec cat {} + >disk.dd
	run trail carve -o carved -k "$SOURCE_ROOT/testdata/clean/keys.json" -m "$SOURCE_ROOT/testdata/clean/metadata.jsonl" disk.dd
	exits 0 trail report -f json carved/report.json
	same "$(jq .summary.records carved/report.json)" "$(json .summary.recovered)"
	exits 0 trail report -o out.html carved/report.json
	grep -q '<td>authentic</td>' out.html
}
