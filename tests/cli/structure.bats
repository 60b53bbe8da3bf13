#!/usr/bin/env bats
# The house itself: floors, doors, exports, sizes, pages and the committed evidence.

load helper

setup() {
	cd "$SOURCE_ROOT" || return
}

# none TEXT: expects no lines.
none() {
	[ -z "$1" ] || fail "$1"
}

# includes FILE...: "file included", one a line, of #include "..." only.
includes() {
	grep -HoE '^ *# *include *"[^"]+"' "$@" | sed -E 's/^([^:]*):.*"(.*)"/\1 \2/'
}

# The floor of a folder of the library, or nothing.
floor() {
	case $1 in
	base) echo 0 ;;
	evidence) echo 1 ;;
	record) echo 2 ;;
	proof) echo 3 ;;
	timeline) echo 4 ;;
	coverage | compare | carve | custody) echo 5 ;;
	report) echo 6 ;;
	esac
}

# misplaced: reads "file included" and prints those that point up, sideways or nowhere.
misplaced() {
	local file to folder at its
	while read -r file to; do
		folder=$(basename "${file%/*}")
		at=$(floor "$folder")
		its=$(floor "${to%%/*}")
		if [ -z "$at" ]; then
			echo "$file is on no floor"
		elif [ "$to" = forensic.h ] || [[ "$folder $to" =~ ^report\ (findings|report_schema)_text\.h$ ]]; then
			: # the public face, and what is made from trail-findings(7) and the schema
		elif [ ! -f "libforensic/$to" ]; then
			echo "$file includes $to, which is not there"
		elif [ "${to%%/*}" != "$folder" ] && [ "$its" -ge "$at" ]; then
			echo "$file includes $to"
		fi
	done
}

@test "floors: an include in the library points down or stays in its folder" {
	[ "$(includes libforensic/*/*.[ch] | wc -l)" -gt 50 ]
	none "$(includes libforensic/*/*.[ch] | misplaced)"
	same "libforensic/base/a.c includes evidence/walk.h
libforensic/carve/a.c includes report/words.h" "$(printf '%s\n' 'libforensic/base/a.c evidence/walk.h' \
	    'libforensic/carve/a.c report/words.h' 'libforensic/carve/a.c base/buf.h' | misplaced)"
	none "$(find libforensic -mindepth 1 -maxdepth 1 ! -name forensic.h ! -type d)"
	none "$(find libforensic -mindepth 2 -type d)"
}

@test "the top folder holds what belongs there, and nothing that a run left" {
	git -C . rev-parse --git-dir >/dev/null 2>&1 || skip "no git here"
	none "$(git ls-files | cut -d / -f 1 | sort -u |
		grep -vxE '\.(ci|github|gitignore|clang-(format|tidy))|GNUmakefile|LICENSE|README\.md|libforensic|man|testdata|tests|tools' || :)"
}

@test "the README and make help name the same targets, all of which there are, and its prose is no wider than 120" {
	local target
	same "$(make -s help | sed -nE 's/^(make( [a-z-]+)?)  .*/\1/p')" "$(sed -nE 's/^\| `(make( [a-z-]+)?)[^`]*` \|.*/\1/p' README.md)"
	for target in $(make -s help | sed -nE 's/^make ([a-z-]+) .*/\1/p'); do
		grep -qE "^$target:" GNUmakefile || fail "make help names $target, which is no target"
	done
	none "$(awk '/^```/ { code = !code } !code && !/^\|/ && length > 120 { print FILENAME ":" FNR }' README.md)"
}

@test "floors: tools include the public face and what they share, nothing else" {
	none "$(includes tools/*.[ch] | grep -vE ' (forensic\.h|cli[a-z_]*\.h)$' || :)"
	none "$(includes libforensic/*/*.[ch] | grep -E ' (cli|\.\.)' || :)"
	none "$(includes libforensic/forensic.h || :)"
}

