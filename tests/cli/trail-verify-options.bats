#!/usr/bin/env bats
# trail-verify: the command line, refusals, output files, signals, help.

load helper

setup_file() {
	load helper
	cd "$BATS_FILE_TMPDIR" || return
	mk clean --hours 3
	mk tampered --hours 4 --tamper modify-log:h=1
	# Reading this takes seconds, and its blocks are not on any disk.
	mkdir slow
	for i in $(seq 400); do
		truncate -s 64M "slow/111122223333_CloudTrail_us-east-1_20240301T0000Z_$(printf %016d "$i").json.gz"
	done
}

# The evidence made above.
ev() {
	echo "$BATS_FILE_TMPDIR/$1"
}

keys() {
	echo "$BATS_FILE_TMPDIR/clean/keys.json"
}

# refuses WORDS ARGUMENT...: wrong usage is told on standard error and nothing else happens.
refuses() {
	local words=$1
	shift
	exits 2 trail verify "$@"
	says "trail-verify: "
	says "$words"
	says "Try 'trail-verify --help'."
	same "" "$output"
}

# fails WORDS ARGUMENT...: trouble that is not one of usage.
fails() {
	local words=$1
	shift
	exits 2 trail verify "$@"
	says "trail-verify: "
	says "$words"
	[[ $stderr != *"Try 'trail-verify"* ]] || fail "a hint at --help"
}

# verified ARGUMENT...: all is proved.
verified() {
	exits 0 trail verify -k "$(keys)" -m "$(ev clean)/metadata.jsonl" "$@"
	same "" "$stderr"
}

@test "--help: on standard output, examples first, no line over 80 columns" {
	exits 0 trail verify --help
	same "" "$stderr"
	same "Examples: Usage: Options:" "$(grep -E '^(Examples|Usage|Options):$' <<<"$output" | xargs)"
	same "" "$(grep -E '^.{81}' <<<"$output" || :)"
	local help=$output
	exits 0 trail verify -h
	same "$help" "$output"
	exits 0 trail verify -q -h --nonsense /nonexistent
	same "$help" "$output"
}

@test "--version: the library, what it stands on, and the sandbox, with and without -v" {
	exits 0 trail verify --version
	same "trail-verify $(sed -n 's/^#define LF_VERSION "\(.*\)"/\1/p' "$SOURCE_ROOT/libforensic/forensic.h")" \
	    "$(head -n 1 <<<"$output")"
	prints OpenSSL
	prints libarchive
	prints jansson
	prints "sandbox: Landlock"
	prints seccomp
	local long=$output
	exits 0 trail verify -V -v
	same "$long" "$output"
	exits 0 trail verify -v -V
	same "$long" "$output"
}

@test "--help and --version that cannot be written" {
	for option in --help --version; do
		run --separate-stderr bash -c '"$@" > /dev/full' - ${TRAIL_WRAP-} "$B/trail-verify" $option
		[ "$status" -eq 2 ]
		says "cannot write standard output: No space left on device"
	done
}

@test "no operand is wrong usage" {
	refuses "no EVIDENCE given"
	refuses "no EVIDENCE given" -k "$(keys)"
	refuses "no EVIDENCE given" --
	refuses "no EVIDENCE given" --prove x
	refuses "no RESULT given" --merge
}

@test "options that do not exist, are ambiguous, or lack their value" {
	refuses 'no option "--nonsense"' --nonsense x
	refuses 'no option "--nonsense"' --nonsense=5 x
	refuses 'no option "-x"' -x x
	refuses 'no option "-x"' -qx x
	refuses '"--re" is ambiguous: --' --re x
	refuses '--keys needs its FILE' x -k
	refuses '--keys needs its FILE' x --keys
	refuses '--quiet takes no value' --quiet=1 x
	refuses '--keys: its value is empty' -k '' x
	refuses '--output: its value is empty' --output= x
}

