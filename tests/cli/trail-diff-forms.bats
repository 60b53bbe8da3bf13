#!/usr/bin/env bats
# trail-diff: what each format shows, hostile values, counts, options, and output that depends on nothing but the evidence.

load helper

setup_file() {
	load helper
	cd "$BATS_FILE_TMPDIR" || return
	local i
	for i in 1 2 3 4 5 6 7 8 9; do
		event "e$i" "2024-03-01T10:0$i:00Z" GetObject '.requestParameters = {n: 1}'
	done >nine
	log <nine >a.json
	# e3 altered, e5 gone, e6x new
	{
		jq -c 'select(.eventID != "e5") | if .eventID == "e3" then .userIdentity.arn = "arn:aws:iam::111122223333:user/mallory" else . end' nine
		event e6x 2024-03-01T10:06:30Z DeleteObject
	} | log >b.json
	mk t --hours 5 --accounts 2 --regions us-east-1,eu-west-1 --logs 2 --events 5 --seed 11 --event-version 10
	mk u --hours 5 --accounts 2 --regions us-east-1,eu-west-1 --logs 2 --events 5 --seed 11 --event-version 10 \
	    --tamper modify-log:h=2 --tamper forge-log:h=2 --tamper delete-log:h=3
	# All that an attacker would like to get through.
	event evil 2024-03-01T10:05:00Z X '.userAgent = "a\u001b[31m\u202e</td><script>alert(1)</script>\u0007\u009b" |
	    .requestParameters = {"\u001b[2J\u202e<b>\"": "x"} | .eventName = "N\u001b[0m\u202e<i>"' | log >evil-a.json
	jq -c '.Records[0].userAgent += "\u001b]0;x" | .Records[0].requestParameters["\u001b[2J\u202e<b>\""] = "y"' evil-a.json >evil-b.json
}

ev() {
	echo "$BATS_FILE_TMPDIR/$1"
}

# controls FILE: how many control and bidi characters stand in it raw, other than line feeds.
controls() {
	perl -CSD -ne '$n += () = /[\x00-\x08\x0b-\x1f\x7f-\x9f\x{202a}-\x{202e}\x{2066}-\x{2069}]/g; END { print $n + 0 }' "$1"
}

@test "text begins with the verdict, counted" {
	exits 1 trail diff --events "$(ev a.json)" "$(ev b.json)"
	same "THEY DIFFER: 1 event changed, 1 only in A, 1 only in B." "${lines[0]}"
	exits 0 trail diff --events "$(ev a.json)" "$(ev a.json)"
	[[ ${lines[0]} == "SAME: 9 events"* ]] || fail "begins with ${lines[0]}"
	mkdir empty
	exits 3 trail diff --events "$(ev a.json)" empty
	[[ ${lines[0]} == "INCONCLUSIVE: "* ]] || fail "begins with ${lines[0]}"
}

@test "on a wide terminal who did it stays near what he did" {
	COLUMNS=300 exits 1 trail diff --events "$(ev a.json)" "$(ev b.json)"
	grep -E 's3:GetObject {1,44}[^ ]' <<<"$output"
}

@test "text: lines as diff -u has them, grouped under headings with counts" {
	exits 1 trail diff --events "$(ev a.json)" "$(ev b.json)"
	same '  - /userIdentity/arn: "arn:aws:iam::111122223333:user/alice"
  + /userIdentity/arn: "arn:aws:iam::111122223333:user/mallory"' "$(grep userIdentity <<<"$output")"
	same "EVENTS CHANGED (1)
EVENTS ONLY IN A (1)
EVENTS ONLY IN B (1)" "$(grep -E '^EVENTS' <<<"$output")"
	same "- 2024-03-01T10:05:00Z s3:GetObject" "$(grep -E '^- 2024' <<<"$output" | cut -c 1-35)"
	same "+ 2024-03-01T10:06:30Z s3:DeleteObject" "$(grep -E '^\+ 2024' <<<"$output" | cut -c 1-38)"
	prints "e5"
	prints "e6x"
	grep -q -- '--- A .*a\.json#2' <<<"$output"
	grep -q -- '+++ B .*b\.json#2' <<<"$output"
}

