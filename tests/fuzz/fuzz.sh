#!/bin/sh
# Fuzzing: fuzz.sh BUILD SECONDS TARGET... runs each target for so long on one core, and prints a table.  What is found is left in
# BUILD/findings; what was learnt in BUILD/corpus, where the next run begins.  Exit 1 when something was found.
set -u
[ $# -ge 3 ] || { echo "usage: $0 build seconds target..." >&2; exit 2; }
b=$1
seconds=$2
shift 2
here=$(dirname -- "$0")
sh "$here/seeds.sh" "$b" "$b/seeds" || exit 2
mkdir -p "$b/findings" "$b/corpus" "$b/logs"
export ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1
found=0
printf '%-10s %12s %8s %8s %9s %8s %7s %8s\n' target executions per-s edges features corpus seconds found
for t in "$@"; do
	mkdir -p "$b/corpus/$t" "$b/findings/$t"
	known=$here/found/$t
	[ -d "$known" ] || known=
	log=$b/logs/$t.log
	nice -n 10 "$b/tests/fuzz/fuzz_$t" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 \
	    -max_len=16384 -artifact_prefix="$b/findings/$t/" "$b/corpus/$t" "$b/seeds/$t" ${known:+"$known"} >"$log" 2>&1
	rc=$?
	n=$(find "$b/findings/$t" -type f | wc -l)
	[ $rc -eq 0 ] || found=1
	awk -v t="$t" -v n="$n" '
	/^#[0-9]+.*cov: / {
		for (i = 1; i < NF; i++) {
			if ($i == "cov:") cov = $(i + 1)
			if ($i == "ft:") ft = $(i + 1)
			if ($i == "corp:") { split($(i + 1), c, "/"); corp = c[1] }
		}
		split(substr($1, 2), r, " "); runs = r[1]
	}
	/number_of_executed_units/ { runs = $2 }
	/average_exec_per_sec/ { rate = $2 }
	/^Done .* in / { s = $(NF - 1) }
	END { printf "%-10s %12d %8d %8d %9d %8d %7d %8d\n", t, runs, rate, cov, ft, corp, s, n }' "$log"
done
exit $found
