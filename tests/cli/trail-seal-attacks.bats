#!/usr/bin/env bats
# trail-seal --check: what somebody does who wants it to say that all holds.

load helper
load seal_helper

setup_file() {
	certificates
	more_certificates
}

# more_certificates: besides those of certificates(), what proves nobody, or nobody today.
more_certificates() {
	(
		cd "$KEYS"
		local sign="keyUsage=critical,digitalSignature"
		certify -md5 examiner md5 "$sign"
		certify -sha1 examiner sha1 "$sign"
		certify -md5 tsa md5tsa "extendedKeyUsage=critical,timeStamping"
		issue weak rsa:1024 "$sign"
		issue weaktsa rsa:1024 "extendedKeyUsage=critical,timeStamping"
		# certified by one who is no authority, and of the same name with another key
		openssl req -newkey rsa:2048 -nodes -keyout evil.key -out evil.csr -subj "/CN=Evil"
		openssl x509 -req -in evil.csr -CA examiner.pem -CAkey examiner.key -CAcreateserial -days 99 -out evil.pem -extfile <(echo "$sign")
		openssl req -x509 -newkey rsa:2048 -nodes -keyout twin.key -out twin.pem -subj "/CN=examiner/O=Test" -days 99
		# an authority of old, one below it that has expired, and whom that certified
		printf '%s\n' '[v3]' 'basicConstraints=critical,CA:true' >v3
		echo 'unique_subject = no' >index.attr
		openssl req -newkey rsa:2048 -nodes -keyout oldca.key -out oldca.csr -subj "/CN=Old CA"
		from_to 2015 2040 -selfsign -keyfile oldca.key -in oldca.csr -out oldca.pem -extfile v3 -extensions v3
		openssl req -newkey rsa:2048 -nodes -keyout mid.key -out mid.csr -subj /CN=Mid
		from_to 2020 2021 -cert oldca.pem -keyfile oldca.key -in mid.csr -out mid.pem -extfile v3 -extensions v3
		openssl req -newkey rsa:2048 -nodes -keyout leaf.key -out leaf.csr -subj /CN=Leaf
		from_to 2020 2040 -cert mid.pem -keyfile mid.key -in leaf.csr -out leaf.pem
		from_to 2035 2040 -cert oldca.pem -keyfile oldca.key -in old.csr -out future.pem
	) >"$KEYS.log" 2>&1 || fail "$(cat "$KEYS.log")"
}

# certify HASH NAME OUTPUT EXTENSION: the key of NAME certified once more, signed with that hash.
certify() {
	openssl x509 -req "$1" -in "$2.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 99 -out "$3.pem" -extfile <(echo "$4")
}

# from_to YEAR YEAR OPTION...: openssl ca, with that validity.
from_to() {
	openssl ca -batch -config ca.cnf -notext -startdate "${1}0101000000Z" -enddate "${2}0101000000Z" "${@:3}"
}

# forge KEY CERT FILTER [OPTION...]: entry 1 as jq makes it, signed by openssl in the name of CERT.
forge() {
	local key=$KEYS/$1.key cert=$KEYS/$2.pem filter=$3
	jq -c --arg h "$(openssl x509 -in "$cert" -outform DER | sha256sum | cut -d' ' -f1)" \
	    ".signer = {subject: \"x\", certificate_sha256: \$h} | $filter" l.jsonl >x
	cat x >l.jsonl
	openssl cms -sign -binary -in l.jsonl -signer "$cert" -inkey "$key" -outform DER -out l.jsonl.d/0001.p7s "${@:4}"
}

@test "a signature that leads to an authority through what can be forged proves nobody" {
	evidence copy
	exits 0 add
	forge examiner examiner .
	check 0 --ca "$KEYS/ca.pem"
	local of
	for of in "weak weak" "examiner md5" "examiner sha1" "evil evil" "twin twin"; do
		# shellcheck disable=SC2086
		forge $of . -certfile "$KEYS/examiner.pem"
		check 1 --ca "$KEYS/ca.pem"
		same "signature-untrusted 1" "$(alerts)"
		same 0 "$(json .summary.anchored)"
	done
	# nor is a signer an authority for being trusted
	forge evil evil . -certfile "$KEYS/examiner.pem"
	check 1 --cert "$KEYS/examiner.pem"
	forge twin twin .
	check 1 --cert "$KEYS/examiner.pem"
}

@test "several signatures in one, none with attributes, and none with a certificate" {
	evidence copy
	exits 0 add
	forge examiner examiner . -noattr
	check 0 --ca "$KEYS/ca.pem"
	forge examiner examiner . -signer "$KEYS/curve.pem" -inkey "$KEYS/curve.key"
	check 1 --ca "$KEYS/ca.pem"
	same "signature-invalid 1" "$(alerts)"
	forge examiner examiner . -nocerts
	check 1 --ca "$KEYS/ca.pem"
	forge examiner examiner . -noattr -md md5
	check 1 --ca "$KEYS/ca.pem"
	same "signature-invalid 1" "$(alerts)"
}

@test "a certificate that is not valid yet, or led through one that expired, does not speak for an entry by its own clock" {
	skip_under_wrap
	evidence copy
	exits 0 add
	forge examiner future '.finished = "2036-01-01T00:00:00Z"'
	check 3 --ca "$KEYS/oldca.pem"
	same "certificate-expired 1" "$(findings)"
	prints "is not valid before 2035-01-01T00:00:00Z"
	forge leaf leaf '.finished = "2020-06-01T00:00:00Z"' -certfile "$KEYS/mid.pem"
	check 3 --ca "$KEYS/oldca.pem"
	same "certificate-expired 1" "$(findings)"
	prints "expired 2021-01-01T00:00:00Z"
}

