#!/usr/bin/env bats
# trail-timeline -k: which rows can be sworn to.

load helper

setup_file() {
	load helper
	cd "$BATS_FILE_TMPDIR" || return
	cp -r "$SOURCE_ROOT/testdata" data # its folder may have a blank in its name, which proved() does not bear
	mk clean --hours 6 --regions us-east-1,eu-west-1 --logs 2 --events 4 --tail 1 --event-version 10
	mk whole --hours 4 --regions us-east-1,eu-west-1 --logs 2 --events 4 --event-version 10
}

ev() {
	echo "$BATS_FILE_TMPDIR/$1"
}

data() {
	echo "$BATS_FILE_TMPDIR/data/$1"
}

# proved DIR: the options that prove a set of evidence.
proved() {
	echo -k "$1/keys.json" -m "$1/metadata.jsonl"
}

# integrity: how many rows of each kind the last run gave.
integrity() {
	json .integrity | sort | uniq -c | awk '{ print $2, $1 }' | paste -sd ' '
}

# first_member FILE: what its first gzip member holds, which is all that a hash covers.
first_member() {
	perl -MCompress::Zlib -e 'undef $/; open F, shift or die; my ($d) = inflateInit(-WindowBits => WANT_GZIP); my $in = <F>;
	    my ($out) = $d->inflate($in); print $out' "$1"
}

# of STATUS: the events in logs that trail-verify calls so, sorted.
of() {
	jq -r --arg status "$1" '.logs[] | select(.status == $status).locator' verify.json | while read -r log; do
		first_member "$log" | jq -r '.Records[].eventID'
	done | sort
}

@test "clean evidence: every row is verified, exit 0" {
	# shellcheck disable=SC2046
	timeline 0 $(proved "$(data clean)") "$(data clean)/bucket"
	same "verified 192" "$(integrity)"
	timeline 0 "$(data clean)/bucket"
	rows 192
	same "-" "$(column integrity | tr ' ' '\n' | sort -u)"
}

@test "tampered evidence: rows are what trail-verify says of their logs" {
	local args status
	args="$(proved "$(data tampered)") $(data tampered)/bucket"
	# shellcheck disable=SC2086
	timeline 1 $args
	printf '%s\n' "$output" >rows.jsonl
	# shellcheck disable=SC2086
	trail verify -f json -v $args >verify.json || [ $? -eq 1 ]
	for status in verified modified unreferenced undigested unproven; do
		same "$(of $status)" "$(jq -r --arg status $status 'select(.integrity == $status).event_id' rows.jsonl | sort)"
	done
	[[ $(integrity) =~ modified\ [1-9] ]]
	[[ $(integrity) =~ unreferenced\ [1-9] ]]
	[[ $(integrity) =~ undigested\ [1-9] ]]
	same 0 "$(jq -r 'select(.integrity == null or .integrity == "none") | 1' rows.jsonl | wc -l)"
}

# forged LOG EVENT: that log under a name of its own, with a further gzip member behind it that holds the event.
forged() {
	mkdir -p beside
	{ cat "$1"; event forged 2024-03-01T02:00:00Z "$2" '.eventSource = "cloudtrail.amazonaws.com"' | log | gzip -c; } >beside/x
}

@test "a digest vouches for the first gzip member alone: events of others have no proof, and that is told" {
	local dir log
	dir=$(data clean)
	log=$(find "$dir/bucket" -path '*/CloudTrail/*' -name '*.gz' | sort | sed -n 3p)
	forged "$log" StopLogging
	# shellcheck disable=SC2046
	timeline 3 -v $(proved "$dir") "$dir/bucket" beside
	same "none 1 verified 192" "$(integrity)"
	same none "$(json 'select(.event_id == "forged").integrity')"
	# The log itself stands nowhere else: what the digest lists is proved all the same.
	mkdir copy
	cp -r "$dir/bucket" copy/bucket
	chmod -R u+w copy
	rm "copy/bucket/${log#"$dir/bucket/"}"
	# shellcheck disable=SC2046
	timeline 3 -v $(proved "$dir") copy/bucket beside
	same "none 1 verified 192" "$(integrity)"
	says "not read: beside/x: bytes behind the gzip member"
	says "1 object not read in full"
	# Not even when it is all that is left of the object, nor by the trail that lists the log.
	# shellcheck disable=SC2046
	timeline 3 -v $(proved "$dir") --id forged copy/bucket beside
	same "none 1" "$(integrity)"
	# shellcheck disable=SC2046
	timeline 3 -v $(proved "$dir") --id 'nothing' copy/bucket beside
	says "not read: beside/x: bytes behind the gzip member"
	local trail
	trail=$(find "$dir/bucket" -name '*Digest*.gz' | head -n 1 | sed 's/.*CloudTrail-Digest_[^_]*_\(.*\)_[^_]*_[^_]*$/\1/')
	# shellcheck disable=SC2046
	run --separate-stderr trail timeline -f jsonl $(proved "$dir") --trail "$trail" --event StopLogging copy/bucket beside
	rows 0
}

