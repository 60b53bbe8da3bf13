#!/usr/bin/env bats
# trail-carve: images and folders that mean no good.

load helper
load carve

@test "a folder in evidence, and one that is a link, are refused" {
	image i --class A=6
	exits 2 trail carve -o i/bucket/out --digests i/bucket i/image.raw
	says "lies in evidence"
	exits 2 trail carve -o i/bucket --digests i/bucket i/image.raw
	mkdir -p i/bucket/deep/er
	exits 2 trail carve -o ./i/../i/bucket/deep/er/ --digests i/bucket i/image.raw
	ln -s i/bucket/deep in
	exits 2 trail carve -o in/out --digests i/bucket i/image.raw
	exits 2 trail carve -o out --dfxml i/bucket/x.xml --digests i/bucket i/image.raw
	says "nothing is written inside evidence"
	exits 2 trail carve -o out --tmpdir i/bucket --digests i/bucket i/image.raw
	mkdir real
	ln -s real link
	exits 2 trail carve -o link i/image.raw
	says "is a symbolic link"
	same "" "$(ls real)"
	ln -s nowhere dangling
	exits 2 trail carve -o dangling i/image.raw
	touch file
	exits 2 trail carve -o file i/image.raw
	exits 2 trail carve -o file/out i/image.raw
	same "dangling file i in link real" "$(here)"
}

@test "links inside of a folder that is taken up are not followed" {
	image i --class C=1 --class A=1
	mkdir -p out precious
	touch out/carve.finds
	ln -s ../precious out/files
	exits 2 trail carve -o out --resume i/image.raw
	rm out/files
	echo mine >precious/a
	ln -sf ../precious/a out/carve.records
	exits 2 trail carve -o out --resume i/image.raw
	rm out/carve.records
	ln -s ../precious/a out/carve.state
	exits 2 trail carve -o out --resume i/image.raw
	rm out/carve.state
	# Reports replace what has their name.
	ln -s ../precious/a out/carve.jsonl
	run trail carve -o out --resume i/image.raw
	same mine "$(cat precious/a)"
	same a "$(ls precious)"
}

@test "an image that cannot be read, or is none" {
	if [ "$(id -u)" -ne 0 ]; then
		head -c 1M /dev/zero >closed
		chmod 0 closed
		exits 2 trail carve -o out closed
	fi
	exits 2 trail carve -o out .
	exits 2 trail carve -o out /dev/full
	ln -s loop loop
	exits 2 trail carve -o out loop
	exits 2 trail carve -o out "$(printf 'a%.0s' {1..5000})"
	[ ! -e out ]
	# An image that is shorter by the time it is read.
	image i --class A=1
	mkfifo pipe
	(head -c 3M i/image.raw >pipe) &
	run --separate-stderr trail carve -o out pipe
	[ "$status" -ne 2 ]
}

@test "no room on the disk: exit 2, and --resume goes on when there is" {
	[ -z "${TRAIL_WRAP-}" ] || skip "another program would meet the limit, too"
	image i --class all=4 --bomb 1M
	carve 1 want i/image.raw
	local blocks
	for blocks in 1 8 64 200 600; do
		rm -rf out
		(ulimit -f "$blocks" && exits 2 trail carve -o out --reproducible --checkpoint 256K i/image.raw) || fail "$blocks"
		if [ -e out/carve.finds ]; then
			run "$B/trail-carve" -o out --reproducible --resume --checkpoint 256K i/image.raw
			[ "$status" -eq 1 ] || fail "resume: $output"
			alike want out
		fi
	done
}

@test "standard output that is full is told, and the folder is complete" {
	image i --class A=1
	run bash -c '"$0" -o out "$1" >/dev/full' "$B/trail-carve" i/image.raw
	[ "$status" -eq 2 ]
	[ -s out/report.html ] && [ ! -e out/carve.finds ]
}

@test "names and texts from evidence never steer a terminal or a page" {
	local name
	name=$(printf 'a\033]0;x\007<script>"&\xe2\x80\xae.raw')
	{
		printf 'x%.0s' {1..600}
		event a 2024-03-01T05:06:07Z $'<script>alert(1)</script>' \
		    '.eventID = "01234567-89ab-cdef-0123-456789abcdef" | .userAgent = "\u001b[31m<b>\u202e" | .recipientAccountId = "<b>"'
	} >"$name"
	exits 0 trail carve -o out "$name"
	[[ $output != *$'\033'* && $output != *$'\xe2\x80\xae'* ]]
	exits 1 grep -q $'\033' out/report.txt out/report.json out/report.html out/carve.jsonl out/records.jsonl
	exits 1 grep -qE '<script|<b>[^<A-Z]' out/report.html
	jq -e . out/report.json >/dev/null
	jq -es 'length == 1' out/records.jsonl
	exits 0 trail carve -o out2 --dfxml x.xml "$name"
	python3 -c 'import xml.etree.ElementTree as E; E.parse("x.xml")'
}

