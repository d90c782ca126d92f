# Reads the table of rooms (HACKING.md, first file), then sources: says what breaks the table, one line each.
FNR == NR {
	if (split($0, column, "|") < 5 || column[2] !~ /^ *`src\//)
		next
	room = column[2]
	gsub(/^ *`src\/|` *$/, "", room)
	gsub(/[ `]/, "", column[4])
	known[room] = 1
	may[room, room] = 1
	everything[room] = column[4] == "all"
	count = split(column[4], list, ",")
	for (i = 1; i <= count; i++)
		may[room, list[i]] = 1
	next
}
FNR == 1 {
	count = split(substr(FILENAME, length(root) + 2), part, "/")
	room = count > 2 ? part[2] : ""
	if (!(room in known))
		print FILENAME ": is in no room of the table"
}
/^[ \t]*#[ \t]*include[ \t]*["<]/ {
	wanted = $0
	sub(/^[^"<]*["<]/, "", wanted)
	sub(/[">].*/, "", wanted)
	other = wanted
	sub(/\/.*/, "", other)
	if ($0 ~ /"/ && wanted != "config.h" && !((room, other) in may) && !(everything[room] && other in known))
		print FILENAME ":" FNR ": " room " may not include " wanted
	if (wanted ~ /curses|^(term|panel|menu|form)\.h$/ && room != "tui")
		print FILENAME ":" FNR ": only tui may include " wanted
	if (wanted ~ /^(cairo|pango|png)/ && room != "draw")
		print FILENAME ":" FNR ": only draw may include " wanted
	if (wanted ~ /^md4c/ && room != "lang")
		print FILENAME ":" FNR ": only lang may include " wanted
	if (wanted ~ /^(libproc2|proc)\// && room != "kernel")
		print FILENAME ":" FNR ": only kernel may include " wanted
}
