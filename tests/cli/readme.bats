#!/usr/bin/env bats
# README.md: what its examples print is what the tools print.

load helper

# console_blocks DIR: each console example of the README as two files: N.command, to be run in a folder like the root of the source, and N.lines.
console_blocks() {
	awk -v dir="$1" '
	/^```console/ { n++; inside = 1; next }
	/^```/ { inside = 0; next }
	!inside { next }
	/^\$ echo \$\?/ { getline; print >(dir "/" n ".status"); next }
	/^\$ / { sub(/^\$ /, ""); command = 1 }
	{ print >(dir "/" n (command ? ".command" : ".lines")) }
	command && !/[\\|]$/ { command = 0 }
	' "$SOURCE_ROOT/README.md"
}

@test "every example prints the lines it shows, in their order, and ends as it says" {
	local n lines line rest
	# What examples write goes into build/, and never into the source.
	mkdir -p blocks root/build
	ln -s "$SOURCE_ROOT/testdata" root/
	console_blocks blocks
	[ "$(find blocks -name '*.command' | wc -l)" -ge 4 ]
	for n in blocks/*.command; do
		n=${n%.command}
		[ -e "$n.status" ] || continue # it needs what is not here: a key of its own, say
		TMPDIR=$PWD exits "$(cat "$n.status")" bash -c "cd root && $(sed "s,build/trail-,$B/trail-,g" "$n.command")"
		rest=$'\n'$output$'\n'
		mapfile -t lines < <(grep -vE '^ *(\[\.\.\.\])?$' "$n.lines")
		for line in "${lines[@]}"; do
			# What [...] stands for may be anything; all else is as it is.
			line=$(sed 's/[][*?\\]/\\&/g; s/\\\[\.\.\.\\\]/*/g' <<<"$line")
			# shellcheck disable=SC2295 # it is a pattern
			[ "$rest" != "${rest#*$'\n'$line$'\n'}" ] || fail "$n: not printed here: $line"
			# shellcheck disable=SC2295
			rest=$'\n'${rest#*$'\n'$line$'\n'}
		done
	done
	same "build
testdata" "$(ls root)"
}

# sh_blocks HEADING...: the sh examples below these headings, one after another.
sh_blocks() {
	local heading
	for heading; do
		awk -v heading="## $heading" '
		/^## / { here = $0 == heading }
		/^```sh/ { inside = here; next }
		/^```/ { inside = 0 }
		inside' "$SOURCE_ROOT/README.md"
	done
}

# A bucket, and what AWS answers about it: a program "aws" that knows the calls of the README, and no other option than those that
# the reference of the AWS CLI gives them (s3 sync, cloudtrail list-public-keys, s3api head-object).  SET is the folder of evidence.
stand_in_for_aws() {
	mkdir bin
	cat >bin/aws <<-'END'
		#!/bin/bash
		set -eu
		what="$1 $2"
		shift 2
		region= bucket= key=
		[ "$what" != "s3 sync" ] || { from=$1; to=$2; shift 2; }
		while [ $# -gt 0 ]; do
			case $what/$1 in
			*/--region) region=$2 ;;
			*/--output) [ "$2" = json ] ;;
			"cloudtrail list-public-keys"/--start-time | "cloudtrail list-public-keys"/--end-time) date -d "$2" >/dev/null ;;
			"s3api head-object"/--bucket) bucket=$2 ;;
			"s3api head-object"/--key) key=$2 ;;
			*) echo "aws $what: unknown option $1" >&2; exit 252 ;;
			esac
			shift 2
		done
		case $what in
		"s3 sync") [ "$from" = s3://my-trail-bucket ] && cp -r "$SET/bucket" "$to" ;;
		"cloudtrail list-public-keys") [ -n "$region" ] && cat "$SET/keys.json" ;;
		"s3api head-object") jq -e -c --arg b "$bucket" --arg k "$key" 'select(.bucket == $b and .key == $k)
		    | {AcceptRanges: "bytes", ContentType: "application/json", Metadata: .metadata}' "$SET/metadata.jsonl" ;;
		*) exit 252 ;;
		esac
	END
	chmod +x bin/aws
	export SET=$1 PATH=$PWD/bin:$B:$PATH
}