@test "bombs and depth end, and take no more than they may" {
	image i --class Q=6 --class R=6 --bomb 200M
	run --separate-stderr timeout 120 "$B/trail-carve" -o out i/image.raw
	[ "$status" -eq 3 ] || [ "$status" -eq 0 ]
	same "0" "$(jq -r 'select(.state == "whole" or .state == "authentic") | .id' out/carve.jsonl | wc -l)"
	[ "$(jq '.images[0].rejected.size + .images[0].rejected.depth' out/report.json)" -gt 0 ]
}

@test "look-alikes are counted, and none is taken for a record" {
	image i --class P=40
	carve 0 out i/image.raw
	same "" "$(cat out/carve.jsonl)"
	[ "$(jq '.images[0].rejected["look-alike"]' out/report.json)" -gt 0 ]
	# Nor are the reports and rows of this tool itself.
	image j --class A=3 --class C=2 --class O=1
	carve 1 first --dfxml first/x.xml j/image.raw
	cat first/report.* first/carve.jsonl first/events.jsonl first/x.xml >again
	carve 0 second again
	same "" "$(cat second/carve.jsonl)"
}

@test "random bytes and text hold nothing" {
	# Random bytes, with what gzip members, base64 and names begin with.
	python3 - >random <<-'END'
		import random, sys
		random.seed(5)
		for i in range(1024):
		    sys.stdout.buffer.write(random.randbytes(1 << 16) + [b"\x1f\x8b\x08\0", b"H4sI", b'"eventVersion":"', b'{"eventID":'][i % 4])
	END
	carve 0 out random
	same "" "$(cat out/carve.jsonl)"
	[ "$(jq '[.images[0].candidates[]] | add' out/report.json)" -gt 900 ]
	same "$(jq '[.images[0].candidates[]] | add' out/report.json)" "$(jq '[.images[0].rejected[]] | add' out/report.json)"
}

