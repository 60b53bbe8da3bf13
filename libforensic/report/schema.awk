# Writes a text as a C string.
BEGIN { print "/* Made from libforensic/report/report.schema.json. */"; print "static const char schema_text[] =" }
{ gsub(/\\/, "\\\\"); gsub(/"/, "\\\""); print "    \"" $0 "\\n\"" }
END { print "    ;" }
