#!/usr/bin/env bats
# The completions of zsh and fish, as those shells themselves run them.  (bash: in the tests of each tool.)

load helper

setup_file() {
	load helper
	cat >"$BATS_FILE_TMPDIR/completes.zsh" <<'E'
# completes.zsh FOLDER LINE: what zsh offers at the end of LINE with the completions of FOLDER, one a line.
emulate -L zsh
zmodload zsh/zpty
setup='PROMPT=; fpath=('${(q)1}' $fpath); autoload -Uz compinit; compinit -u -D
compadd() {
	local -a hits
	if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
		builtin compadd "$@"
		return
	fi
	builtin compadd -A hits "$@"
	(( $#hits )) && print -rl -- "<"${^hits}">"
	builtin compadd "$@"
}
finish() { print -r -- "<END>"; exit }
comppostfuncs=(finish)
bindkey "^I" complete-word
print "<READY>"'
print -r -- $setup >setup.zsh
zpty z zsh -f -i
zpty -w z "source ./setup.zsh"
zpty -r z line '*<READY>*'
zpty -n -w z "$2"$'\t'
while zpty -r z line; do
	line=${line//$'\r'/}
	[[ $line == *'<END>'* ]] && break
	[[ $line == *'<'*'>'* ]] && print -r -- ${${line#*<}%%>*}
done
zpty -d z 2>/dev/null
E
}

tools=(verify timeline gaps diff)

# What a shell offers for a line, sorted.
zsh_completes() {
	timeout 60 zsh -f "$BATS_FILE_TMPDIR/completes.zsh" "$SOURCE_ROOT/tools/completions/zsh" "$1" | sort -u
}

fish_completes() {
	HOME=$BATS_TEST_TMPDIR fish --no-config -c "source '$SOURCE_ROOT/tools/completions/fish/${1%% *}.fish'; complete -C '$1'" |
	    cut -f 1 | sort -u
}

# The long options that a tool names in its help.
offered() {
	trail "$1" --help | grep -oE '^ +(-[a-zA-Z], )?--[a-z-]+' | grep -oE -- '--[a-z-]+' | sort -u
}

# complete_like SHELL: options, values and files, of every tool.
complete_like() {
	local t
	mkdir folder
	touch file
	for t in "${tools[@]}"; do
		same "$(offered "$t")" "$("$1" "trail-$t --" | grep -E '^--')"
		same "$(trail "$t" --help | sed -nE 's/^.*--format FORMAT +([a-z, ]*[a-z]) \(text\)$/\1/p' | sed 's/,//g; s/ or / /' | tr ' ' '\n' |
		    sort)" "$("$1" "trail-$t -f ")"
		same "always auto" "$("$1" "trail-$t --color=a" | sed 's/.*=//' | xargs)"
		same "folder" "$("$1" "trail-$t --tmpdir fo" | sed 's,/$,,')"
		same "file folder" "$("$1" "trail-$t f" | sed 's,/$,,' | xargs)"
		same "file" "$("$1" "trail-$t -k fi")"
	done
	same "log-unreferenced" "$("$1" "trail-verify --explain log-unref")"
	same "/userAgent /userIdentity" "$("$1" "trail-diff --ignore /user" | xargs)"
	same "--objects" "$("$1" "trail-diff --ob")"
}

@test "zsh completes options, values and files" {
	command -v zsh >/dev/null || skip "no zsh here"
	complete_like zsh_completes
	same "" "$(zsh_completes "trail-diff --events --ob")"
	same "event_category event_id event_name event_source event_time" "$(zsh_completes "trail-timeline --columns=event_" | xargs)"
}

@test "fish completes options, values and files" {
	command -v fish >/dev/null || skip "no fish here"
	complete_like fish_completes
}
