#!/bin/sh
# carve.sh: what trail-carve gets back from an image made by mkimage, beside the carvers that are installed (foremost, scalpel,
# photorec, magicrescue; gzrecover on what foremost carved), and how fast it scans, beside dd, and memmem of one string.
# In the environment: B, where the build is (build); BENCH_ROUNDS, pairs of runs for each ratio (5); BENCH_ONLY, one part: recovery,
# speed or false; BENCH_SIZE, of the images that are scanned for speed (1G); BENCH_LARGE=1 looks for what is not there in 20 GiB;
# TMPDIR, where images are made and kept (/tmp).
# No time makes it fail.  A tool that is not there is named and left out.
# shellcheck disable=SC2154 # measure prints the assignments of a_*, b_* and ratio_*
set -eu

cd "$(dirname "$0")/../.."
B=$(cd "${B:-build}" && pwd)
rounds=${BENCH_ROUNDS:-5}
scratch=${TMPDIR:-/tmp}/trail-bench-carve-$(id -u)
mkimage="$B/tests/gen/mkimage"
score="python3 tests/gen/score"
measure="$B/tests/bench/measure"
carve="$B/trail-carve"
mkdir -p "$scratch"
chmod 700 "$scratch" # fails when it is somebody else's

# ---- Images ----

# image NAME OPTION...: made once; again when the options or the generator are other ones.
image() {
	name=$1
	shift
	stamp="$(cksum <"$mkimage") $*"
	[ "$(cat "$scratch/$name.stamp" 2>/dev/null)" = "$stamp" ] && return
	echo "making $name: mkimage $*" >&2
	rm -rf "${scratch:?}/$name" "$scratch/$name.stamp"
	"$mkimage" -o "$scratch/$name" --keys-dir tests/gen/keys "$@"
	echo "$stamp" >"$scratch/$name.stamp"
}

# The classes in such numbers that a percent can be seen, in 256 MiB.
recovery_image() {
	image recovery --size 256M --class A=100 --class B=50 --class C=40 --class D=40 --class E=40 --class F=30 --class G=16 \
	    --class H=18 --class I=9 --class J=15 --class K=10 --class L=39 --class M=39 --class N=20 --class O=5 --class P=24 \
	    --class Q=2 --class R=3 --class S=20 --class T=10 --class U=5
	[ -e "$scratch/recovery/split.cat" ] || cat "$scratch"/recovery/split.raw.* >"$scratch/recovery/split.cat"
}

# ---- Carvers: each writes below $1 what it finds in image $2 ----

have() {
	command -v "$1" >/dev/null && return
	echo "$1: not installed, left out" >&2
	return 1
}

# A header of a log as it is stored and as it reads inflated, and no footer: neither has one of its own.  The longest log in a
# collection of 3,872 has 83,136 bytes stored.
conf() {
	# shellcheck disable=SC2028 # the carvers read the escapes
	printf '%s\n' "gz	y	100000	\\x1f\\x8b\\x08" 'json	y	500000	{"Records":[{"eventVersion"'
}

run_foremost() {
	conf >"$scratch/foremost.conf"
	foremost -Q -c "$scratch/foremost.conf" -o "$1" -i "$2"
}

run_scalpel() {
	conf >"$scratch/scalpel.conf"
	scalpel -c "$scratch/scalpel.conf" -o "$1" "$2"
}

run_photorec() {
	mkdir -p "$1"
	photorec /d "$1/recup" /cmd "$2" partition_none,fileopt,everything,disable,gz,enable,options,blocksize,512,wholespace,search \
	    </dev/null
}

run_magicrescue() {
	mkdir -p "$1"
	magicrescue -r gzip -d "$1" "$2"
}

# Each file that foremost took for gzip.
run_gzrecover() {
	mkdir -p "$1"
	find "$scratch/out/foremost.${1##*.}" -name '*.gz' | while read -r one; do
		timeout 20 gzrecover -o "$1/$(basename "$one" .gz)" "$one" || :
	done
}

run_carve() {
	"$carve" -q -o "$1" -k "$scratch/recovery/keys.json" -m "$scratch/recovery/metadata.jsonl" \
	    --digests "$scratch/recovery/bucket" "$2" || [ $? -ne 2 ]
}

# timed NAME COMMAND: runs COMMAND on both images, and adds it to the table.
timed() {
	from=$(date +%s%N)
	"$2" "$scratch/out/$1.1" "$scratch/recovery/image.raw" >"$scratch/out/$1.log" 2>&1 || echo "$1: failed, see $scratch/out/$1.log" >&2
	to=$(date +%s%N)
	[ "$1" = carve ] && second=split.raw.001 || second=split.cat
	"$2" "$scratch/out/$1.2" "$scratch/recovery/$second" >>"$scratch/out/$1.log" 2>&1 || :
	echo "$1 $(((to - from) / 1000000))" >>"$scratch/out/times"
	set -- "$1" "$scratch/out/$1.1,$scratch/out/$1.2"
	table="$table $1=$2"
}

