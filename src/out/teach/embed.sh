#!/bin/sh
# embed.sh NAME FILE: the file as a C string called NAME, without the blanks that its lines begin with; and as NAME_hash
# what a Content-Security-Policy calls it.
set -eu
name=$1 file=$2

text() {
	sed 's/^[[:space:]]*//; /^$/d' "$file"
}

octal() {
	sha256sum | awk '{
		for (i = 1; i < 64; i += 2)
			printf "\\%03o", 16 * digit(substr($1, i, 1)) + digit(substr($1, i + 1, 1))
	}
	function digit(letter) {
		return index("0123456789abcdef", letter) - 1
	}'
}

printf 'static const char %s[] =\n' "$name"
text | sed 's/[\\"]/\\&/g; s/^/"/; s/$/\\n"/'
# shellcheck disable=SC2059 # the digest, byte for byte
printf ';\nstatic const char %s_hash[] = "sha256-%s";\n' "$name" "$(printf "$(text | octal)" | base64)"
