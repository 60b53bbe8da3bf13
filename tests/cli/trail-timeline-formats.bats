#!/usr/bin/env bats
# trail-timeline: what each format is, and that nothing hostile comes through it.

load helper

EVIL=$'=cmd|calc\e[31m\x01\u202e<script>alert(1)</script>",\'\n\r\t&amp;'

setup_file() {
	load helper
	cd "$BATS_FILE_TMPDIR" || return
	{
		event e1 2024-03-01T10:00:00Z GetObject '.resources = [{ARN: "arn:aws:s3:::a"}, {ARN: "arn:aws:s3:::b"}]'
		event e2 2024-03-01T12:30:00Z PutObject '.errorCode = "AccessDenied"'
		EVIL=$EVIL event e3 2024-03-01T12:30:01Z ListBuckets '.userAgent = env.EVIL | .userIdentity.arn = env.EVIL
		    | .errorCode = env.EVIL | .resources = [{ARN: env.EVIL}]'
		event e4 2024-03-01T12:30:02Z GetObject '.userAgent = "+1" | .sourceIPAddress = "-2+3" | .errorCode = "@SUM(A1)"'
		event e5 2024-03-01T13:00:00Z GetObject '.userAgent = ("long " * 4000)'
	} | log >all.json
	# A NUL that is escaped, a surrogate that stands alone, and a name of a file that is no UTF-8.
	mkdir bytes
	event u1 2024-03-01T10:00:00Z GetObject '.userAgent = "NUL" | .errorCode = "LONE"' |
		perl -pe 's/NUL/a\\u0000b/; s/LONE/a\\ud800b/' >$'bytes/\xff\e[31m\n.jsonl'
}

ev() {
	echo "$BATS_FILE_TMPDIR/$1"
}

@test "csv: RFC 4180, one header, every row of one length, and the values of jsonl" {
	trail timeline -f csv --raw-csv "$(ev all.json)" >out.csv
	trail timeline -f jsonl "$(ev all.json)" >out.jsonl
	cells out.csv >cells
	same "6" "$(wc -l <cells)"
	same "$(head -n 1 out.csv | tr -d '\r' | tr , '\n' | wc -l)" "$(jq -r length cells | sort -u)"
	same "$(jq -r 'to_entries[] | select(.key != "also_in" and .key != "record_sha256") | .key' out.jsonl | awk '!s[$0]++')" "$(head -n 1 cells | jq -r '.[]')"
	local name at=0
	for name in event_time principal event_name result access_key_id event_id record_index; do
		same "$(jq -c ".$name | tostring" out.jsonl | sed -n '1p;2p;5p')" "$(tail -n +2 cells | jq -c --arg name "$name" \
		    --argjson head "$(head -n 1 cells)" '.[$head | index($name)]' | sed -n '1p;2p;5p')"
		at=$((at + 1))
	done
	same 7 $at
}

@test "csv: a cell with comma, quote or line end is quoted" {
	event q 2024-03-01T10:00:00Z GetObject '.userAgent = "a \"b\", c"' >q.json
	trail timeline -f csv --columns user_agent,event_id q.json >out.csv
	same $'user_agent,event_id\n"a ""b"", c",q' "$(tr -d '\r' <out.csv)"
	event q 2024-03-01T10:00:00Z GetObject '.userAgent = "a\nb"' >q.json
	trail timeline -f csv --columns user_agent,event_id q.json >out.csv
	same 2 "$(cells out.csv | wc -l)"
}

@test "csv: what a spreadsheet takes for a formula is guarded, unless --raw-csv" {
	local cell
	trail timeline -f csv --columns user_agent,source_ip,result,principal "$(ev all.json)" >out.csv
	cells out.csv >cells
	for cell in $(jq -r '.[] | .[:1] | @base64' cells); do
		[[ $(base64 -d <<<"$cell") != [=+@-]* ]] || fail "a cell begins with $(base64 -d <<<"$cell")"
	done
	jq -r '.[]' cells | grep -qF "'+1"
	jq -r '.[]' cells | grep -qF "'-2+3"
	jq -r '.[]' cells | grep -qF "'@SUM(A1)"
	jq -r '.[]' cells | grep -qF "'=cmd|calc"
	trail timeline -f csv --raw-csv --columns user_agent,source_ip,result,principal "$(ev all.json)" >out.csv
	cells out.csv | jq -r '.[]' >raw
	grep -qx -- '+1' raw
	grep -qx -- '-2+3' raw
	! grep -qF "'+1" raw || false
	# Tabs and line ends in front hide a formula from a guard that looks at one character.
	event q 2024-03-01T10:00:00Z GetObject '.userAgent = "\t=1+1" | .errorCode = "\r=2" | .sourceIPAddress = "\n=3"' >q.json
	trail timeline -f csv --columns user_agent,result,source_ip q.json >out.csv
	same "" "$(cells out.csv | tail -n 1 | jq -r '.[] | select(test("^\\\\s*="))')"
	same 3 "$(cells out.csv | tail -n 1 | jq '[.[] | select(test("=[123]"))] | length')"
}