@test "doors: a library is entered through one file" {
	local headers door
	while read -r headers door; do
		none "$(grep -lE "^ *# *include *<($headers)" libforensic/forensic.h libforensic/*/*.[ch] tools/*.[ch] |
			grep -vE "^libforensic/($door)$" || :)"
	done <<-'END'
		openssl/ base/(hash|rsa)\.c|custody/seal(_(inner|pem|stamp|trust))?\.[ch]
		jansson base/json\.[ch]
		archive evidence/archive(_handle|_entry)?\.[ch]
		libdeflate|zlib evidence/gzip\.c
		magic record/classify\.c
		seccomp|linux/(landlock|seccomp) base/sandbox\.c
	END
	# The handle and the entry are the inner side of the door of libarchive.
	none "$(includes libforensic/*/*.[ch] | grep -E ' evidence/archive_(handle|entry)\.h' | grep -v '^libforensic/evidence/archive' || :)"
	# So has that of OpenSSL's CMS.
	none "$(includes libforensic/*/*.[ch] | grep ' custody/seal_inner.h' | grep -v '^libforensic/custody/seal' || :)"
	# No third library comes in by another name.
	none "$(grep -hoE '^ *# *include *<[^>]+>' libforensic/*/*.[ch] tools/*.[ch] | sed -E 's/.*<(.*)>/\1/' | sort -u |
		grep -vE '^(openssl/.*|jansson|archive|archive_entry|libdeflate|zlib|magic|seccomp)(\.h)?$' |
		grep -vE '^(sys|linux)/[a-z0-9_]+\.h$|^(assert|ctype|dirent|endian|errno|fcntl|getopt|immintrin|cpuid|inttypes|limits|locale|math)\.h$' |
		grep -vE '^(pthread|sched|signal|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|string|strings|termios|time|unistd|wchar|fnmatch|arpa/inet|netinet/in)\.h$' || :)"
}

# declared: the functions of forensic.h.
declared() {
	"${CC:-cc}" -E -P libforensic/forensic.h | sed -n '/LF_\|lf_/,$p' | tr '\n' ' ' | sed 's/;/;\n/g' | grep -v typedef |
		sed -E 's/__attribute__ *\(\(.*\)\)//' | grep -oE '\blf_[a-z0-9_]+ *\(' | tr -d ' (' | sort -u
}

@test "libforensic.so exports what forensic.h declares, no less and no more" {
	[ "$(declared | wc -l)" -gt 10 ]
	same "$(declared)" "$(nm -D --defined-only "$B/libforensic.so" | awk '$2 != "A" { print $3 }' |
		grep -vE '^(__asan|__odr_asan|__ubsan|__sanitizer|_init$|_fini$|__bss_start$|_edata$|_end$)' | sort -u)"
}

@test "the library has one prefix, no global variables, and neither prints nor exits" {
	none "$(nm -g --defined-only "$B/libforensic.a" | awk 'NF == 3 { print $3 }' | grep -vE '^(lf_|__odr_asan)' || :)"
	none "$(objdump -t "$B/libforensic.a" | awk '$2 == "g" && $4 ~ /^(\.data|\.bss|\*COM\*)$/ && $NF !~ /^__/ { print $NF }')"
	none "$(nm -u "$B/libforensic.a" | awk 'NF == 2 { print $2 }' | sort -u |
		grep -xE '(_?exit|_Exit|abort|v?f?printf|__v?f?printf_chk|f?puts|f?putc|putchar|perror|v?errx?|v?warnx?|v?syslog|stdout|stderr|system|popen|execv.*)' || :)"
}

@test "the public header stands alone, in C and in C++" {
	echo '#include "forensic.h"' >"$BATS_TEST_TMPDIR/a.c"
	"${CC:-cc}" -std=c99 -pedantic -Wall -Wextra -Werror -Ilibforensic -fsyntax-only "$BATS_TEST_TMPDIR/a.c"
	command -v c++ >/dev/null || skip "no C++ compiler"
	c++ -x c++ -Wall -Wextra -Werror -Ilibforensic -fsyntax-only "$BATS_TEST_TMPDIR/a.c"
}

@test "no function is longer than 100 lines" {
	none "$(awk 'FNR == 1 { start = 0 }
	    /^\{/ { start = FNR }
	    /^\}/ { if (start && FNR - start + 1 > 100) print FILENAME ":" start ": " FNR - start + 1 " lines"; start = 0 }' \
	    libforensic/*/*.c tools/*.c tests/gen/*.c tests/gen/*/*.c)"
}

