#!/bin/sh
# distcheck.sh TARBALL NAME BUILD: whether the archive is all that is needed.  Builds it in a tree that nothing writes to, compares the
# result with BUILD (made elsewhere: it must be the same, byte for byte), checks it, installs it, runs what was installed, and removes it again.
# In the environment: CHECK=quick for the tests of the tree and of the README only; whole by default.
set -eu

tarball=$1
name=$2
elsewhere=$(cd "$3" && pwd)
case ${CHECK:=whole} in quick | whole) ;; *) echo "CHECK is quick or whole" >&2; exit 2 ;; esac

work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
tree=$work/a\ tree/$name
build=$work/build
root=$work/root

say() {
	echo "distcheck: $*"
}

fail() {
	say "$*" >&2
	exit 1
}

run_make() {
	make --no-print-directory -s -C "$tree" B="$build" "$@"
}

# Every file and folder of the tree, with all that writing would change.
picture() {
	(cd "$tree" && find . -printf '%p %y %m %T@ %s\n' | LC_ALL=C sort && find . -type f -exec sha256sum {} + | LC_ALL=C sort -k 2)
}

mkdir "$work/a tree"
tar -xzf "$tarball" -C "$work/a tree"
chmod -R a-w "$tree" # which does not stop root: the two pictures do
picture >"$work/before"

say "build, and tests ($CHECK)"
run_make -j2 WERROR=-Werror all
tools=$(find "$tree/tools" -name 'trail-*.c' -printf '%f\n' | sed 's/\.c$//' | sort)
for file in $tools libforensic.a libforensic.so; do
	cmp "$elsewhere/$file" "$build/$file" || fail "$file is not what it was when built in another folder"
done
case $CHECK in
quick) run_make check TESTS='tests/cli/structure.bats tests/cli/readme.bats tests/cli/ship.bats' ;;
whole) run_make check ;;
esac

say "installation"
run_make DESTDIR="$root" PREFIX=/opt/trail install
for tool in $tools; do
	"$root/opt/trail/bin/$tool" --version >/dev/null || fail "$tool does not run where it is installed"
	MANPATH=$root/opt/trail/share/man mandoc -Tlint -Wfatal "$root/opt/trail/share/man/man1/$tool.1" || fail "$tool(1) was not installed"
done
"$root/opt/trail/bin/trail-verify" -q -k "$tree/testdata/clean/keys.json" -m "$tree/testdata/clean/metadata.jsonl" \
    "$tree/testdata/clean/bucket" >/dev/null || fail "what is installed does not prove what is genuine"
run_make DESTDIR="$root" PREFIX=/opt/trail uninstall
left=$(find "$root" ! -type d)
[ -z "$left" ] || fail "left behind by uninstall: $left"

picture >"$work/after"
cmp -s "$work/before" "$work/after" || fail "the tree was written to: $(diff "$work/before" "$work/after" | head -n 10)"
say "$name.tar.gz is whole, and builds the same bytes in any folder"