@test "control and bidi characters of evidence never come out raw where they are shown" {
	local format
	for format in text html jsonl; do
		trail timeline -f $format "$(ev all.json)" >out
		same "$format 0" "$format $(controls out)"
		COLUMNS=400 trail timeline -f $format --color=never "$(ev bytes)" >out
		same "$format 0" "$format $(controls out)"
	done
	trail timeline -v "$(ev all.json)" "$(ev bytes)" >out 2>&1
	same 0 "$(controls out)"
}

@test "no format brings them to a terminal raw" {
	skip_under_wrap
	local format
	for format in csv timesketch records jsonl text; do
		script -qec "$B/trail-timeline --color=never --progress=never -f $format $(ev all.json)" /dev/null </dev/null >out
		grep -q GetObject out
		same "$format 0" "$format $(controls out)"
	done
}

@test "everything is valid UTF-8 whatever the evidence held, and JSON is JSON" {
	local format
	for format in text csv jsonl timesketch html; do
		trail timeline -f $format "$(ev bytes)" >out
		iconv -f UTF-8 -t UTF-8 out >/dev/null || fail "$format is no UTF-8"
	done
	timeline 0 "$(ev bytes)"
	same 'u1' "$(column event_id)"
	same '"a\u0000b"' "$(json '.user_agent | tojson')"
	[[ $(json '.result') == a*b ]]
}

@test "jsonl: a value that is a formula, an escape or a tag elsewhere is itself here" {
	timeline 0 "$(ev all.json)"
	rows 5
	same "$(jq -c '.Records[2].userAgent' "$(ev all.json)")" "$(json 'select(.event_id == "e3").user_agent | tojson')"
	same "$(jq -c '.Records[4].userAgent' "$(ev all.json)" | wc -c)" "$(json 'select(.event_id == "e5").user_agent | tojson' | wc -c)"
	same "arn:aws:s3:::a; arn:aws:s3:::b" "$(json 'select(.event_id == "e1").resources')"
	same "success AccessDenied" "$(json '.result' | head -n 2 | xargs)"
}

@test "records: the original records, byte for byte but for white space" {
	jq -c '.Records[]' "$(ev all.json)" >want
	trail timeline -f records "$(ev all.json)" >have
	cmp want have
	jq . "$(ev all.json)" >pretty.json
	trail timeline -f records pretty.json >have
	cmp want have
	# Numbers and escapes stay as they are written.
	echo '{ "eventVersion" : "1.08", "eventID":"n", "eventName": "\u0047et\/Object", "eventTime":"2024-03-01T10:00:00Z",
	    "requestParameters": {"a" : 1.50e+2, "b": 12345678901234567890123, "c": [ 1 , -0.0 ], "d" : "x  y" } }' >n.json
	trail timeline -f records n.json >have
	same '{"eventVersion":"1.08","eventID":"n","eventName":"\u0047et\/Object","eventTime":"2024-03-01T10:00:00Z","requestParameters":{"a":1.50e+2,"b":12345678901234567890123,"c":[1,-0.0],"d":"x  y"}}' "$(cat have)"
	same '"Get/Object"' "$(trail timeline -f jsonl n.json | jq -c .event_name)"
}