@test "the sandbox holds what is written and read" {
	[[ $(trail carve -V -v) == *Landlock* ]] || skip "no Landlock"
	[ -z "${TRAIL_WRAP-}" ] && command -v strace >/dev/null || skip "no strace"
	image i --class A=1
	strace -f -o trace "$B/trail-carve" -o out i/image.raw >/dev/null 2>&1 || skip "strace cannot trace here"
	grep -q landlock_restrict_self trace
	# From then on, only DIR is opened for writing.
	same "" "$(sed '1,/landlock_restrict_self/d' trace | grep -E 'openat\(AT_FDCWD, .*O_(WRONLY|RDWR)' | grep -v '"[^"]*out/' || :)"
}

# hostile KIND FILE: an image made to cost time or memory.
hostile() {
	python3 - "$@" <<-'END_PYTHON'
		import base64, json, struct, sys, zlib
		kind, to = sys.argv[1:]
		size = 8 << 20
		def gz(content):
		    c = zlib.compressobj(9, zlib.DEFLATED, -15)
		    return b"\x1f\x8b\x08\0\0\0\0\0\0\3" + c.compress(content) + c.flush() + struct.pack("<II", zlib.crc32(content), len(content))
		def record(i):
		    return json.dumps({"eventVersion": "1.08", "userIdentity": {}, "eventTime": "2024-03-01T05:06:07Z", "eventSource": "a",
		        "eventName": "b", "eventID": "%08x-89ab-cdef-0123-456789abcdef" % i}, separators=(",", ":")).encode()
		def chain():
		    # A stored block every 4 KiB, and in it heads whose first block reaches to the next one.
		    block = bytearray(4091)
		    for at in range(0, 4040, 24):
		        left = 4091 - at - 15
		        block[at:at + 17] = b"\x1f\x8b\x08\0\0\0\0\0\0\3\0" + struct.pack("<HH", left, left ^ 0xffff) + b"{ "
		    return (b"\0" + struct.pack("<HH", 4091, 4091 ^ 0xffff) + block) * (size // 4096)
		tar = b"a".ljust(257, b"\0") + b"ustar" + bytes(250)
		member = next(m for m in (gz(b'{"Recordx":[ %s]}' % b"123456789"[:n]) for n in range(9)) if len(m) % 3 == 0)
		make = {
		    "digits": lambda: b"H4sI" * (size // 4),
		    "members": lambda: base64.b64encode(member) * (size // len(member) * 3 // 4),
		    "chain": chain,
		    "nested": lambda: gz(tar + gz(b"{" + b" " * 1500000) * 20000) * 2,
		    "small": lambda: gz(tar + b"\n".join(record(i) for i in range(370000))),
		    "large": lambda: gz(b'{"Records":[' + record(1) + b" " * (63 << 20) + b"]}") * 7,
		}
		open(to, "wb").write(make[kind]())
	END_PYTHON
}

@test "an image made to cost time ends, and what was not followed is counted" {
	local kind
	[ -z "${TRAIL_WRAP-}" ] || skip "as slow as it is"
	for kind in digits members chain nested; do
		hostile "$kind" i.raw
		rm -rf out
		run --separate-stderr timeout -s KILL 300 "$B/trail-carve" -o out i.raw
		case $kind in
		digits | members) same 0 "$status" ;;
		*)
			same 3 "$status"
			[ "$(jq '.images[0].rejected.work' out/report.json)" -gt 0 ]
			;;
		esac
		same "" "$(cat out/carve.jsonl)"
	done
	# What lies half a MiB on is found all the same.
	hostile chain i.raw
	truncate -s 9M i.raw
	event 01234567-89ab-cdef-0123-456789abcdef 2024-03-01T05:06:07Z X | log | gzip -n >>i.raw
	exits 3 trail carve -o out2 i.raw
	same "whole 1" "$(states out2)"
}

@test "an image made to cost memory" {
	local kind most
	[ -z "${TRAIL_WRAP-}" ] || skip "another program would be measured"
	! nm "$B/trail-carve" | grep -q __asan_init || skip "the sanitizer takes memory of its own"
	for kind in small large; do
		hostile "$kind" i.raw
		rm -rf out
		most=$(python3 -c '
import resource, subprocess, sys
subprocess.run([sys.argv[1], "-o", "out", "-j2", "i.raw"], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)' "$B/trail-carve")
		[ "$most" -le 256 ] || fail "$kind: $most MiB"
		[ "$(wc -l <out/carve.jsonl)" -ge 7 ]
	done
}

@test "a folder that is taken up: other names of a file, and contents that were exchanged" {
	local name
	image i --class A=3 --class C=1
	carve 3 want i/image.raw
	echo mine >precious
	for name in carve.records carve.finds .carve.state.next carve.jsonl .carve.jsonl.next .records.jsonl.next; do
		rm -rf out
		mkdir -p out/files
		touch out/carve.finds
		ln -f precious "out/$name"
		run trail carve -o out --reproducible --resume i/image.raw
		same mine "$(cat precious)"
	done
	# A file of the right name and length, and other bytes; and one that is being written.
	rm -rf out
	mkdir -p out/files
	touch out/carve.finds
	name=$(cd want/files && echo *.json.gz | cut -d ' ' -f 1)
	head -c "$(stat -c %s "want/files/$name")" /dev/zero >"out/files/$name"
	name=$(cd want/files && echo *.json.gz | cut -d ' ' -f 2)
	ln precious "out/files/.$name.next"
	exits 3 trail carve -o out --reproducible --resume i/image.raw
	same mine "$(cat precious)"
	alike want out
}

@test "members without an end that inflate to a thousand times their size do not fill the disk, and hide only what lies near" {
	[ -z "${TRAIL_WRAP-}" ] || skip "as slow as it is"
	python3 - i.raw <<-'END'
		import gzip, sys
		record = b'{"eventVersion":"1.08","eventTime":"2024-03-01T05:06:07Z","eventSource":"s","eventName":"%d","eventID":"%d","x":"' + b"A" * 200000 + b'"},'
		with open(sys.argv[1], "wb") as f:
		    for i in range(8):
		        f.write(gzip.compress(b'{"Records":[' + record % (i, i) * 150, 9, mtime=0)[:-8])
		        f.seek((i + 1) << 16)
		    f.truncate()
	END
	event 01234567-89ab-cdef-0123-456789abcdef 2024-03-01T05:06:07Z X | log | gzip -n >>i.raw
	exits 3 trail carve --reproducible -o out i.raw
	[ "$(jq '.images[0].rejected.total' out/report.json)" -gt 0 ]
	[ "$(jq -s '[.[] | .inflated] | add' out/carve.jsonl)" -le $((110 << 20)) ]
	grep -q 01234567-89ab-cdef-0123-456789abcdef out/records.jsonl
	exits 3 trail carve --reproducible -j 3 -o out3 i.raw
	alike out out3
}
