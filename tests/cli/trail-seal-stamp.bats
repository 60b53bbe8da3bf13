#!/usr/bin/env bats
# trail-seal: signatures and time stamps, made, attached and checked, against what openssl makes of them.

load helper
load seal_helper

setup_file() {
	certificates
}

# signed_by NAME N: openssl's own opinion on the signature of entry N under a CA.
signed_by() {
	line "$2" >the.line
	openssl cms -verify -binary -inform DER -in "l.jsonl.d/$(printf %04d "$2").p7s" -content the.line -CAfile "$1" -out /dev/null
}

# stamped N: the same on its time stamp.
stamped() {
	line "$1" >the.line
	openssl ts -verify -data the.line -in "l.jsonl.d/$(printf %04d "$1").tsr" -CAfile "$KEYS/ca.pem"
	openssl ts -verify -queryfile "l.jsonl.d/$(printf %04d "$1").tsq" -in "l.jsonl.d/$(printf %04d "$1").tsr" -CAfile "$KEYS/ca.pem"
}

@test "a signature is one that openssl cms verifies, with RSA and with EC" {
	evidence copy
	local who
	for who in examiner curve; do
		rm -rf l.jsonl l.jsonl.d
		exits 0 add --sign "$KEYS/$who.key" --cert "$KEYS/$who.pem"
		signed_by "$KEYS/ca.pem" 1
		check 0 --ca "$KEYS/ca.pem"
		same "1 1 verified" "$(json '"\(.summary.anchored) \(.summary.signatures.verified) \(.verdict)"')"
		check 0 --cert "$KEYS/$who.pem"
		same "$(openssl x509 -in "$KEYS/$who.pem" -outform DER | sha256sum | cut -d' ' -f1)" "$(jq -r .signer.certificate_sha256 l.jsonl)"
		check 3
		same "ledger-unanchored 1
signature-untrusted 1" "$(findings)"
		check 1 --cert "$KEYS/stranger.pem"
		prints "neither this certificate nor an authority of it is among those that were given"
		same "signature-untrusted 1" "$(alerts)"
	done
}