@test "values that are out of bounds are named with what would do" {
	local v='no number from 1 to 256'
	for bad in 0 257 -1 +1 1.5 two 1x ' 1' 99999999999999999999; do refuses "$v" "-j$bad" x; done
	v='no K/N with K from 1 to N and N at most 100000'
	for bad in 0/1 2/1 1/0 1/100001 1 1/ /1 a/b 1/2/3 -1/2 4294967297/4294967297; do
		refuses "$v" --shard "$bad" x
	done
	v='no account id: give 12 digits'
	for bad in 1 11112222333 1111222233334 11112222333x 1111-2222-333; do refuses "$v" --account "$bad" x; done
	v='no region: give one like eu-west-1'
	for bad in useast1 US-EAST-1 us_east_1 -us-east us-east- 'us east-1' ../us-east-1; do
		refuses "$v" "--region=$bad" x
	done
	for bad in xml JSON tex html,json; do refuses 'none of text, json' -f "$bad" x; done
	for bad in yes on ALWAYS aut; do
		refuses 'none of auto, always, never' --color "$bad" x
		refuses 'none of auto, always, never' --progress "$bad" x
	done
}

@test "times and sizes that are none" {
	for bad in yesterday 2024-13-01 2024-02-30 2024-3-1 2024-03-01T24 2024-03-01T05:06 1709251200 @ @x 5 5s 1w -5m \
	    2024-03-01T05:06:07 "2024-03-01 05:06:07Z" Now; do
		refuses "--since: \"$bad\" is no time" --since="$bad" x
		refuses "--until: \"$bad\" is no time" --until="$bad" x
	done
	for bad in x 1X 1.5G -1 1GB K 99999999999999999999; do
		refuses "--max-object: \"$bad\" is no size" --max-object="$bad" x
		refuses "--max-total: \"$bad\" is no size" --max-total="$bad" x
	done
	refuses '--max-object: must be more than 0' --max-object=0 x
	refuses '--max-total: must be more than 0' --max-total=0K x
}

@test "--since before --until" {
	refuses '--since must be before --until' --since 2024-03-02 --until 2024-03-01 x
	refuses '--since must be before --until' --since 2024-03-01 --until 2024-03-01T00:00:00Z x
	refuses '--since must be before --until' --since 60m --until 1h x
	refuses '--since must be before --until' --since now --until 1m x
	verified --since 2024-03-01 --until 2024-03-01T03:01:31Z "$(ev clean)/bucket"
	verified --since @1709251200 --until 2024-03-01T04:01:31+01:00 "$(ev clean)/bucket"
}

@test "values are judged before any work" {
	refuses 'is no time' --until soon /nonexistent
	refuses 'none of text, json' /nonexistent -f csv
	fails '/nonexistent: No such file or directory' /nonexistent
	fails '/nonexistent: No such file or directory' "$(ev clean)/bucket" /nonexistent
	fails 'cannot be opened: No such file or directory' -k /nonexistent "$(ev clean)/bucket"
	fails '/nonexistent' -m /nonexistent "$(ev clean)/bucket"
}

@test "all options together, mixed with the operand, abbreviated, and behind --" {
	verified --account 111122223333 --region us-east-1 --region eu-west-1 \
	    --trail management-events -f text -j 2 --shard 1/1 --tmpdir "$BATS_TEST_TMPDIR" --max-object 1M \
	    --max-total 1G --color never --progress never -v "$(ev clean)/bucket" -q
	verified --form=json --repro -- "$(ev clean)/bucket"
	cp -r "$(ev clean)/bucket" ./-b
	verified -- -b
	refuses 'no option' -b
}

@test "\"-\" is standard input, once" {
	tar -C "$(ev clean)" -cf t.tar bucket
	trail verify -k "$(keys)" -m "$(ev clean)/metadata.jsonl" - <t.tar >out
	refuses 'more than once' - -
	run --separate-stderr bash -c '"$@" <&-' - ${TRAIL_WRAP-} "$B/trail-verify" -
	[ "$status" -eq 2 ]
	says 'Bad file descriptor'
	# the first file opened is not standard input, though its descriptor is 0
	cp t.tar +first.tar
	run --separate-stderr bash -c '"$@" <&-' - ${TRAIL_WRAP-} "$B/trail-verify" +first.tar -
	[ "$status" -eq 2 ]
	says 'Bad file descriptor'
}

@test "evidence and metadata from pipes with a name, as a shell's <(...) makes them" {
	exits 0 trail verify -k <(cat "$(keys)") -m <(cat "$(ev clean)/metadata.jsonl") <(tar -C "$(ev clean)" -c bucket)
	prints "VERIFIED"
	mkfifo t.tar
	tar -C "$(ev clean)" -c bucket >t.tar &
	exits 0 timeout 60 "$B/trail-verify" -k "$(keys)" -m "$(ev clean)/metadata.jsonl" -f json --prove 20240301T020131Z.json.gz \
	    --region us-east-1 t.tar
	wait
	prints "Evidence came through a pipe. Save it again"
	fails "holds no S3 object metadata" -m <(echo '{"other": 1}') "$(ev clean)/bucket"
}

