# Writes the entries of trail-findings(7) as a C table: { "id", "plain text" }.
function quote(s) { gsub(/\\/, "\\\\", s); gsub(/"/, "\\\"", s); return "\"" s "\\n\"" }
function flush_line(   i, n, word, out) {
	n = split(line, word, " ")
	out = ""
	for (i = 1; i <= n; i++) {
		if (out != "" && length(out) + 1 + length(word[i]) > 78) {
			print "     " quote(out)
			out = ""
		}
		out = (out == "" ? word[i] : out " " word[i])
	}
	if (out != "")
		print "     " quote(out)
	line = ""
}
function add(s) { line = (line == "" ? s : line " " s) }
function words(from,   i, s) {
	s = ""
	for (i = from; i <= NF; i++)
		s = ($i ~ /^[.,:;)]$/ ? s $i : (s == "" ? $i : s " " $i))
	return s
}
function close_entry() { if (open) { flush_line(); print "    }," ; open = 0 } }
BEGIN { print "/* Made from man/trail-findings.7. */" }
/^\.It Sy / {
	close_entry()
	severity = words(5)
	print "    {\"" $3 "\","
	line = ""
	print "     " quote($3 " (" severity ")")
	open = 1
	next
}
/^\.(El|It|Sh|Ss)/ { close_entry(); next }
!open { next }
/^\.Pp/ { flush_line(); print "     \"\\n\""; next }
/^\.Dl / { flush_line(); print "     " quote("    " words(2)); next }
/^\.Xr / { s = $2 "(" $3 ")"; for (i = 4; i <= NF; i++) s = s $i; add(s); next }
/^\.Ql / || /^\.Dq / {
	n = NF; tail = ""
	while (n > 2 && $n ~ /^[.,:;)]$/) { tail = $n tail; n-- }
	NF = n
	q = ($1 == ".Ql" ? "'" : "\"")
	add(q words(2) q tail); next
}
/^\.(Sy|Em) / { add(words(2)); next }
{ add($0) }
END { close_entry() }