# stamp_by NAME KEY LINE OPTION...: a time stamp over entry 1, with LINE in the configuration of the authority.
stamp_by() {
	(
		cd "$KEYS"
		{ cat tsa.cnf; echo "$3"; } >other.cnf
		openssl ts -reply -config other.cnf -section tsa -queryfile "$OLDPWD/l.jsonl.d/0001.tsq" -signer "$1.pem" -inkey "$2.key" \
		    -chain ca.pem -out "$OLDPWD/l.jsonl.d/0001.tsr" "${@:4}"
	) >/dev/null 2>&1 || fail "no time stamp"
}

@test "a time stamp that can be forged proves nothing" {
	evidence copy
	exits 0 add
	stamp_by tsa tsa ""
	check 0 --ca "$KEYS/ca.pem"
	# the hash by which it names its certificate does not matter
	stamp_by tsa tsa "ess_cert_id_alg = sha1"
	check 0 --ca "$KEYS/ca.pem"
	local hash
	for hash in -sha1 -md5; do
		stamp_by tsa tsa "" "$hash"
		check 1 --ca "$KEYS/ca.pem"
		same "timestamp-invalid 1" "$(alerts)"
	done
	stamp_by weaktsa weaktsa ""
	check 1 --ca "$KEYS/ca.pem"
	same "timestamp-untrusted 1" "$(alerts)"
	stamp_by md5tsa tsa ""
	check 1 --ca "$KEYS/ca.pem"
	same "timestamp-untrusted 1" "$(alerts)"
}

@test "what is no file where a file of an entry should be does not keep the rest from being checked" {
	evidence copy
	exits 0 add
	forge examiner examiner .
	exits 0 add
	cp -a l.jsonl.d good
	echo changed >copy/note.txt

	# restore: the files of the entries as they were.
	restore() {
		rm -rf l.jsonl.d
		cp -a good l.jsonl.d
	}
	local odd of
	for of in "0001.p7s signature-invalid" "0002.tsr timestamp-invalid" "0001.manifest.json manifest-altered"; do
		for odd in "ln -sfT $PWD/good/${of% *}" mkfifo mkdir; do
			restore
			rm -f "l.jsonl.d/${of% *}"
			$odd "l.jsonl.d/${of% *}"
			check 1 --ca "$KEYS/ca.pem"
			same "$(printf '%s\n' "${of#* } 1" "object-altered 1" | sort)" "$(alerts)"
		done
	done
	restore
	truncate -s 2M l.jsonl.d/0001.p7s
	check 1 --ca "$KEYS/ca.pem"
	same "object-altered 1
signature-invalid 1" "$(alerts)"
	# of the entry that evidence is held against, nothing can be held
	restore
	ln -sf ../good/0002.manifest.json l.jsonl.d/0002.manifest.json
	check 1 --ca "$KEYS/ca.pem"
	same "manifest-altered 1" "$(alerts)"
}

@test "a time stamp of which a crash left a part is none, and another can be attached" {
	evidence copy
	exits 0 add
	stamp l.jsonl.d/0001.tsq answer.tsr
	head -c 700 answer.tsr >l.jsonl.d/.0001.tsr.pending
	check 3 --ca "$KEYS/ca.pem"
	same "ledger-unanchored 1" "$(findings)"
	exits 0 add
	same null "$(line 2 | jq -r .previous_timestamp)"
	[ ! -e l.jsonl.d/0001.tsr ]
	head -c 700 answer.tsr >l.jsonl.d/.0001.tsr.pending
	exits 0 trail seal --ledger l.jsonl --timestamp answer.tsr --ca "$KEYS/ca.pem" --entry 1
	cmp answer.tsr l.jsonl.d/0001.tsr
	[ ! -e l.jsonl.d/.0001.tsr.pending ]
	check 3 --ca "$KEYS/ca.pem"
	same 1 "$(json .summary.anchored)"
}

@test "a ledger of millions of lines that are no entries does not cost memory for each" {
	evidence copy
	exits 0 add
	yes x | head -n 200000 >>l.jsonl
	check 1 --head "$(head_of 1)"
	same "ledger-malformed 101
ledger-unanchored 1" "$(findings)"
	prints "199900 more lines are no entries"
	# nor does a line that is long
	printf '[%s0]\n' "$(head -c 34000000 /dev/zero | tr '\0' ' ' | sed 's/  /0,/g')" >l.jsonl
	exits 2 trail seal --check --ledger l.jsonl
	says "line 1: File too large"
}

@test "many lines of one number do not have its files read for each of them" {
	evidence copy
	exits 0 add
	for ((i = 0; i < 300; i++)); do cat l.jsonl; done >more
	cat more >>l.jsonl
	truncate -s 1G l.jsonl.d/0001.manifest.json
	exits 1 timeout 60 "$B/trail-seal" --check -f json --ledger l.jsonl
	same "299 2" "$(json '[.findings[].message] | "\(map(select(test("its files are not held against it"))) | length) \(map(select(test("is not what its entry says"))) | length)"')"
}

@test "what was no file when it was sealed, and is another thing now, is found" {
	evidence copy
	ln -s note.txt copy/link
	mkfifo copy/pipe
	exits 3 add
	local head
	head=$(head_of 1)
	check 3 --head "$head"
	same "evidence-unreadable 2" "$(findings)"
	rm copy/link
	echo planted >copy/link
	check 1 --head "$head"
	same "object-altered copy/link" "$(json '.findings[] | select(.severity == "alert") | "\(.id) \(.locator)"')"
	prints "and is now a file"
	rm copy/link copy/pipe
	ln -s note.txt copy/link
	ln -s note.txt copy/pipe
	check 1 --head "$head"
	same "object-altered copy/pipe" "$(json '.findings[] | select(.severity == "alert") | "\(.id) \(.locator)"')"
}
