#!/bin/sh
# deps.sh check|install PACKAGE...: which Debian packages are missing, and installs them.
# Quiet unless something is wrong.  Elsewhere than on Debian: says in words what is missing.
set -u

usage() {
	echo "usage: deps.sh check|install PACKAGE..." >&2
	exit 2
}

# Prints those of the named packages that are not installed.
missing_packages() {
	for package; do
		dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || echo "$package"
	done
}

# Says what a package gives: "library MODULE" or "program NAME".
gives() {
	case $1 in
	libssl-dev) echo library libcrypto ;;
	libarchive-dev) echo library libarchive ;;
	libjansson-dev) echo library jansson ;;
	libmagic-dev) echo library libmagic ;;
	libdeflate-dev) echo library libdeflate ;;
	zlib1g-dev) echo library zlib ;;
	libseccomp-dev) echo library libseccomp ;;
	libcmocka-dev) echo library cmocka ;;
	gcc) echo program cc ;;
	perl) echo program prove ;;
	xz-utils) echo program xz ;;
	p7zip-full) echo program 7z ;;
	poppler-utils) echo program pdftotext ;;
	python3-jsonschema) echo program jsonschema ;;
	attr) echo program setfattr ;;
	*) echo program "$1" ;;
	esac
}

# Without dpkg: asks pkg-config for libraries and the shell for programs.
check_elsewhere() {
	rc=0
	for package; do
		what=$(gives "$package")
		name=${what#* }
		case $what in
		library*) pkg-config --exists "$name" 2>/dev/null && continue ;;
		program*) command -v "$name" >/dev/null 2>&1 && continue ;;
		esac
		echo "missing: the $what (Debian: $package)" >&2
		rc=1
	done
	[ $rc -eq 0 ] || echo "Install what is missing with its headers, and try again." >&2
	return $rc
}

# Runs a command as root, and shows what it prints only when it fails.
as_root() {
	log=$(mktemp) || return 1
	# shellcheck disable=SC2086 # $sudo is "sudo -n", or nothing
	$sudo env DEBIAN_FRONTEND=noninteractive "$@" >"$log" 2>&1
	rc=$?
	[ $rc -eq 0 ] || cat "$log" >&2
	rm -f "$log"
	return $rc
}

ask() {
	echo "missing packages; install them with" >&2
	echo "    ${by_hand}apt-get install -y --no-install-recommends $*" >&2
	exit 1
}

# Sets how to become root here, $sudo; false when there is no way that needs no password.
become_root() {
	sudo=
	[ "$(id -u)" -ne 0 ] || return 0
	sudo="sudo -n"
	$sudo true 2>/dev/null
}

[ $# -ge 1 ] || usage
action=$1
shift
case $action in check | install) ;; *) usage ;; esac

if ! command -v dpkg-query >/dev/null 2>&1; then
	check_elsewhere "$@"
	exit
fi
# shellcheck disable=SC2046 # names of packages have no blanks
set -- $(missing_packages "$@")
[ $# -gt 0 ] || exit 0
by_hand=
[ "$(id -u)" -eq 0 ] || by_hand="sudo "
[ "$action" = install ] || ask "$@"
command -v apt-get >/dev/null 2>&1 || ask "$@"
become_root || ask "$@"
echo "installing: $*" >&2
as_root apt-get update || echo "apt-get update failed; going on with what is known" >&2
as_root apt-get install -y --no-install-recommends "$@" || ask "$@"
