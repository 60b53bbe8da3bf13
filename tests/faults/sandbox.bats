#!/usr/bin/env bats
# Every tool, confined, tries from inside what hostile evidence would want: to open, write, connect, run, trace.

load ../cli/helper
load ../cli/seal_helper

# All that can be confined, each task of trail-seal by itself.
TOOLS='verify timeline gaps diff carve seal seal-check seal-stamp seal-manifest report'

setup_file() {
	load ../cli/helper
	cd "$BATS_FILE_TMPDIR" || return
	certificates
	mk g --hours 3 --events 3 --lake=1
	tar -C g/bucket --format=gnu -czf g.tar.gz .
	find g/bucket -name '*.gz' -exec cat {} + >image
	mkdir copy
	cp g/bucket/AWSLogs/*/CloudTrail/*/*/*/*/*.gz copy
	trail seal --ledger l.jsonl --action copied --case 7 --examiner Kay copy >/dev/null
	stamp l.jsonl.d/0001.tsq answer.tsr
	trail verify -f json -k g/keys.json -m g/metadata.jsonl -o verify.json g/bucket || [ $? -eq 3 ]
	trail timeline -q -f jsonl -k g/keys.json -m g/metadata.jsonl -o timeline.jsonl g/bucket || [ $? -eq 3 ]
}

# The work of a tool, to standard output: "WORD..." of trail-WORD, behind which "-..." may name a task; false when there is no such
# tool or none is known of it.
work() {
	local d=$BATS_FILE_TMPDIR keys new=$BATS_TEST_TMPDIR/new
	keys=(-k "$d/g/keys.json" -m "$d/g/metadata.jsonl")
	[ -x "$B/trail-${1%%-*}" ] || return
	case $1 in
	seal*)
		rm -rf "$new"
		mkdir "$new"
		cp -r "$d/l.jsonl" "$d/l.jsonl.d" "$new"
		;;&
	verify) command=(verify -f json "${keys[@]}" "$d/g/bucket") ;;
	timeline) command=(timeline -f jsonl "${keys[@]}" "$d/g/bucket") ;;
	gaps) command=(gaps -f json "${keys[@]}" "$d/g/bucket") ;;
	diff) command=(diff -f json "$d/g/bucket" "$d/g.tar.gz") ;;
	carve) command=(carve -f json -o "$BATS_TEST_TMPDIR/carved" "$d/image") ;;
	seal)
		command=(seal --ledger "$new/l.jsonl" --action examined --case 7 --examiner Kay --sign "$KEYS/examiner.key"
		    --cert "$KEYS/examiner.pem" -f json "$d/copy")
		;;
	seal-check) command=(seal --check --ledger "$d/l.jsonl" --ca "$KEYS/ca.pem" --timestamp "$d/answer.tsr" -f json "$d/copy") ;;
	seal-stamp) command=(seal --ledger "$new/l.jsonl" --timestamp "$d/answer.tsr" --ca "$KEYS/ca.pem" -f json) ;;
	seal-manifest) command=(seal --ledger "$d/l.jsonl" --manifest-format json) ;;
	report) command=(report -f json --ledger "$d/l.jsonl" "$d/verify.json" "$d/timeline.jsonl") ;;
	*) return 1 ;;
	esac
}

# inside ARGUMENT...: the tool with the library inside of it.
inside() {
	LD_PRELOAD=$B/tests/faults/inside.so INSIDE_LOG=$PWD/log INSIDE_FILE=$BATS_FILE_TMPDIR/outside \
	    INSIDE_BESIDE=$BATS_FILE_TMPDIR/g/bucket/new ASAN_OPTIONS=verify_asan_link_order=0 trail "$@"
}

have_sandbox() {
	trail verify --version -v | grep -q 'Landlock ABI.*seccomp filter' || skip "a kernel without Landlock or seccomp"
	! trail verify --version -v | grep -q 'built with a sanitizer' || skip "a sanitizer needs what is tried here"
}

