# shellcheck shell=bash
# What the tests of trail-diff share.

ev() {
	echo "$BATS_FILE_TMPDIR/$1"
}

# differ STATUS OPTION... A B: runs trail-diff for JSON, and expects that exit status.
differ() {
	local want=$1
	shift
	exits "$want" trail diff -f json "$@"
}

# ids LIST: the event ids of a list of the result, on one line.
ids() {
	json ".$1 | map(.event_id // \"-\") | join(\" \")"
}
