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
