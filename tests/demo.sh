#!/bin/sh
# demo.sh [BUILD]: runs the tools over the sets in testdata/ and shows what comes of it.
# Fails when an exit status is not the expected one.
set -u

cd "$(dirname "$0")/.." || exit 2
verify=${1:-build}/trail-verify
timeline=${1:-build}/trail-timeline
gaps=${1:-build}/trail-gaps
seal=${1:-build}/trail-seal
carve=${1:-build}/trail-carve
report=${1:-build}/trail-report
out=$(mktemp) || exit 2
custody=$(mktemp -d) || exit 2
results=$(mktemp -d) || exit 2
trap 'rm -rf "$out" "$custody" "$results"' EXIT
trap 'exit 130' INT TERM HUP
failed=0
bold='' plain='' color=never
if [ -t 1 ] && [ -z "${NO_COLOR-}" ] && [ "${TERM-dumb}" != dumb ]; then
	bold=$(printf '\033[1m') plain=$(printf '\033[0m') color=always
fi

heading() {
	printf '\n%s==== %s%s\n\n' "$bold" "$*" "$plain"
}

# typed WORD...: a command line as one types it, words with a space in quotes.
typed() {
	for word; do
		case $word in *' '*) printf ' "%s"' "$word" ;; *) printf ' %s' "$word" ;; esac
	done
}

# run STATUS COMMAND...: shows the command line, runs it into $out and compares its exit status.
run() {
	expected=$1
	shift
	printf '%s$%s%s\n' "$bold" "$(typed "$@")" "$plain"
	"$@" --color="$color" >"$out"
	status=$?
	if [ $status -ne "$expected" ]; then
		echo "demo: exit status $status where $expected was expected" >&2
		failed=1
	fi
}

# show LINES COLUMNS: the beginning of what came out; what is cut is said.
show() {
	awk -v lines="$1" -v columns="$2" '
	NR > lines { next }
	length($0) > columns { print substr($0, 1, columns) "..."; next }
	{ print }
	END { if (NR > lines) printf "[%d more lines]\n", NR - lines }
	' "$out"
	printf '%sexit status %d%s\n' "$bold" $status "$plain"
}

heading "A copy of a bucket, with the public keys and the metadata of its digests: all is there and genuine"
run 0 "$verify" -k testdata/clean/keys.json -m testdata/clean/metadata.jsonl testdata/clean/bucket
show 60 240

heading "Another copy: a log was edited, one got bytes appended, one was planted, and four digests were deleted"
run 1 "$verify" -q -k testdata/tampered/keys.json -m testdata/tampered/metadata.jsonl testdata/tampered/bucket
show 47 240

heading "What was changed by whom, in order, each event with the proof behind it"
COLUMNS=120 run 0 "$timeline" --write-only --until 2024-03-01T02:30:00Z -k testdata/clean/keys.json \
    -m testdata/clean/metadata.jsonl testdata/clean/bucket
show 30 240

heading "Where logging was blind, and who blinded it"
COLUMNS=120 run 1 "$gaps" -k testdata/gaps/keys.json -m testdata/gaps/metadata.jsonl testdata/gaps/bucket
show 40 240

heading "A disk on which the logs once lay, and a copy that lacks a third of them: they come back, and are proved"
cp -R testdata/clean/bucket "$custody/thinned"
{
	head -c 65536 /dev/zero
	find testdata/clean/bucket -type f | sort | while read -r file; do
		cat "$file"
		head -c $((4096 - $(wc -c <"$file") % 4096)) /dev/zero
	done
} >"$custody/disk.dd"
find "$custody/thinned" -name '*_CloudTrail_*' | sort | awk 'NR % 3 == 0' | while read -r file; do rm "$file"; done
run 1 "$verify" -q -k testdata/clean/keys.json -m testdata/clean/metadata.jsonl "$custody/thinned"
show 6 120
run 0 "$carve" -o "$custody/carved" -k testdata/clean/keys.json -m testdata/clean/metadata.jsonl --digests "$custody/thinned" \
    "$custody/disk.dd"
show 26 120
run 0 "$verify" -q -k testdata/clean/keys.json -m testdata/clean/metadata.jsonl "$custody/thinned" "$custody/carved"
show 6 120

heading "The copy sealed in a ledger, and then checked against it: one log was edited meanwhile"
cp -R testdata/clean/bucket "$custody/copy"
run 0 "$seal" --ledger "$custody/case7.jsonl" --action received --case 7 --examiner "A. Kay" "$custody/copy"
show 14 240
head=$(sha256sum <"$custody/case7.jsonl" | cut -d ' ' -f 1)
printf x >>"$(find "$custody/copy" -name '*T0200Z_*' | sort | head -n 1)"
run 1 "$seal" --check -q --ledger "$custody/case7.jsonl" --head "$head" "$custody/copy"
show 20 240

heading "What one of these findings means"
run 0 "$verify" --explain log-unreferenced
show 40 240

heading "The proof of one log, for somebody who does not trust this program (long lines are cut here)"
run 0 "$verify" --prove 111122223333_CloudTrail_us-east-1_20240301T0200Z \
    -k testdata/clean/keys.json -m testdata/clean/metadata.jsonl testdata/clean/bucket
show 50 110

heading "All of it as one page for a court or an auditor, from the results of the tools"
set -- -k testdata/gaps/keys.json -m testdata/gaps/metadata.jsonl testdata/gaps/bucket
"$verify" -v -f json -o "$results/verify.json" "$@"
"$gaps" -f json -o "$results/gaps.json" "$@"
"$timeline" -q -f jsonl -o "$results/timeline.jsonl" "$@"
printf '%s$ %s --case 7 --examiner "A. Kay" -o report.html verify.json gaps.json timeline.jsonl%s\n' "$bold" "$report" "$plain"
if "$report" --case 7 --examiner "A. Kay" -o "$results/report.html" "$results/verify.json" "$results/gaps.json" "$results/timeline.jsonl"; then
	printf '%s bytes, sections:\n' "$(wc -c <"$results/report.html")"
	sed -n 's,.*<h2 id="[a-z]*"><span class="no">\([0-9]*\)</span>\(.*\)</h2>,  \1 \2,p' "$results/report.html"
else
	echo "demo: no report was written" >&2
	failed=1
fi

exit $failed
