#!/usr/bin/env bats
# Every page in a real browser: no complaint, nothing loaded, the numbers of the data, on a screen, a phone and paper.

load helper

setup_file() {
	command -v chromium >/dev/null && [ -x /usr/bin/python3 ] || return 0
	export R=$BATS_FILE_TMPDIR/results
	mkdir "$R"
	cd "$SOURCE_ROOT/testdata" || return
	local args=(-k gaps/keys.json -m gaps/metadata.jsonl gaps/bucket) f tool
	for f in html json; do
		"$B/trail-verify" -v -f $f -o "$R/verify.$f" "${args[@]}" || [ $? -ne 2 ]
		"$B/trail-gaps" -f $f -o "$R/gaps.$f" "${args[@]}" || [ $? -ne 2 ]
		"$B/trail-diff" -q -f $f -o "$R/diff.$f" clean/bucket tampered/bucket || [ $? -ne 2 ]
	done
	"$B/trail-timeline" -q -f html -o "$R/timeline.html" "${args[@]}" || [ $? -ne 2 ]
	"$B/trail-timeline" -q -f jsonl -o "$R/timeline.jsonl" "${args[@]}" || [ $? -ne 2 ]
	"$B/trail-seal" -o "$R/sealed" --ledger "$R/l.jsonl" --action collected --case 7 --examiner 'A. Kay' gaps/bucket
	for f in html json; do
		"$B/trail-report" -q -f $f -o "$R/report.$f" --ledger "$R/l.jsonl" --case 7 --examiner 'A. Kay' "$R"/{verify,gaps,diff}.json "$R/timeline.jsonl"
	done
}

setup() {
	skip_under_wrap
	command -v chromium >/dev/null || skip "no chromium"
	[ -x /usr/bin/python3 ] || skip "no python3"
	cd "$BATS_TEST_TMPDIR" || return
}

# opened PAGE EXPRESSION...: opens a page, and expects no complaint and nothing that sticks out on a phone; the answer is in $output.
opened() {
	exits 0 timeout 120 /usr/bin/python3 "$SOURCE_ROOT/tests/cli/browser.py" "$@"
	same "[]" "$(json -c .complaints)"
	same "[]" "$(json -c .wide)"
}

json() {
	jq -r "$@" <<<"$output"
}

TILES="[...document.querySelectorAll('.tiles')[0].querySelectorAll('.tile')].map(t => t.querySelector('b').textContent.replace(/,/g, '')).join(' ')"

@test "the pages of all tools open without a complaint" {
	local page
	for page in verify gaps diff timeline report; do
		opened "$R/$page.html" "document.title" "document.querySelectorAll('h1').length" \
		    "[...document.querySelectorAll('svg')].filter(s => !s.closest('[aria-hidden]') && !s.hasAttribute('aria-label') && !s.hasAttribute('aria-hidden')).length" \
		    "[...document.querySelectorAll('th')].filter(t => !t.scope).length" "document.querySelectorAll('[id]').length -
		    new Set([...document.querySelectorAll('[id]')].map(e => e.id)).size"
		[ -n "$(json '.values[0]')" ] || fail "$page has no title"
		same "1 0 0 0" "$(json '.values[1:] | join(" ")')"
	done
}

@test "the numbers on the page of a report are those of its twin" {
	opened "$R/report.html" "$TILES" "document.querySelectorAll('article.told').length" \
	    "[...document.querySelectorAll('.toc a')].every(a => document.querySelector(a.getAttribute('href')))" "document.querySelectorAll('section[aria-labelledby]').length" \
	    "getComputedStyle(document.querySelector('.row svg rect')).fill" "[...document.querySelectorAll('td code')].map(c => c.textContent).join('\n')"
	same "$(jq -r '.summary | [.results, .alerts, .warnings, .notices, .gaps, .unexplained, .impairments, .events, .differences, .recovered, .skipped] | join(" ")' "$R/report.json")" \
	    "$(json '.values[0]')"
	same "true 18" "$(json '"\(.values[2]) \(.values[3])"')"
	# The sheet was taken: its policy allows it.
	[[ $(json '.values[4]') != "rgb(0, 0, 0)" ]] || fail "no style"
	local sum
	for sum in $(jq -r '.results[].sha256' "$R/report.json"); do
		json '.values[5]' | grep -qx "$sum" || fail "not on the page: $sum"
	done
}

@test "the numbers on the page of trail-verify are those of its JSON" {
	opened "$R/verify.html" "$TILES"
	same "$(jq -r '[.summary.digests.verified, (.summary.digests | add) - .summary.digests.verified, .summary.logs.verified,
	    (.summary.logs | add) - .summary.logs.verified] + [("alert", "warning", "notice") as $s | [.findings[] | select(.severity == $s)] | length] | join(" ")' \
	    "$R/verify.json")" "$(json '.values[0]')"
}

@test "screens and paper: pictures are made, the last page is for signatures" {
	command -v pdftotext >/dev/null || skip "no pdftotext"
	opened "$R/report.html" --shots shot
	local f size
	for f in shot.desktop.png shot.dark.png shot.phone.png; do
		[ "$(wc -c <$f)" -gt 50000 ] || fail "$f is empty"
	done
	! cmp -s shot.desktop.png shot.dark.png || fail "dark is light"
	for f in a4 letter; do
		pdfinfo shot.$f.pdf >info
		size=$(sed -n 's/^Pages: *//p' info)
		[ "$size" -gt 3 ] && [ "$size" -lt 40 ] || fail "$size pages"
		pdftotext -f "$size" -l "$size" shot.$f.pdf last
		grep -q "Examiner: name and signature" last || fail "the last page: $(cat last)"
		grep -q "page $size of $size" last || fail "no page number: $(cat last)"
		pdftotext -f 1 -l 1 shot.$f.pdf first
		grep -q "page 1 of $size" first || fail "no page number: $(cat first)"
	done
	grep -q 'Page size: *612 x 792' info || fail "$(cat info)"
	pdfinfo shot.a4.pdf | grep -q 'Page size: *59[45].* x 84[12]' || fail "$(pdfinfo shot.a4.pdf)"
}

@test "a page of 100,000 findings opens in seconds" {
	jq '.findings[0] as $f | .findings += [range(100000) | $f + {object: "s3://b/AWSLogs/\(.)"}]' "$R/verify.json" >v.json
	exits 0 trail report -q -o out.html v.json "$R/gaps.json"
	opened out.html
	[ "$(json '.seconds | floor')" -lt 20 ] || fail "$(json .seconds) seconds"
}
