#!/bin/sh
# Makes the inputs that fuzzing begins with: seeds.sh BUILD OUT makes OUT/TARGET/... for every target, from evidence that the
# generator in BUILD makes.
set -eu
[ $# -eq 2 ] || { echo "usage: $0 build out" >&2; exit 2; }
b=$(cd "$1" && pwd)
here=$(cd "$(dirname -- "$0")" && pwd)
rm -rf -- "$2"
mkdir -p -- "$2"
out=$(cd "$2" && pwd)
export LC_ALL=C TZ=UTC
made=$out/.made
mkdir "$made"
cd "$made"

# put TARGET NAME: standard input is a seed.
put() {
	mkdir -p "$out/$1"
	cat >"$out/$1/$2"
}

# with PREFIX: bytes in octal in front of standard input.
with() {
	# shellcheck disable=SC2059 # it is the format
	printf "$1"
	cat
}

trail() {
	"$b/tests/gen/mktrail" --keys-dir "$here/../gen/keys" --trail management-events "$@"
}

trail -o small --hours 3 --events 3 --lake=1
trail -o forms --hours 2 --events 2 --envelope lookup,cwl,cwl-export,eventbridge,lines,array,csv,pretty --lineage --metadata heads
trail -o rest --hours 2 --events 2 --insight --network --aggregated --backfill=1 --metadata all --noise --escape-logs

for form in rclone mc headers meta-tree; do
	trail -o "meta-$form" --hours 2 --logs 0 --metadata-form $form
done

# bundle FLAG SET: the files of a set in the order of the table in fuzz_verify.c.
bundle() {
	perl -e '
	my ($flag, $set, @names) = @ARGV;
	for my $i (0 .. $#names) {
		my ($path) = grep { -e } glob("$set/$names[$i] $set/bucket/AWSLogs/111122223333/*/*/2024/03/01/*$names[$i] "
		    . "$set/bucket/AWSLogs/111122223333/*/*/2024/03/01/*/$names[$i]") or next;
		my $zip = $flag && $path =~ /\.gz$/;
		open my $f, "-|", $zip ? ("gzip", "-dc", $path) : ("cat", $path) or die;
		local $/;
		my $bytes = <$f>;
		print pack("Cn/a*", $i | ($zip ? 16 : 0), $bytes);
	}' "$1" "$2" keys.json metadata.jsonl CloudTrail-Digest_us-east-1_management-events_us-east-1_20240301T010131Z.json.gz \
	    CloudTrail-Digest_us-east-1_management-events_us-east-1_20240301T020131Z.json.gz \
	    CloudTrail-Digest_us-east-1_management-events_us-east-1_20240301T030131Z.json.gz \
	    20240301T0200Z_YS4mypPAY1mUlFjb.json.gz 20240301T0300Z_aTpFLW12LlWoyPzT.json.gz result_sign.json result_1.csv.gz
}

n=0
find small forms rest meta-* -type f | sort >files
while read -r f; do
	n=$((n + 1))
	name=$(printf '%03d' $n)
	printf '%s\n%s' "${f#*/bucket/}" "$(basename "$f")" | put s3key "$name"
	case $f in
	*.gz)
		put gzip "$name" <"$f"
		tail -c +11 "$f" | head -c -8 | with '\006\001\000' | put inflate "$name"
		with '\000\100\000\010\000' <"$f" | put salvage "raw-$name"
		gzip -dc "$f" | with '\001\006\000\100\000\010\000' | put salvage "$name"
		gzip -dc "$f" >inflated
		;;
	*) cp "$f" inflated ;;
	esac
	case $f in
	*CloudTrail-Digest*) put digest "$name" <inflated ;;
	*.csv | *.csv.gz) put csv "$name" <inflated ;;
	esac
	case $f in
	*keys*) put keyfile "$name" <"$f" ;;
	*metadata* | *.meta.json | */rclone.json | */mc.json | *.headers) put meta "$name" <"$f" ;;
	esac
	case $f in
	*.jsonl | *.json | *.json.gz | *.csv)
		[ "$(wc -c <inflated)" -gt 20000 ] || put envelope "$name" <inflated
		;;
	esac
	case $f in
	*CloudTrail/* | *CloudTrail-Insight/* | *CloudTrail-NetworkActivity/* | *CloudTrail-Aggregated/*)
		head -c 8000 inflated | with '\001\000' | put text "$name"
		head -c 4000 inflated | iconv -c -t UTF-16LE | with '\002\000' | put text "le-$name"
		jq -c '.Records[]?' inflated 2>/dev/null | head -n 3 >records || :
		i=0
		while read -r record; do
			i=$((i + 1))
			printf '%s' "$record" | put event "$name-$i"
			printf '%s' "$record" | put json "$name-$i"
		done <records
		;;
	esac
done <files

printf '%s' '[0,-1.5e3,"\u00e9\ud83d\ude00\\n",true,false,null,{"a":{"b":[]},"a ":""},[[[[]]]]]' | put json hand
printf '{"Message":"{\\"eventVersion\\":\\"1.08\\",\\"eventID\\":\\"x\\",\\"eventSource\\":\\"s3\\",\\"eventTime\\":\\"2024-03-01T00:00:00Z\\"}"}' >escaped.json
put envelope escaped <escaped.json
with '\000\037' <escaped.json | put text escaped
printf 'x-amz-meta-signature: 00ff\r\nX-Amz-Meta-Signature-Algorithm: SHA256withRSA\r\n\r\n' | put meta headers
printf 'a,"b ""c""",=d\r\n\r\n"e\nf",g\n' | put csv hand

(cd small/bucket && find . -type f | sort >../../members)
tar -C small/bucket --format=pax -cf all.tar -T members --mtime=@1700000000 --owner=0 --group=0
put archive pax <all.tar
tar -C small/bucket --format=gnu -cf gnu.tar -T members --mtime=@1700000000 --owner=0 --group=0
gzip -n <gnu.tar | put archive gnu-gzip
xz <gnu.tar 2>/dev/null | put archive gnu-xz || rm -f "$out/archive/gnu-xz"
if command -v zip >/dev/null; then
	(cd small/bucket && zip -q -X ../../all.zip -@ <../../members)
	put archive zip <all.zip
fi
if command -v 7z >/dev/null; then
	(cd small/bucket && 7z a -bd ../../all.7z . >/dev/null)
	put archive 7z <all.7z
fi
if command -v cpio >/dev/null; then
	(cd small/bucket && cpio -o -H newc --quiet <../../members) | put archive cpio
fi

# Images: a log as stored, as text and in base64, between bytes of nothing; and one that is cut.
log=$(find small/bucket -path '*CloudTrail/*' -name '*.gz' | sort | head -n 1)
{
	printf '\000'
	head -c 1000 /dev/zero
	cat "$log"
	head -c 500 /dev/zero
	gzip -dc "$log" | head -c 3000
	head -c 100 /dev/zero
	base64 -w 0 "$log"
	printf '"'
} | put carve mixed
{
	printf '\001'
	head -c 700 "$log"
	head -c 300 /dev/zero
	gzip -n <all.tar
} | put carve cut
with '\002' <escaped.json | put carve escaped
find small/bucket -name '*Digest*.gz' -exec cat {} + | with '\001' | put carve digests

bundle 0 small | put verify stored
bundle 1 small | put verify inflated
bundle 0 small | tail -c +2910 | with '' | put verify unsigned

# pieces BYTES PLACE=FILE...: what a target takes in front of a bundle, in hexadecimal, and a bundle of these files.
pieces() {
	perl -e '
	print pack("H*", shift);
	for (@ARGV) {
		my ($place, $path) = split /=/, $_, 2;
		open my $f, "<:raw", $path or die "$path: $!";
		local $/;
		print pack("Cn/a*", $place, scalar <$f>);
	}' "$@"
}

# A ledger of two entries, signed and stamped: with small keys, so that an input stays small.
certify() {
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$1.key" -out "$1.csr" -subj "/CN=$1"
	printf '%s\n' "$2" >"$1.ext"
	openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 36500 -out "$1.pem" -extfile "$1.ext"
}
{
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.pem -subj /CN=ca -days 36500
	certify kay keyUsage=critical,digitalSignature
	certify tsa extendedKeyUsage=critical,timeStamping
	printf '%s\n' '[tsa]' serial=serial signer_digest=sha256 default_policy=1.2.3.4 digests=sha256 ess_cert_id_alg=sha256 >tsa.cnf
	echo 01 >serial
} 2>/dev/null
mkdir e
echo "a note" >e/a.txt
gzip -c <e/a.txt >e/b.gz
d=l.jsonl.d
for i in 1 2; do
	"$b/trail-seal" -q --ledger l.jsonl --action examined --case 7 --examiner Kay --sign kay.key --cert kay.pem e >/dev/null
	openssl ts -reply -config tsa.cnf -section tsa -queryfile $d/000$i.tsq -signer tsa.pem -inkey tsa.key -out answer-$i.tsr 2>/dev/null
	cp l.jsonl l-$i.jsonl
	"$b/trail-seal" -q --ledger l.jsonl --timestamp answer-$i.tsr --ca ca.pem >/dev/null
done
first="1=$d/0001.manifest.json 2=$d/0001.p7s 3=$d/0001.tsq"
second="5=$d/0002.manifest.json 6=$d/0002.p7s 7=$d/0002.tsq"
evidence="14=e/a.txt 15=e/b.gz"
# shellcheck disable=SC2086 # lists
{
	pieces 2000000101 0=l.jsonl $first 4=$d/0001.tsr $second 8=$d/0002.tsr 12=ca.pem $evidence | put ledger whole
	pieces 0704000101 0=l-1.jsonl $first 12=ca.pem $evidence | put ledger signers
	pieces 1800000101 0=l.jsonl $first 4=$d/0001.tsr $second 12=ca.pem 13=answer-2.tsr $evidence | put ledger stamping
	pieces 4800000101 0=l-1.jsonl $first 12=ca.pem 13=answer-1.tsr | put ledger outside
	pieces 0100000101 0=l-1.jsonl $first $second 12=ca.pem $evidence | put ledger cut
}
# And one that nobody signed, of which only the head is known: what a forger can make fit.
mkdir plain
for i in 1 2; do
	"$b/trail-seal" -q --ledger plain/l.jsonl --action copied --case 7 --examiner Kay --exhibit X --note two e >/dev/null
	cp plain/l.jsonl plain-$i.jsonl
done
d=plain/l.jsonl.d
# shellcheck disable=SC2086 # a list
{
	pieces 2302000101 0=plain-1.jsonl 1=$d/0001.manifest.json 3=$d/0001.tsq $evidence | put ledger head
	pieces a303000101 0=plain-2.jsonl 1=$d/0001.manifest.json 5=$d/0002.manifest.json $evidence | put ledger repaired
	pieces 0301000101 0=plain-2.jsonl 1=$d/0001.manifest.json 9=$d/0002.manifest.json 10=answer-2.tsr $evidence | put ledger pending
}
rm -rf "$made"