@test "text: colour only when asked for, A red and B green, and lines fit COLUMNS" {
	exits 1 trail diff --events "$(ev a.json)" "$(ev b.json)"
	[[ $output != *$'\033'* ]] || fail "coloured"
	exits 1 trail diff --events --color=always "$(ev a.json)" "$(ev b.json)"
	grep -q $'\033\[1;31m  - /userIdentity/arn' <<<"$output"
	grep -q $'\033\[1;32m  + /userIdentity/arn' <<<"$output"
	cp "$(ev a.json)" "$(ev b.json)" .
	local columns
	for columns in 60 80 132; do
		COLUMNS=$columns trail diff --events a.json b.json >out || :
		same "" "$(awk -v most=$columns 'length($0) > most' out)"
	done
}

@test "a value that is too long for the line shows where it differs" {
	jq -c '.Records[0].userAgent = ("x" * 500) + "GENUINE" + ("y" * 500)' "$(ev a.json)" >x.json
	jq -c '.Records[0].userAgent = ("x" * 500) + "FORGED!" + ("y" * 500)' "$(ev a.json)" >y.json
	COLUMNS=80 trail diff --events x.json y.json >out || :
	grep -q '^  - /userAgent: .*GENUINE' out
	grep -q '^  + /userAgent: .*FORGED!' out
	same "" "$(awk 'length($0) > 80' out)"
}

@test "--stat: counts, and no list, in every format" {
	exits 1 trail diff --stat --events "$(ev a.json)" "$(ev b.json)"
	[[ ${lines[0]} == "THEY DIFFER: "* ]] || fail "begins with ${lines[0]}"
	same "same 7
changed 1
- only in A 1
+ only in B 1" "$(sed -nE 's/^  (same|changed|. only in .) +([0-9]+)$/\1 \2/p' <<<"$output")"
	[[ $output != *userIdentity* ]] || fail "a list"
	exits 1 trail diff --stat -f json "$(ev t/bucket)" "$(ev u/bucket)"
	same "null null" "$(json '"\(.changed) \(.objects)"')"
	[ "$(json .summary.events.changed)" -gt 0 ]
	[ "$(json .summary.objects.changed)" -gt 0 ]
	exits 1 trail diff --stat -f html "$(ev a.json)" "$(ev b.json)"
	[[ $output != *userIdentity* ]] || fail "a list"
}

@test "json: the members of the contract, and counts that are those of the lists" {
	exits 1 trail diff -f json "$(ev t/bucket)" "$(ev u/bucket)"
	same "trail-diff 1" "$(json '"\(.tool) \(.schema)"')"
	same "array array array array array object" "$(json '[.only_in_a, .only_in_b, .changed, .outside_common_window, .not_comparable, .objects] | map(type) | join(" ")')"
	same "true true true true true" "$(json '[has("version"), has("arguments"), has("started"), has("finished"), has("findings")] | join(" ")')"
	same "$(json '[.changed, .only_in_a, .only_in_b] | map(length) | join(" ")')" \
	    "$(json '.summary.events | "\(.changed) \(.only_in_a) \(.only_in_b)"')"
	same "$(json '[.objects.changed, .objects.only_in_a, .objects.only_in_b] | map(length) | join(" ")')" \
	    "$(json '.summary.objects | "\(.changed) \(.only_in_a) \(.only_in_b)"')"
	same "$(json '.outside_common_window | length')" "$(json '.summary.events.outside_common_window | .a + .b')"
	same "$(json '.not_comparable | length')" "$(json '.summary.events.not_comparable | .a + .b')"
	same "null" "$(json '[.changed[].fields[] | select(has("a") and .a == .b)][0] | tostring')"
}

@test "json: lists are never shortened" {
	skip_under_wrap
	local i
	event x 2024-03-01T10:00:00Z GetObject >seed
	perl -e 'local $/; my $r = <>; for my $i (1 .. 3000) { my $x = $r; $x =~ s/"eventID":"x"/"\"eventID\":\"$i\""/e;
	    $x =~ s/10:00:00Z/sprintf "10:%02d:%02dZ", $i % 60, $i \/ 60 % 60/e; print $x }' seed >many
	sed 's/aws-cli/other/' many | jq -c 'select(.eventID | tonumber % 3 > 0)' >changed
	exits 1 trail diff -f json many changed
	same "2000 1000" "$(json '"\(.changed | length) \(.only_in_a + .outside_common_window | length)"')"
	exits 1 trail diff many changed
	prints " more: -v or -f json lists all"
	exits 1 trail diff -v many changed
	same 2000 "$(grep -c '^  - /userAgent' <<<"$output")"
}