@test "every header is guarded, every file is text without trailing blanks" {
	local file
	for file in libforensic/*.h libforensic/*/*.h tools/*.h; do
		grep -qE '^#ifndef [A-Z0-9_]+_H$' "$file" || fail "$file has no guard"
	done
	none "$(find libforensic tools man tests .ci GNUmakefile -type f ! -path 'tests/gen/keys/*' -exec grep -nIE '[ 	]+$|'$'\r' {} + | head -n 5)"
	none "$(find libforensic tools man tests GNUmakefile -type f -size +0 | while read -r file; do
		[ -z "$(tail -c 1 "$file")" ] || echo "$file does not end in a line feed"
	done)"
}

# Who reads the code has this tree, and what is public: pages of the manual, RFCs, pages of AWS by their titles.
@test "comments cite no document that is not in the tree" {
	none "$(grep -rnE '[A-Z]{3,}\.md' libforensic tools man tests GNUmakefile | grep -v 'README\.md' || :)"
	none "$(grep -rnoE '\btrail-[a-z]+\([1-8]\)' libforensic tools tests | sed -E 's/.*:(trail-[a-z]+)\(([1-8])\)$/man\/\1.\2/' | sort -u |
		while read -r page; do [ -s "$page" ] || echo "$page is cited, and not there"; done)"
}

@test "the pages pass mandoc's lint" {
	local page
	for page in man/*.[1-9]; do
		none "$(mandoc -Tlint -Wwarning "$page" 2>&1 | grep -v 'mandoc\.db' || :)"
		[ -n "$(mandoc -Tutf8 "$page" | head -n 3)" ]
		none "$(mandoc -Tascii -Owidth=80 "$page" | col -b | grep -E '^.{81}' | grep -vE '[^ ]{60}' | head -n 3 || :)"
	done
}

# The ids of findings and their severities, as scripts rely on them.
FINDINGS='digest-signature-invalid alert
digest-hash-mismatch alert, warning
digest-reissued alert
digest-metadata-altered alert
digest-malformed alert
digest-trailing-data alert
digest-scope-mismatch alert
digest-missing alert
chain-truncated alert
chain-fork alert
chain-overlap alert
chain-window-broken alert
log-modified alert
log-missing alert
log-malformed alert
log-trailing-data alert
log-duplicate-reference alert
conflict alert
log-unreferenced alert
log-unlisted-copy notice
log-scope-mismatch alert
key-unknown warning
digest-unsigned warning
log-unproven warning
chain-gap warning
algorithm-unknown warning
evidence-unreadable warning
lake-name-unsigned warning
chain-start notice
chain-head-cut notice
chain-phase-change notice
log-undigested notice
digest-relocated notice
log-relocated notice
log-stored-inflated notice
log-extra-header notice
log-time-range notice
backfill-time-unknown notice
key-outside-validity notice
key-fingerprint-mismatch notice
metadata-without-object notice
object-altered alert
object-removed alert
object-moved alert
object-added alert
custody-differs notice, warning
ledger-malformed alert
ledger-chain-broken alert
ledger-cut alert
manifest-missing alert
manifest-altered alert
signature-missing alert
signature-invalid alert
signature-untrusted alert, warning
timestamp-missing alert
timestamp-invalid alert
timestamp-untrusted alert, warning
certificate-expired warning
ledger-unanchored warning'

@test "trail-findings(7) has every finding with its severity, and no other" {
	same "$(sort <<<"$FINDINGS")" "$(sed -nE 's/^\.It Sy ([a-z-]+) Pq (.*)$/\1 \2/p' man/trail-findings.7 | sort)"
}

@test "the library knows these findings, and no other, and explains each from its page" {
	local id severity words
	while read -r id severity; do
		exits 0 trail verify --explain "$id"
		same "" "$stderr"
		[[ ${lines[0]} == *"$id"* ]] || fail "begins with ${lines[0]}"
		prints "$severity"
		for words in Rule: Innocent: Hostile: Next: "Not proved:"; do prints "$words"; done
		none "$(grep -E '\\f|\\\(|^\.' <<<"$output" || :)"
		none "$(awk 'length($0) > 80 && $0 !~ /^ *(aws|trail)/' <<<"$output")"
	done <<<"$FINDINGS"
	# What the tool can give stands in the library as a word of its own.
	while read -r id severity; do
		grep -rqF "\"$id\"" libforensic || fail "$id is nowhere in the library"
	done <<<"$FINDINGS"
}

@test "every tool has its page, its help and its completions" {
	local tool
	for tool in tools/trail-*.c; do
		tool=$(basename "$tool" .c)
		[ -s "man/$tool.1" ]
		[ -s "tools/completions/bash/$tool" ]
		[ -s "tools/completions/zsh/_$tool" ]
		[ -s "tools/completions/fish/$tool.fish" ]
		# shellcheck disable=SC2086
		exits 0 ${TRAIL_WRAP-} "$B/$tool" --help
		[ -n "$output" ]
	done
	[ -s man/trail-evidence.7 ]
}

@test "the page of every tool names every other tool, and so does every page of section 7" {
	local page tool
	for page in "$SOURCE_ROOT"/man/*.[17]; do
		for tool in "$SOURCE_ROOT"/tools/trail-*.c; do
			tool=$(basename "$tool" .c)
			[ "${page##*/}" != "$tool.1" ] || continue
			sed -n '/^\.Sh SEE ALSO/,/^\.Sh [^S]/p' "$page" | grep -q "^\.Xr $tool 1" || fail "${page##*/} does not name $tool(1)"
		done
	done
}

