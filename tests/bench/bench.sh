#!/bin/sh
# bench.sh: what trail-verify, trail-timeline (timeline.sh), trail-gaps (gaps.sh) and trail-diff (diff.sh) take, in time and memory, mostly as a ratio
# to the floor program (floor.c), and how fast records are read (scan.c) and sorted (sort.c).
# In the environment: B, where the build is (build); BENCH_ROUNDS, pairs of runs for each ratio (7, at least 5);
# BENCH_FRESH=1 makes the evidence again; BENCH_LARGE=1 adds 500,000 logs (10 GB inflated, 5 GB on disk);
# BENCH_ONLY, one part: floor, rates, scan, memory, sort, timeline, gaps or diff; TMPDIR, where the evidence is made and kept (/tmp; 4.5 GB).
# Each line says what was wanted and what was measured.  No time makes it fail, but a wrong verdict does.
# shellcheck disable=SC2154 # measure prints the assignments of a_*, b_* and ratio_*
set -eu

cd "$(dirname "$0")/../.."
B=$(cd "${B:-build}" && pwd)
rounds=${BENCH_ROUNDS:-7}
[ "$rounds" -ge 5 ] || rounds=5
scratch=${TMPDIR:-/tmp}/trail-bench-$(id -u)
verify=$B/trail-verify
floor=$B/tests/bench/floor
measure=$B/tests/bench/measure
scan=$B/tests/bench/scan
mktrail=$B/tests/gen/mktrail
jobs=2
regions=us-east-1,eu-west-1
case $scratch$B in
*[[:space:]]*)
	echo "bench: needs paths without blanks" >&2
	exit 1
	;;
esac

# ---- Evidence ----

# make_set NAME OPTION...: made once; again when the options or the generator are other ones.
make_set() {
	name=$1
	shift
	stamp="$(cksum <"$mktrail") $*"
	[ "$(cat "$scratch/$name.stamp" 2>/dev/null)" = "$stamp" ] && return
	echo "making $name: mktrail $*" >&2
	rm -rf "${scratch:?}/$name" "$scratch/$name.tar" "$scratch/$name.tar.gz" "$scratch/$name.stamp"
	"$mktrail" -o "$scratch/$name" --threads "$(nproc)" "$@"
	echo "$stamp" >"$scratch/$name.stamp"
}

# make_tar NAME: NAME.tar of the bucket in a set
make_tar() {
	[ -e "$scratch/$1.tar" ] || tar -C "$scratch/$1" --sort=name -cf "$scratch/$1.tar" bucket
}

make_evidence() {
	make_set busy --accounts 5 --regions $regions --hours 101 --logs 50 --events 16
	make_set logs --accounts 5 --regions $regions --hours 501 --logs 10 --events 16
	make_set small --accounts 5 --regions $regions --hours 51 --logs 10 --events 16
	make_set digests --accounts 5 --regions $regions --hours 2000 --logs 0
	make_set pair --hours 2 --logs 1 --tamper delete-oldest
	make_set few --regions $regions --hours 251 --logs 40 --events 1
	make_set many --regions $regions --hours 251 --logs 200 --events 1
	if [ "${BENCH_LARGE-}" = 1 ]; then
		make_set large --accounts 5 --regions $regions --hours 5001 --logs 10 --events 16
	fi
	make_tar logs
	make_tar small
	[ -e "$scratch/small.tar.gz" ] || gzip -k "$scratch/small.tar"
}

# ---- Measuring ----

# pair A... -- B...: sets what measure prints, and stops when the first did not find everything as it should be.
pair() {
	eval "$("$measure" -n "$rounds" -- "$@")"
	if [ "$a_status" -ne 0 ]; then
		echo "bench: exit status $a_status of: $*" >&2
		exit 1
	fi
}

# command_for SET J [EVIDENCE]: the command line that verifies a set.
command_for() {
	echo "$verify -q -j$2 -k $scratch/$1/keys.json -m $scratch/$1/metadata.jsonl ${3:-$scratch/$1/bucket}"
}

# calc EXPRESSION FORMAT: arithmetic with fractions
calc() {
	awk "BEGIN { printf \"$2\", $1 }"
}

# line WHAT MEASURED TARGET
line() {
	printf '%-52s %-26s %s\n' "$1" "$2" "$3"
}

# against_floor WHAT VERIFY-COMMAND FLOOR-COMMAND TARGET
against_floor() {
	# shellcheck disable=SC2086 # commands without blanks in their words
	pair $2 -- $3
	line "$1" "$(calc "$ratio_wall" %.2f) ($(calc "$ratio_wall_min" %.2f) to $(calc "$ratio_wall_max" %.2f))" "$4"
	line "  the same in CPU time" "$(calc "$ratio_cpu" %.2f) ($(calc "$ratio_cpu_min" %.2f) to $(calc "$ratio_cpu_max" %.2f))" ""
	line "  seconds, of the tool and of the floor" "$(calc "$a_wall" %.3f), $(calc "$b_wall" %.3f)" ""
}

# single SET J: measures the verification of a set alone.
single() {
	# shellcheck disable=SC2046 # as above
	pair $(command_for "$1" "$2")
}

# number SET NAME: a number from the set's facts.json
number() {
	sed -n "s/^  \"$2\": \([0-9]*\),*\$/\1/p" "$scratch/$1/facts.json"
}

