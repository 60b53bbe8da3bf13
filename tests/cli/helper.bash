# What the command tests share.  B is where the build is, SHARED_DATA a folder of real material,
# TRAIL_WRAP a command in front of the tools (valgrind, say).

bats_require_minimum_version 1.5.0

SOURCE_ROOT=${SOURCE_ROOT-$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}
B=$(cd "$SOURCE_ROOT" && cd "${B-build}" && pwd)

# Settings of whoever runs the tests must not show in what the tools print.
unset SOURCE_DATE_EPOCH NO_COLOR COLUMNS POSIXLY_CORRECT
export TZ=UTC LC_ALL=C.UTF-8

# Every test starts in an empty folder of its own.
setup() {
	cd "$BATS_TEST_TMPDIR" || return
	# valgrind's remarks are not to be among those of the tools
	[[ ${TRAIL_WRAP-} != valgrind* ]] || TRAIL_WRAP+=" --log-file=$BATS_FILE_TMPDIR/valgrind.$BATS_TEST_NUMBER.%p"
}

# What valgrind found, whatever the test made of the exit status.
teardown() {
	! grep -hs '^==[0-9]*==' "$BATS_FILE_TMPDIR/valgrind.$BATS_TEST_NUMBER".* >&2
}

# trail TOOL ARGUMENT...: runs $B/trail-TOOL.
trail() {
	local tool=$1
	shift
	# shellcheck disable=SC2086 # a command with its options
	${TRAIL_WRAP-} "$B/trail-$tool" "$@"
}

# mk DIR OPTION...: makes signed evidence, DIR/bucket and DIR/keys.json and more (mktrail --help).
mk() {
	local dir=$1
	shift
	"$B/tests/gen/mktrail" -o "$dir" --keys-dir "$SOURCE_ROOT/tests/gen/keys" "$@"
}

# exits STATUS COMMAND...: runs it, its output in $output and $stderr, and expects that status.
exits() {
	local want=$1
	shift
	run --separate-stderr "$@"
	# shellcheck disable=SC2154 # run sets them
	[ "$status" -eq "$want" ] || fail "exit status $status, not $want: $*"
}

# says TEXT: expects it in what the last run wrote to standard error.
says() {
	[[ $stderr == *"$1"* ]] || fail "standard error does not say: $1"
}

# prints TEXT: expects it in what the last run wrote to standard output.
prints() {
	[[ $output == *"$1"* ]] || fail "standard output does not have: $1"
}

# fail TEXT: ends the test with a message and what the last run gave, or the start of it.
fail() {
	printf '%s\n' "$1" >&2
	printf -- '-- standard output\n%s\n' "${output-}" | head -n 60 >&2
	printf -- '-- standard error\n%s\n' "${stderr-}" | head -n 20 >&2
	return 1
}

# same TEXT TEXT: expects them to be equal, and shows where they are not.
same() {
	[ "$1" = "$2" ] || fail "$(diff <(printf '%s\n' "$1") <(printf '%s\n' "$2"))"
}

# json FILTER [FILE]: what jq makes of a result, FILE or the output of the last run.
json() {
	if [ $# -gt 1 ]; then
		jq -r "$1" "$2"
	else
		jq -r "$1" <<<"$output"
	fi
}

# findings [FILE]: the ids of the findings of a JSON result, sorted, each with how often it occurs.
findings() {
	json '.findings | group_by(.id)[] | "\(.[0].id) \(length)"' "$@"
}

# alerts [FILE]: the same, alerts only.
alerts() {
	json '[.findings[] | select(.severity == "alert")] | group_by(.id)[] | "\(.[0].id) \(length)"' "$@"
}

# nothing_left [DIR]: expects no temporary file of -o in DIR.
nothing_left() {
	local left
	left=$(find "${1-.}" -maxdepth 1 -name '.*.??????')
	[ -z "$left" ] || fail "left behind: $left"
}

# ---- Timelines ----

# timeline STATUS OPTION...: runs trail-timeline for rows as JSON lines, and expects that exit status.
timeline() {
	local want=$1
	shift
	exits "$want" trail timeline -f jsonl "$@"
}

# column NAME [FILE]: the values of a column of JSON lines, FILE or the output of the last run, on one line, "-" for none.
column() {
	json "select(type == \"object\") | .$1 | if . == null or . == \"\" then \"-\" else tostring end" "${@:2}" | paste -sd ' '
}

# rows WANT: expects so many rows of JSON lines in the output of the last run.
rows() {
	same "$1 rows" "$(json 'input_line_number' | wc -l) rows"
}

# event ID TIME NAME [FILTER]: a record on one line, as changed by a filter of jq.
event() {
	jq -cn --arg id "$1" --arg time "$2" --arg name "$3" '{eventVersion: "1.10", userIdentity: {type: "IAMUser",
	    principalId: "AIDAALICE", arn: "arn:aws:iam::111122223333:user/alice", accountId: "111122223333",
	    accessKeyId: "AKIAALICE", userName: "alice"}, eventTime: $time, eventSource: "s3.amazonaws.com", eventName: $name,
	    awsRegion: "eu-west-1", sourceIPAddress: "192.0.2.7", userAgent: "aws-cli/2.15", requestParameters: null,
	    responseElements: null, requestID: ("R-" + $id), eventID: $id, readOnly: true, eventType: "AwsApiCall",
	    managementEvent: true, recipientAccountId: "111122223333", eventCategory: "Management"} | '"${4-.}"
}