@test "--reproducible drops times and arguments, and two runs are alike" {
	trail diff -f json --reproducible "$(ev a.json)" "$(ev b.json)" >one || :
	sleep 1
	trail diff -f json --reproducible -j 3 "$(ev a.json)" "$(ev b.json)" >two || :
	cmp one two
	same "null null null" "$(json '"\(.arguments) \(.started) \(.finished)"' one)"
	SOURCE_DATE_EPOCH=1 trail diff -f json "$(ev a.json)" "$(ev b.json)" | cmp one - || :
}

@test "the same bytes for any number of threads and any memory" {
	local format how
	for format in text json html; do
		trail diff -f $format -v -j 1 --reproducible -k "$(ev t/keys.json)" "$(ev t/bucket)" "$(ev u/bucket)" >want || [ $? -eq 1 ]
		[ "$(wc -l <want)" -gt 20 ]
		for how in "-j 2" "-j 7" "--memory 0" "--memory 1" "--memory 16M -j 3"; do
			# shellcheck disable=SC2086
			trail diff -f $format -v --reproducible $how -k "$(ev t/keys.json)" "$(ev t/bucket)" "$(ev u/bucket)" >have || [ $? -eq 1 ]
			cmp want have || fail "$format $how"
		done
	done
}

@test "hostile values never come out raw, and the html loads nothing" {
	local format
	for format in text json html; do
		trail diff --events -f $format "$(ev evil-a.json)" "$(ev evil-b.json)" >out || [ $? -eq 1 ]
		same "$format 0" "$format $(controls out)"
		[ -s out ]
	done
	! grep -q '<script' out || false
	! grep -qE '<[a-z]+[^>]*(src|href)="[^#]' out || false
	grep -q "default-src 'none'" out
	trail diff --events -f json "$(ev evil-a.json)" "$(ev evil-b.json)" >out || [ $? -eq 1 ]
	same "true" "$(jq --slurpfile a "$(ev evil-a.json)" '.changed[0].fields[] | select(.path == "/userAgent") | .a == $a[0].Records[0].userAgent' out)"
	same "true" "$(jq '[.changed[0].fields[].path] | index("/requestParameters/\u001b[2J\u202e<b>\"") != null' out)"
}

@test "hostile names of files" {
	mkdir a b
	cp "$(ev a.json)" $'a/x\033[31m\xe2\x80\xae<b>.json'
	cp "$(ev b.json)" $'b/x\xff.json'
	local format
	for format in text json html; do
		trail diff -f $format a b >out || [ $? -eq 1 ]
		same "$format 0" "$format $(controls out 2>/dev/null)"
		iconv -f UTF-8 -t UTF-8 out >/dev/null
	done
}

@test "html is one page that stands alone" {
	exits 1 trail diff -f html -o page.html "$(ev t/bucket)" "$(ev u/bucket)"
	same "" "$output"
	nothing_left
	grep -q '^<!DOCTYPE html>' page.html
	grep -q '</html>' page.html
	grep -q 'They differ' page.html
	python3 - page.html <<'END'
import sys
from html.parser import HTMLParser
class P(HTMLParser):
    open = []
    def handle_starttag(self, tag, attrs):
        if tag not in ("meta", "br", "input"): self.open.append(tag)
    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag: raise SystemExit(f"</{tag}> at {self.getpos()}")
        self.open.pop()
p = P()
p.feed(open(sys.argv[1], encoding="utf-8").read())
if p.open: raise SystemExit(f"open: {p.open}")
END
}

# ---- The command line ----

# refuses WORDS ARGUMENT...: nothing is written, and the words stand on standard error.
refuses() {
	local words=$1
	shift
	exits 2 trail diff "$@"
	says "trail-diff: "
	says "$words"
	same "" "$output"
}

@test "wrong usage is refused" {
	cp "$(ev a.json)" "$(ev b.json)" .
	refuses "two sides" a.json
	refuses "two sides"
	refuses "two sides" a.json b.json a.json
	refuses "objects" --objects --events a.json b.json
	refuses "csv" -f csv a.json b.json
	refuses "absent" a.json absent
	refuses "absent" absent a.json
	refuses "memory" --memory -1 a.json b.json
	refuses "JSON Pointer" --ignore userAgent a.json b.json
	refuses "since" --since nonsense a.json b.json
	refuses "nokey" -k nokey a.json b.json
	exits 2 trail diff -o no/such/folder/out a.json b.json
	exits 2 trail diff -o a.json/out a.json b.json
}

@test "output that cannot be written is trouble, and nothing is left" {
	[ -e /dev/full ] || skip "no /dev/full"
	local format
	for format in text json html; do
		run trail diff -f $format "$(ev a.json)" "$(ev b.json)" >/dev/full
		exits 2 trail diff -f $format -o /dev/full "$(ev a.json)" "$(ev b.json)"
		says "No space left"
	done
}