@test "of copies in such members and in logs the proved one is shown, its own bytes too" {
	local log
	log=$(find "$(data clean)/bucket" -path '*/CloudTrail/*' -name '*.gz' | sort | sed -n 3p)
	mkdir -p a
	# The same records, with members in another order; "a" comes before the bucket.
	gzip -dc "$log" | jq -cS .Records[] >a/copy.json
	cp -r "$(data clean)/bucket" bucket
	# shellcheck disable=SC2046
	exits 0 trail timeline -f records $(proved "$(data clean)") a/copy.json bucket
	printf '%s\n' "$output" | sort >have
	trail timeline -f records "$(data clean)/bucket" | sort | cmp - have
	# Without keys the first counts.
	trail timeline -f records a/copy.json bucket | sort >have
	same "$(sort a/copy.json)" "$(comm -12 have <(sort a/copy.json))"
}

@test "without a key that fits nothing is verified: unproven, exit 3" {
	openssl genrsa 2048 2>/dev/null | openssl rsa -pubout -out other.pem 2>/dev/null
	timeline 3 -k other.pem "$(data clean)/bucket"
	same "unproven 192" "$(integrity)"
	# One key and the newest signature of each chain prove all; without metadata the newest digests stay unproved.
	timeline 3 -k "$(data clean)/keys.json" "$(data clean)/bucket"
	[[ $(integrity) =~ ^unproven\ [0-9]+\ verified\ [0-9]+$ ]]
}

@test "logs of the last hour are undigested, which is no failure" {
	# shellcheck disable=SC2046
	timeline 0 $(proved "$(ev clean)") "$(ev clean)/bucket"
	same "undigested 16 verified" "$(integrity | cut -d ' ' -f 1-3)"
}

@test "what has no digests is none, exit 3; beside proved logs too" {
	event x 2024-03-01T10:00:00Z Get | jq -c '{EventId: .eventID, CloudTrailEvent: tojson}' | jq -s '{Events: .}' >lookup.json
	timeline 3 -k "$(data clean)/keys.json" lookup.json
	same "none 1" "$(integrity)"
	# shellcheck disable=SC2046
	timeline 3 $(proved "$(data clean)") "$(data clean)/bucket" lookup.json
	same "none 1 verified 192" "$(integrity)"
}

@test "a copy elsewhere takes nothing from a verified row, in whatever order" {
	local n
	find "$(ev whole)/bucket" -path '*/CloudTrail/*' -name '*.gz' -exec gzip -dc {} + | jq -c '.Records[]' >aaa.jsonl
	n=$(wc -l <aaa.jsonl)
	[ "$n" -gt 20 ]
	cp aaa.jsonl zzz.jsonl
	# shellcheck disable=SC2046
	timeline 0 $(proved "$(ev whole)") --columns event_id,integrity,locator,also_in aaa.jsonl "$(ev whole)/bucket" zzz.jsonl
	same "verified $n" "$(integrity)"
	same $n "$(json 'select(.locator | contains("/bucket/")).event_id' | wc -l)"
	same 2 "$(json '.also_in | length' | sort -u)"
}

@test "an event that was changed in a planted log stands beside the proved one" {
	mk t --hours 4 --events 3 --tamper unlisted-copy:h=2,edit=1
	# shellcheck disable=SC2046
	timeline 1 $(proved t) t/bucket
	local id
	id=$(json .event_id | sort | uniq -d | head -n 1)
	[ -n "$id" ] || fail "no event has two versions"
	same "unreferenced verified" "$(json "select(.event_id == \"$id\").integrity" | sort | paste -sd ' ')"
	says "$id"
}