@test "keys from a pipe, and a file that holds none" {
	verified "$(ev clean)/bucket"
	exits 0 trail verify -k <(cat "$(keys)") -m "$(ev clean)/metadata.jsonl" "$(ev clean)/bucket"
	trail verify -k /dev/stdin -m "$(ev clean)/metadata.jsonl" "$(ev clean)/bucket" <"$(keys)" >/dev/null
	echo rubbish >rubbish
	fails 'rubbish: holds no public key: expected list-public-keys output, PEM or DER' -k rubbish "$(ev clean)/bucket"
	fails 'holds no public key: it is JSON without a PublicKeyList' -k "$(ev clean)/facts.json" "$(ev clean)/bucket"
	jq '.PublicKeyList += [{"Value": "AAAA"}]' "$(keys)" >bad.json
	fails "bad.json: key $(jq '.PublicKeyList | length' bad.json): no RSA public key" -k bad.json "$(ev clean)/bucket"
	fails 'too large for a key file' -k /dev/zero "$(ev clean)/bucket"
}

@test "--tmpdir must be a folder, and not inside evidence" {
	touch file
	fails '--tmpdir "/nonexistent": No such file' --tmpdir /nonexistent "$(ev clean)/bucket"
	fails '--tmpdir "file": Not a directory' --tmpdir file "$(ev clean)/bucket"
	fails 'nothing is written inside evidence' --tmpdir "$(ev clean)/bucket/AWSLogs" "$(ev clean)/bucket"
}

@test "-o writes what standard output would get, and nothing else" {
	exits 1 trail verify -k "$(keys)" -f json --reproducible "$(ev tampered)/bucket"
	printf '%s\n' "$output" >expected
	exits 1 trail verify -k "$(keys)" -f json --reproducible -o out.json "$(ev tampered)/bucket"
	same "" "$output$stderr"
	cmp out.json expected
	nothing_left
	exits 1 trail verify -k "$(keys)" -f json --reproducible -o - "$(ev tampered)/bucket"
	cmp expected <(printf '%s\n' "$output")
	[ ! -e - ]
}

@test "-o: the mode of any new file; an old one is replaced, not written into" {
	(umask 027 && trail verify -q -o out "$(ev tampered)/bucket") || :
	same 640 "$(stat -c %a out)"
	printf old >out
	ln out other
	exits 1 trail verify -o out "$(ev tampered)/bucket"
	same old "$(cat other)"
	[ -s out ] && ! cmp -s out other
	ln -s out link
	exits 1 trail verify -q -o link "$(ev tampered)/bucket"
	[ -L link ] && ! cmp -s out other
	nothing_left
	local long
	long=$(printf 'n%.0s' {1..255})
	exits 1 trail verify -o "$long" "$(ev tampered)/bucket"
	[ -s "$long" ]
}

@test "-o: when a run fails, what was there stays" {
	echo old >out
	exits 2 trail verify --prove /nonexistent -o out "$(ev clean)/bucket"
	exits 2 trail verify -o out -k /dev/null "$(ev clean)/bucket"
	exits 2 trail verify -o out /nonexistent
	same old "$(cat out)"
	nothing_left
}

@test "-o: a folder, a dead link, no folder, a protected file" {
	ln -s nowhere dead
	fails 'cannot write "/": Is a directory' -o / "$(ev clean)/bucket"
	fails 'cannot write ".": Is a directory' -o . "$(ev clean)/bucket"
	fails '"dead" is a symbolic link to nothing' -o dead "$(ev clean)/bucket"
	fails 'cannot write "no/out": No such file or directory' -o no/out "$(ev clean)/bucket"
	fails 'cannot write "out/": No such file or directory' -o out/ "$(ev clean)/bucket"
	[ "$(id -u)" -ne 0 ] || skip "root may write anything"
	touch protected
	chmod 444 protected
	fails 'cannot write "protected": Permission denied' -o protected "$(ev clean)/bucket"
	mkdir closed
	chmod 555 closed
	fails 'cannot write "closed/out": Permission denied' -o closed/out "$(ev clean)/bucket"
}