bench_floor() {
	against_floor "50,000 logs, 1,010 digests, to floor" "$(command_for busy $jobs)" \
	    "$floor -j$jobs $scratch/busy/bucket" "<= 1.25"
	against_floor "50,000 logs, 5,010 digests, to floor" "$(command_for logs $jobs)" \
	    "$floor -j$jobs $scratch/logs/bucket" "<= 1.25"
	rss=$a_rss
	wall=$a_wall
	against_floor "50,000 logs in a tar, to floor" "$(command_for logs $jobs "$scratch/logs.tar")" \
	    "$floor -j$jobs --tar $scratch/logs.tar" "<= 1.25"
	against_floor "5,000 logs in a tar.gz, to floor" "$(command_for small $jobs "$scratch/small.tar.gz")" \
	    "$floor -j$jobs --tar $scratch/small.tar.gz" "<= 1.25"
}

bench_rates() {
	line "rate over the 50,000 logs" "$(calc "$(number logs bytes) / $wall / 1e6" %.0f) MB/s inflated" ""
	single digests $jobs
	line "digests alone" "$(calc "$(number digests digests) / $a_wall" %.0f) digests/s" ""
	single pair $jobs
	line "one digest and one log, start to result" "$(calc "$a_wall * 1e3" %.1f) ms" "< 10 ms"
	# shellcheck disable=SC2046 # as above
	pair $(command_for logs 1) -- $(command_for logs 2)
	line "one thread to two, 50,000 logs" "$(calc "$ratio_wall" %.2f) times as fast" "2, with two idle CPUs"
}

# scan_line WHAT WAY TARGET
scan_line() {
	line "$1" "$(sed -n "s/^$2 //p" "$scratch/scan.out") GB/s" "$3"
}

# How fast records are read, on one core.
bench_scan() {
	find "$scratch/logs/bucket" -name '*_CloudTrail_*.json.gz' | LC_ALL=C sort | head -n 1000 | xargs zcat |
	    "$scan" -n "$rounds" >"$scratch/scan.out"
	scan_line "records as delivered, every field" delivered ">= 1.5"
	scan_line "  and the hash of their content" delivered-content ">= 0.85 of it"
	scan_line "  without SIMD" portable ">= 0.5"
	scan_line "  jansson" jansson ""
	scan_line "pretty-printed" pretty ">= 0.3"
	scan_line "  and the hash of their content" pretty-content ">= 0.3"
	scan_line "escaped, every sixth character" escaped ">= 0.3"
	scan_line "  and the hash of their content" escaped-content ">= 0.3"
}

bench_memory() {
	largest=$("$floor" "$scratch/logs/bucket" | sed 's/.*largest=\([0-9]*\) .*/\1/')
	line "peak memory, 50,000 logs" "$(calc "$rss / 1024" %.1f) MiB" \
	    "<= $(calc "64 + $jobs * $largest / 1048576" %.1f) MiB (64 and the largest object per thread)"
	single few 1
	few=$a_rss
	single many 1
	line "memory for each listed log" \
	    "$(calc "($a_rss - $few) * 1024 / ($(number many logs) - $(number few logs))" %.0f) bytes" "about 200"
}

bench_large() {
	against_floor "500,000 logs in a folder, to floor" "$(command_for large $jobs)" \
	    "$floor -j$jobs $scratch/large/bucket" "<= 1.25"
	line "peak memory, 500,000 logs" "$(calc "$a_rss / 1024" %.1f) MiB" ""
}

# sort_number NAME OPTION...: a number that the bench of the sorter prints, for 1,000,000 rows; the least of as many runs as rounds
sort_number() {
	name=$1
	shift
	for _ in $(seq "$rounds"); do
		"$B/tests/bench/sort" "$@" 1000000 | sed -n "s/.* $name=\([0-9.]*\).*/\1/p"
	done | sort -n | head -n 1
}

bench_sort() {
	inside=$(sort_number cpu)
	line "1,000,000 rows of 330 bytes, sorted and read" "$(calc "$inside" %.2f) s of CPU" "< 0.4 s"
	line "  in no order at all" "$(calc "$(sort_number cpu -r)" %.2f) s" ""
	line "  with 64 MiB: spilled, to all in memory" "$(calc "$(sort_number cpu -m 67108864) / $inside" %.2f)" "<= 2"
	line "  its peak memory" "$(calc "$(sort_number rss -m 67108864) / 1024" %.1f) MiB" "<= 68"
}

. tests/bench/timeline.sh
. tests/bench/gaps.sh
. tests/bench/diff.sh

[ "${BENCH_FRESH-}" != 1 ] || rm -rf "$scratch"
mkdir -p "$scratch"
chmod 700 "$scratch" # fails when it is somebody else's
make_evidence
cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | sort -u | head -n 1)
echo "$(nproc) CPUs${cpu:+, $cpu}; load $(cut -d' ' -f1 /proc/loadavg); $rounds pairs of runs, medians (and extremes), warm cache"
line "" "measured" "target"
if [ -n "${BENCH_ONLY-}" ]; then
	"bench_$BENCH_ONLY"
	exit
fi
bench_floor
bench_rates
bench_scan
bench_memory
bench_sort
bench_timeline
bench_gaps
bench_diff
[ "${BENCH_LARGE-}" != 1 ] || bench_large