@test "a signature that does not hold, is gone, or is by somebody else is found" {
	evidence copy
	# shellcheck disable=SC2046
	exits 0 add $(signed)
	# shellcheck disable=SC2046
	exits 0 add $(signed)
	check 0 --ca "$KEYS/ca.pem"
	cp -a l.jsonl.d good

	cp l.jsonl.d/0001.p7s l.jsonl.d/0002.p7s
	check 1 --ca "$KEYS/ca.pem"
	same "signature-invalid 1" "$(alerts)"
	cp good/* l.jsonl.d

	rm l.jsonl.d/0001.p7s
	check 1 --ca "$KEYS/ca.pem"
	same "signature-missing 1" "$(findings)"
	cp good/* l.jsonl.d

	local size i
	size=$(stat -c %s good/0002.p7s)
	for i in 0 30 $((size / 2)) $((size - 40)) $((size - 1)); do
		printf '\xa5' | dd of=l.jsonl.d/0002.p7s bs=1 seek="$i" conv=notrunc status=none
		check 1 --ca "$KEYS/ca.pem"
		[[ $(alerts) == *signature-* ]]
		cp good/* l.jsonl.d
	done
	head -c $((size - 1)) good/0002.p7s >l.jsonl.d/0002.p7s
	check 1 --ca "$KEYS/ca.pem"
	cp good/* l.jsonl.d
	echo more >>l.jsonl.d/0002.p7s
	check 1 --ca "$KEYS/ca.pem"
	same "signature-invalid 1" "$(alerts)"
	: >l.jsonl.d/0002.p7s
	check 1 --ca "$KEYS/ca.pem"
	cp good/* l.jsonl.d

	# by somebody else, though over the right line
	line 2 >the.line
	openssl cms -sign -binary -in the.line -signer "$KEYS/stranger.pem" -inkey "$KEYS/stranger.key" -outform DER -out l.jsonl.d/0002.p7s
	check 1 --ca "$KEYS/ca.pem"
	same "signature-invalid 1" "$(alerts)"
	check 1
	same "signature-invalid 1" "$(alerts)"
	# with SHA-1, by the right one
	openssl cms -sign -binary -md sha1 -in the.line -signer "$KEYS/examiner.pem" -inkey "$KEYS/examiner.key" -outform DER -out l.jsonl.d/0002.p7s
	check 1 --ca "$KEYS/ca.pem"
	same "signature-invalid 1" "$(alerts)"
	# not detached
	openssl cms -sign -binary -nodetach -in the.line -signer "$KEYS/examiner.pem" -inkey "$KEYS/examiner.key" -outform DER -out l.jsonl.d/0002.p7s
	check 1 --ca "$KEYS/ca.pem"
	# made by hand, the right way
	openssl cms -sign -binary -in the.line -signer "$KEYS/examiner.pem" -inkey "$KEYS/examiner.key" -outform DER -out l.jsonl.d/0002.p7s
	check 0 --ca "$KEYS/ca.pem"
}

@test "a ledger that was written anew, and signed by somebody else, is found by who is trusted" {
	evidence copy
	# shellcheck disable=SC2046
	exits 0 add $(signed)
	rm -r l.jsonl l.jsonl.d
	exits 0 add --sign "$KEYS/stranger.key" --cert "$KEYS/stranger.pem"
	check 1 --ca "$KEYS/ca.pem"
	same "signature-untrusted 1" "$(alerts)"
	# the signature of the last entry is dropped with the name of the signer
	rm -r l.jsonl l.jsonl.d
	# shellcheck disable=SC2046
	exits 0 add $(signed)
	jq -c '.signer = null' l.jsonl >x && cat x >l.jsonl
	check 1 --ca "$KEYS/ca.pem"
	same "signature-invalid 1" "$(alerts)"
	rm l.jsonl.d/*.p7s
	check 3 --ca "$KEYS/ca.pem"
	same "ledger-unanchored 1" "$(findings)"
}

@test "a key that does not fit, is locked, weak or of another kind, and a certificate that is not fit, are refused" {
	evidence copy
	exits 2 add --sign "$KEYS/examiner.key" --cert "$KEYS/stranger.pem"
	says "is not that of the key"
	exits 2 add --sign "$KEYS/examiner.key" --cert "$KEYS/expired.pem"
	says "has expired"
	exits 2 add --sign "$KEYS/server.key" --cert "$KEYS/server.pem"
	says "is not for signatures"
	exits 2 add --sign "$KEYS/ed.key" --cert "$KEYS/ed.pem"
	says "neither RSA nor EC"
	exits 2 add --sign "$KEYS/examiner.pem" --cert "$KEYS/examiner.pem"
	says "holds no private key"
	exits 2 add --sign "$KEYS/examiner.key" --cert "$KEYS/examiner.key"
	says "holds no certificate"
	exits 2 add --sign "$KEYS/none.key" --cert "$KEYS/examiner.pem"
	says "No such file"
	openssl req -x509 -newkey rsa:1024 -nodes -keyout weak.key -out weak.pem -subj /CN=Weak 2>/dev/null
	exits 2 add --sign weak.key --cert weak.pem
	says "too short"
	[ ! -e l.jsonl ]
	[ ! -e l.jsonl.d ]
}

@test "a pass phrase comes from a file, a descriptor or the terminal, and never from nowhere" {
	evidence copy
	local with=(--sign "$KEYS/locked.key" --cert "$KEYS/examiner.pem")
	echo sesame >phrase
	exits 0 add "${with[@]}" --passphrase-file phrase
	signed_by "$KEYS/ca.pem" 1
	exits 0 add "${with[@]}" --passphrase-fd 5 5<phrase
	printf 'sesame\r\nsecond line' >dos
	exits 0 add "${with[@]}" --passphrase-file dos
	echo wrong >phrase
	exits 2 add "${with[@]}" --passphrase-file phrase
	says "does not open the key"
	: >phrase
	exits 2 add "${with[@]}" --passphrase-file phrase
	says "is empty"
	exits 2 add "${with[@]}" --passphrase-file none
	says "No such file"
	exits 2 add "${with[@]}" --passphrase-fd 9
	says "cannot read the pass phrase"
	exits 2 setsid "$B/trail-seal" --ledger l.jsonl --action copied --case 1 --examiner x "${with[@]}" copy </dev/null
	says "neither a pass phrase"
	same 3 "$(wc -l <l.jsonl)"
	[[ $(cat l.jsonl l.jsonl.d/*) != *sesame* ]]
}

@test "a pass phrase is asked for on a terminal, without echo" {
	skip_under_wrap
	command -v script >/dev/null || skip "no script"
	evidence copy
	printf '%s\n' "#!/bin/sh" "exec '$B/trail-seal' --ledger l.jsonl --action copied --case 1 --examiner x --sign '$KEYS/locked.key' --cert '$KEYS/examiner.pem' copy" >ask.sh
	chmod +x ask.sh
	(sleep 2; printf 'sesamX\bXX\b\be\n'; sleep 2) | script -qec ./ask.sh typescript >shown
	[[ $(cat shown) == *"Pass phrase"* ]]
	[[ $(cat shown) != *sesam* ]]
	same 1 "$(wc -l <l.jsonl)"
	# given up with control-C
	(sleep 2; printf 'se\x03'; sleep 1) | script -qec ./ask.sh typescript >shown || :
	[[ $(cat shown) == *"no pass phrase was given"* ]]
	same 1 "$(wc -l <l.jsonl)"
}

@test "certificates behind the signer's own go with the signature" {
	evidence copy
	(
		cd "$KEYS"
		openssl req -newkey rsa:2048 -nodes -keyout mid.key -out mid.csr -subj /CN=Mid
		openssl x509 -req -in mid.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 99 -out mid.pem -extfile <(echo "basicConstraints=critical,CA:TRUE")
		openssl req -newkey rsa:2048 -nodes -keyout leaf.key -out leaf.csr -subj /CN=Leaf
		openssl x509 -req -in leaf.csr -CA mid.pem -CAkey mid.key -CAcreateserial -days 99 -out leaf.pem
		cat leaf.pem mid.pem >chain.pem
	) 2>/dev/null
	exits 0 add --sign "$KEYS/leaf.key" --cert "$KEYS/chain.pem"
	signed_by "$KEYS/ca.pem" 1
	check 0 --ca "$KEYS/ca.pem"
	check 0 --cert "$KEYS/chain.pem"
	# of a file of --cert only the first is trusted
	cat "$KEYS/stranger.pem" "$KEYS/leaf.pem" >mixed.pem
	check 1 --cert mixed.pem
}

@test "a request is one that a time-stamping authority answers, and the answer is attached and verified offline" {
	evidence copy
	# shellcheck disable=SC2046
	exits 0 add $(signed)
	openssl ts -query -in l.jsonl.d/0001.tsq -text | grep -q 'Hash Algorithm: sha256'
	stamp l.jsonl.d/0001.tsq answer.tsr
	exits 0 trail seal --ledger l.jsonl --timestamp answer.tsr --ca "$KEYS/ca.pem"
	prints "time stamp  l.jsonl.d/0001.tsr"
	cmp answer.tsr l.jsonl.d/0001.tsr
	stamped 1
	check 0 --ca "$KEYS/ca.pem"
	same "1" "$(json .summary.timestamps.verified)"
	same "verified verified" "$(json '.entries[] | "\(.signature) \(.timestamp)"')"
	json '.entries[].timestamp_time' | grep -q '^20..-..-..T..:..:..Z$'
	# the time stamp alone vouches for the line, too
	check 3 --cert "$KEYS/examiner.pem"
	same "timestamp-untrusted 1" "$(findings)"
	# once more is nothing new; another one is refused
	exits 0 trail seal --ledger l.jsonl --timestamp answer.tsr --ca "$KEYS/ca.pem"
	stamp l.jsonl.d/0001.tsq second.tsr
	exits 2 trail seal --ledger l.jsonl --timestamp second.tsr --ca "$KEYS/ca.pem"
	says "is there already"
	cmp answer.tsr l.jsonl.d/0001.tsr
}

@test "a time stamp for an earlier entry is attached with --entry" {
	evidence copy
	exits 0 add
	exits 0 add
	stamp l.jsonl.d/0001.tsq one.tsr
	exits 1 trail seal --ledger l.jsonl --timestamp one.tsr --ca "$KEYS/ca.pem"
	prints "timestamp-invalid"
	COLUMNS=200 trail seal --ledger l.jsonl --timestamp one.tsr --ca "$KEYS/ca.pem" >out || true
	grep -q "that of entry 1: --entry 1 attaches it" out
	[ ! -e l.jsonl.d/0002.tsr ]
	exits 0 trail seal --ledger l.jsonl --timestamp one.tsr --ca "$KEYS/ca.pem" --entry 1
	stamped 1
	exits 2 trail seal --ledger l.jsonl --timestamp one.tsr --ca "$KEYS/ca.pem" --entry 3
	says "no entry 3"
	exits 2 trail seal --ledger none.jsonl --timestamp one.tsr
	says "No such file"
	[ ! -e none.jsonl.d ]
}

@test "a time stamp that does not hold, or that nobody trusts, is not attached" {
	evidence copy
	exits 0 add
	stamp l.jsonl.d/0001.tsq good.tsr
	exits 1 trail seal --ledger l.jsonl --timestamp good.tsr --ca "$KEYS/stranger.pem"
	prints "timestamp-untrusted (alert"
	prints "no chain to an authority"
	[[ $output != *0001.tsr* ]] || fail "it looks as if it were attached"
	# the right hash, and the nonce of nobody's request
	openssl ts -query -data <(line 1) -sha256 -cert -out own.tsq
	stamp own.tsq own.tsr
	exits 1 trail seal --ledger l.jsonl --timestamp own.tsr --ca "$KEYS/ca.pem"
	prints "another nonce"
	echo nothing >bad.tsr
	exits 1 trail seal --ledger l.jsonl --timestamp bad.tsr --ca "$KEYS/ca.pem"
	prints "no time-stamp response"
	cp good.tsr bad.tsr
	printf '\xa5' | dd of=bad.tsr bs=1 seek=$(($(stat -c %s good.tsr) - 3)) conv=notrunc status=none
	exits 1 trail seal --ledger l.jsonl --timestamp bad.tsr --ca "$KEYS/ca.pem"
	exits 2 trail seal --ledger l.jsonl --timestamp none.tsr --ca "$KEYS/ca.pem"
	[ ! -e l.jsonl.d/0001.tsr ]
	# without anybody to trust it is attached, and said to be unproved
	exits 3 trail seal --ledger l.jsonl --timestamp good.tsr
	prints "timestamp-untrusted (warning"
	cmp good.tsr l.jsonl.d/0001.tsr
}

@test "a time stamp that was altered, exchanged or taken away is found" {
	evidence copy
	exits 0 add
	stamp l.jsonl.d/0001.tsq one.tsr
	exits 0 trail seal --ledger l.jsonl --timestamp one.tsr --ca "$KEYS/ca.pem"
	exits 0 add
	same "$(sha256sum <one.tsr | cut -d' ' -f1)" "$(line 2 | jq -r .previous_timestamp)"
	stamp l.jsonl.d/0002.tsq two.tsr
	exits 0 trail seal --ledger l.jsonl --timestamp two.tsr --ca "$KEYS/ca.pem"
	check 0 --ca "$KEYS/ca.pem"
	same 2 "$(json .summary.anchored)"

	rm l.jsonl.d/0001.tsr
	check 1 --ca "$KEYS/ca.pem"
	same "timestamp-missing 1" "$(findings)"
	stamp l.jsonl.d/0001.tsq l.jsonl.d/0001.tsr
	check 1 --ca "$KEYS/ca.pem"
	same "timestamp-missing 1" "$(findings)"
	cp one.tsr l.jsonl.d/0001.tsr
	cp one.tsr l.jsonl.d/0002.tsr
	check 1 --ca "$KEYS/ca.pem"
	same "timestamp-invalid 1" "$(alerts)"
	cp two.tsr l.jsonl.d/0002.tsr
	printf '\xa5' | dd of=l.jsonl.d/0002.tsr bs=1 seek=$(($(stat -c %s two.tsr) - 3)) conv=notrunc status=none
	check 1 --ca "$KEYS/ca.pem"
	[[ $(alerts) == *timestamp-* ]]
	# Where the line of an entry is gone, or none any more, its time stamp may be there all the same.
	cp two.tsr l.jsonl.d/0002.tsr
	cp l.jsonl sound.jsonl
	for change in 1d '1s/^./[/'; do
		sed "$change" sound.jsonl >l.jsonl
		check 1 --ca "$KEYS/ca.pem"
		[[ $(findings) == *ledger-* && $(findings) != *timestamp-* ]] || fail "$(findings)"
		rm l.jsonl.d/0001.tsr
		check 1 --ca "$KEYS/ca.pem"
		[[ $(findings) == *"timestamp-missing 1"* ]]
		cp one.tsr l.jsonl.d/0001.tsr
	done
}

@test "an end that was cut off, or an entry written anew, is found by a time stamp that was kept elsewhere" {
	evidence copy
	exits 0 add
	exits 0 add
	stamp l.jsonl.d/0002.tsq kept.tsr
	check 0 --ca "$KEYS/ca.pem" --timestamp kept.tsr
	cp -a l.jsonl.d good
	cp l.jsonl good.jsonl
	sed -i 2d l.jsonl
	rm l.jsonl.d/0002.*
	check 1 --ca "$KEYS/ca.pem" --timestamp kept.tsr
	same "ledger-cut 1" "$(alerts)"
	cp good.jsonl l.jsonl
	cp good/* l.jsonl.d
	rewrite '.examiner = "Bob"'
	check 1 --ca "$KEYS/ca.pem" --timestamp kept.tsr
	same "ledger-cut 1" "$(alerts)"
	cp good.jsonl l.jsonl
	check 1 --ca "$KEYS/stranger.pem" --timestamp kept.tsr
	same "timestamp-untrusted 1" "$(alerts)"
	check 1 --ca "$KEYS/ca.pem" --timestamp good/0002.tsq
	same "timestamp-invalid 1" "$(alerts)"
}

@test "an expired certificate speaks for what a time stamp proves, and for nothing else" {
	skip_under_wrap
	evidence copy
	exits 0 add
	# an entry as one of that time would be: the old certificate, with the old clock
	jq -c --arg h "$(openssl x509 -in "$KEYS/expired.pem" -outform DER | sha256sum | cut -d' ' -f1)" \
	    '.started = "2020-06-01T00:00:00Z" | .finished = "2020-06-01T00:00:00Z" | .signer = {subject: "CN=Old", certificate_sha256: $h}' l.jsonl >x
	cat x >l.jsonl
	rm l.jsonl.d/0001.tsq
	openssl cms -sign -binary -in l.jsonl -signer "$KEYS/expired.pem" -inkey "$KEYS/examiner.key" -outform DER -out l.jsonl.d/0001.p7s
	check 3 --cert "$KEYS/expired.pem"
	same "certificate-expired 1" "$(findings)"
	# stamped today, it was not valid when it was stamped
	openssl ts -query -data l.jsonl -sha256 -cert -out l.jsonl.d/0001.tsq
	stamp l.jsonl.d/0001.tsq l.jsonl.d/0001.tsr
	check 1 --cert "$KEYS/expired.pem" --ca "$KEYS/ca.pem"
	same "signature-untrusted 1" "$(alerts)"
}
