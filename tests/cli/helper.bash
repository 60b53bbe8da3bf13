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

# skip_without_shared [PATH]: skips the test where the real material is not there.
skip_without_shared() {
	[ -n "${SHARED_DATA-}" ] && [ -e "$SHARED_DATA/${1-}" ] || skip "no real material (SHARED_DATA)"
}

# skip_under_wrap: skips what a wrapper such as valgrind would change (time, memory, limits).
skip_under_wrap() {
	[ -z "${TRAIL_WRAP-}" ] || skip "not under ${TRAIL_WRAP%% *}"
}
