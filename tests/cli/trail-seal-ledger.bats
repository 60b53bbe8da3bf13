#!/usr/bin/env bats
# trail-seal: what an entry and its manifest say, and what cannot be sealed.

load helper
load seal_helper

setup_file() {
	certificates
}

@test "an entry says who, what, when, where and with what" {
	evidence copy
	exits 0 add --exhibit X-1 --organization "Lab & Sons" --note $'two\nlines' --action collected
	same "" "$stderr"
	same 1 "$(wc -l <l.jsonl)"
	same "1 null collected 7 X-1 Kay Lab & Sons" "$(jq -r '"\(.entry) \(.previous) \(.action) \(.case) \(.exhibit) \(.examiner) \(.organization)"' l.jsonl)"
	same $'two\nlines' "$(jq -r .note l.jsonl)"
	same "$(uname -n) $(uname -s) $(uname -r)" "$(jq -r '.host | "\(.name) \(.kernel | split(" ")[0:2] | join(" "))"' l.jsonl)"
	same "$(id -u)" "$(jq .host.uid l.jsonl)"
	same '["--ledger","l.jsonl","--action","examined"]' "$(jq -c '.arguments[0:4]' l.jsonl)"
	jq -e '.clock.source != "" and (.clock.synchronized | type == "boolean")' l.jsonl
	local now
	now=$(date +%s)
	jq -e --argjson now "$now" '(.started | fromdate) <= (.finished | fromdate) and $now - (.started | fromdate) < 600' l.jsonl
	same null "$(jq .signer l.jsonl)"
	[ -n "${TRAIL_WRAP-}" ] || same "$(sha256sum <"$B/trail-seal" | cut -d' ' -f1)" "$(jq -r .tool.sha256 l.jsonl)"
	same "$(sha256sum <l.jsonl.d/0001.manifest.json | cut -d' ' -f1)" "$(jq -r .manifest.sha256 l.jsonl)"
	same '{"sources":1,"objects":5,"hashed_twice":true}' "$(jq -c '.evidence | {sources, objects, hashed_twice}' l.jsonl)"
}

@test "every entry holds the SHA-256 of the line before it" {
	evidence copy
	for _ in 1 2 3; do exits 0 add; done
	same "null $(head_of 1) $(head_of 2)" "$(jq -r .previous l.jsonl | paste -sd ' ')"
	prints "head        $(head_of 3)"
	exits 0 add -q
	same "DONE: sealed.
head $(head_of 4)" "$output"
	exits 0 add -f json
	same "$(head_of 5)" "$(json .head)"
	same "5 verified true" "$(json '"\(.entry.number) \(.verdict) \(.summary.unchanged)"')"
}

@test "the manifest has every object, with the hashes that sha256sum and gzip give" {
	evidence copy
	exits 0 add
	local m=l.jsonl.d/0001.manifest.json
	jq -r '.objects[] | "\(.sha256)  copy/\(.path)"' $m | sha256sum --quiet -c
	same "$(cd copy && find . -type f | sed 's,^\./,,' | LC_ALL=C sort)" "$(jq -r '.objects[].path' $m)"
	same "$(jq -r '.objects[] | select(.role == "log") | .path' $m | while read -r f; do
		gzip -dc <"copy/$f" | sha256sum | cut -d' ' -f1
	done)" "$(jq -r '.objects[] | select(.role == "log") | .inflated_sha256' $m)"
	jq -r '.objects[] | "\(.size) \(.mtime | fromdate) \(.path)"' $m | while read -r size mtime path; do
		same "$size $mtime" "$(stat -c '%s %Y' "copy/$path")"
	done
	same "$(jq -r '.objects[] | select(.role == "log") | .path' $m)" "$(jq -r '.objects[].key // empty' $m)"
	same "other other" "$(jq -r '.objects[] | select(.key == null) | .role' $m | paste -sd ' ')"
}