@test "a modified log that conflicts with a genuine copy" {
	local log
	log=$(cd "$(data clean)/bucket" && find . -path '*/CloudTrail/*' -name '*.gz' | sort | head -n 1)
	cp -r "$(data clean)/bucket" edited
	gzip -dc "edited/$log" | jq -c '.Records[0].sourceIPAddress = "203.0.113.250"' | gzip >x
	mv x "edited/$log"
	# shellcheck disable=SC2046
	timeline 1 $(proved "$(data clean)") edited
	same "modified 6 verified 186" "$(integrity)"
	gzip -dc "$(data clean)/bucket/$log" >genuine.json
	timeline 1 edited genuine.json
	says "1 conflict"
	says "genuine.json#0"
}

@test "--trail: only logs that a digest of that trail lists" {
	mk t --hours 4 --events 3 --trail one --trail two
	timeline 0 -k t/keys.json -m t/metadata.jsonl --columns event_id t/bucket
	local all
	all=$(json .event_id | sort)
	timeline 0 -k t/keys.json -m t/metadata.jsonl --columns event_id,locator,also_in --trail one t/bucket
	same "$all" "$(json .event_id | sort)"
	jq -r '.[]' <(find t/bucket -name '*_one_*.gz' -exec gzip -dc {} + | jq -s '[.[].logFiles[].s3Object]') | sort >listed
	json .locator | sed 's,^t/bucket/,,' | sort -u >shown
	same "" "$(comm -13 listed shown)"
	same 0 "$(json '.also_in // [] | length' | grep -vc '^0$' || :)"
	exits 0 trail timeline -k t/keys.json -m t/metadata.jsonl -f jsonl --trail none t/bucket
	same "" "$output"
}

@test "--since, --account and --region with -k: rows of the selection, proved as in the whole" {
	# shellcheck disable=SC2046
	timeline 0 $(proved "$(data clean)") "$(data clean)/bucket"
	printf '%s\n' "$output" >all
	# shellcheck disable=SC2046
	timeline 0 $(proved "$(data clean)") --since 2024-03-01T02 --until 2024-03-01T04:30:00Z --region eu-west-1 \
	    --account 444455556666 "$(data clean)/bucket"
	same "$(jq -c 'select(.region == "eu-west-1" and .account_id == "444455556666" and .event_time >= "2024-03-01T02:00:00Z"
	    and .event_time < "2024-03-01T04:30:00Z")' all)" "$(jq -c . <<<"$output")"
	[ -n "$output" ]
}

@test "the same bytes for any number of threads, and from an archive" {
	local j
	# shellcheck disable=SC2046
	trail timeline -f csv $(proved "$(data tampered)") -j 1 "$(data tampered)/bucket" >want || [ $? -eq 1 ]
	for j in 2 7; do
		# shellcheck disable=SC2046
		trail timeline -f csv $(proved "$(data tampered)") -j $j --memory 16M "$(data tampered)/bucket" >have || [ $? -eq 1 ]
		cmp want have
	done
	tar -C "$(data tampered)" -czf t.tar.gz bucket
	# shellcheck disable=SC2046
	trail timeline -f jsonl $(proved "$(data tampered)") --columns event_id,integrity t.tar.gz >have || [ $? -eq 1 ]
	# shellcheck disable=SC2046
	trail timeline -f jsonl $(proved "$(data tampered)") --columns event_id,integrity "$(data tampered)/bucket" >want || [ $? -eq 1 ]
	cmp want have
}

@test "bytes behind a log: its own events are verified, those behind it are not among them" {
	mk t --hours 4 --events 3 --tamper trailing-log:h=2,what=member
	# shellcheck disable=SC2046
	trail timeline -f jsonl $(proved t) t/bucket >have || [[ $? =~ ^[13]$ ]]
	find t/bucket -path '*/CloudTrail/*' -name '*.gz' | while read -r f; do
		first_member "$f" | jq -r '.Records[].eventID'
	done | sort >first
	same "$(cat first)" "$(jq -r 'select(.integrity == "verified").event_id' have | sort)"
}

@test "a key file that holds no key, and metadata that is not there" {
	echo rubbish >rubbish
	exits 2 trail timeline -k rubbish "$(data clean)/bucket"
	says "holds no public key"
	same "" "$output"
}

@test "events of a log in a hole of its chain are not proved, those behind its end wait for their digest" {
	mk hole --hours 6 --logs 2 --tamper delete-digest:h=3
	# shellcheck disable=SC2046
	timeline 3 --since 2024-03-01T03:10:00Z --until 2024-03-01T03:40:00Z $(proved hole) hole/bucket
	same "undigested" "$(json .integrity | sort -u)"
	[ "$(jq -s length <<<"$output")" -gt 0 ]
}
