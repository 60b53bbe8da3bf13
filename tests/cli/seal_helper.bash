# What the tests of trail-seal share: keys and certificates made on the fly, evidence, ledgers.

KEYS=$BATS_FILE_TMPDIR/keys

# certificates: a CA and what it certifies: examiner (RSA), curve (EC), tsa; besides stranger (self-signed), expired.
certificates() {
	mkdir -p "$KEYS"
	(
		cd "$KEYS"
		openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj "/CN=Test CA" -days 3650
		issue examiner rsa:2048 "keyUsage=critical,digitalSignature"
		openssl ecparam -name prime256v1 -out p256
		issue curve ec:p256 "keyUsage=critical,digitalSignature"
		issue tsa rsa:2048 "extendedKeyUsage=critical,timeStamping"
		issue server rsa:2048 "extendedKeyUsage=serverAuth"
		openssl req -x509 -newkey rsa:2048 -nodes -keyout stranger.key -out stranger.pem -subj "/CN=Stranger" -days 3650
		openssl pkey -in examiner.key -aes256 -passout pass:sesame -out locked.key
		openssl genpkey -algorithm ED25519 -out ed.key
		openssl req -x509 -key ed.key -out ed.pem -subj "/CN=Ed" -days 3650
		touch index
		echo 01 >serial
		openssl req -new -key examiner.key -subj "/CN=Old" -out old.csr
		printf '%s\n' '[ca]' 'default_ca=d' '[d]' 'database=index' 'serial=serial' 'new_certs_dir=.' 'default_md=sha256' \
		    'policy=p' '[p]' 'commonName=supplied' >ca.cnf
		openssl ca -batch -config ca.cnf -cert ca.pem -keyfile ca.key -startdate 20200101000000Z -enddate 20210101000000Z \
		    -in old.csr -out expired.pem -notext
		printf '%s\n' '[tsa]' 'serial=tsaserial' 'signer_digest=sha256' 'default_policy=1.2.3.4' \
		    'digests=sha256' 'ess_cert_id_alg=sha256' >tsa.cnf
		echo 01 >tsaserial
	) >"$KEYS.log" 2>&1 || fail "$(cat "$KEYS.log")"
}

# issue NAME ALGORITHM EXTENSION: NAME.key and NAME.pem, certified by the CA.
issue() {
	openssl req -newkey "$2" -nodes -keyout "$1.key" -out "$1.csr" -subj "/CN=$1/O=Test"
	openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 3650 -out "$1.pem" -extfile <(echo "$3")
}

# stamp REQUEST OUTPUT: what a time-stamping authority answers.
stamp() {
	(cd "$KEYS" && openssl ts -reply -config tsa.cnf -section tsa -queryfile "$OLDPWD/$1" -signer tsa.pem -inkey tsa.key \
	    -chain ca.pem -out "$OLDPWD/$2") >/dev/null 2>&1 || fail "no time stamp"
}

# evidence DIR: a few objects, small.
evidence() {
	mkdir -p "$1/AWSLogs/111122223333/CloudTrail/eu-west-1/2024/03/01"
	cp "$SOURCE_ROOT"/testdata/clean/bucket/AWSLogs/*/111122223333/CloudTrail/eu-west-1/2024/03/01/*T0[12]* \
	    "$1/AWSLogs/111122223333/CloudTrail/eu-west-1/2024/03/01/"
	echo "a note" >"$1/note.txt"
	: >"$1/empty"
}

# add [OPTION...]: an entry about copy.
add() {
	trail seal --ledger l.jsonl --action examined --case 7 --examiner Kay "$@" copy
}

# signed: options that sign.
signed() {
	echo --sign "$KEYS/examiner.key" --cert "$KEYS/examiner.pem"
}

# check STATUS [OPTION...]: --check of copy as JSON, expecting that exit status.
check() {
	local want=$1
	shift
	exits "$want" trail seal --check --ledger l.jsonl -f json "$@" copy
}

# line N: the N-th line of the ledger, as it is hashed and signed.
line() {
	sed -n "$1p" l.jsonl
}

# head_of N: its SHA-256.
head_of() {
	line "$1" | sha256sum | cut -d' ' -f1
}

# rewrite FILTER: every line of the ledger as jq changes it, chained anew as a forger would.
rewrite() {
	local previous=null number=0 text
	jq -c "$1" l.jsonl >lines
	: >forged
	while read -r text; do
		number=$((number + 1))
		jq -c --argjson previous "$previous" --argjson n $number '.entry = $n | .previous = $previous' <<<"$text" >>forged
		previous=\"$(tail -n 1 forged | sha256sum | cut -d' ' -f1)\"
	done <lines
	cat forged >l.jsonl
}
