#!/usr/bin/env bats
# What is shipped: how it is built, the archive of the sources, the library for other programs and its page.

load helper

# A build with a sanitizer inside is not one that is shipped.
skip_unless_shipped() {
	skip_under_wrap
	[[ $(nm -D "$B/libforensic.so") != *__[at]san* ]] || skip "built with a sanitizer"
}

# make_here TARGET...: make in the tree SOURCE (SOURCE_ROOT), for the build BUILD (B), with the flags that B was made with.
make_here() {
	make --no-print-directory -s -C "${SOURCE-$SOURCE_ROOT}" B="${BUILD-$B}" "$@"
}

none() {
	[ -z "$1" ] || fail "$1"
}

@test "what is built resists what overwrites its stack and its tables" {
	skip_unless_shipped
	local file what
	for file in "$B"/trail-* "$B/libforensic.so"; do
		[ -x "$file" ] && [ -f "$file" ] || continue
		[[ $(readelf -hW "$file") == *DYN* ]] || fail "$file stands at a fixed address"
		[[ $(readelf -dW "$file") == *BIND_NOW* ]] || fail "$file: its tables stay writable"
		[[ $(readelf -lW "$file") == *GNU_RELRO* ]] || fail "$file: no relro"
		[[ $(readelf -lW "$file" | grep GNU_STACK) != *RWE* ]] || fail "$file has an executable stack"
		[[ $(readelf -dW "$file") != *TEXTREL* ]] || fail "$file has its text relocated"
		[[ $(readelf -dW "$file") != *R*PATH* ]] || fail "$file looks for libraries where it was built"
	done
	what=$(nm -D "$B/libforensic.so")
	[[ $what == *__stack_chk_fail* ]] || fail "no stack protector"
	[[ $what == *_chk* ]] || fail "not built with _FORTIFY_SOURCE"
	case $(uname -m) in # where a call through a pointer may land
	x86_64) [ "$(objdump -d "$B/libforensic.so" | grep -c '\bendbr64')" -gt 100 ] || fail "no branch targets are marked" ;;
	aarch64) [ "$(objdump -d "$B/libforensic.so" | grep -cE '\b(paciasp|bti)\b')" -gt 100 ] || fail "return addresses are not signed" ;;
	esac
}

@test "the soname has the ABI's number, and the file the version" {
	local abi version
	abi=$(sed -n 's/^#define LF_ABI \([0-9]*\)$/\1/p' "$SOURCE_ROOT/libforensic/forensic.h")
	version=$(sed -n 's/^#define LF_VERSION "\(.*\)"$/\1/p' "$SOURCE_ROOT/libforensic/forensic.h")
	[[ $abi =~ ^[0-9]+$ ]]
	[[ $(readelf -dW "$B/libforensic.so") == *"soname: [libforensic.so.$abi]"* ]]
	same "libforensic.so.$version" "$(basename "$(readlink -f "$B/libforensic.so.$abi")")"
}

# The whole is compared by "make distcheck".
@test "what is compiled in another folder, into another one, is the same, byte for byte" {
	skip_unless_shipped
	local tree="$BATS_TEST_TMPDIR/a tree" objects
	objects="libforensic/base/err.o libforensic/report/explain.o libforensic/proof/chain.o tools/trail-gaps.o"
	mkdir "$tree"
	cp -r "$SOURCE_ROOT"/{GNUmakefile,libforensic,tools,man} "$tree"
	# shellcheck disable=SC2046,SC2086
	BUILD=$BATS_TEST_TMPDIR/here make_here $(printf "$BATS_TEST_TMPDIR/here/%s " $objects)
	# shellcheck disable=SC2046,SC2086
	SOURCE=$tree BUILD=out make_here $(printf "out/%s " $objects)
	diff -r here "$tree/out" -x '*.d'
	none "$(grep -rlF "$BATS_TEST_TMPDIR" here "$tree/out" --include='*.o' || :)"
	none "$(grep -lF "$SOURCE_ROOT" "$B/trail-verify" "$B/libforensic.so" || :)"
}

@test "the archive of the sources is the same each time, and holds what is committed" {
	skip_under_wrap
	cd "$SOURCE_ROOT"
	sh tests/dist.sh "$BATS_TEST_TMPDIR/0.tar.gz" trail-0 # dated by itself
	SOURCE_DATE_EPOCH=1700000000 sh tests/dist.sh "$BATS_TEST_TMPDIR/1.tar.gz" trail-0
	umask 077
	SOURCE_DATE_EPOCH=1700000000 sh tests/dist.sh "$BATS_TEST_TMPDIR/2.tar.gz" trail-0
	cd "$BATS_TEST_TMPDIR"
	cmp 1.tar.gz 2.tar.gz
	tar -tzf 1.tar.gz >names
	grep -qx trail-0/GNUmakefile names
	grep -qx trail-0/testdata/SHA256SUMS names
	none "$(grep -v '^trail-0/[^/]' names || :)"
	none "$(grep -E '\.o$|^trail-0/build/|^trail-0/\.git/' names || :)"
	# Unpacked, it packs itself again.
	tar -xzf 1.tar.gz
	cd trail-0
	SOURCE_DATE_EPOCH=1700000000 sh tests/dist.sh ../3.tar.gz trail-0
	cmp ../1.tar.gz ../3.tar.gz
}

