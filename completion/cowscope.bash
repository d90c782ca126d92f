# Completion of cowscope in bash. Made from the program's tables: tests/completion.sh.

_cowscope_files() { # _cowscope_files ENDING...: directories, and files that end so
	local ending
	compopt -o filenames 2>/dev/null
	COMPREPLY+=($(compgen -d -- "$cur"))
	for ending; do
		COMPREPLY+=($(compgen -f -X "!*$ending" -- "$cur"))
	done
}

_cowscope() {
	local IFS=$' \t\n' cur=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]}
	COMPREPLY=()
	# --option=value comes as three words
	if [[ $cur == = ]]; then
		cur=
	elif [[ $option == = ]]; then
		option=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	case $option in
	--format) COMPREPLY=($(compgen -W 'text json ansi svg html png pdf md c cast openmetrics folded tap junit' -- "$cur")) ;;
	--kind) COMPREPLY=($(compgen -W 'private-file shared-file private-anon shared-anon posix-shm' -- "$cur")) ;;
	--compare) COMPREPLY=($(compgen -W 'copies siblings' -- "$cur")) ;;
	--blame) COMPREPLY=($(compgen -W 'all' -- "$cur")) ;;
	--color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")) ;;
	--theme) COMPREPLY=($(compgen -W 'dark light contrast mono print' -- "$cur")) ;;
	--pid | -p) COMPREPLY=($(compgen -W "$(ps -eo pid=,comm= 2>/dev/null)" -- "$cur")) ;;
	--command | -c)
		local IFS=$'\n'
		COMPREPLY=($(compgen -W $'read\nwrite\nsync\nadvise\nprotect\nunmap\nmap\ncopy\nlock\nunlock\nalloc\nexec\nexit\nfork\nspawn\nkill\nfile read\nfile write\nfile truncate\nfile grow\nfile sync\nfile drop\nfile link\nfile open\nfile close\nfile unlink\nweigh\nloop\nlab\nreset\nshow\nexpect\nawait\nexplain\nglossary\ncapture\nnotes\nrecord\nback\nforward\nfirst\nlast\ngoto\nreplay\nzoom\nsort\nfilter\nsearch\nlesson\nnext\nanswer\npoint\nvote\nanyway\nselect\nview\nprompt\nredraw\nmouse\nhelp\nquit' -- "$cur")) ;;
	--open | --baseline | --diff) _cowscope_files .json ;;
	--answers | --output | -o | --file) _cowscope_files '' ;;
	--grade | --time-limit | --scale | --seconds | --seed | --questions | --pages | --processes | --goto | --every | --count | --label | --duty | --size | --lang) ;;
	*)
		if [[ $cur == -* ]]; then
			COMPREPLY=($(compgen -W ' --batch --command= -c --list --check --grade= --answers= --time-limit= --format= --history --scale= --seconds= --output= -o --seed= --questions= --kind= --pages= --processes= --file= --allow-write --open= --goto= --pid= -p --every= --count= --cells --summary --all-mappings --label= --baseline= --compare --freeze --blame --duty= --diff= --size= --color= --ascii --theme= --lang= --help -h --version -V' -- "$cur"))
			[[ ${COMPREPLY-} != *= ]] || compopt -o nospace 2>/dev/null
		else
			COMPREPLY=($(compgen -W "quiz $("${COMP_WORDS[0]}" --list 2>/dev/null | awk '{ print $1 }')" -- "$cur"))
			_cowscope_files .md .cow
		fi
		;;
	esac
}
complete -F _cowscope cowscope
