#!/usr/bin/env bats
# trail-timeline: who stands behind a session, and all that came from it; the generator's events in every envelope.

load helper

setup_file() {
	load helper
	cd "$BATS_FILE_TMPDIR" || return
	mk t --hours 3 --accounts 3 --regions us-east-1,eu-west-1 --logs 2 --events 4 --lineage --event-version 10
	mk e --hours 4 --logs 2 --events 6 --duplicates 2 --conflict 2 --event-version 10 \
	    --envelope lookup,cwl,cwl-export,eventbridge,lines,array,csv,pretty
}

ev() {
	echo "$BATS_FILE_TMPDIR/$1"
}

# assume ID TIME CALLER NEW ROLE [FILTER]: AssumeRole by the access key CALLER, which issues NEW.
assume() {
	event "$1" "$2" AssumeRole ".eventSource = \"sts.amazonaws.com\" | .userIdentity.accessKeyId = \"$3\"
	    | .requestParameters = {roleArn: \"arn:aws:iam::111122223333:role/$5\", roleSessionName: \"s\"}
	    | .responseElements = {credentials: {accessKeyId: \"$4\", expiration: \"Mar 1, 2024, 11:00:00 AM\"},
	      assumedRoleUser: {arn: \"arn:aws:sts::111122223333:assumed-role/$5/s\", assumedRoleId: \"AROA$5:s\"}} | ${6-.}"
}

# role ROLE KEY: a filter of jq for the identity of a session.
role() {
	echo ".userIdentity = {type: \"AssumedRole\", principalId: \"AROA$1:s\", arn: \"arn:aws:sts::111122223333:assumed-role/$1/s\",
	    accountId: \"111122223333\", accessKeyId: \"$2\", sessionContext: {sessionIssuer: {type: \"Role\", principalId: \"AROA$1\",
	    arn: \"arn:aws:iam::111122223333:role/$1\", accountId: \"111122223333\", userName: \"$1\"}}}"
}

# chain: alice assumes One, One assumes Two, Two assumes Three; each does something.
chain() {
	assume c1 2024-03-01T10:00:00Z AKIAALICE ASIAONE One
	event c2 2024-03-01T10:00:01Z Do "$(role One ASIAONE)"
	assume c3 2024-03-01T10:00:02Z ASIAONE ASIATWO Two "$(role One ASIAONE)"
	assume c4 2024-03-01T10:00:03Z ASIATWO ASIATHREE Three "$(role Two ASIATWO)"
	event c5 2024-03-01T10:00:04Z Do "$(role Three ASIATHREE)"
	event c6 2024-03-01T10:00:05Z Do '.userIdentity.arn = "arn:aws:iam::111122223333:user/bob" | .userIdentity.accessKeyId = "AKIABOB"'
}

@test "a chain of roles leads to the user at its root" {
	local alice=arn:aws:iam::111122223333:user/alice
	chain >chain.jsonl
	timeline 0 --lineage chain.jsonl
	same "$alice $alice $alice $alice $alice arn:aws:iam::111122223333:user/bob" "$(column actor)"
	timeline 0 chain.jsonl
	same "- - - - - -" "$(column actor)"
	# In whatever order the evidence has them, and whatever a filter leaves of them.
	tac chain.jsonl >back.jsonl
	timeline 0 --lineage --event Do --columns actor,event_id back.jsonl
	same "$alice $alice arn:aws:iam::111122223333:user/bob" "$(column actor)"
	timeline 0 --lineage --id c5 chain.jsonl
	same "$alice" "$(column actor)"
	timeline 0 --lineage --since 2024-03-01T10:00:04Z --until 2024-03-01T10:00:05Z chain.jsonl
	same "c5 $alice" "$(column event_id) $(column actor)"
}

@test "--session: a key, and all that came from it through any number of hops" {
	chain >chain.jsonl
	timeline 0 --session ASIATWO chain.jsonl
	same "c4 c5" "$(column event_id)"
	timeline 0 --session ASIAONE chain.jsonl
	same "c2 c3 c4 c5" "$(column event_id)"
	timeline 0 --session AKIAALICE --event Do chain.jsonl
	same "c2 c5" "$(column event_id)"
	timeline 0 --session ASIANONE chain.jsonl
	rows 0
}

@test "a missing hop and a cycle are shown as such, and a refused call issues nothing" {
	chain | jq -c 'select(.eventID != "c3")' >gap.jsonl
	timeline 0 --lineage gap.jsonl
	[[ $(json 'select(.event_id == "c5").actor') == "unknown issuer of ASIATWO ("*Two* ]] || fail "no missing hop"
	{
		assume x1 2024-03-01T10:00:00Z ASIAB ASIAA A "$(role B ASIAB)"
		assume x2 2024-03-01T10:00:01Z ASIAA ASIAB B "$(role A ASIAA)"
	} >cycle.jsonl
	timeline 0 --lineage cycle.jsonl
	same "2" "$(json .actor | grep -c '^cycle of sessions at ASIA[AB]$')"
	{
		assume r1 2024-03-01T10:00:00Z AKIAALICE ASIAR R '.errorCode = "AccessDenied" | .responseElements = null'
		event r2 2024-03-01T10:00:01Z Do "$(role R ASIAR)"
	} >refused.jsonl
	timeline 0 --lineage refused.jsonl
	[[ $(json 'select(.event_id == "r2").actor') == "unknown issuer of ASIAR"* ]] || fail "issued by a refused call"
}

@test "a long chain and a crowd of sessions take no quadratic time" {
	skip_under_wrap
	assume seed 2024-03-01T10:00:00Z AKIAALICE ASIA000001 R >seed.json
	perl -e 'local $/; my $r = <>; for my $i (1 .. 30000) { my $x = $r; my ($a, $b) = map { sprintf "ASIA%06d", $_ } $i, $i + 1;
	    $x =~ s/ASIA000001/$b/; $x =~ s/AKIAALICE/$a/ if $i > 1; $x =~ s/"eventID":"seed"/"eventID":"s$i"/; print $x }' seed.json >long.jsonl
	run --separate-stderr timeout 60 "$B/trail-timeline" -f jsonl --lineage --columns actor long.jsonl
	[ "$status" -eq 0 ] || fail "exit status $status"
	same "arn:aws:iam::111122223333:user/alice" "$(json .actor | sort -u)"
	run --separate-stderr timeout 60 "$B/trail-timeline" -f jsonl --session ASIA029990 --columns event_id long.jsonl
	rows 11
}

@test "the generator's scenario: every session has the actor that its maker states" {
	local key arn events actor
	timeline 0 --lineage "$(ev t)/bucket"
	printf '%s\n' "$output" >rows.jsonl
	jq -c '.lineage.sessions[]' "$(ev t)/facts.json" >sessions
	[ "$(wc -l <sessions)" -ge 15 ]
	while read -r session; do
		key=$(jq -r .key <<<"$session")
		actor=$(jq -r .actor <<<"$session")
		events=$(jq -r .events <<<"$session")
		same "$key: $events" "$key: $(jq -r --arg key "$key" 'select(.access_key_id == $key) | 1' rows.jsonl | wc -l)"
		same "$key: $actor" "$key: $(jq -r --arg key "$key" 'select(.access_key_id == $key).actor' rows.jsonl | sort -u)"
	done <sessions
	# Shards do not have the accounts of the other hops: one run has.
	trail timeline -f jsonl --lineage -j 1 "$(ev t)/bucket" | cmp - rows.jsonl
	trail timeline -f jsonl --lineage -j 7 --memory 16M "$(ev t)/bucket" | cmp - rows.jsonl
}

@test "duplicates and conflicts that the generator made are found, and no others" {
	timeline 1 "$(ev e)/bucket"
	says "$(jq -r .duplicates "$(ev e)/facts.json") duplicates"
	says "$(jq -r .conflicts "$(ev e)/facts.json") conflict"
	rows "$(jq -r '.distinct_events + .conflicts' "$(ev e)/facts.json")"
	same "$(jq -r .conflicts "$(ev e)/facts.json")" "$(json .event_id | sort | uniq -d | wc -l)"
}

@test "the same events in every envelope, alone and all together" {
	local form want
	timeline 1 "$(ev e)/bucket"
	want=$(json '[.event_time, .event_id, .event_name, .region] | @tsv')
	for form in lookup cwl cwl-export eventbridge lines array pretty; do
		timeline 1 "$(ev e)/other/$form"
		same "$want" "$(json '[.event_time, .event_id, .event_name, .region] | @tsv')"
		timeline 1 "$(ev e)/bucket" "$(ev e)/other/$form"
		same "$want" "$(json '[.event_time, .event_id, .event_name, .region] | @tsv')"
	done
	# A line of CSV has only some members: it agrees with any version.
	trail timeline -f jsonl "$(ev e)/other/csv" >csv.jsonl || [ $? -eq 1 ]
	same "$(cut -f 2 <<<"$want" | sort -u)" "$(jq -r .event_id csv.jsonl | sort -u)"
	timeline 1 "$(ev e)"/other/* "$(ev e)/bucket"
	says "$(jq -r .conflicts "$(ev e)/facts.json") conflict"
	same "$(cut -f 2 <<<"$want" | sort)" "$(json .event_id | sort)"
}

@test "shards know the sessions that other shards issued, and join to what one run gives" {
	local k
	trail timeline --lineage -f jsonl "$(ev t)/bucket" >want
	for k in 1 2 3; do
		trail timeline --lineage -f jsonl --shard $k/3 "$(ev t)/bucket" >run$k.jsonl
	done
	trail timeline --merge -f jsonl run?.jsonl >have
	cmp want have
	trail timeline --session "$(jq -r '.lineage.sessions[0].key' "$(ev t)/facts.json")" -f jsonl "$(ev t)/bucket" >want
	for k in 1 2; do
		trail timeline --session "$(jq -r '.lineage.sessions[0].key' "$(ev t)/facts.json")" -f jsonl --shard $k/2 "$(ev t)/bucket"
	done | sort >have
	[ -s want ]
	same "$(sort want)" "$(cat have)"
}

@test "a conflict whose versions are not shown is not counted" {
	trail timeline "$(ev e)/bucket" >out || same 1 $?
	grep -q conflict out
	timeline 0 --session ASIANOSUCHKEY "$(ev e)/bucket"
	rows 0
	! grep -q conflict: <<<"$stderr"
}

# claim KEY TIME ARN: a record by which eve issued KEY for the session ARN.
claim() {
	assume forged "$2" AKIAEVE "$1" Any ".userIdentity.arn = \"arn:aws:iam::111122223333:user/eve\" | .userIdentity.userName = \"eve\"
	    | .responseElements.assumedRoleUser.arn = \"$3\""
}

# proved OPTION...: the timeline of the generator's bucket with its proofs, and of what else is named, which may be unproved.
proved() {
	run --separate-stderr trail timeline -f jsonl --lineage -k "$(ev t)/keys.json" -m "$(ev t)/metadata.jsonl" "$@" "$(ev t)/bucket"
	[ "$status" -eq 0 ] || [ "$status" -eq 3 ] || fail "exit status $status"
}

@test "a record that nothing proves does not change who stands behind rows of verified logs" {
	local key arn time eve=arn:aws:iam::111122223333:user/eve
	proved
	same verified "$(json .integrity | sort -u)"
	same "" "$(json .actor | grep unproven || true)"
	printf '%s\n' "$output" >before.jsonl
	read -r key arn < <(jq -r 'select((.actor | startswith("arn:")) and .actor != .principal and (.principal | contains(":assumed-role/")))
	    | "\(.access_key_id) \(.principal)"' before.jsonl | head -n 1)
	[ -n "$arn" ] || fail "no session in the evidence"
	# Its issuer is proved: whoever else claims to have issued it, before or after, is not heard.
	for time in 2020-01-01T00:00:00Z 2030-01-01T00:00:00Z; do
		claim "$key" $time "$arn" >forged.json
		proved forged.json
		same "$(cat before.jsonl)" "$(json 'select(.event_id != "forged")' | jq -c .)"
	done
	trail timeline --session AKIAEVE -f jsonl -k "$(ev t)/keys.json" -m "$(ev t)/metadata.jsonl" "$(ev t)/bucket" forged.json >eve.jsonl ||
	    same 3 $?
	same "forged" "$(column event_id eve.jsonl)"
	# Nobody proved issued this one: then the claim stands with a mark, and not for what was before it.
	read -r key arn < <(jq -r 'select(.access_key_id != null and .actor == "unknown issuer of \(.access_key_id) (\(.principal))")
	    | "\(.access_key_id) \(.principal)"' before.jsonl | head -n 1)
	[ -n "$arn" ] || fail "no session of an unknown issuer in the evidence"
	claim "$key" 2024-03-01T00:00:01Z "$arn" >forged.json
	proved forged.json
	same "$eve (by an unproven record)" "$(json "select(.access_key_id == \"$key\").actor" | sort -u)"
	claim "$key" 2030-01-01T00:00:00Z "$arn" >forged.json
	proved forged.json
	same "unknown issuer of $key ($arn)" "$(json "select(.access_key_id == \"$key\").actor" | sort -u)"
	# Without proofs all are equal, and nothing is marked.
	claim "$key" 2024-03-01T00:00:01Z "$arn" >forged.json
	timeline 0 --lineage "$(ev t)/bucket" forged.json
	same "$eve" "$(json "select(.access_key_id == \"$key\").actor" | sort -u)"
}

@test "the name of a web identity does not pass for an ARN" {
	{
		event w1 2024-03-01T10:00:00Z AssumeRoleWithWebIdentity '.eventSource = "sts.amazonaws.com"
		    | .userIdentity = {type: "WebIdentityUser", principalId: "p", userName: "arn:aws:iam::111122223333:user/alice"}
		    | .responseElements = {credentials: {accessKeyId: "ASIAWEB"}, assumedRoleUser: {arn: "arn:aws:sts::111122223333:assumed-role/R/s"}}'
		event w2 2024-03-01T10:00:01Z Do "$(role R ASIAWEB)"
	} >web.jsonl
	timeline 0 --lineage web.jsonl
	same "arn:aws:iam::111122223333:user/alice (web identity)" "$(json .actor | sort -u)"
}
