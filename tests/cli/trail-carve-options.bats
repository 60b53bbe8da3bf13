#!/usr/bin/env bats
# trail-carve: its options, and every exit status.

load helper
load carve

@test "exit 0: all is complete, or there is nothing" {
	image i --class A=2
	proved 0 out i/image.raw
	prints "DONE: all that was found is complete."
	image j --class all=0
	carve 0 none j/image.raw
	prints "DONE: nothing of CloudTrail was found."
	same "" "$(cat none/carve.jsonl none/events.jsonl none/records.jsonl)"
	[ -d none/files ] && [ -d none/partial ] && [ -f none/report.html ]
	head -c 1M /dev/zero >zeros
	carve 0 z zeros
}

@test "exit 1: a conflict" {
	image i --class O=1 --class C=1
	carve 1 out i/image.raw
	prints "CONFLICTS: the same event"
}

@test "exit 3: something incomplete, or nothing to look at" {
	image i --class C=1
	carve 3 out i/image.raw
	prints "PARTIAL: some of what was found is incomplete."
	: >empty
	carve 3 none empty
	prints "PARTIAL: there was nothing to look at."
	jq -e '.verdict == "inconclusive"' none/report.json
}

@test "exit 2: what cannot be done, with nothing left behind" {
	image i --class A=1
	exits 2 trail carve -o out
	says "no IMAGE given"
	exits 2 trail carve i/image.raw
	says "-o DIR"
	exits 2 trail carve -o - i/image.raw
	exits 2 trail carve -o out nowhere
	says "nowhere"
	exits 2 trail carve -o out i
	says "is a folder, not an image"
	exits 2 trail carve -o out -k nokeys i/image.raw
	exits 2 trail carve -o out -k i/key.json i/image.raw
	exits 2 trail carve -o out --digests nowhere i/image.raw
	exits 2 trail carve -o out -m nowhere i/image.raw
	exits 2 trail carve -o out --ranges nowhere i/image.raw
	exits 2 trail carve -o out --dfxml nowhere/x.xml i/image.raw
	exits 2 trail carve -o out --dfxml i/image.raw i/image.raw
	says "is read as input too"
	exits 2 trail carve -o out --dfxml - i/image.raw
	exits 2 trail carve -o out - -
	exits 2 trail carve -o nowhere/out i/image.raw
	exits 2 trail carve -o out --digests - i/image.raw
	exits 2 trail carve -o out /dev/null
	same "i" "$(here)"
}

@test "values out of bounds are refused" {
	image i --class A=1
	local option
	for option in join-blocks=0 join-blocks=x join-blocks=9999999 join-trials=0 join-trials=-1 max-member=0 max-member=10 \
	    max-member=1T max-record=1 max-record=1G checkpoint=0 checkpoint=x jobs=0 format=csv color=x; do
		exits 2 trail carve -o out "--$option" i/image.raw
	done
	same "i" "$(here)"
	exits 2 trail carve --what-at zz i/image.raw
	says "hexadecimal behind 0x"
	# Options of the others, which select by what a disk does not have.
	for option in since=now until=now account=111122223333 region=eu-west-1 trail=x shard=1/2 max-object=1M; do
		exits 2 trail carve -o out "--$option" i/image.raw
		says "is no option of trail-carve"
	done
	exits 0 trail carve --help
	[[ $output != *--since* && $output != *"write to FILE"* ]] || fail "help offers what is refused"
	prints "--checkpoint"
	exits 0 trail carve --version
	prints "trail-carve 0"
	exits 0 trail carve --vers
}

@test "--ranges: only these, and offsets stay those of the image" {
	image i --class A=4
	local -a at
	mapfile -t at < <(jq -r '.items[].runs[0] | "\(.offset) \(.length)"' i/key.json)
	printf '# unallocated\n%s\n' "${at[1]}" >r
	printf '0x%x 0x%x # in hexadecimal\n\n' ${at[3]} >>r
	carve 0 out --ranges r i/image.raw
	same "$(jq -r '.items[1, 3] | "\(.runs[0].offset)"' i/key.json | sort -n)" "$(jq -r 'select(.kind == "log") | .offset' out/carve.jsonl)"
	local bad
	for bad in "1" "x 1" "-1 5" "1 2 3" "99999999999999999999 1" "" "5 0" "18446744073709551615 10"; do
		echo "$bad" >bad
		exits 2 trail carve -o none --ranges bad i/image.raw
	done
	# Sectors for bytes, or another image: nothing would be looked at, and that is said first.
	printf '0 10\n%s 10\n' "$(stat -c %s i/image.raw)" >bad
	exits 2 trail carve -o none --ranges bad i/image.raw
	says "a range begins at $(stat -c %s i/image.raw), and i/image.raw ends at"
	exits 2 trail carve -o none --ranges r i/image.raw i/image.raw
	[ ! -e none ]
	# A range that begins or ends inside of a member cuts nothing off but the looking.
	echo "$((${at[0]% *} - 5)) 6" >r
	carve 0 edge --ranges r i/image.raw
	same "$(jq -r '.items[0].stored.sha256' i/key.json)" "$(jq -r .stored_sha256 edge/carve.jsonl)"
}