@test "-o: nothing is written inside evidence, by whatever way it is named" {
	local words='lies in EVIDENCE: nothing is written inside evidence'
	cp -r "$(ev clean)/bucket" copy
	ln -s copy link
	touch copy/inside
	ln -s copy/inside file
	fails "$words" -o copy/out copy
	fails "$words" -o copy/AWSLogs/out copy
	fails "$words" -o "$PWD/copy/../copy/out" ./copy/
	fails "$words" -o link/out copy
	fails "$words" -o copy/out link
	fails "$words" -o file copy
	fails "$words" -o out .
	fails "$words" -o out "$(ev clean)/bucket" ..
	same "AWSLogs inside" "$(ls -A copy | xargs)"
	mkdir copy-2
	exits 3 trail verify -o copy-2/out copy
	[ -s copy-2/out ]
}

@test "-o: what is read is not written over" {
	local words='is read as input too'
	tar -C "$(ev clean)" -cf t.tar bucket
	cp "$(keys)" keys.json
	cp "$(ev clean)/metadata.jsonl" .
	ln -s t.tar link
	ln t.tar hard
	sha256sum t.tar keys.json metadata.jsonl >sums
	fails "$words" -o t.tar t.tar
	fails "$words" -o link t.tar
	fails "$words" -o hard t.tar
	fails "$words" -o keys.json -k keys.json t.tar
	fails "$words" -o metadata.jsonl -m metadata.jsonl t.tar
	fails "$words" -o t.tar - <t.tar
	sha256sum --quiet -c sums
}

@test "-o: devices and pipes are written to, not replaced" {
	mkfifo pipe
	timeout 60 cat pipe >copy &
	exits 1 trail verify -o pipe "$(ev tampered)/bucket"
	wait
	[ -p pipe ] && grep -q log-modified copy
	exits 1 trail verify -o /dev/null "$(ev tampered)/bucket"
	[ -c /dev/null ]
	echo first >both
	trail verify -q -o /dev/stdout "$(ev tampered)/bucket" >>both || :
	same first "$(head -n 1 both)"
	grep -q log-modified both
	nothing_left
}

@test "-o: a disk is not written to" {
	mknod disk b 240 200 2>/dev/null || skip "no right to make a device" # one that no driver has
	fails '"disk" is a block device' -o disk "$(ev clean)/bucket"
}

@test "a full disk: a message, exit 2, no file" {
	exits 2 trail verify -o /dev/full "$(ev tampered)/bucket"
	says 'cannot write "/dev/full": No space left on device'
	run --separate-stderr bash -c '"$@" > /dev/full' - ${TRAIL_WRAP-} "$B/trail-verify" "$(ev tampered)/bucket"
	[ "$status" -eq 2 ]
	says 'cannot write standard output: No space left on device'
}

@test "a limit on the size of files: the same" {
	skip_under_wrap
	echo old >out
	run --separate-stderr bash -c 'ulimit -f 1; "$@"' - "$B/trail-verify" -f json -v -o out "$(ev tampered)/bucket"
	[ "$status" -eq 2 ]
	says 'cannot write "out": File too large'
	same old "$(cat out)"
	nothing_left
}

@test "a full file system: the same" {
	[ "$(id -u)" -eq 0 ] || skip "only root can mount"
	mkdir small
	mount -t tmpfs -o size=16k none small 2>/dev/null || skip "no right to mount"
	head -c 12288 /dev/zero >small/fill
	run --separate-stderr trail verify -f json -v -o small/out "$(ev tampered)/bucket"
	local left
	left=$(ls -A small)
	umount small
	[ "$status" -eq 2 ] || fail "exit status $status"
	says 'cannot write "small/out": No space left on device'
	same fill "$left"
}

@test "standard output that is closed, or that nobody reads" {
	skip_under_wrap
	run --separate-stderr bash -c '"$@" >&-' - "$B/trail-verify" "$(ev clean)/bucket"
	[ "$status" -eq 2 ]
	says 'cannot write standard output: Bad file descriptor'
	mkfifo pipe
	env --default-signal=PIPE "$B/trail-verify" -v -f json "$(ev clean)/bucket" >pipe 3>&- 2>err &
	timeout 60 sh -c ': <pipe'
	local ended=0
	wait $! || ended=$?
	same 141 "$ended"
	same "" "$(cat err)"
}

