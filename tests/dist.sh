#!/bin/sh
# dist.sh OUT.tar.gz NAME: the sources as one archive, everything below NAME/.  The same sources give the same bytes.
set -eu

out=$1
name=$2
list=$(mktemp)
trap 'rm -f "$list" "$list.tar"' EXIT
trap 'exit 130' INT TERM HUP

# What is committed; in a tree that came out of such an archive, all that came with it.
if git rev-parse --show-prefix >/dev/null 2>&1 && [ -z "$(git rev-parse --show-prefix)" ]; then
	git ls-files | LC_ALL=C sort >"$list"
	epoch=$(git log -1 --format=%ct)
else
	find . -mindepth 1 \( -path ./build -o -name .git \) -prune -o ! -type d -printf '%P\n' | LC_ALL=C sort >"$list"
	epoch=$(stat -c %Y GNUmakefile)
fi
tar --create --format=gnu --no-recursion --files-from="$list" --transform="flags=r;s,^,$name/," \
    --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX --mtime="@${SOURCE_DATE_EPOCH:-$epoch}" \
    --file="$list.tar"
mkdir -p "$(dirname "$out")"
gzip -9n <"$list.tar" >"$out"