@test "--since and --until select events on both sides" {
	exits 0 trail diff --events --since 2024-03-01T10:07:00Z "$(ev a.json)" "$(ev b.json)"
	exits 1 trail diff --events --until 2024-03-01T10:04:00Z -f json "$(ev a.json)" "$(ev b.json)"
	same "1 0 0" "$(json '[.changed, .only_in_a, .only_in_b] | map(length) | join(" ")')"
	exits 0 trail diff --events --since 2024-03-01T10:04:00Z --until 2024-03-01T10:05:00Z "$(ev a.json)" "$(ev b.json)"
}

@test "-q says the verdict and what differs; -v names what was not read" {
	mkdir b
	cp "$(ev b.json)" b
	printf '\037\213\010garbage' >b/broken.json.gz
	exits 1 trail diff -q --events "$(ev a.json)" b
	same "" "$stderr"
	prints "THEY DIFFER"
	exits 1 trail diff --events "$(ev a.json)" b
	same "" "$stderr"
	prints "-v names what could not be read in full."
	[[ $output != *broken* ]] || fail "named all the same"
	exits 1 trail diff -v --events "$(ev a.json)" b
	prints "broken.json.gz"
	says "broken.json.gz"
	[[ $output != *"-v names"* ]] || fail "a hint at what was given"
}

@test "where much is on one side only, the accounts and regions are counted, and copies of other buckets are told" {
	local -x COLUMNS=300
	local bucket want
	bucket=$(ev t/bucket)
	cp -r "$bucket" b
	find b -path '*/444455556666/*' -delete
	exits 1 trail diff -f json "$bucket" b
	want=$(json '[.only_in_a | group_by([.account_id, .region])[] | "\(.[0].account_id) \(.[0].region) \(length)"] | .[]' | sort)
	same "444455556666" "$(cut -d ' ' -f 1 <<<"$want" | uniq)"
	exits 1 trail diff "$bucket" b
	same "$want" "$(sed -nE 's/^Events only in A, by account and region: (.*)\.$/\1/p' <<<"$output" | sed 's/, /\n/g' | sort)"
	[[ $output != *"Events only in B, by"* ]] || fail "of nothing"
	mkdir c
	cp -r "$bucket" c/AWSLogs
	mv c/AWSLogs/AWSLogs c/AWSLogs/o-other
	exits 1 trail diff "$bucket" c
	prints "No object has the same key on both sides"
	prints "--events compares"
	exits 0 trail diff --events "$bucket" c
	[[ $output != *"No object"* ]] || fail "objects were not compared"
}

@test "a selection that nothing matches is told as such" {
	local -x COLUMNS=200
	exits 3 trail diff --region us-esat-1 "$(ev t/bucket)" "$(ev u/bucket)"
	prints "side A holds no events of what was asked for; side B holds no events of what was asked for"
	mkdir empty
	exits 3 trail diff empty empty
	prints "side A holds no events; side B"
}

@test "nothing is written inside a side" {
	cp -r "$(ev t/bucket)" a
	refuses "inside" -o a/out a "$(ev u/bucket)"
	refuses "inside" -o a/out "$(ev u/bucket)" a
	refuses "inside" --tmpdir a a "$(ev u/bucket)"
}

@test "help and completions name the same options" {
	local want completions=$SOURCE_ROOT/tools/completions
	exits 0 trail diff --help
	prints "trail-diff [options] A B"
	want=$(grep -oE -- '--[a-z-]+' <<<"$output" | sed 's/--//' | sort -u)
	[ "$(wc -l <<<"$want")" -gt 20 ]
	same "$want" "$(sed -n '/^_trail_diff_options/,/"$/p' "$completions/bash/trail-diff" | grep -oE -- '--[a-z-]+' | sed 's/--//' | sort -u)"
	same "$want" "$(grep -v '^#' "$completions/zsh/_trail-diff" | grep -oE -- '--[a-z-]+' | sed 's/--//' | sort -u)"
	same "$want" "$(grep -oE -- ' -l [a-z-]+' "$completions/fish/trail-diff.fish" | sed 's/ -l //' | grep -v paths | sort -u)"
	# The page has each of them, too.
	local option
	for option in $want; do
		grep -qE "Fl -${option}( |$)" "$SOURCE_ROOT/man/trail-diff.1" || fail "the page lacks --$option"
	done
}
