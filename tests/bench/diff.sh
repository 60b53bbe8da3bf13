# diff.sh: what trail-diff takes beside trail-timeline over its second side; read by bench.sh, whose functions and sets it uses.
# Copies of one bucket: the same, with members in another order, and with one event in a hundred changed.
# shellcheck shell=sh disable=SC2154 # variables of bench.sh and of measure

diff=$B/trail-diff

# make_copy WAY: a copy of the set "events" (restate.py), made again when that is
make_copy() {
	stamp="$(cksum <tests/bench/restate.py) $(cat "$scratch/events.stamp")"
	[ "$(cat "$scratch/$1.stamp" 2>/dev/null)" = "$stamp" ] && return
	echo "making $1" >&2
	rm -rf "${scratch:?}/$1" "$scratch/$1.stamp"
	python3 tests/bench/restate.py "$scratch/events/bucket" "$scratch/$1/bucket" "$1"
	echo "$stamp" >"$scratch/$1.stamp"
}

# beside WHAT STATUS SET TARGET OPTION...: the line of a comparison with a copy, which must end with that status
beside() {
	what=$1
	want=$2
	side=$scratch/$3/bucket
	target=$4
	shift 4
	eval "$("$measure" -n "$rounds" -- "$diff" -q "-j$jobs" "$@" "$scratch/events/bucket" "$side" -- \
	    "$timeline" -q "-j$jobs" -f csv "$side")"
	if [ "$a_status" -ne "$want" ]; then
		echo "bench: exit status $a_status of trail-diff $* with $side" >&2
		exit 1
	fi
	line "$what, to trail-timeline" "$(calc "$ratio_wall" %.2f) ($(calc "$ratio_wall_min" %.2f) to $(calc "$ratio_wall_max" %.2f))" "$target"
	line "  the same in CPU time" "$(calc "$ratio_cpu" %.2f) ($(calc "$ratio_cpu_min" %.2f) to $(calc "$ratio_cpu_max" %.2f))" ""
	line "  seconds, and peak memory" "$(calc "$a_wall" %.2f), $(calc "$a_rss / 1024" %.1f) MiB" ""
}

bench_diff() {
	make_events
	make_copy reordered
	make_copy changed
	beside "1,000,000 events, the same" 0 events "<= 1.3"
	beside "members in another order" 1 reordered "<= 2.2, and the hash of each object"
	beside "  events alone" 0 reordered "<= 2.2" --events
	beside "one in a hundred changed" 1 changed "<= 2.2"
	beside "  events alone" 1 changed "<= 2.2" --events
}