@test "records: a real log comes out as jq -c has it, an escaped record unescaped once" {
	skip_without_shared invictus-stratus-logs
	trail timeline -f records "$SHARED_DATA"/invictus-stratus-logs/*.json >have
	jq -c '.Records[]' "$SHARED_DATA"/invictus-stratus-logs/*.json | sort >want
	same "" "$(diff want <(jq -c . have | sort) | head -n 4)"
	# jq writes a few numbers anew.
	[ "$(comm -12 want <(sort have) | wc -l)" -ge 2890 ]
	trail timeline -f records "$SHARED_DATA"/lookup-events/*.jsonl >have
	same "$(jq -r .CloudTrailEvent "$SHARED_DATA"/lookup-events/*.jsonl | sort)" "$(sort have)"
}

@test "timesketch: its columns first, ISO 8601 with an offset, long values cut with a mark" {
	trail timeline -f timesketch "$(ev all.json)" >out.csv
	cells out.csv >cells
	same "message datetime timestamp_desc" "$(head -n 1 cells | jq -r '.[:3] | join(" ")')"
	same 6 "$(wc -l <cells)"
	same 1 "$(jq length cells | sort -u | wc -l)"
	same "" "$(tail -n +2 cells | jq -r '.[1]' | grep -vE '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]+)?\+00:00$' || :)"
	same "" "$(tail -n +2 cells | jq -r 'select(.[0] == "" or .[2] == "").[1]')"
	same true "$(jq -s '[.[] | .[] | length] | max < 20000' cells)"
	local name
	for name in principal event_name source_ip access_key_id event_id locator; do
		jq -e --arg name $name 'index($name)' <<<"$(head -n 1 cells)" >/dev/null || fail "no column $name"
	done
	python3 -c 'import csv, datetime, sys
for r in csv.DictReader(open("out.csv", newline="")): datetime.datetime.fromisoformat(r["datetime"])'
}

@test "html: one well-formed page with a policy, that loads nothing and holds the rows" {
	trail timeline -f html "$(ev all.json)" >out.html
	html out.html >have
	same ok "$(head -n 1 have)"
	grep -q "^csp .*default-src 'none'" have || fail "$(cat have)"
	! grep -q "unsafe-inline.*script\|script-src[^;]*unsafe" have || false
	same loads "$(grep ^loads have | xargs)"
	! grep -q 'raw control' have || false
	! grep -qiE '(src|href|url\() *=? *["'\'']?(https?:)?//' out.html || false
	! grep -qF '<script>alert' out.html || false
	[[ $(grep ^scripts have) =~ svg\ [1-9] || $(grep ^scripts have) =~ tables\ [1-9] ]]
	local id
	for id in GetObject PutObject AccessDenied 192.0.2.7 2024-03-01; do grep -qF "$id" out.html || fail "$id is not there"; done
	head -n 1 out.html | grep -qi '<!doctype html>'
}

@test "html: the hash in the policy is that of the script" {
	trail timeline -f html "$(ev all.json)" >out.html
	python3 - <<'END'
import base64, hashlib, re
s = open("out.html", encoding="utf-8", newline="").read()
csp = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', s, re.I).group(1).replace("&#39;", "'").replace("&#x27;", "'")
for kind in ("script", "style"):
    for body in re.findall(rf"<{kind}[^>]*>(.*?)</{kind}>", s, re.S):
        if kind == "script" and "application/json" in s[s.index(body) - 60:s.index(body)]: continue
        h = "sha256-" + base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        allowed = re.search(rf"{kind}-src ([^;]*)", csp)
        assert allowed, f"no {kind}-src: {csp}"
        assert h in allowed.group(1) or kind == "style" and "'unsafe-inline'" in allowed.group(1), f"{kind} {h} is not in {csp}"
END
}

@test "text: fits the width, has a line for each event, and says what there was" {
	local width
	for width in 60 80 120 200; do
		COLUMNS=$width trail timeline -f text "$(ev all.json)" >out
		same "$width 0" "$width $(perl -CSD -lne '$n++ if length > '$width'; END { print $n + 0 }' out)"
		same "$width 5" "$width $(grep -cE '[0-9]{2}:[0-9]{2}:[0-9]{2} r ' out)"
		[ $width -eq 60 ] || same "$width 3" "$width $(grep -c 'GetObject' out)"
		grep -q '5 events' out || fail "$(cat out)"
	done
	! grep -q $'\e' out || false
	COLUMNS=200 trail timeline -f text --color=always "$(ev all.json)" >out
	grep -q $'\e\\[' out
	NO_COLOR=1 trail timeline -f text "$(ev all.json)" >out
	! grep -q $'\e' out || false
	trail timeline "$(ev all.json)" >default
	trail timeline -f text "$(ev all.json)" | cmp - default
}

@test "text: what was asked for can be read at 80 columns: the root of a chain, and the code of a failed call" {
	role='.userIdentity = {type: "AssumedRole", principalId: "AROAX:bob", arn: "arn:aws:sts::111122223333:assumed-role/Pipeline/bob",
	    accountId: "111122223333", accessKeyId: "ASIAX"}'
	{
		event a1 2024-03-01T10:00:00Z AssumeRole '.eventSource = "sts.amazonaws.com"
		    | .responseElements = {credentials: {accessKeyId: "ASIAX"}}'
		event a2 2024-03-01T10:00:01Z AttachUserPolicy ".eventSource = \"iam.amazonaws.com\" | .errorCode = \"AccessDenied\" | $role"
	} >chain.jsonl
	local width
	for width in 80 100 120 200; do
		COLUMNS=$width trail timeline --lineage chain.jsonl >out
		grep -qE '^  F 10:00:01 r iam:.* AccessDenied +user/alice › ' out || fail "$(cat out)"
	done
	grep -q 'user/alice › assumed-role/Pipeline/bob' out
}

@test "text: versions of a conflict are told apart, and -q leaves the signs their meaning" {
	{
		event k1 2024-03-01T10:00:00Z GetObject
		event k1 2024-03-01T10:00:00Z GetObject '.userAgent = "other" | .sourceIPAddress = "192.0.2.9"'
		event k2 2024-03-01T10:00:01Z GetObject
		event k2 2024-03-01T10:00:01Z GetObject '.requestParameters = {a: 2}'
		event k3 2024-03-01T10:00:02Z GetObject
	} >both.jsonl
	run --separate-stderr "$B/trail-timeline" -q both.jsonl
	[ "$status" -eq 1 ]
	same ' ≠  differs in: source_ip, user_agent' "$(sed -n 6p <<<"$output")"
	same ' ≠  differs in: members that are no columns: see -f records --id k2' "$(sed -n 9p <<<"$output")"
	same '≠ conflict: another version is shown, too' "$(sed -n 1p <<<"$output")"
	same 10 "$(wc -l <<<"$output")"
	same 2 "$(trail timeline -f records --id k2 both.jsonl 2>/dev/null | wc -l)"
}

@test "html: says which arguments made it, unless it is to be reproducible" {
	trail timeline -f html --grep '<i>' "$(ev all.json)" >out.html
	grep -qF "<code>trail-timeline -f html --grep &#39;&lt;i&gt;&#39; " out.html || grep '<footer>' out.html | fail "$(cat)"
	trail timeline -f html --reproducible "$(ev all.json)" >out.html
	! grep -q 'trail-timeline -f' out.html || false
	grep -q 'Written by trail-timeline [0-9]' out.html
}

@test "no format, with real logs, is without its rows" {
	skip_without_shared invictus-stratus-logs
	trail timeline -f csv "$SHARED_DATA"/invictus-stratus-logs/*.json >out.csv
	same 2901 "$(cells out.csv | wc -l)"
	trail timeline -f timesketch "$SHARED_DATA"/invictus-stratus-logs/*.json >out.csv
	same 2901 "$(cells out.csv | wc -l)"
	trail timeline -f html "$SHARED_DATA"/invictus-stratus-logs/*.json >out.html
	same ok "$(html out.html | head -n 1)"
	trail timeline -f jsonl "$SHARED_DATA"/invictus-stratus-logs/*.json >out.jsonl
	same 2900 "$(jq -r .event_id out.jsonl | sort -u | wc -l)"
	trail timeline -f text "$SHARED_DATA"/invictus-stratus-logs/*.json >out
	grep -qE "2,?900 events" out
}

@test "a text without events says why, and begins with what it says" {
	mkdir empty
	exits 3 trail timeline empty
	same "0 events
no events  nothing that could be read holds any: the result is inconclusive" "$output"
	# Asked for and not there is another thing: then the answer is none.
	exits 0 trail timeline --event Nothing "$SOURCE_ROOT/testdata/clean/bucket"
	same "0 events" "${lines[0]}"
	[[ $output != *inconclusive* ]]
	exits 0 trail timeline --since 2030-01-01 "$SOURCE_ROOT/testdata/clean/bucket"
	[[ $output != *inconclusive* ]]
}
