#!/bin/sh
# Makes the committed evidence: testdata.sh MKTRAIL OUTDIR. the bytes are the same on every run.
set -eu
[ $# -eq 2 ] || { echo "usage: $0 mktrail outdir" >&2; exit 2; }
case $1 in
*/*) mktrail=$1 ;;
*) mktrail=./$1 ;;
esac
out=$2
keys=$(dirname -- "$0")/keys
export LC_ALL=C TZ=UTC
umask 022

make_set() {
	name=$1
	shift
	"$mktrail" -o "$out/$name" --keys-dir "$keys" --seed 20240301 "$@"
}

rm -rf -- "$out/clean" "$out/tampered" "$out/lake" "$out/gaps" "$out/SHA256SUMS"
mkdir -p -- "$out"

# An organization trail, whole.
make_set clean --org o-exampleorg1 --accounts 2 --regions us-east-1,eu-west-1 --hours 6 --logs 2 --events 6 --quiet 3 \
    --trail org-trail --bucket example-org-trail

# One account's trail, and what an intruder left of it.
make_set tampered --regions us-east-1,eu-west-1 --hours 8 --logs 2 --events 6 --trail management-events \
    --tamper modify-log:h=1,l=1,e=2 --tamper trailing-log:h=2 --tamper forge-log:h=3 \
    --tamper delete-digest:h=5 --tamper delete-newest:r=1,n=3

# A CloudTrail Lake export beside a short trail.
make_set lake --hours 2 --lake=2

# A day on which logging was blind four times: stopped by a role that was assumed, validation off, a digest deleted, a region
# dropped; and calls that failed and stopped nothing.
make_set gaps --regions us-east-1,eu-west-1 --hours 18 --events 3 --trail management-events --lineage --by-session \
    --attempts 3 --stop 4:3 --validation-off 9:2 --drop-regions 14 --tamper delete-digest:r=1,h=13

cd -- "$out"
find clean tampered lake gaps -type f | sort | xargs sha256sum >SHA256SUMS