# the_case SET: all of it in a folder of its own, on that evidence.
the_case() {
	local set=$SOURCE_ROOT/testdata/$1
	mkdir "$1"
	cd "$1" || return
	stand_in_for_aws "$set"
	sh_blocks "Collecting evidence" "A case, from the bucket to the sealed report" >case.sh
	[ "$(grep -c trail- case.sh)" -ge 9 ]
	# Of tools that are not built only the lines that call them are left out.
	[ -x "$B/trail-seal" ] || sed -i '/^trail-seal/,/[^\\]$/d' case.sh
	[ -x "$B/trail-report" ] || sed -i '/^trail-report/,/[^\\]$/d' case.sh
	openssl req -x509 -newkey rsa:2048 -nodes -keyout kay.key -out kay.pem -days 2 -subj '/CN=A. Kay' 2>/dev/null
	# Each command gives what it gives: findings are no failures.
	exits 0 bash -c 'set -u; . ./case.sh; exit 0'
	same "" "$(grep -iE 'usage|no such|unknown|not found|cannot|--help' <<<"$stderr" || :)"
	# What was asked of AWS settles what a plain copy leaves open.
	trail verify -f json -k "$set/keys.json" -m "$set/metadata.jsonl" "$set/bucket" >want.json || [ $? -ne 2 ]
	same "$(jq -c '.summary.digests, .summary.logs' want.json)" "$(jq -c '.summary.digests, .summary.logs' results/verify.json)"
	same 0 "$(json '[.findings[] | select(.id == "digest-unsigned")] | length' results/verify.json)"
	same "$(jq 'map(.event_id) | length' <(jq -s . results/timeline.jsonl))" "$(wc -l <results/timeline.jsonl)"
	[ "$(wc -l <results/timeline.jsonl)" -gt 50 ]
	if [ -x "$B/trail-seal" ]; then
		grep -q '^DONE' sealed.txt
		grep -qE '^(DONE|VERIFIED)' checked.txt
		[ -s results7.jsonl ]
	fi
	[ ! -x "$B/trail-report" ] || grep -q '<html' results/report.html
}

@test "collecting and the case, every line of them: what was tampered with is proved" {
	skip_under_wrap
	the_case tampered
	prints $'log-modified\ts3://example-trail-logs/AWSLogs/111122223333/CloudTrail/us-east-1/'
	grep -q 'a3e96591c4c09e7c21db398b078f3e4e6ac3fd70927d480afc7de263b6d9fdb8' results/proofs.txt
}

@test "collecting and the case, every line of them: who blinded logging has a page" {
	skip_under_wrap
	the_case gaps
	same 2 "$(json '[.gaps[] | select(.cause == "logging-stopped")] | length' results/gaps.json)"
	grep -q StopLogging results/who-alice.html
}

@test "a task of the recipe for Slurm fails when its shard has no result, however that came" {
	local status
	awk '/^#!\/bin\/sh/ { inside = 1 } /^```/ { inside = 0 } inside' "$SOURCE_ROOT/README.md" >shards.sh
	grep -q SLURM_ARRAY_TASK_ID shards.sh
	mkdir bin
	# shellcheck disable=SC2016 # for the shell that runs it
	printf '#!/bin/sh\nexit "$WITH"\n' >bin/trail-verify
	chmod +x bin/trail-verify
	export SLURM_ARRAY_TASK_ID=1 SLURM_ARRAY_TASK_COUNT=8
	for status in 0 1 3; do
		PATH=$PWD/bin:$PATH WITH=$status exits 0 sh shards.sh
	done
	for status in 2 127 130 137; do
		PATH=$PWD/bin:$PATH WITH=$status exits 1 sh shards.sh
	done
}