# signalled NAME STATUS: a run that is stopped while it reads leaves nothing, and ends with that status.
signalled() {
	local pid status=0
	echo old >out
	env --default-signal="$1" "$B/trail-verify" -j 1 -o out "$(ev slow)" 2>err 3>&- &
	pid=$!
	until compgen -G '.out.*' >/dev/null || ! kill -0 $pid 2>/dev/null; do sleep 0.02; done
	compgen -G '.out.*' >/dev/null || fail "over before the signal: $(cat err)"
	kill "-$1" $pid
	wait $pid || status=$?
	same "$2" "$status"
	same "old" "$(cat out)"
	nothing_left
	same "" "$(cat err)"
}

@test "signals: 130 and the like, and no partial output" {
	skip_under_wrap
	signalled INT 130
	signalled TERM 143
	signalled HUP 129
}

@test "--reproducible and SOURCE_DATE_EPOCH: no times and no arguments, whatever the jobs" {
	trail verify -k "$(keys)" -f json --reproducible -j 1 "$(ev tampered)/bucket" >one || :
	SOURCE_DATE_EPOCH=0 trail verify -j 4 -k "$(keys)" -f json "$(ev tampered)/bucket" >two || :
	cmp one two
	same "false false false" "$(json '[has("started", "finished", "arguments")] | join(" ")' one)"
	SOURCE_DATE_EPOCH='' trail verify -k "$(keys)" -f json "$(ev tampered)/bucket" >three || :
	same "true true true" "$(json '[has("started", "finished", "arguments")] | join(" ")' three)"
}

@test "the JSON document has the arguments in the order given" {
	exits 3 trail verify "$(ev clean)/bucket" -f json --color never -j2
	same "$(ev clean)/bucket -f json --color never -j2" "$(json '.arguments | join(" ")')"
	same trail-verify "$(json .tool)"
	[[ $(json .started) == 20??-??-??T??:??:??Z ]]
}

@test "--color: by itself only on a terminal that has colours, never in a file" {
	local esc=$'\033' command
	exits 1 trail verify "$(ev tampered)/bucket"
	[[ $output != *$esc* ]]
	exits 1 trail verify --color never "$(ev tampered)/bucket"
	[[ $output != *$esc* ]]
	NO_COLOR=1 exits 1 trail verify --color always "$(ev tampered)/bucket"
	[[ $output == *$esc* ]]
	trail verify --color always -o out "$(ev tampered)/bucket" || :
	grep -q "$esc" out
	command="${TRAIL_WRAP-} '$B/trail-verify' --progress never '$(ev tampered)/bucket'"
	TERM=xterm script -qec "$command" /dev/null </dev/null | grep -q "$esc"
	NO_COLOR='' TERM=xterm script -qec "$command" /dev/null </dev/null | grep -q "$esc"
	same "" "$(TERM=dumb script -qec "$command" /dev/null </dev/null | grep "$esc" || :)"
	same "" "$(NO_COLOR=1 TERM=xterm script -qec "$command" /dev/null </dev/null | grep "$esc" || :)"
	TERM=xterm script -qec "$command -o tty" /dev/null </dev/null || :
	[ -s tty ]
	same "" "$(grep "$esc" tty || :)"
}

