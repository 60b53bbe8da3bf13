#!/usr/bin/env bats
# trail-seal --check: every change of evidence, ledger and manifests is found.

load helper
load seal_helper

setup_file() {
	certificates
}

# sealed N: a copy sealed N times, and the head in $head.
sealed() {
	evidence copy
	local i
	for i in $(seq "$1"); do
		exits 0 add --note "entry $i"
	done
	head=$(head_of "$1")
}

@test "what is as it was sealed is verified, if something outside vouches for the ledger" {
	sealed 3
	check 0 --head "$head"
	same "verified 3 3" "$(json '"\(.verdict) \(.summary.entries) \(.summary.anchored)"')"
	same '{"entry":3,"same":5,"altered":0,"removed":0,"moved":0,"added":0,"unread":0}' "$(json '.summary.evidence | tojson')"
	same "$head" "$(json .head)"
	check 3
	same "ledger-unanchored 1" "$(findings)"
	# a head that was kept earlier vouches up to there
	check 3 --head "$(head_of 2)"
	same "2 ledger-unanchored" "$(json '"\(.summary.anchored) \(.findings[].id)"')"
	prints "what follows line 2"
	# modification times do not count
	touch -d 2001-01-01 copy/note.txt
	check 0 --head "$head"
	# nor does the place
	mv copy elsewhere
	exits 0 trail seal --check --ledger l.jsonl --head "$head" elsewhere
	# nor is evidence needed, to check the ledger alone
	exits 0 trail seal --check --ledger l.jsonl --head "$head"
	prints "only the ledger was checked"
}