# log: the records on standard input as a delivered log.
log() {
	jq -cs '{Records: .}'
}

# oracle: what jq makes of the records on standard input, one an item: the columns of a timeline that are the record's
# own, tab-separated, in the order of a timeline.
oracle() {
	jq -rs 'def text: if . == null then "" else tostring end;
	    def some(f): first((f | select(. != null and . != "")), "");
	    sort_by(.eventTime, .recipientAccountId, .awsRegion, .eventID)[] | [.eventTime, .recipientAccountId, .awsRegion,
	    (.userIdentity | some(.arn, .userName, .invokedBy, .principalId, .accountId)), .eventSource, .eventName,
	    (if .errorCode != null then .errorCode elif .errorMessage != null or .responseElements.ConsoleLogin? == "Failure"
	     then "failure" else "success" end), .sourceIPAddress, .userAgent, .userIdentity.accessKeyId,
	    ([.resources[]? | .ARN // .resourceName | select(. != null)] | join("; ")), .readOnly, .eventCategory, .eventID,
	    .sharedEventID] | map(text) | @tsv'
}

# told: the same of JSON lines on standard input.
told() {
	jq -r 'def text: if . == null then "" else tostring end; [.event_time, .account_id, .region, .principal, .event_source,
	    .event_name, .result, .source_ip, .user_agent, .access_key_id, .resources, .read_only, .event_category, .event_id,
	    .shared_event_id] | map(text) | @tsv'
}

# ---- Gaps ----

# set_args DIR: the arguments, one a line, that give a tool evidence of mk, all its buckets, keys and metadata.
set_args() {
	printf '%s\n' -k "$1/keys.json" -m "$1/metadata.jsonl" "$1/bucket"
	[ ! -d "$1/bucket2" ] || echo "$1/bucket2"
}

# gaps STATUS DIR OPTION...: runs trail-gaps for JSON over evidence of mk, and expects that exit status.
gaps() {
	local want=$1 args
	mapfile -t args < <(set_args "$2")
	exits "$want" trail gaps -f json "${@:3}" "${args[@]}"
	printf '%s\n' "$output" >gaps.json
}

# same_gaps DIR [ACTOR]: expects in gaps.json the gaps that DIR/facts.json states, each with its edges, cause, actor and events;
# ACTOR is the member of facts.json that names him (actor, or root for who stands behind a session).
same_gaps() {
	same "$(jq -r '.gaps | length' "$1/facts.json") gaps" "$(jq -r '.gaps | length' gaps.json) gaps"
	jq -r --arg actor "${2-actor}" '.gaps[] | .begun_by |= sort | [.account, .region, .trail, .start // "*", .end // "*", .cause,
	    .explained, .[$actor] // "-", .source_ip // "-", (.covered_by | join(",")), "proved", "ended"] | map(tostring) | join(" ")' \
	    "$1/facts.json" >want
	jq -r --slurpfile told gaps.json '$told[0].gaps as $told | .gaps[] as $f
	    | first(($told[] | select(.account == $f.account and .region == $f.region and .trail == $f.trail
	        and (.start == $f.start or $f.start == null) and (.end == $f.end or $f.end == null)
	        and ($f.start != null or .end == $f.end))), {})
	    | . as $t | (.event_ids // []) as $ids | .ended_by as $by
	    | [.account, .region, .trail, if $f.start == null then "*" else .start end, if $f.end == null then "*" else .end end, .cause,
	       .explained, .actor // "-", .source_ip // "-", (if $t.start == $t.end then $f.covered_by else $t.covered_by // [] end | join(",")),
	       if ($f.begun_by - $ids) == [] and ($ids - $f.begun_by - $f.ended_by) == [] then "proved" else "by \($ids)" end,
	       if ($by == null and $f.ended_by == []) or ($by != null and ([$by.event_id] - $f.ended_by) == []) then "ended"
	       else "ended by \($by)" end]
	    | map(tostring) | join(" ")' "$1/facts.json" >got
	same "$(cat want)" "$(cat got)"
}

# same_impairments DIR: expects in gaps.json the impairments that DIR/facts.json states, effective or tried only.
same_impairments() {
	same "$(jq -r '.injected[] | select(.impairs) | "\(.event_id) \(.time) \(.name) \(.account) \(.region) \(.effective)"' "$1/facts.json" | sort)" \
	    "$(jq -r '.impairments[] | "\(.event_id) \(.time) \(.event_name) \(.account) \(.region) \(.effective)"' gaps.json | sort)"
}

# whole_coverage: expects that in gaps.json the intervals of each line are in order, meet, and are not empty, in the words of trail-gaps(1).
whole_coverage() {
	same "" "$(jq -r 'def bad: . as $l | (.intervals | length == 0) or any(.intervals[]; .start >= .end
	        or ([.state] - ["verified", "unproven", "quiet", "missing", "off", "unknown"]) != [])
	        or any(range(1; .intervals | length); $l.intervals[.].start != $l.intervals[. - 1].end);
	    .coverage[] | select(bad)' gaps.json)"
}

# ---- Formats ----

# cells FILE: the cells of a CSV, a JSON array for each line.
cells() {
	python3 -c 'import csv, json, sys
csv.field_size_limit(1 << 30)
for row in csv.reader(open(sys.argv[1], newline="", encoding="utf-8"), strict=True): print(json.dumps(row))' "$1"
}

# html FILE: "ok" when every element is closed in order, and what a page could load or run.
html() {
	python3 - "$1" <<'END'
import html.parser, sys
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
class P(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.csp, self.loads, self.tags, self.text = [], [], [], {}, []
    def handle_starttag(self, tag, attrs):
        self.tags[tag] = self.tags.get(tag, 0) + 1
        a = dict(attrs)
        if tag == "meta" and (a.get("http-equiv") or "").lower() == "content-security-policy":
            self.csp.append(a["content"])
        for name, value in attrs:
            if name in ("src", "href", "action", "formaction", "data", "poster", "srcset", "background", "xlink:href"):
                if not (value or "").startswith("#"): self.loads.append(f"{tag} {name}")
            if name.startswith("on"): self.loads.append(f"{tag} {name}")
        if tag in ("iframe", "object", "embed", "base"): self.loads.append(tag)
        if tag not in VOID: self.open.append(tag)
    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID: self.handle_endtag(tag)
    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag: raise SystemExit(f"</{tag}> at {self.getpos()}, open: {self.open[-3:]}")
        self.open.pop()
    def handle_data(self, data):
        self.text.append(data)
p = P()
source = open(sys.argv[1], encoding="utf-8", newline="").read()
p.feed(source); p.close()
print("ok" if not p.open else f"open: {p.open}")
print("csp", *p.csp)
print("loads", *p.loads)
print("scripts", p.tags.get("script", 0), "tables", p.tags.get("table", 0), "svg", p.tags.get("svg", 0))
if any(ord(c) < 32 and c not in "\n\t\r" or c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x7f" for c in source):
    print("raw control or bidi character")
END
}

# controls FILE: how many control and bidi characters stand in it raw.
controls() {
	perl -CSD -ne '$n += () = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\x{202a}-\x{202e}\x{2066}-\x{2069}]/g; END { print $n + 0 }' "$1"
}

# ---- What is not everywhere ----

# skip_without_shared [PATH]: skips the test where the real material is not there.
skip_without_shared() {
	[ -n "${SHARED_DATA-}" ] && [ -e "$SHARED_DATA/${1-}" ] || skip "no real material (SHARED_DATA)"
}

# skip_under_wrap: skips what a wrapper such as valgrind would change (time, memory, limits).
skip_under_wrap() {
	[ -z "${TRAIL_WRAP-}" ] || skip "not under ${TRAIL_WRAP%% *}"
}
