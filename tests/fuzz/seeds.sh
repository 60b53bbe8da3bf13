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
rm -rf "$made"