@test "--progress: on standard error where wanted, and wiped at the end" {
	skip_under_wrap
	local f n=0
	for f in "$(ev slow)"/*; do
		ln -s "$f" .
		[ $((++n)) -lt 20 ] || break
	done
	exits 3 trail verify --progress always -j 1 ./*.gz
	[[ $stderr == *" objects, "*"/s"* ]] || fail "no progress"
	[[ $stderr == *$'\r' ]] || fail "the bar is left on the line"
	[[ $output != *" objects, "*"/s"* ]]
	# Asked for, it is shown however little there is to do.
	exits 3 trail verify --progress always -j 1 "$(mktemp -d -p .)"
	[[ $stderr == *" objects, "*"/s"*$'\r' ]] || fail "no progress"
	for quiet in "--progress never" "--progress auto" "-q --progress always"; do
		# shellcheck disable=SC2086
		exits 3 trail verify $quiet -j 1 ./*.gz
		same "" "$stderr"
	done
	TERM=dumb script -qec "'$B/trail-verify' -j 1 *.gz >/dev/null" tty </dev/null || :
	same "" "$(grep ' objects, ' tty || :)"
	TERM=xterm script -qec "'$B/trail-verify' -j 1 *.gz >/dev/null" tty </dev/null || :
	grep -q ' objects, ' tty
}

@test "-q says less and -v says more" {
	exits 1 trail verify -k "$(keys)" "$(ev tampered)/bucket"
	local plain=${#output}
	exits 1 trail verify -q -k "$(keys)" "$(ev tampered)/bucket"
	[ ${#output} -lt "$plain" ]
	prints log-modified
	exits 1 trail verify -v -k "$(keys)" "$(ev tampered)/bucket"
	[ ${#output} -gt "$plain" ]
	exits 1 trail verify -f json -k "$(keys)" "$(ev tampered)/bucket"
	same "0 0" "$(json '"\(.digests // [] | length) \(.logs // [] | length)"')"
	exits 1 trail verify -vf json -k "$(keys)" "$(ev tampered)/bucket"
	same true "$(json '(.digests | length > 0) and (.logs | length > 0)')"
}

@test "what is wrong is told without what a terminal would obey" {
	refuses 'no region' --region $'a-\033[31m'
	[[ $stderr == *'a-\x1b[31m'* ]]
	fails '/nonexistent/\x1b[2J' $'/nonexistent/\033[2J'
	refuses 'is none of' -f $'\xe2\x80\xaetxet'
	[[ $stderr == *'\u{202E}txet'* || $stderr == *'\u{202e}txet'* ]]
	refuses 'no option "--\x07"' $'--\a'
}

# The ids of trail-findings(7).
finding_ids() {
	sed -n 's/^\.It Sy \([a-z-]*\) .*/\1/p' "$SOURCE_ROOT/man/trail-findings.7" | sort
}

@test "--explain: every finding of trail-findings(7)" {
	local id
	[ "$(finding_ids | wc -l)" -gt 30 ]
	for id in $(finding_ids); do
		exits 0 trail verify --explain "$id"
		same "" "$stderr"
		prints "$id"
		[ "${#lines[@]}" -gt 5 ]
		same "" "$(grep '^\.[A-Z][a-z]' <<<"$output" || :)"
	done
	exits 0 trail verify --explain log-missing -o out
	same "" "$output"
	grep -q log-missing out
}

@test "--explain: an id that is none, and those it may have meant" {
	fails 'no finding is called "log-unrefernced": perhaps log-unreferenced' --explain log-unrefernced
	fails 'perhaps chain-truncated' --explain truncated
	fails 'trail-findings(7) lists them' --explain zzzzzzzzzzzz
	fails 'trail-findings(7) lists them' --explain "$(printf 'x%.0s' {1..5000})"
	refuses '--explain takes no EVIDENCE' --explain log-missing "$(ev clean)/bucket"
	refuses '--explain needs its ID' --explain
}