@test "nothing outside of the evidence is reached from inside of a tool" {
	local tool jobs command n=0
	skip_under_wrap
	have_sandbox
	echo secret >"$BATS_FILE_TMPDIR/outside"
	for tool in $TOOLS; do
		work "$tool" || continue
		for jobs in 1 3; do
			[[ $tool != report || $jobs -eq 1 ]] || continue
			rm -rf log carved
			work "$tool"
			[ "$tool" = report ] || command+=(-j "$jobs")
			run inside "${command[@]}"
			[ "$status" -le 3 ] && [ "$status" -ne 2 ] || fail "trail-$tool: status $status"
			[ "$(grep -c '^confined ' log)" -eq 14 ] || fail "trail-$tool was not confined: $(cat log)"
			grep -q '^parsing exec ' log || fail "trail-$tool parsed nothing confined: $(cat log)"
			! grep -E ' done$|unconfined' log || fail "trail-$tool could do that"
			# refused, not failed for another reason
			! grep -vE ' (EACCES|EPERM)$' log || fail "trail-$tool met another error"
			n=$((n + 1))
		done
	done
	[ $n -ge 19 ]
	[ "$(cat "$BATS_FILE_TMPDIR/outside")" = secret ] && [ ! -e "$BATS_FILE_TMPDIR/g/bucket/new" ]
}

@test "all of that would be done without the sandbox: the attempts are real" {
	local command
	skip_under_wrap
	have_sandbox
	echo secret >"$BATS_FILE_TMPDIR/outside"
	work verify
	cat >off.c <<-'END'
		int seccomp_load(void *f);
		long syscall(long number, ...);
		__attribute__((visibility("default"))) int seccomp_rule_add(void *f, unsigned a, int nr, unsigned n, ...) { (void)f; (void)a; (void)nr; (void)n; return 0; }
	END
	"${CC:-cc}" -shared -fPIC -o off.so off.c 2>/dev/null
	LD_PRELOAD="$PWD/off.so $B/tests/faults/inside.so" INSIDE_LOG=$PWD/log INSIDE_FILE=$BATS_FILE_TMPDIR/outside \
	    INSIDE_BESIDE=$BATS_TEST_TMPDIR/new "$B/trail-${command[0]}" "${command[@]:1}" >/dev/null || :
	# Landlock alone still refuses files; the calls that seccomp refuses go through, or fail for their own reasons.
	grep -q '^confined socket done$' log || fail "$(cat log)"
	grep -q '^confined read-passwd EACCES$' log || fail "$(cat log)"
}

@test "the JSON says what was in force, as --version -v does" {
	local tool command state
	for tool in verify gaps diff carve seal seal-check seal-stamp report; do
		work "$tool" || continue
		run --separate-stderr trail "${command[@]}"
		state=$(json .sandbox)
		[ "$state" != null ] && [ -n "$state" ] || fail "trail-$tool does not say"
		trail "${tool%%-*}" --version -v | tr -s ' \n' ' ' | grep -qF "$state" || fail "trail-$tool says $state, and --version -v something else"
		[ "$tool" = carve ] || { work "$tool" && run --separate-stderr trail "${command[@]}" --reproducible && [ "$(json .sandbox)" = null ]; } ||
			[ "$(json .sandbox)" = null ] || fail "trail-$tool --reproducible says what differs between hosts"
	done
}

@test "an old kernel: the work is done, and what is missing is said" {
	local tool command
	skip_under_wrap
	[[ $(trail verify --version -v) != *"built with a sanitizer"* ]] || skip "a sanitizer calls what is hidden here"
	for tool in $TOOLS; do
		work "$tool" || continue
		rm -rf carved
		INSIDE_OLD=1 run --separate-stderr inside "${command[@]}"
		[ "$status" -le 3 ] && [ "$status" -ne 2 ] || fail "trail-$tool: status $status"
		if [[ $tool != timeline && $tool != seal-manifest ]]; then
			same "Landlock: not in this kernel; seccomp: not in this kernel" "$(json .sandbox)"
		fi
		INSIDE_OLD=1 run --separate-stderr inside "${tool%%-*}" --version -v
		[[ $output == *"Landlock: not in this kernel"* ]] || fail "trail-$tool --version -v does not say it"
	done
}