@test "the manifest does not depend on the number of threads" {
	exits 0 trail seal --ledger a.jsonl --action copied --case 1 --examiner x -j 1 "$SOURCE_ROOT/testdata/tampered/bucket"
	exits 0 trail seal --ledger b.jsonl --action copied --case 1 --examiner x -j 7 "$SOURCE_ROOT/testdata/tampered/bucket"
	cmp a.jsonl.d/0001.manifest.json b.jsonl.d/0001.manifest.json
	same "digest log" "$(jq -r '.objects[].role' a.jsonl.d/0001.manifest.json | sort -u | paste -sd ' ')"
}

@test "an archive is sealed as a whole and by its entries, a file as it is, standard input once" {
	evidence copy
	tar -C copy -caf e.tar.gz .
	exits 0 trail seal --ledger l.jsonl --action copied --case 1 --examiner x e.tar.gz copy/note.txt - <<<"from a pipe"
	local m=l.jsonl.d/0001.manifest.json
	same "- file
copy/note.txt file
e.tar.gz archive" "$(jq -r '.sources[] | "\(.name) \(.kind)"' $m)"
	same "$(sha256sum <e.tar.gz | cut -d' ' -f1)" "$(jq -r '.sources[] | select(.kind == "archive") | .sha256' $m)"
	same "$(sha256sum <<<"from a pipe" | cut -d' ' -f1)" "$(jq -r '.sources[0].sha256' $m)"
	same 5 "$(jq '[.objects[] | select(.source == 2)] | length' $m)"
	same "$(sha256sum <copy/note.txt | cut -d' ' -f1)" "$(jq -r '.objects[] | select(.source == 2 and .path == "note.txt") | .sha256' $m)"
	exits 0 trail seal --check --ledger l.jsonl --head "$(head_of 1)" e.tar.gz copy/note.txt - <<<"from a pipe"
	exits 1 trail seal --check --ledger l.jsonl --head "$(head_of 1)" e.tar.gz copy/note.txt - <<<"from another"
	prints "object-altered"
	# A pipe has no time of its own either.
	exits 0 trail seal --ledger p.jsonl --action copied --case 1 --examiner x <(echo "from a pipe")
	same "$(sha256sum <<<"from a pipe" | cut -d' ' -f1) null null" \
	    "$(jq -r '"\(.sources[0].sha256 // .objects[0].sha256) \(.sources[0].mtime) \(.objects[0].mtime)"' p.jsonl.d/0001.manifest.json)"
}

@test "objects larger than the cap on one object are hashed all the same" {
	evidence copy
	head -c 3000000 /dev/zero >copy/large
	exits 0 add --max-object 1M
	same "$(sha256sum <copy/large | cut -d' ' -f1) 3000000" "$(jq -r '.objects[] | select(.path == "large") | "\(.sha256) \(.size)"' l.jsonl.d/0001.manifest.json)"
	check 0 --max-object 1M --head "$(head_of 1)"
	printf 1 | dd of=copy/large bs=1 seek=2500000 conv=notrunc status=none
	check 1 --max-object 1M --head "$(head_of 1)"
	same "object-altered 1" "$(findings)"
}

@test "objects of other services are hashed whole, too" {
	local f=copy/AWSLogs/111122223333/elasticloadbalancing/eu-west-1/2024/03/01/x.log.gz
	mkdir -p "$(dirname $f)"
	head -c 300000 /dev/urandom | base64 | gzip -c >$f
	[ "$(stat -c %s $f)" -gt 200000 ]
	exits 0 add
	same "$(sha256sum <$f | cut -d' ' -f1) $(gzip -dc $f | sha256sum | cut -d' ' -f1) other" \
	    "$(jq -r '.objects[] | "\(.sha256) \(.inflated_sha256) \(.role)"' l.jsonl.d/0001.manifest.json)"
}

@test "what cannot be read is named, and makes the seal inconclusive" {
	evidence copy
	ln -s /etc/passwd copy/link
	mkfifo copy/pipe
	exits 3 add -f json
	same "copy/link: symbolic link, not followed
copy/pipe: FIFO" "$(json '.skipped[] | "\(.locator): \(.reason)"')"
	same "evidence-unreadable 2" "$(findings)"
	same 2 "$(jq .evidence.skipped l.jsonl)"
	same 1 "$(wc -l <l.jsonl)"
	mkdir none
	exits 3 trail seal --ledger n.jsonl --action copied --case 1 --examiner x none
	prints "nothing in the evidence"
}

@test "hostile names are sealed byte for byte, and reach no terminal" {
	mkdir copy
	echo 1 >copy/$'esc\e[31m'
	echo 2 >copy/$'line\nfeed'
	echo 3 >copy/$'\xff\xfe'
	echo 4 >'copy/\xff\xfe'
	echo 5 >copy/$'\u202ebidi'
	echo 6 >'copy/ "quoted" , <tag> & %0A'
	exits 0 add
	local m=l.jsonl.d/0001.manifest.json
	same "fffe" "$(jq -r '.objects[].path_hex // empty' $m)"
	[[ $(cat $m l.jsonl) != *$'\e'* ]]
	check 0 --head "$(head_of 1)"
	mv 'copy/\xff\xfe' aside
	check 1 --head "$(head_of 1)"
	same "object-removed 1" "$(findings)"
	exits 1 trail seal --check --ledger l.jsonl copy
	[[ $output != *$'\e'* && $output != *$'\u202e'* ]]
	mv aside copy/$'\e[2J'
	exits 1 trail seal --check --ledger l.jsonl copy
	prints 'copy/\x1b[2J'
}

@test "times that no document can state are left out" {
	mkdir copy
	echo 1 >copy/old
	touch -d 1901-12-14 copy/old
	python3 - <<-'END'
		import io, tarfile
		with tarfile.open("far.tar", "w", format=tarfile.PAX_FORMAT) as t:
		    for name, mtime in ("a", 253402300799), ("b", 253402300800), ("c", 9 * 10**18), ("d", -62135596801), ("e", 0):
		        i = tarfile.TarInfo(name)
		        i.size, i.mtime = 1, mtime
		        t.addfile(i, io.BytesIO(b"x"))
	END
	exits 0 trail seal --ledger l.jsonl --action copied --case 1 --examiner x copy far.tar
	same "1901-12-14T00:00:00Z 9999-12-31T23:59:59Z null null null 1970-01-01T00:00:00Z" \
	    "$(jq -r '.objects[] | .mtime | tostring' l.jsonl.d/0001.manifest.json | paste -sd ' ')"
	exits 0 trail seal --check --ledger l.jsonl --head "$(head_of 1)" copy far.tar
}

@test "a ledger inside evidence, behind a link, or that is no file is refused" {
	evidence copy
	exits 2 trail seal --ledger copy/l.jsonl --action copied --case 1 --examiner x copy
	says "nothing is written inside evidence"
	exits 2 trail seal --ledger copy/AWSLogs/../l.jsonl --action copied --case 1 --examiner x copy
	says "nothing is written inside evidence"
	ln -s copy way
	exits 2 trail seal --ledger way/l.jsonl --action copied --case 1 --examiner x copy
	says "nothing is written inside evidence"
	[ -z "$(find copy -name 'l.jsonl*')" ]
	: >real.jsonl
	ln -s real.jsonl link.jsonl
	exits 2 trail seal --ledger link.jsonl --action copied --case 1 --examiner x copy
	says "symbolic link"
	exits 2 trail seal --check --ledger link.jsonl copy
	says "symbolic link"
	mkdir elsewhere
	ln -s elsewhere s.jsonl.d
	exits 2 trail seal --ledger s.jsonl --action copied --case 1 --examiner x copy
	says "no folder, or a symbolic link"
	mkdir d.jsonl
	exits 2 trail seal --ledger d.jsonl --action copied --case 1 --examiner x copy
	says "no regular file"
	mkfifo f.jsonl
	exits 2 trail seal --ledger f.jsonl --action copied --case 1 --examiner x copy
	says "no regular file"
	exits 0 add
	ln l.jsonl other.jsonl
	exits 2 add
	says "hard links"
	exits 2 trail seal --ledger none/l.jsonl --action copied --case 1 --examiner x copy
	says "No such file"
	exits 2 trail seal --ledger l.jsonl --action copied --case 1 --examiner x copy l.jsonl
	says "is given as EVIDENCE, too"
}

@test "the output does not take the place of the ledger, of its files, or of what is read" {
	evidence copy
	cp "$KEYS/examiner.key" "$KEYS/examiner.pem" .
	exits 0 add
	cp l.jsonl before
	local out
	for out in l.jsonl ./l.jsonl l.jsonl.d l.jsonl.d/0001.manifest.json "$PWD/l.jsonl.d/x" examiner.key examiner.pem; do
		exits 2 add --sign examiner.key --cert examiner.pem -o "$out"
	done
	exits 2 trail seal --ledger new.jsonl --action copied --case 1 --examiner x -o new.jsonl copy
	says "is the ledger"
	exits 2 trail seal --ledger l.jsonl --manifest-format bagit -o l.jsonl.d
	cmp before l.jsonl
	cmp "$KEYS/examiner.key" examiner.key
	same "0001.manifest.json 0001.tsq lock" "$(ls -A l.jsonl.d | paste -sd ' ')"
	[ ! -e new.jsonl ]
}

@test "a ledger where nothing can be written is refused before the evidence is read, and can be checked" {
	[ "$(id -u)" -eq 0 ] && ! command -v setpriv >/dev/null && skip "needs setpriv as root"
	evidence copy
	mkdir ro
	exits 0 trail seal --ledger ro/l.jsonl --action copied --case 1 --examiner x copy
	chmod -R a-w ro
	chmod a+rx . copy ro ro/l.jsonl.d
	local as=()
	[ "$(id -u)" -ne 0 ] || as=(setpriv --reuid 65534 --clear-groups)
	"${as[@]}" test -r ro/l.jsonl && "${as[@]}" test -x "$B/trail-seal" || skip "nobody may not read this folder"
	exits 2 "${as[@]}" "$B/trail-seal" --ledger ro/l.jsonl --action copied --case 1 --examiner x copy
	says "cannot write"
	exits 3 "${as[@]}" "$B/trail-seal" --check --ledger ro/l.jsonl copy
	prints "ledger-unanchored"
	chmod -R u+w ro
}

@test "a full disk leaves the old ledger, and nothing else" {
	skip_under_wrap
	evidence copy
	exits 0 add
	cp l.jsonl before
	local note
	# no room for the manifest, and none for the line
	for note in short "$(head -c 9000 /dev/zero | tr '\0' n)"; do
		run --separate-stderr bash -c 'ulimit -f "$1"; shift; exec "$0" "$@"' "$B/trail-seal" $((${#note} > 10 ? 8 : 1)) \
		    --ledger l.jsonl --action copied --case 1 --examiner x --note "$note" copy
		[ "$status" -eq 2 ] || fail "exit status $status"
		says "File too large"
		cmp before l.jsonl
		same "0001.manifest.json 0001.tsq lock" "$(ls -A l.jsonl.d | paste -sd ' ')"
		[ ! -e .l.jsonl.next ]
	done
	if mkdir small && mount -t tmpfs -o size=64k none small 2>/dev/null; then
		exits 0 trail seal --ledger small/l.jsonl --action copied --case 1 --examiner x copy
		cp small/l.jsonl before
		head -c 100K /dev/zero >small/filler 2>/dev/null || :
		run --separate-stderr "$B/trail-seal" --ledger small/l.jsonl --action copied --case 1 --examiner x copy
		local rc=$status left
		cmp before small/l.jsonl
		left=$(ls -A small small/l.jsonl.d | paste -sd ' ')
		"$B/trail-seal" --ledger small/n.jsonl --action copied --case 1 --examiner x copy 2>said || :
		rm small/filler
		"$B/trail-seal" --ledger small/l.jsonl --action copied --case 1 --examiner x copy
		umount small
		[ "$rc" -eq 2 ] || fail "exit status $rc"
		says "small/l.jsonl"
		grep -q "small/n.jsonl.*No space left" said || fail "a first entry: $(cat said)"
		says "No space left"
		[[ $left != *pending* && $left != *next* ]] || fail "left behind: $left"
	fi
}

@test "a process killed while it appends leaves the old ledger or the new one" {
	skip_under_wrap
	evidence copy
	exits 0 add
	local i n=1 delay
	for i in $(seq 30); do
		"$B/trail-seal" --ledger l.jsonl --action copied --case 1 --examiner x copy >/dev/null 2>&1 &
		delay=$(awk -v i="$i" 'BEGIN { printf "%.4f", 0.002 + i * 0.002 }')
		sleep "$delay"
		kill -9 $! 2>/dev/null || :
		wait $! 2>/dev/null || :
		same "" "$(tail -c 1 l.jsonl)"
		jq -e . l.jsonl >/dev/null
		[ "$(wc -l <l.jsonl)" -ge $n ] && [ "$(wc -l <l.jsonl)" -le $((n + 1)) ]
		n=$(wc -l <l.jsonl)
		check 0 --head "$(head_of "$n")"
	done
	exits 0 add
	check 0 --head "$(head_of $((n + 1)))"
	[ -z "$(find . l.jsonl.d -maxdepth 1 \( -name '*.pending' -o -name '*.next' \))" ]
	same $((n + 1)) "$(ls l.jsonl.d/*.manifest.json | wc -l)"
}

@test "what a cut off append left behind is cleared away, or completed" {
	evidence copy
	exits 0 add
	exits 0 add
	# as if the process had died after the ledger had its name, and before the files of the entry had theirs
	mv l.jsonl.d/0002.manifest.json l.jsonl.d/.0002.manifest.json.pending
	mv l.jsonl.d/0002.tsq l.jsonl.d/.0002.tsq.pending
	# and another before that
	echo x >l.jsonl.d/.0003.manifest.json.pending
	echo x >.l.jsonl.next
	check 0 --head "$(head_of 2)"
	exits 0 add
	same "0001.manifest.json 0001.tsq 0002.manifest.json 0002.tsq 0003.manifest.json 0003.tsq lock" "$(ls -A l.jsonl.d | paste -sd ' ')"
	[ ! -e .l.jsonl.next ]
	check 0 --head "$(head_of 3)"
}

@test "writers wait for one another: twenty at once make one chain" {
	evidence copy
	local i pids=()
	for i in $(seq 20); do
		trail seal --ledger l.jsonl --action copied --case 1 --examiner "writer $i" copy >/dev/null 2>"err.$i" &
		pids+=($!)
	done
	for i in "${pids[@]}"; do wait "$i" || fail "$(cat err.*)"; done
	same 20 "$(wc -l <l.jsonl)"
	same "$(seq 20)" "$(jq .entry l.jsonl)"
	same 20 "$(jq -r .examiner l.jsonl | sort -u | wc -l)"
	check 0 --head "$(head_of 20)"
}

@test "a broken ledger is not added to" {
	evidence copy
	exits 0 add
	exits 0 add
	cp l.jsonl good
	sed -i '1s/Kay/Bob/' l.jsonl
	cp l.jsonl before
	exits 2 add
	says "broken in line 2"
	cmp before l.jsonl
	head -c -5 good >l.jsonl
	exits 2 add
	says "broken in line 2"
	head -n 1 good >l.jsonl
	exits 2 add
	says "lacks entry 2"
	same 1 "$(wc -l <l.jsonl)"
}

@test "a large ledger is streamed" {
	skip_under_wrap
	[[ $(nm -D "$B/libforensic.so") != *__asan* ]] || skip "a sanitizer takes all memory that there is"
	evidence copy
	exits 0 add --note "$(head -c 100000 /dev/zero | tr '\0' n)"
	local i
	for i in $(seq 60); do cat l.jsonl l.jsonl l.jsonl l.jsonl l.jsonl l.jsonl l.jsonl l.jsonl l.jsonl l.jsonl; done >large
	for i in 1 2 3 4; do cat large; done >l.jsonl
	[ "$(stat -c %s l.jsonl)" -gt 240000000 ]
	run --separate-stderr bash -c 'ulimit -v 200000; exec "$0" --check --ledger l.jsonl -q' "$B/trail-seal"
	[ "$status" -eq 1 ] || fail "exit status $status"
	prints "ledger-chain-broken (alert, 2399)"
}

@test "wrong usage is refused" {
	evidence copy
	exits 2 trail seal copy
	says "--ledger is missing"
	exits 2 trail seal --ledger l.jsonl copy
	says "an entry needs --action, --case and --examiner: --action is missing"
	exits 2 trail seal --ledger l.jsonl --action copied --examiner x copy
	says "--examiner: --case is missing"
	exits 2 trail seal --ledger l.jsonl --action copied --case 1 copy
	says "--examiner: --examiner is missing"
	exits 2 add --action stolen
	says "none of collected, received, copied, examined, transferred"
	exits 2 add --sign "$KEYS/examiner.key"
	says "--sign takes one --cert"
	exits 2 add --cert "$KEYS/examiner.pem"
	says "go with --sign"
	exits 2 add --since 2024-01-01
	says "--since is no option of trail-seal"
	exits 2 add -k keys.json
	says "--keys is no option"
	exits 2 trail seal --check --ledger l.jsonl --case 7 copy
	says "--check makes no entry"
	exits 2 trail seal --check --ledger l.jsonl copy
	says "No such file"
	exits 2 trail seal --check --ledger l.jsonl --head 12 copy
	says "64 hexadecimal digits"
	exits 2 trail seal --ledger l.jsonl --manifest-format bagit
	says "name their folder with -o"
	exits 2 trail seal --ledger l.jsonl --manifest-format bagit -o bag
	says "No such file"
	exits 2 trail seal --ledger l.jsonl --timestamp none.tsr copy
	says "reads no EVIDENCE"
	exits 2 trail seal --ledger l.jsonl --action copied --case 1 --examiner x
	says "no EVIDENCE given"
	exits 2 trail seal --ledger l.jsonl --action copied --case 1 --examiner x nothing
	says "cannot open nothing"
	[ ! -e l.jsonl ]
}

@test "help, page and completions name the same options" {
	local want completions=$SOURCE_ROOT/tools/completions
	exits 0 trail seal --help
	want=$(grep -oE -- '^  (-., |    )--[a-z-]+' <<<"$output" | grep -oE -- '--[a-z-]+' | sed 's/--//' | sort -u)
	same "" "$(grep -xE 'keys|metadata|since|until|account|region|trail|shard|max-total' <<<"$want")"
	same "$want" "$(sed -n '/^_trail_seal_options/,/"$/p' "$completions/bash/trail-seal" | grep -oE -- '--[a-z-]+' | sed 's/--//' | sort -u)"
	same "$want" "$(sed 's/\[[^]]*\]//g; s/:.*//' "$completions/zsh/_trail-seal" | grep -oE -- '--[a-z-]+' | sed 's/--//' | sort -u)"
	same "$want" "$(grep -oE -- ' -l [a-z-]+' "$completions/fish/trail-seal.fish" | sed 's/ -l //' | grep -v findings | sort -u)"
	while read -r option; do
		grep -qE -- "Fl -$option( |\$)" "$SOURCE_ROOT/man/trail-seal.1" || fail "no --$option in the page"
	done <<<"$want"
}

# ---- Other forms of a manifest ----

@test "a manifest for hashdeep is what hashdeep finds" {
	evidence copy
	exits 0 add
	exits 0 trail seal --ledger l.jsonl --manifest-format hashdeep -o m.txt
	same "%%%% HASHDEEP-1.0" "$(head -n 1 m.txt)"
	command -v hashdeep >/dev/null || skip "no hashdeep"
	hashdeep -c sha256 -r -l -a -k m.txt copy
	same "$(hashdeep -c sha256 -r -l copy | grep -v '^[%#]' | sort)" "$(grep -v '^[%#]' m.txt | sort)"
	echo >>copy/note.txt
	run hashdeep -c sha256 -r -l -a -k m.txt copy
	[ "$status" -ne 0 ]
}

@test "names with a line feed are left out of a list for hashdeep, and that is said" {
	evidence copy
	echo 1 >copy/$'line\nfeed'
	exits 0 trail seal --ledger l.jsonl --action copied --case 1 --examiner x --manifest-format hashdeep copy
	says "1 names hold a line feed"
	same 5 "$(grep -cv '^[%#]' <<<"$output")"
}

@test "a bag holds together" {
	mkdir bag
	evidence bag/data
	exits 0 trail seal --ledger l.jsonl --action collected --case 7 --examiner Kay --exhibit X1 --organization Lab \
	    --manifest-format bagit -o bag bag/data
	# The manifest takes the result's place, and the head is what is to be kept.
	says "sealed: entry 1 of l.jsonl, head $(head_of 1)"
	(cd bag && sha256sum --quiet -c manifest-sha256.txt && sha256sum --quiet -c tagmanifest-sha256.txt)
	same "BagIt-Version: 1.0
Tag-File-Character-Encoding: UTF-8" "$(cat bag/bagit.txt)"
	same "$(find bag/data -type f -printf '%s\n' | awk '{ n += $1 } END { print n "." NR }')" "$(sed -n 's/^Payload-Oxum: //p' bag/bag-info.txt)"
	same 5 "$(wc -l <bag/manifest-sha256.txt)"
	grep -qx 'External-Identifier: X1' bag/bag-info.txt
	# the same from the ledger alone
	exits 0 trail seal --ledger l.jsonl --manifest-format bagit -o again
	diff -r -x data bag again
	exits 2 trail seal --ledger l.jsonl --action collected --case 7 --examiner Kay --manifest-format bagit -o bag/data bag/data
	says "nothing is written inside evidence"
}

@test "names in a bag are percent-encoded as RFC 8493 has it" {
	mkdir copy
	echo 1 >copy/$'line\nfeed'
	echo 2 >'copy/100%'
	exits 0 add --manifest-format bagit -o bag
	same "data/100%25
data/line%0Afeed" "$(cut -d' ' -f3- bag/manifest-sha256.txt)"
}

@test "a manifest as DFXML is well formed whatever the names are" {
	evidence copy
	echo 1 >copy/$'<&>"\x01\xff'
	exits 0 add
	exits 0 trail seal --ledger l.jsonl --manifest-format dfxml -o m.xml
	command -v xmllint >/dev/null || skip "no xmllint"
	xmllint --noout m.xml
	same 6 "$(xmllint --xpath 'count(//*[local-name()="fileobject"])' m.xml)"
	same "$(sha256sum <copy/note.txt | cut -d' ' -f1)" "$(xmllint --xpath 'string(//*[local-name()="fileobject"][*[local-name()="filename"]="copy/note.txt"]/*[local-name()="hashdigest"])' m.xml)"
}

@test "a manifest as JSON is the file of the entry" {
	evidence copy
	exits 0 add
	echo more >copy/more
	exits 0 add
	exits 0 trail seal --ledger l.jsonl --manifest-format json --entry 1
	cmp l.jsonl.d/0001.manifest.json - <<<"$output"
	exits 0 trail seal --ledger l.jsonl --manifest-format json
	cmp l.jsonl.d/0002.manifest.json - <<<"$output"
	exits 2 trail seal --ledger l.jsonl --manifest-format json --entry 3
	says "no entry 3"
	sed -i 's/note.txt/nota.txt/' l.jsonl.d/0002.manifest.json
	exits 2 trail seal --ledger l.jsonl --manifest-format json
	says "is not what entry 2 says"
}