bench_recovery() {
	recovery_image
	rm -rf "$scratch/out"
	mkdir -p "$scratch/out"
	table=
	if [ -x "$carve" ]; then
		timed carve run_carve
	else
		echo "trail-carve: not built, left out" >&2
	fi
	! have foremost || timed foremost run_foremost
	! have gzrecover || ! have foremost || timed gzrecover run_gzrecover
	! have scalpel || timed scalpel run_scalpel
	! have photorec || timed photorec run_photorec
	! have magicrescue || timed magicrescue run_magicrescue
	# shellcheck disable=SC2086 # names without blanks
	$score --compare "$scratch/recovery/key.json" $table
	awk '{ printf "%s %.2f s  ", $1, $2 / 1000 } END { print "on image.raw" }' "$scratch/out/times"
	[ ! -x "$carve" ] || $score "$scratch/recovery/key.json" "$scratch/out/carve.1" "$scratch/out/carve.2"
}

# ---- Speed ----

line() {
	printf '%-44s %-30s %s\n' "$1" "$2" "$3"
}

calc() {
	awk "BEGIN { printf \"$2\", $1 }"
}

# rate WHAT TARGET COMMAND...: how fast it reads $file, in page cache.
rate() {
	what=$1 target=$2
	shift 2
	eval "$("$measure" -n "$rounds" -- "$@")"
	line "$what" "$(calc "$bytes / $a_wall / 1e9" %.2f) GB/s, CPU $(calc "$bytes / $a_cpu / 1e9" %.2f) GB/s" "$target"
}

# Into a new folder each time; its exit status says what was found.
carve_again() {
	cat >"$scratch/again.sh" <<-END
		rm -rf "$scratch/again"
		"$carve" -q "\$@" -o "$scratch/again" "$file" || [ \$? -ne 2 ]
	END
}

speed_of() {
	file=$scratch/$1/image.raw
	bytes=$(stat -c %s "$file")
	line "$2" "" ""
	if [ -x "$carve" ]; then
		carve_again
		rate "  trail-carve, one thread" "$3" sh "$scratch/again.sh" -j1
		rate "  trail-carve, all" "" sh "$scratch/again.sh"
		line "  its peak memory" "$(calc "$a_rss / 1024" %.0f) MiB" "<= 256 MiB"
	fi
	rate "  dd" "" dd if="$file" of=/dev/null bs=1M status=none
	rate "  read alone" "" "$B/tests/bench/memmem" "" "$file"
	rate "  memmem of 1f8b08" "" "$B/tests/bench/memmem" 1f8b08 "$file"
	rate "  memmem of eventVersion" "" "$B/tests/bench/memmem" 6576656e7456657273696f6e "$file"
	! have foremost || rate "  foremost, the same conf" "" sh -c "rm -rf $scratch/again; foremost -Q -c $scratch/foremost.conf -o $scratch/again -i $file"
	! have scalpel || rate "  scalpel, the same conf" "" sh -c "rm -rf $scratch/again; scalpel -c $scratch/scalpel.conf -o $scratch/again $file 2>/dev/null"
	rm -rf "$scratch/again"
}

# Out of page cache before each run, which what is printed includes.
cold() {
	file=$scratch/none/image.raw
	forget="dd of=$file oflag=nocache conv=notrunc,fdatasync count=0 status=none"
	line "nothing to find, not in page cache" "" ""
	if [ -x "$carve" ]; then
		carve_again
		rate "  trail-carve, all" ">= 0.95 of dd" sh -c "$forget; sh $scratch/again.sh"
	fi
	rate "  dd" "" sh -c "$forget; dd if=$file of=/dev/null bs=1M status=none"
	rm -rf "$scratch/again"
}

# One percent of the dense image is logs: they have about 2 KB.
bench_speed() {
	size=${BENCH_SIZE:-1G}
	bytes=$(numfmt --from=iec "$size")
	conf >"$scratch/foremost.conf"
	conf >"$scratch/scalpel.conf"
	image none --size "$size" --class all=0
	image dense --size "$size" --class A=$((bytes / 100 / 2300)) --class B=$((bytes / 100 / 23000))
	speed_of none "nothing to find, $size" ">= 8 GB/s"
	cold
	speed_of dense "1 % logs, $size" ">= 1 GB/s"
	rm -f "$scratch/again.sh"
}

# ---- What is not there ----

bench_false() {
	[ -x "$carve" ] || return 0
	for mix in 1:0:0 0:1:0; do
		image "false-${mix%%:*}" --size 10G --class all=0 --mix $mix
		rm -rf "$scratch/again"
		"$carve" -q -o "$scratch/again" "$scratch/false-${mix%%:*}/image.raw" || :
		$score "$scratch/false-${mix%%:*}/key.json" "$scratch/again"
	done
}

cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | sort -u | head -n 1)
echo "$(nproc) CPUs${cpu:+, $cpu}; load $(cut -d' ' -f1 /proc/loadavg); one run each of the carvers, warm cache"
if [ -n "${BENCH_ONLY-}" ]; then
	"bench_$BENCH_ONLY"
	exit
fi
bench_recovery
bench_speed
[ "${BENCH_LARGE-}" != 1 ] || bench_false
