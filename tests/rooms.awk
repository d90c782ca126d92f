# Reads the tables of rooms (HACKING.md, first file), then sources: says what breaks the tables, one line each.
#
# A room is a folder of sources: `src/view`, or `src/view/canvas` within it. The row of a layer (`src/view`) says which other
# layers all its rooms may include, the row of a room within it which rooms of the same layer; the files of the layer itself
# (`src/model/words.h`) are open to all its rooms. Below the program (`src/app`) a room `family` includes no
# room `lab` of another layer, nor the other way round.

function layer_of(name) {
	sub(/\/.*/, "", name)
	return name
}

function are_apart(room, other) {
	return layer_of(room) != "app" && (room ~ /\/family$/ && other ~ /\/lab$/ || room ~ /\/lab$/ && other ~ /\/family$/)
}

function may_include(room, other) {
	if (!(other in known) || room == other)
		return room == other
	if (layer_of(room) != layer_of(other))
		return !are_apart(room, other) && (everything[layer_of(room)] || (layer_of(room), layer_of(other)) in may)
	return other == layer_of(other) || everything[room] || (room, other) in may
}

FNR == NR {
	if (split($0, column, "|") < 5 || column[2] !~ /^ *`src\//)
		next
	room = column[2]
	gsub(/^ *`src\/|` *$/, "", room)
	gsub(/[ `]/, "", column[4])
	known[room] = 1
	everything[room] = column[4] == "all"
	count = split(column[4], list, ",")
	for (i = 1; i <= count; i++)
		may[room, room ~ /\// ? layer_of(room) "/" list[i] : list[i]] = 1
	next
}
FNR == 1 {
	room = substr(FILENAME, length(root) + 2)
	sub(/^src\//, "", room)
	if (!sub(/\/[^\/]*$/, "", room))
		room = ""
	layer = layer_of(room)
	if (!(room in known))
		print FILENAME ": is in no room of the table"
}
/^[ \t]*#[ \t]*include[ \t]*["<]/ {
	wanted = $0
	sub(/^[^"<]*["<]/, "", wanted)
	sub(/[">].*/, "", wanted)
	other = wanted
	if (!sub(/\/[^\/]*$/, "", other))
		other = ""
	if ($0 ~ /"/ && wanted != "config.h" && !may_include(room, other))
		print FILENAME ":" FNR ": " room " may not include " wanted
	if (wanted ~ /curses|^(term|panel|menu|form)\.h$/ && layer != "tui")
		print FILENAME ":" FNR ": only tui may include " wanted
	if (wanted ~ /^(cairo|pango|png)/ && layer != "draw")
		print FILENAME ":" FNR ": only draw may include " wanted
	if (wanted ~ /^md4c/ && layer != "lang")
		print FILENAME ":" FNR ": only lang may include " wanted
	if (wanted ~ /^(elfutils\/|dwarf|libelf|gelf)/ && layer != "blame")
		print FILENAME ":" FNR ": only blame may include " wanted
	if (wanted ~ /^(libproc2|proc)\// && layer != "kernel")
		print FILENAME ":" FNR ": only kernel may include " wanted
}
