# gaps.sh: what trail-gaps takes for an organization of 40 accounts in 17 regions; read by bench.sh, whose functions and sets it uses.
# A fiftieth of the digests of a year is measured, 119,000: time and memory grow with their number, and the year is 50 times that.
# Metadata lies in files of some megabytes, as that of a year must (LF_MAX_META), so that the peak is not the reading of one of them.
# shellcheck shell=sh disable=SC2154 # variables of bench.sh and of measure

gaps=$B/trail-gaps
all_regions=us-east-1,us-east-2,us-west-1,us-west-2,ca-central-1,sa-east-1,eu-west-1,eu-west-2,eu-west-3,eu-central-1,eu-north-1
all_regions=$all_regions,ap-south-1,ap-southeast-1,ap-southeast-2,ap-northeast-1,ap-northeast-2,ap-northeast-3

# gaps_for FORMAT: the command line that lays out the coverage of the organization
gaps_for() {
	echo "$gaps -q -j$jobs -f $1 -o $scratch/gaps.$1 -k $scratch/organization/keys.json" \
	    "-m $scratch/organization/metadata $scratch/organization/bucket"
}

# make_metadata: that of the organization, in several files
make_metadata() {
	[ ! -e "$scratch/organization/metadata" ] || return 0
	mkdir "$scratch/organization/metadata"
	split -n l/24 --additional-suffix=.jsonl "$scratch/organization/metadata.jsonl" "$scratch/organization/metadata/"
}

bench_gaps() {
	make_set organization --accounts 40 --org o-bench --regions "$all_regions" --hours 175 --logs 0
	make_metadata
	# shellcheck disable=SC2046 # as above
	pair $(gaps_for json) -- $(gaps_for html)
	line "coverage of 119,000 digests" "$(calc "$a_wall" %.2f) s, CPU $(calc "$a_cpu" %.2f) s" ""
	line "  times 50: a year of the organization" "$(calc "$a_wall * 50" %.0f) s" "< 300 s"
	line "  its peak memory, and that for each digest" \
	    "$(calc "$a_rss / 1024" %.0f) MiB, $(calc "$a_rss * 1024 / 119000" %.0f) bytes" "<= 1,100 bytes"
	line "  HTML to JSON" "$(calc "1 / $ratio_wall" %.2f)" ""
	# shellcheck disable=SC2046 # as above
	pair $(gaps_for json) -- "$verify" -q "-j$jobs" -f json -o "$scratch/verify.json" -k "$scratch/organization/keys.json" \
	    -m "$scratch/organization/metadata" "$scratch/organization/bucket"
	line "  trail-gaps to trail-verify" "$(calc "$ratio_wall" %.2f), memory $(calc "$a_rss / $b_rss" %.2f)" "about 1"
}