@test "no other top-level entry" {
	none "$(find . -mindepth 1 -maxdepth 1 -printf '%f\n' | grep -vxE 'tools|libforensic|testdata|tests|man|build|GNUmakefile|README\.md|LICENSE' |
		grep -vxE '\.(git|github|gitignore|gitattributes|ci|clang-format|clang-tidy|editorconfig)' || :)"
	local entry
	for entry in tools libforensic testdata tests man GNUmakefile README.md LICENSE; do
		[ -e $entry ] || fail "$entry is not there"
	done
}

@test "the committed evidence is what it was, and what the generator makes" {
	(cd testdata && sha256sum --quiet -c SHA256SUMS)
	same "$(cd testdata && find . -type f ! -name SHA256SUMS | sed 's,^\./,,' | sort)" "$(sed 's/^[0-9a-f]*  //' testdata/SHA256SUMS | sort)"
	sh tests/gen/testdata.sh "$B/tests/gen/mktrail" "$BATS_TEST_TMPDIR/again"
	diff -r testdata "$BATS_TEST_TMPDIR/again"
}

@test "the committed evidence is judged as its makers meant it" {
	exits 0 trail verify -k testdata/clean/keys.json -m testdata/clean/metadata.jsonl testdata/clean/bucket
	exits 1 trail verify -f json -k testdata/tampered/keys.json -m testdata/tampered/metadata.jsonl testdata/tampered/bucket
	same "chain-truncated 1
digest-missing 1
log-modified 1
log-trailing-data 1
log-unreferenced 1" "$(alerts)"
	exits 3 trail verify -f json -k testdata/lake/keys.json -m testdata/lake/metadata.jsonl testdata/lake/bucket
	same "verified" "$(json '.lake[].status')"
}

@test "the generator shares no code with the library" {
	none "$(includes tests/gen/*.[ch] tests/gen/*/*.[ch] | grep -vE ' (gen\.h|image\.h|\.\./gen\.h)$' || :)"
	none "$(nm "$B/tests/gen/mktrail" "$B/tests/gen/mkimage" | grep -E ' [Tt] lf_' || :)"
}

@test "an installation has what it says, and works from there" {
	skip_under_wrap
	make -q B="$B" "$B/trail-verify" "$(readlink -f "$B/libforensic.so")" || skip "the build is older than the sources"
	local root=$BATS_TEST_TMPDIR/root
	make -s B="$B" DESTDIR="$root" PREFIX=/usr install >/dev/null
	[ -x "$root/usr/bin/trail-verify" ]
	"$root/usr/bin/trail-verify" --version >/dev/null
	[ -s "$root/usr/share/man/man1/trail-verify.1" ]
	[ -s "$root/usr/share/man/man7/trail-findings.7" ]
	[ -s "$root/usr/include/forensic.h" ]
	[ -L "$root/usr/lib/libforensic.so" ]
	[ -s "$root/usr/lib/pkgconfig/libforensic.pc" ]
	printf '#include <forensic.h>\nint main(void)\n{\n\treturn lf_finding_name(0) == 0;\n}\n' >"$BATS_TEST_TMPDIR/a.c"
	# A library with a sanitizer inside runs in no program without one.
	if [[ $(nm -D "$B/libforensic.so") != *__asan* ]]; then
		"${CC:-cc}" -I"$root/usr/include" -o "$BATS_TEST_TMPDIR/a" "$BATS_TEST_TMPDIR/a.c" -L"$root/usr/lib" -lforensic
		LD_LIBRARY_PATH="$root/usr/lib" "$BATS_TEST_TMPDIR/a"
	fi
	make -s B="$B" DESTDIR="$root" PREFIX=/usr uninstall >/dev/null
	none "$(find "$root" -type f -o -type l)"
}