@test "--no-joins, --join-blocks, --join-trials" {
	image i --class E=6 --seed 2
	carve 0 joined i/image.raw
	same "6" "$(jq -r 'select(.method == "join") | .id' joined/carve.jsonl | wc -l)"
	same "2" "$(jq -r 'select(.method == "join") | .runs | length' joined/carve.jsonl | sort -u)"
	carve 3 apart --no-joins i/image.raw
	same "0 0" "$(jq -r '.images[0] | "\(.joins_tried) \(.join_budgets)"' apart/report.json)"
	carve 3 few --join-trials 1 i/image.raw
	[ "$(jq '.images[0].join_budgets' few/report.json)" -gt 0 ]
	grep -qE '[1-9][0-9]*  members whose trials were used up' few/report.txt
	carve 0 near --join-blocks 4 i/image.raw
	[ "$(jq '.images[0].joins_tried' near/report.json)" -lt "$(jq '.images[0].joins_tried' joined/report.json)" ]
}

@test "--max-member and --max-record: what is larger is counted" {
	image i --class A=6 --class F=3
	carve 0 all i/image.raw
	run -0 --separate-stderr trail carve -o small --max-record 1K --no-joins i/image.raw
	[ "$(jq '.images[0].rejected.size' small/report.json)" -gt 0 ]
	run --separate-stderr trail carve -o member --max-member 1K i/image.raw
	[ "$(jq '.images[0].rejected.size' member/report.json)" -gt 0 ] || fail "$(jq -c '.images[0].rejected' member/report.json)"
}

@test "--max-total: what is found beyond it is counted, not written, and the run is inconclusive" {
	local most
	image i --class A=6 --class F=3 --class G=3
	carve 0 all i/image.raw
	carve 0 most --max-total 1G i/image.raw
	alike all most
	carve 3 part --max-total 20K i/image.raw
	[ "$(jq '.images[0].rejected.total' part/report.json)" -gt 0 ]
	grep -q 'found and not written' part/report.txt
	# Text has a cap of its own.
	most=$(jq -s '[.[] | .inflated] | add' part/carve.jsonl)
	[ "$most" -le 40960 ] && [ "$most" -gt 0 ] || fail "$most bytes"
	same "$(wc -l <all/carve.jsonl)" "$(($(wc -l <part/carve.jsonl) + $(jq '.images[0].rejected.total' part/report.json)))"
	carve 3 threads --max-total 20K -j 3 i/image.raw
	alike part threads
	# Of each image.
	carve 0 each --max-total 100K i/image.raw
	carve 0 twice --max-total 100K i/image.raw i/image.raw
}

@test "colour, width and quiet are for the terminal: the files stay as they are" {
	image i --class A=2
	carve 0 a i/image.raw
	COLUMNS=60 carve 0 b --color always -q -f html i/image.raw
	prints "<!DOCTYPE html>"
	alike a b
	COLUMNS=50 carve 0 c --color always i/image.raw
	prints $'\033['
	[[ "$(cat c/report.txt)" != *$'\033'* ]]
	exits 0 trail carve -o d --progress always i/image.raw
}

@test "two runs into one folder, and a folder that is not empty" {
	image i --class A=2
	carve 0 out i/image.raw
	exits 2 trail carve -o out i/image.raw
	says "not empty"
	[[ $stderr != *--resume* ]] || fail "a run that is over is no run to resume"
	exits 2 trail carve -o out --resume i/image.raw
	says "the run is over in out: there is nothing to resume"
	mkdir other
	echo mine >other/notes
	exits 2 trail carve -o other --resume i/image.raw
	says "no run has begun in other"
	same "notes" "$(ls other)"
	mkdir empty
	carve 0 empty i/image.raw
	mkdir empty2
	exits 2 trail carve -o empty2 --resume i/image.raw
	same "" "$(ls empty2)"
}

@test "completions know every option" {
	local option
	for option in $(trail carve --help | grep -oE '^ +(-., )?--[a-z-]+' | grep -oE '[a-z-]{2,}$' | sed 's/^--//'); do
		grep -q -- "--$option" "$SOURCE_ROOT/tools/completions/bash/trail-carve" || fail "bash: $option"
		grep -q -- "--$option" "$SOURCE_ROOT/tools/completions/zsh/_trail-carve" || fail "zsh: $option"
		grep -q -- "-l $option" "$SOURCE_ROOT/tools/completions/fish/trail-carve.fish" || fail "fish: $option"
		grep -qE -- "^\.(It|Op|\.).*-$option( |$)" "$SOURCE_ROOT/man/trail-carve.1" || fail "page: $option"
	done
}
