#!/usr/bin/env bats
# trail-carve: stopped, killed, and taken up again.

load helper
load carve

# timed COMMAND...: runs it; $took is how many seconds that was.
timed() {
	local start=$EPOCHREALTIME
	"$@"
	took=$(awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.3f", b - a }')
}

# rounds N TOOK IMAGE OPTION...: carves IMAGE into out/, killed again and again within half of TOOK seconds, N times at most, then to
# the end.  $killed is how often.
rounds() {
	local n=$1 took=$2 pid
	shift 2
	killed=0
	rm -rf out
	while [ "$killed" -lt "$n" ]; do
		# The state is of a run: options are the same, but for --resume.
		if [ -e out/carve.finds ]; then
			"$B/trail-carve" -o out --reproducible --resume "$@" >/dev/null 2>>err &
		else
			rm -rf out
			"$B/trail-carve" -o out --reproducible "$@" >/dev/null 2>>err &
		fi
		pid=$!
		sleep "$(awk -v r=$RANDOM -v s="$took" 'BEGIN { printf "%.3f", r / 65536 * s }')"
		kill -9 $pid 2>/dev/null || break
		wait $pid 2>/dev/null || :
		killed=$((killed + 1))
	done
	wait $pid 2>/dev/null || :
	# Either that run came to its end, or the last one does.
	if [ -e out/carve.finds ]; then
		run "$B/trail-carve" -o out --reproducible --resume "$@"
	elif [ ! -e out/report.html ]; then
		rm -rf out
		run "$B/trail-carve" -o out --reproducible "$@"
	fi
}

@test "killed at any time and taken up again, the output is the same" {
	[ -z "${TRAIL_WRAP-}" ] || skip "the tool itself must be killed"
	image i --bomb 1M
	local round total=0 took
	timed proved 1 want i/image.raw
	for round in 1 2 3 4 5 6 7 8; do
		rounds 6 "$took" --checkpoint 128K -j $((round % 3 + 1)) i/image.raw -k i/keys.json --digests i/bucket -m i/metadata.jsonl
		alike want out
		total=$((total + killed))
	done
	timed carve 3 want2 --max-total 60K i/image.raw
	for round in 1 2 3; do
		rounds 6 "$took" --checkpoint 128K --max-total 60K -j $round i/image.raw
		alike want2 out
	done
	[ "$total" -gt 5 ] || fail "killed only $total times"
	exits 1 grep -v '^$' err
}

@test "killed over several images, with a hash and XML" {
	[ -z "${TRAIL_WRAP-}" ] || skip "the tool itself must be killed"
	image i --class all=1 --bomb 1M
	image j --class all=1 --bomb 1M --seed 9
	timed carve 1 want --dfxml want/x.xml --hash-image i/image.raw j/image.raw j/split.raw.001
	local round
	for round in 1 2 3 4; do
		rounds 5 "$took" --checkpoint 64K --dfxml out/x.xml --hash-image i/image.raw j/image.raw j/split.raw.001
		alike want out
	done
}

@test "SIGINT and SIGTERM end a run in order: 130 and 143, and --resume takes it up" {
	[ -z "${TRAIL_WRAP-}" ] || skip "the tool itself gets the signal"
	image i --size 64M --class all=8 --bomb 40M
	proved 1 want i/image.raw
	local signal number rc tried=0
	for signal in INT TERM HUP; do
		number=$(kill -l $signal)
		for tried in $(seq 40); do
			rm -rf out
			# A background job of this shell would ignore SIGINT.
			python3 - "$signal" "$tried" "$B/trail-carve" -o out --reproducible -j 1 --checkpoint 1M --dfxml x.xml i/image.raw \
			    -k i/keys.json --digests i/bucket -m i/metadata.jsonl >/dev/null 2>err <<-'END' && rc=0 || rc=$?
				import os, signal, subprocess, sys, time
				number = getattr(signal, "SIG" + sys.argv[1])
				signal.signal(number, signal.SIG_DFL) # nohup has it ignored
				p = subprocess.Popen(sys.argv[3:], stdin=subprocess.DEVNULL)
				time.sleep(float(sys.argv[2]) / 100)
				p.send_signal(number)
				sys.exit(p.wait() & 255)
			END
			[ "$rc" -ne 1 ] && [ -e out/carve.state ] && break
		done
		[ "$rc" -eq $((128 + number)) ] || fail "SIG$signal: $rc"
		grep -q -- '--resume goes on' err
		[ ! -e x.xml ] && [ ! -e out/report.json ]
		nothing_left .
		run --separate-stderr "$B/trail-carve" -o out --reproducible -j 2 --checkpoint 1M --resume i/image.raw -k i/keys.json --digests i/bucket -m i/metadata.jsonl
		[ "$status" -eq 1 ]
		alike want out
	done
}

@test "a state is taken up by the same run only" {
	[ -z "${TRAIL_WRAP-}" ] || skip "the tool itself must be killed"
	image i --class all=2 --bomb 1M
	# Stopped once there is a state.
	local n
	for n in $(seq 50); do
		rm -rf out
		"$B/trail-carve" -o out --checkpoint 64K i/image.raw >/dev/null &
		while kill -0 $! 2>/dev/null && [ ! -e out/carve.state ]; do :; done
		kill -9 $! 2>/dev/null && wait $! 2>/dev/null || :
		[ ! -e out/carve.state ] || break
	done
	[ -e out/carve.state ] || skip "too quick to be stopped"
	exits 2 trail carve -o out --resume --no-joins i/image.raw
	exits 2 trail carve -o out --resume --max-record 1M i/image.raw
	cp i/image.raw other.raw
	exits 2 trail carve -o out --resume other.raw
	cp out/carve.state state
	for n in 0 1 20 100; do
		head -c "$n" state >out/carve.state
		exits 2 trail carve -o out --resume i/image.raw
	done
	# Work files that others could have written.
	cp state out/carve.state
	for n in carve.finds carve.records; do
		chmod 620 out/$n
		exits 2 trail carve -o out --resume i/image.raw
		says "out/$n is not this user's alone"
		chmod 600 out/$n
	done
	{ head -c 40 state; head -c 60 /dev/urandom; } >out/carve.state
	exits 2 trail carve -o out --resume i/image.raw
	cp state out/carve.state
	exits 2 trail carve -o out --resume - < <(cat i/image.raw)
	touch -d 2001-01-01 i/image.raw # times are told by the second: one of now may be the same
	exits 2 trail carve -o out --resume i/image.raw
	[ ! -e out/report.json ]
}

@test "two runs at a time in one folder are refused" {
	[ -z "${TRAIL_WRAP-}" ] || skip "two at a time"
	mkfifo pipe
	"$B/trail-carve" -o out pipe >/dev/null 2>&1 &
	exec 9>pipe
	while [ ! -e out/carve.finds ]; do kill -0 $!; done
	exits 2 trail carve -o out --resume pipe2
	: >empty
	exits 2 trail carve -o out --resume empty
	says "another run is at work"
	exec 9>&-
	wait $! || :
	[ -e out/report.json ]
}
