#!/bin/sh
# run.sh: every unit test and command test under one prove, and one total as the last line.
# In the environment: B, where the build is (build); SHARED_DATA, a folder of real material, or nothing;
# TRAIL_WRAP, a command put in front of the tools; JOBS, test files at a time (2).
set -u

# prove calls this for each test file: TAP to prove, and a copy with the exit status for the count.
run_one() {
	log=$TEST_LOGS/$(echo "${1#"$SOURCE_ROOT"/}" | tr / _)
	{
		echo "# $1"
		case $1 in
		*.bats) bats --tap "$1" 2>&1 ;;
		*) "$1" 2>&1 ;;
		esac
		echo $? >"$log.status"
	} | sed -u 's/^not ok \([0-9]* # SKIP\)/ok \1/' | tee "$log.tap" # cmocka calls what it skips "not ok"
	return "$(cat "$log.status")"
}

# Prints "passed failed skipped" over all logs, and lists in $TEST_LOGS/failed where something failed.  Tests that were planned and never ran have failed, and so
# has a file that gave no plan or ended badly without saying which test failed.
count() {
	awk -v list="$TEST_LOGS/failed" '
	function file_end() {
		if (name == "")
			return
		lost = plan < 0 ? 1 : plan > seen ? plan - seen : 0
		getline status < (substr(name, 1, length(name) - 4) ".status")
		if (lost + bad == 0 && status != 0)
			lost = 1
		failed += lost + bad
		if (lost + bad > 0)
			print name >list
	}
	FNR == 1 { file_end(); name = FILENAME; plan = -1; seen = bad = 0; status = 1 }
	/^1\.\.[0-9]+/ { plan = substr($1, 4) + 0 }
	/^(not )?ok [0-9]+/ {
		seen++
		if (/^ok .*# *[Ss][Kk][Ii][Pp]/)
			skipped++
		else if (/^ok/)
			passed++
		else
			bad++
	}
	END { file_end(); print passed + 0, failed + 0, skipped + 0 }
	' "$TEST_LOGS"/*.tap
}

# Shows the whole output of every file in which something failed.
show_failed() {
	[ -e "$TEST_LOGS/failed" ] || return 0
	while read -r tap; do
		printf '\n---- %s\n' "$(basename "$tap" .tap)"
		cat "$tap"
	done <"$TEST_LOGS/failed"
}

if [ "${1-}" = --one ]; then
	run_one "$2"
	exit
fi

cd "$(dirname "$0")/.." || exit 2
B=$(cd "${B:-build}" && pwd) || exit 2
if [ -n "${SHARED_DATA-}" ]; then
	SHARED_DATA=$(cd "$SHARED_DATA" 2>/dev/null && pwd)
fi
TEST_LOGS=$(mktemp -d) || exit 2
trap 'rm -rf "$TEST_LOGS"' EXIT
trap 'exit 130' INT TERM HUP
SOURCE_ROOT=$PWD
export B SOURCE_ROOT SHARED_DATA TEST_LOGS TRAIL_WRAP="${TRAIL_WRAP-}"

set --
for file in ${TESTS:-tests/unit/test_*.c tests/*/*.bats}; do
	case $file in
	*.c) set -- "$@" "$B/${file%.c}" ;;
	*) set -- "$@" "$file" ;;
	esac
done
if [ $# -eq 0 ]; then
	echo "0 passed, 0 failed"
	exit 1
fi

prove -j "${JOBS:-2}" --exec "sh tests/run.sh --one" "$@" 2>&1
rc=$?
# shellcheck disable=SC2046 # three numbers
set -- $(count)
[ $rc -eq 0 ] && [ "$2" -eq 0 ] && [ "$1" -gt 0 ] && rc=0 || rc=1
[ $rc -eq 0 ] || show_failed
if [ "$3" -gt 0 ]; then
	echo "$1 passed, $2 failed, $3 skipped"
else
	echo "$1 passed, $2 failed"
fi
exit $rc
