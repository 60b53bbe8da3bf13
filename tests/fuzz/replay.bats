#!/usr/bin/env bats
# The inputs that fuzzing begins with, those in which it found something, and some thousand changes of them, through every target: no
# fuzzer and no particular compiler is needed for that.  "make fuzz" goes on from there.

load ../cli/helper

setup_file() {
	load ../cli/helper
	sh "$SOURCE_ROOT/tests/fuzz/seeds.sh" "$B" "$BATS_FILE_TMPDIR/seeds"
}

# replay MUTATIONS TARGET...: of each input of these.
replay() {
	local n=$1 target paths
	skip_under_wrap
	shift
	for target in "$@"; do
		paths=("$BATS_FILE_TMPDIR/seeds/$target")
		[ ! -d "$SOURCE_ROOT/tests/fuzz/found/$target" ] || paths+=("$SOURCE_ROOT/tests/fuzz/found/$target")
		run --separate-stderr timeout 300 "$B/tests/fuzz/replay_$target" -m "${FUZZ_MUTATIONS-$n}" -w "$BATS_TEST_TMPDIR/input" "${paths[@]}"
		[ "$status" -eq 0 ] || fail "$target, on this: $(base64 -w 0 "$BATS_TEST_TMPDIR/input")"
	done
}

@test "there are seeds for every target" {
	local source target
	for source in "$SOURCE_ROOT"/tests/fuzz/fuzz_*.c; do
		target=$(basename "$source" .c)
		[ "$(find "$BATS_FILE_TMPDIR/seeds/${target#fuzz_}" -type f | wc -l)" -ge 3 ] || fail "no seeds for $target"
	done
}

@test "a replay that meets something that does not hold says so" {
	cat >broken.c <<-'END'
		int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { HOLDS(size < 3 || data[0] != 'x'); return 0; }
	END
	"${CC:-cc}" -D_GNU_SOURCE -I"$SOURCE_ROOT/libforensic" -I"$SOURCE_ROOT/tests/fuzz" -include "$SOURCE_ROOT/tests/fuzz/fuzz.h" \
	    -c -o broken.o broken.c
	[ -z "$(nm "$B/tests/fuzz/replay.o" | grep -m 1 '__asan')" ] || skip "a sanitizer is in the way"
	"${CC:-cc}" -o broken broken.o "$B/tests/fuzz/replay.o" "$B/libforensic.a"
	echo abc >good
	echo xyz >bad
	exits 0 ./broken good
	exits 134 ./broken -w input good bad
	says "does not hold"
	cmp input bad
}

@test "containers and text: gzip, inflate, csv, json, archive" {
	replay 40 gzip inflate csv json archive
}

@test "records: event, envelope, digest, s3key, meta, keyfile" {
	replay 40 event envelope digest s3key meta keyfile
}

@test "carving: salvage, text, carve" {
	replay 10 salvage text carve
}

@test "custody: ledger" {
	replay 60 ledger
}

@test "the whole of verify" {
	replay 60 verify
}