# prototypes: what is declared in C on standard input, "type name(arguments)" each, without attributes and blanks.
prototypes() {
	sed 's/_Bool/bool/g' | tr '\n\t' '  ' | sed 's/;/;\n/g' | sed -E 's/__attribute__ *\(\(.*\)\)//; s/ +/ /g' |
		grep -E '\blf_[a-z0-9_]+ *\(' | grep -v typedef | grep -oE '[a-z][^{}]*' | tr -d ' ;' | sort
}

@test "libforensic(3) gives every function as it is declared, and tells of each" {
	local page=$SOURCE_ROOT/man/libforensic.3 name
	"${CC:-cc}" -E -P "$SOURCE_ROOT/libforensic/forensic.h" | sed -n '/lf_err {/,$p' | prototypes >declared
	[ "$(wc -l <declared)" -gt 40 ]
	awk '
	function bare(s) { sub(/^\.F[at] /, "", s); gsub(/"/, "", s); return s }
	/^\.Sh DESCRIPTION/ { exit }
	/^\.Ft / { type = bare($0) }
	/^\.Fo / { text = type " " $2 "("; comma = "" }
	/^\.Fa / { text = text comma bare($0); comma = "," }
	/^\.Fc/ { print text ");" }' "$page" | prototypes >given
	same "$(cat declared)" "$(cat given)"
	sed -n '/^\.Sh DESCRIPTION/,/^\.Sh RETURN/p' "$page" >description
	for name in $(grep -oE '\blf_[a-z_]+\(' declared | tr -d '('); do
		case $name in *_free) continue ;; esac # of which one sentence tells
		grep -qE "^\.Fn $name( |$)" description || fail "the page does not tell of $name"
	done
}

# Structures, their members, constants and caps: all words that the header gives to programs.
@test "libforensic(3) has every structure, member and constant of the header" {
	local page=$SOURCE_ROOT/man/libforensic.3 header=$SOURCE_ROOT/libforensic/forensic.h word
	"${CC:-cc}" -E -P "$header" | sed -n '/lf_err {/,$p' | sed -E 's/__attribute__.*//; s/_Bool/bool/' | awk '
	/^struct [a-z_]+ \{/ { print $2; inside = 1; next }
	/^(typedef .*)?enum [a-z_]+ *\{/ { inside = 2 }
	/^\}/ { inside = 0 }
	inside == 1 && /;/ {
		sub(/^ *(const |struct |enum |unsigned |volatile )*[a-z0-9_]+ /, "")
		gsub(/\[[^]]*\]|const|[*;}]/, "")
		gsub(/,/, " ")
		print
	}' | tr -s ' ' '\n' | grep . | sort -u >words
	[ "$(wc -l <words)" -gt 100 ]
	grep -oE '\bLF_[A-Z0-9_]+\b' "$header" | grep -vx 'LF_FORENSIC_H' | sort -u >>words
	none "$(while read -r word; do
		grep -qE "(^|[^A-Za-z_])$word([^A-Za-z_]|$)" "$page" || echo "libforensic(3) lacks $word"
	done <words)"
}

@test "the program of the README, built against what is installed, judges as trail-verify does" {
	skip_unless_shipped
	make -q -C "$SOURCE_ROOT" B="$B" "$B/trail-verify" || skip "the build is older than the sources"
	local root=$BATS_TEST_TMPDIR/root set want
	make_here DESTDIR="$root" PREFIX=/opt/trail install >/dev/null
	sed -n '/^```c$/,/^```$/p' "$SOURCE_ROOT/README.md" | grep -v '^```' >verdict.c
	[ -s verdict.c ]
	# shellcheck disable=SC2046
	PKG_CONFIG_PATH=$root/opt/trail/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$root \
	    "${CC:-cc}" -Wall -Wextra -Werror verdict.c -o verdict \
	    $(PKG_CONFIG_PATH=$root/opt/trail/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$root pkg-config --cflags --libs libforensic)
	for set in clean tampered gaps; do
		want=0
		trail verify -f json --reproducible -k "$SOURCE_ROOT/testdata/$set/keys.json" "$SOURCE_ROOT/testdata/$set/bucket" >want.json || want=$?
		exits "$want" env LD_LIBRARY_PATH="$root/opt/trail/lib" ./verdict "$SOURCE_ROOT/testdata/$set/keys.json" "$SOURCE_ROOT/testdata/$set/bucket"
		same "$(cat want.json)" "$output"
	done
	exits 2 env LD_LIBRARY_PATH="$root/opt/trail/lib" ./verdict nowhere "$SOURCE_ROOT/testdata/clean/bucket"
	says nowhere
	# What is said of the manual is installed, too.
	[ -s "$root/opt/trail/share/man/man3/libforensic.3" ]
}
