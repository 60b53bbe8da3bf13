#!/bin/sh
# lint.sh BUILD: what clang-tidy, cppcheck and shellcheck hold against the sources; nothing, when all is well.
# .clang-tidy and tests/lint/cppcheck say what is left out, and why.  BUILD has the generated headers.
set -u

cd "$(dirname "$0")/../.." || exit 2
build=$1
flags="-std=gnu11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -Ilibforensic -I$build/generated"
log=$(mktemp) || exit 2
trap 'rm -f "$log"' EXIT
trap 'exit 130' INT TERM HUP
rc=0

# Says what the log holds, if the tool failed.
judge() {
	if [ "$1" -ne 0 ]; then
		cat "$log"
		echo "$2: there is something" >&2
		rc=1
	fi
}

# shellcheck disable=SC2016 # for the shell that xargs runs
printf '%s\n' libforensic/*/*.c tools/*.c | xargs -P "$(nproc)" -n 8 sh -c \
    'flags=$1; shift; clang-tidy --quiet "$@" -- $flags 2>/dev/null' sh "$flags" >"$log"
judge $? clang-tidy
cppcheck --quiet --error-exitcode=1 --std=c11 --platform=unix64 --enable=warning,performance,portability \
    --suppressions-list=tests/lint/cppcheck -D_GNU_SOURCE -Ilibforensic libforensic tools >"$log" 2>&1
judge $? cppcheck
shellcheck --shell=sh tests/*.sh tests/*/*.sh >"$log" 2>&1
judge $? "shellcheck of scripts"
# 2154: "run" sets stderr; 2210, 2238: names of files that look like something else; 2034, 2043: loops that count, or run once on
# purpose; 2011: of files whose names the test gave
shellcheck --severity=warning --exclude=SC2011,SC2034,SC2043,SC2154,SC2210,SC2238 .ci/run tests/*/*.bats >"$log" 2>&1
judge $? "shellcheck of tests"
exit $rc