@test "an object that was altered, removed, added, moved or became something else is found" {
	sealed 1
	local log
	log=$(find copy -name '*T0130Z*')
	cp -a copy good

	printf x | dd of="$log" bs=1 seek=100 conv=notrunc status=none
	check 1 --head "$head"
	same "object-altered 1" "$(findings)"
	same "$log $(sha256sum <"good${log#copy}" | cut -d' ' -f1)" "$(json '.findings[] | "\(.locator) \(.expected.sha256)"')"
	same "${log#copy/}" "$(json '.findings[].object')"
	rm -r copy && cp -a good copy

	rm copy/empty
	check 1 --head "$head"
	same "object-removed copy/empty" "$(json '.findings[] | "\(.id) \(.locator)"')"
	rm -r copy && cp -a good copy

	echo new >copy/AWSLogs/new
	check 1 --head "$head"
	same "object-added copy/AWSLogs/new" "$(json '.findings[] | "\(.id) \(.locator)"')"
	rm -r copy && cp -a good copy

	mv "$log" copy/log
	check 1 --head "$head"
	same "object-moved copy/log" "$(json '.findings[] | "\(.id) \(.locator)"')"
	prints "was sealed as $log"
	rm -r copy && cp -a good copy

	mv copy/note.txt aside
	ln -s "$PWD/aside" copy/note.txt
	check 1 --head "$head"
	same "object-altered copy/note.txt" "$(json '.findings[] | "\(.id) \(.locator)"')"
	rm -r copy && cp -a good copy

	# two that changed places are two that were altered
	mv copy/empty x && mv copy/note.txt copy/empty && mv x copy/note.txt
	check 1 --head "$head"
	same "object-altered 2" "$(findings)"
	rm -r copy && cp -a good copy

	mkfifo copy/pipe
	check 1 --head "$head"
	same "object-added 1" "$(findings)"
	rm -r copy && mkdir copy
	check 1 --head "$head"
	same "object-removed 5" "$(findings)"
}

@test "many equal objects that were renamed are paired quickly" {
	mkdir copy
	local i
	for i in $(seq 3000); do echo same >"copy/a$i"; done
	exits 0 add
	(cd copy && for i in a*; do echo "mv $i b$i"; done | sh)
	check 1 --head "$(head_of 1)"
	same "object-moved 3000" "$(findings)"
}

@test "evidence is held against the entry that is asked for" {
	sealed 1
	echo more >copy/more
	exits 0 add
	check 0 --head "$(head_of 2)"
	check 1 --head "$(head_of 2)" --entry 1
	same "object-added 1" "$(findings)"
	check 2 --head "$(head_of 2)" --entry 3
	says "no entry 3"
}

@test "evidence that was exchanged on its way is told when it is sealed, and whenever the ledger is checked" {
	handover() { trail seal --ledger l.jsonl --action "$1" --case 7 --exhibit "$2" --examiner Kay -f json "$3"; }
	sealed 0
	exits 0 handover collected 7-1 copy
	exits 0 handover transferred 7-1 copy
	cp -r copy there
	exits 0 handover received 7-1 there
	same "" "$(findings)"
	# Another exhibit is another matter, and so is what is collected.
	mkdir other
	echo 1 >other/one
	exits 0 handover received 7-2 other
	exits 0 handover collected 7-1 other
	exits 3 handover copied 7-1 copy
	same "custody-differs 1" "$(findings)"
	rm -rf l.jsonl*
	exits 0 handover transferred 7-1 copy
	echo x >>there/note.txt
	rm there/empty
	exits 3 handover received 7-1 there
	same "custody-differs warning l.jsonl" "$(json '.findings[] | "\(.id) \(.severity) \(.locator)"')"
	prints "1 altered, 1 removed, 0 moved, 0 added"
	# An examiner may take a part and add; what became other is noted.
	rm there/note.txt
	exits 0 handover examined 7-1 there
	same "" "$(findings)"
	echo 2 >"$(find there -name '*.json.gz' | head -1)"
	exits 0 handover examined 7-1 there
	same "notice" "$(json '.findings[].severity')"
	exits 3 handover received 7-1 copy
	# The ledger keeps it.
	check 3 --head "$(head_of 5)"
	same "l.jsonl, line 2;l.jsonl, line 4;l.jsonl, line 5" "$(json '[.findings[] | select(.id == "custody-differs").locator] | join(";")')"
	exits 3 trail seal --check --ledger l.jsonl --head "$(head_of 5)" copy
	prints "what was handed on is not what had been sealed"
	# A manifest that is gone is told by the check, and does not end it.
	rm l.jsonl.d/0001.manifest.json
	check 1 --head "$(head_of 5)"
}

@test "an archive that was packed anew is another, and its entries are what they were" {
	evidence copy
	tar -C copy -cf e.tar .
	exits 0 trail seal --ledger l.jsonl --action copied --case 1 --examiner x e.tar
	exits 0 trail seal --check --ledger l.jsonl --head "$(head_of 1)" e.tar
	tar -C copy --owner 77 -cf e.tar .
	exits 1 trail seal --check --ledger l.jsonl --head "$(head_of 1)" -f json e.tar
	same "object-altered e.tar" "$(json '.findings[] | "\(.id) \(.locator)"')"
	prints "the archive as a whole"
	# unpacked, the entries can still be compared, and the archive itself is not proved
	exits 3 trail seal --check --ledger l.jsonl --head "$(head_of 1)" -f json copy
	same "evidence-unreadable 1" "$(findings)"
	same "$(jq -r '.sources[0].sha256' l.jsonl.d/0001.manifest.json)" "$(json '.findings[].expected.sha256')"
	same 5 "$(json .summary.evidence.same)"
	# nor is it when a folder has taken its name
	rm e.tar && cp -a copy e.tar
	exits 3 trail seal --check --ledger l.jsonl --head "$(head_of 1)" e.tar
}

@test "an entry that was edited, removed, put in or moved is found" {
	sealed 4
	cp l.jsonl good

	sed -i '2s/entry 2/entry X/' l.jsonl
	check 1 --head "$head"
	same "ledger-chain-broken 1" "$(findings)"
	same "l.jsonl, line 3" "$(json '.findings[].locator')"

	sed 2d good >l.jsonl
	check 1 --head "$head"
	same "ledger-chain-broken 1" "$(findings)"
	same 5 "$(json .summary.evidence.same)"

	sed -n '1p;3p' good >l.jsonl
	sed -n '2p;4p' good >>l.jsonl
	check 1 --head "$head"
	same "ledger-chain-broken 3" "$(findings)"

	sed '2{p}' good >l.jsonl
	check 1 --head "$head"
	[[ $(findings) == *"ledger-chain-broken"* ]]

	# the last one has no successor: the head tells
	sed '4s/Kay/Bob/' good >l.jsonl
	check 1 --head "$head"
	same "ledger-cut 1
ledger-unanchored 1" "$(findings)"
	# white space counts, too
	sed '4s/, /,  /' good >l.jsonl
	check 1 --head "$head"
	[[ $(findings) == *"ledger-cut"* ]]

	sed '3s/.*/{"entry": 3}/' good >l.jsonl
	check 1 --head "$head"
	[[ $(findings) == *"ledger-malformed"* ]]
	sed '3s/.*/no JSON \x1b[31m/' good >l.jsonl
	check 1 --head "$head"
	[[ $(findings) == *"ledger-malformed"* ]]
	exits 1 trail seal --check --ledger l.jsonl copy
	prints "4 lines, of which 3 are entries"
	: >l.jsonl
	check 1 --head "$head"
	[[ $(findings) == *"ledger-cut"* ]]
}

@test "an end that was cut off is found by the files it left, or by the head" {
	sealed 3
	sed -i 3d l.jsonl
	check 1
	same "ledger-cut l.jsonl.d/0003.manifest.json
ledger-cut l.jsonl.d/0003.tsq" "$(json '.findings[] | select(.severity == "alert") | "\(.id) \(.locator)"')"
	rm l.jsonl.d/0003.*
	check 3
	check 1 --head "$head"
	same "ledger-cut 1" "$(alerts)"
	prints "(--head)"
	printf '%s' "$(head -n 2 l.jsonl)" >cut && cat cut >l.jsonl
	check 1
	same "ledger-malformed 1" "$(alerts)"
	prints "the line has no end"
}

@test "a ledger that was written anew with a sound chain is found by the head alone" {
	sealed 3
	rewrite '.examiner = "Bob"'
	check 3
	same "ledger-unanchored 1" "$(findings)"
	check 1 --head "$head"
	same "ledger-cut 1" "$(alerts)"
}

@test "a manifest that is gone or was altered is found" {
	sealed 2
	sed -i 's/"size": 7,/"size": 8,/' l.jsonl.d/0002.manifest.json
	check 1 --head "$head"
	same "manifest-altered 1" "$(findings)"
	same "null" "$(json .summary.evidence)"
	rm l.jsonl.d/0002.manifest.json
	check 1 --head "$head"
	same "manifest-missing 1" "$(findings)"
	cp l.jsonl.d/0001.manifest.json l.jsonl.d/0002.manifest.json
	check 0 --head "$head"
	rm l.jsonl.d/0001.manifest.json
	check 1 --head "$head"
	same "manifest-missing l.jsonl.d/0001.manifest.json" "$(json '.findings[] | "\(.id) \(.locator)"')"
	rm -r l.jsonl.d
	check 1 --head "$head"
	same "manifest-missing 2" "$(alerts)"
}

@test "a manifest and an entry made to fit each other are still found by the head" {
	sealed 1
	echo planted >copy/planted
	exits 0 trail seal --ledger other.jsonl --action examined --case 7 --examiner Kay copy
	cat other.jsonl >l.jsonl
	cp other.jsonl.d/* l.jsonl.d/
	check 3
	check 1 --head "$head"
	same "ledger-cut 1" "$(alerts)"
}

@test "hostile manifests end in a finding" {
	sealed 1
	local bad hash
	for bad in '' '{' '[]' '{"objects": [}' '"sources": [' '{"source": 0}' $'{\n  "sources": [],\n  "objects": [\n    {"source": 9, "path": "x", "role": "log"}\n  ]\n}' \
	    $'{\n  "sources": [],\n  "objects": []\n}\nmore' "$(printf '[%.0s' $(seq 5000))"; do
		printf '%s\n' "$bad" >l.jsonl.d/0001.manifest.json
		hash=$(sha256sum <l.jsonl.d/0001.manifest.json | cut -d' ' -f1)
		jq -c --arg h "$hash" '.manifest.sha256 = $h' l.jsonl >x && cat x >l.jsonl
		check 1 --head "$(head_of 1)"
		same "manifest-altered 1" "$(findings)"
	done
}

@test "the result does not depend on the number of threads, and --reproducible drops what differs" {
	sealed 2
	echo 1 >>copy/note.txt
	echo 2 >copy/new
	exits 1 trail seal --check --ledger l.jsonl -f json --reproducible -j 1 copy
	local one=$output
	exits 1 trail seal --check --ledger l.jsonl -f json --reproducible -j 5 copy
	same "$one" "$output"
	same "false" "$(json 'has("arguments") or has("started")')"
	exits 0 add -f json --reproducible
	same "false" "$(json '[.entry | has("sha256", "started", "finished")] | any')"
}

@test "every finding of custody is explained, and text names it" {
	sealed 1
	echo 1 >>copy/note.txt
	exits 1 trail seal --check --ledger l.jsonl --head "$head" copy
	prints "object-altered (alert, 1)"
	prints "expected SHA-256"
	exits 0 trail seal --explain object-altered
	prints "Innocent:"
	exits 1 trail seal --check -q --ledger l.jsonl --head "$head" copy
	exits 1 trail seal --check -v --ledger l.jsonl --head "$head" copy
	prints "CUSTODY"
	prints "examined"
}

@test "real material, with archives of it" {
	[ -d "${SHARED_DATA-}" ] || skip "no real material"
	run --separate-stderr trail seal --ledger l.jsonl --action received --case 1 --examiner x -f json "$SHARED_DATA"
	[ "$status" -eq 0 ] || [ "$status" -eq 3 ]
	local skipped
	skipped=$(json '.skipped | length')
	same "$(find "$SHARED_DATA" -type f | wc -l)" "$(($(json .summary.objects) - skipped))"
	(cd "$SHARED_DATA" && jq -r '.objects[] | select(.sha256 and (.path_hex | not)) | "\(.sha256)  \(.path)"' "$OLDPWD/l.jsonl.d/0001.manifest.json" | sha256sum --quiet -c)
	run --separate-stderr trail seal --check --ledger l.jsonl --head "$(head_of 1)" -f json "$SHARED_DATA"
	[ "$status" -eq $((skipped > 0 ? 3 : 0)) ] || fail "status $status"
	same 0 "$(json '[.findings[] | select(.severity == "alert")] | length')"
}
