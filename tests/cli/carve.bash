# What the tests of trail-carve share, beside helper.bash.

# image DIR OPTION...: makes an image with a key (mkimage --help).
image() {
	local dir=$1
	shift
	"$B/tests/gen/mkimage" -o "$dir" --keys-dir "$SOURCE_ROOT/tests/gen/keys" --size 24M "$@"
}

# carve STATUS DIR OPTION...: carves into DIR, and expects that exit status.
carve() {
	local want=$1 dir=$2
	shift 2
	exits "$want" trail carve -o "$dir" --reproducible "$@"
}

# proved STATUS DIR OPTION...: the same with the digests, keys and metadata of i/.
proved() {
	carve "$@" -k i/keys.json --digests i/bucket -m i/metadata.jsonl
}

# states DIR: how many finds of each state, "authentic 3 whole 1".
states() {
	jq -r .state "$1/carve.jsonl" | sort | uniq -c | awk '{ print $2, $1 }' | paste -sd ' '
}

# alike DIR DIR: expects the same files with the same bytes.
alike() {
	diff -r "$1" "$2" >&2 || fail "$1 and $2 differ"
}

# testdata_image FILE: the logs and digests of testdata/clean with filler of a fixed kind between them.
testdata_image() {
	local file
	{
		head -c 8192 /dev/zero
		while read -r file; do
			cat "$file"
			head -c $((4096 - $(stat -c %s "$file") % 4096)) /dev/zero
			yes 'The quick brown fox jumps over the lazy dog, 1234567890.' | head -c 12288
		done < <(find "$SOURCE_ROOT/testdata/clean/bucket" -type f | LC_ALL=C sort)
	} >"$1"
}

# here: what stands in the folder of the test, but for what bats puts there.
here() {
	LC_ALL=C ls -A | grep -v '^separate-stderr' | paste -sd ' '
}