@test "--prove: reaches a key or does not; one object only" {
	local log
	log=$(cd "$(ev clean)/bucket" && find . -path '*/CloudTrail/*' -name '*.gz' | sort | head -n 1)
	log=${log##*/}
	exits 0 trail verify -k "$(keys)" -m "$(ev clean)/metadata.jsonl" --prove "$log" "$(ev clean)/bucket"
	prints "$log"
	prints sha256sum
	prints openssl
	exits 3 trail verify --prove "$log" "$(ev clean)/bucket"
	fails "" -k "$(keys)" --prove nosuchobject "$(ev clean)/bucket"
	fails "" -k "$(keys)" --prove CloudTrail "$(ev clean)/bucket"
}

@test "--merge takes results, and nothing that asks for something else" {
	local words='it takes no keys, metadata, times, accounts, regions, trails or shard'
	for option in "-k x" "-m x" "--since 1d" "--until 1d" "--account 111122223333" "--region us-east-1" \
	    "--trail x" "--shard 1/2"; do
		# shellcheck disable=SC2086
		refuses "$words" --merge $option x.json
	done
	refuses 'exclude one another' --merge --prove x x.json
	refuses 'exclude one another' --merge --explain log-missing
	refuses 'exclude one another' --prove x --explain log-missing y
	fails '/nonexistent' --merge /nonexistent
	echo '{}' >x.json
	fails 'x.json' --merge x.json
	trail verify -f json -o result.json "$(ev clean)/bucket" || :
	cp result.json before.json
	fails 'is read as input too' --merge -o result.json result.json
	cmp result.json before.json
}

@test "--merge: shards joined are one run" {
	local k
	mk two --hours 3 --accounts 2 --regions us-east-1,eu-west-1 --tamper modify-log:h=1
	exits 1 trail verify -k two/keys.json -f json --reproducible two/bucket
	printf '%s\n' "$output" >whole
	for k in 1 2 3; do
		trail verify -k two/keys.json -f json --reproducible --shard $k/3 -o $k.json two/bucket || :
	done
	exits 1 trail verify --merge -f json --reproducible 2.json 3.json 1.json
	cmp whole <(printf '%s\n' "$output")
	exits 1 trail verify --merge -f json --reproducible -o merged.json 1.json 2.json 3.json
	cmp whole merged.json
	fails "" --merge 1.json 2.json
	fails "" --merge 1.json 2.json 2.json
}

@test "an empty folder is inconclusive, with a valid document" {
	mkdir empty
	exits 3 trail verify -f json empty
	same inconclusive "$(json .verdict)"
	exits 3 trail verify empty
	same "" "$stderr"
}

# The long options of --help.
help_options() {
	trail verify --help | sed -n 's/^  \(-., \|    \)--\([a-z-]*\).*/\2/p' | sort
}

@test "help, manual page and completions name the same options" {
	local want completions=$SOURCE_ROOT/tools/completions
	want=$(help_options)
	[ "$(wc -l <<<"$want")" -gt 20 ]
	same "$want" "$(grep '^\.It' "$SOURCE_ROOT/man/trail-verify.1" | grep -oE 'Fl -[a-z-]+' | sed 's/Fl -//' | sort -u)"
	same "$want" "$(grep -oE -- '(^|[ \t"])--[a-z-]+' "$completions/bash/trail-verify" | sed 's/.*--//' | sort -u)"
	same "$want" "$(grep -v '^#' "$completions/zsh/_trail-verify" | grep -oE -- '--[a-z-]+' | sed 's/--//' | sort -u)"
	same "$want" "$(grep -oE -- ' -l [a-z-]+' "$completions/fish/trail-verify.fish" | sed 's/ -l //' | grep -v findings | sort -u)"
}

@test "the short options, too" {
	local want completions=$SOURCE_ROOT/tools/completions
	want=$(trail verify --help | sed -n 's/^  -\(.\), .*/\1/p' | sort | xargs)
	same "$want" "$(grep '^\.It' "$SOURCE_ROOT/man/trail-verify.1" | grep -oE 'Fl [A-Za-z]( |$)' | cut -c 4 | sort -u | xargs)"
	same "$want" "$(grep -oE -- '-s [A-Za-z] ' "$completions/fish/trail-verify.fish" | cut -c 4 | sort -u | xargs)"
	same "$want" "$(grep -oE -- "[{]-[A-Za-z]" "$completions/zsh/_trail-verify" | cut -c 3 | sort -u | xargs)"
}

@test "the completions know every finding" {
	local want shell completions=$SOURCE_ROOT/tools/completions
	want=$(finding_ids)
	for shell in "$completions"/*/*trail-verify*; do
		same "$want" "$(grep -oE '^	[a-z -]+' "$shell" | grep -vE -- '--|local' | tr ' \t' '\n\n' | grep -E '^[a-z]+-[a-z-]+$|^conflict$' | sort)"
	done
}

# completes WORD...: what bash offers for the last of these words.
completes() {
	(
		source "$SOURCE_ROOT/tools/completions/bash/trail-verify"
		COMP_WORDS=(trail-verify "$@") COMP_CWORD=$#
		_trail_verify
		printf '%s\n' "${COMPREPLY[@]}"
	)
}

@test "bash completion offers options, values and files" {
	touch "a file" afile
	same "text json html" "$(completes -f '' | xargs)"
	same json "$(completes --format = j)"
	same "auto always" "$(completes --color = a | xargs)"
	same "--max-object --max-total" "$(completes --max | xargs)"
	same "log-missing" "$(completes --explain log-mi)"
	same "a file
afile" "$(completes -k a | sort)"
	same "a file
afile" "$(completes a | sort)"
	same "" "$(completes --since a)"
}
