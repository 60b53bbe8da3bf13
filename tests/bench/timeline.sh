# timeline.sh: what trail-timeline takes; read by bench.sh, whose functions and sets it uses.
# BENCH_JQ=1 adds zcat | jq | sort, BENCH_DUCKDB=1 DuckDB (npm installs @duckdb/node-api into the scratch folder); their rows must be
# those of trail-timeline.  BENCH_LARGE=1 adds 20,000,000 events (25 GB inflated, 6 GB on disk).
# shellcheck shell=sh disable=SC2154 # variables of bench.sh and of measure

timeline=$B/trail-timeline
here=$PWD/tests/bench
common=event_time,account_id,region,event_id,event_source,event_name,source_ip,user_agent,access_key_id

make_events() {
	make_set events --accounts 5 --regions "$regions" --hours 626 --logs 10 --events 16
	make_set tenth --accounts 5 --regions "$regions" --hours 63 --logs 10 --events 16
	if [ "${BENCH_LARGE-}" = 1 ]; then
		make_set twenty --accounts 5 --regions "$regions" --hours 1251 --logs 10 --events 160
	fi
}

# timeline_for SET [OPTION...]: the command line that writes the events of a set as CSV.
timeline_for() {
	set_name=$1
	shift
	echo "$timeline -q -j$jobs -f csv $* $scratch/$set_name/bucket"
}

# same_rows FILE: stops when a tool found other rows, or another order, in the columns that mean the same to all
same_rows() {
	"$timeline" -q -f csv --raw-csv --columns "$common" "$scratch/events/bucket" | sed 1d | tr -d '"' >"$scratch/rows.csv"
	python3 -c 'import csv, sys
for row in csv.reader(open(sys.argv[1], newline="")):
    print(",".join(row[:9]))' "$1" | tr -d '"' | cmp - "$scratch/rows.csv" || {
		echo "bench: the rows in $1 are other ones" >&2
		exit 1
	}
}

# memory_line SET MEMORY MIB
memory_line() {
	# shellcheck disable=SC2046 # as above
	pair $(timeline_for "$1" --memory "$2")
	line "peak memory, $(number "$1" events) events, --memory $2" "$(calc "$a_rss / 1024" %.1f) MiB" "<= $(($3 + 32)) MiB"
	line "  seconds" "$(calc "$a_wall" %.2f)" ""
}

# against WHAT COMMAND TARGET: another tool beside trail-timeline, three times, for it takes long
against() {
	keep=$rounds
	rounds=3
	# shellcheck disable=SC2046,SC2086 # as above
	pair $2 -- $(timeline_for events)
	rounds=$keep
	line "1,000,000 events, $1" "$(calc "$ratio_wall" %.1f) times as long" "$3"
	line "  the same in CPU time" "$(calc "$ratio_cpu" %.1f)" ""
	line "  seconds, $1 and trail-timeline" "$(calc "$a_wall" %.2f), $(calc "$b_wall" %.2f)" ""
}

bench_jq() {
	cat >"$scratch/jq.sh" <<EOF
find "$scratch/events/bucket" -name '*_CloudTrail_*.json.gz' -print0 | xargs -0 zcat |
    jq -r '.Records[] | [.eventTime, .recipientAccountId // .userIdentity.accountId // "", .awsRegion, .eventID, .eventSource,
    .eventName, .sourceIPAddress, .userAgent, .userIdentity.accessKeyId,
    (.userIdentity | .arn // .userName // .invokedBy // .principalId), (.errorCode // if .errorMessage then "failure" else "success" end),
    ([.resources[]?.ARN] | join("; ")), .readOnly, .eventCategory, .sharedEventID] | @csv' | LC_ALL=C sort -u >"$scratch/jq.csv"
EOF
	against "zcat | jq | sort" "sh $scratch/jq.sh" ">= 30"
	same_rows "$scratch/jq.csv"
}

bench_duckdb() {
	mkdir -p "$scratch/duckdb"
	[ -d "$scratch/duckdb/node_modules" ] ||
	    (cd "$scratch/duckdb" && npm install --silent --no-audit --no-fund @duckdb/node-api >&2)
	export NODE_PATH="$scratch/duckdb/node_modules"
	against "DuckDB" "node $here/duckdb.js $scratch/events/bucket $scratch/duckdb.csv" ">= 10"
	same_rows "$scratch/duckdb.csv"
}

bench_timeline() {
	make_events
	# shellcheck disable=SC2046 # as above
	against_floor "1,000,000 events as CSV, to floor (no SHA-256)" "$(timeline_for events)" \
	    "$floor -j$jobs --inflate $scratch/events/bucket" "<= 3"
	# shellcheck disable=SC2046 # as above
	pair $(timeline_for events) -- $(timeline_for tenth)
	line "1,000,000 events to 100,000" "$(calc "$ratio_wall" %.2f)" "<= 11"
	memory_line events 64M 64
	memory_line events 256M 256
	if [ "${BENCH_LARGE-}" = 1 ]; then
		memory_line twenty 64M 64
		memory_line twenty 256M 256
	fi
	[ "${BENCH_JQ-}" != 1 ] || bench_jq
	[ "${BENCH_DUCKDB-}" != 1 ] || bench_duckdb
}
