# Completion of cowscope in fish. Made from the program's tables: tests/completion.sh.

function __cowscope_lessons
	cowscope --list 2>/dev/null | string replace -r '^\s*(\S+)\s+' '$1\t'
	echo quiz
end

function __cowscope_processes
	ps -eo pid=,comm= 2>/dev/null | string replace -r '^\s*(\d+)\s+' '$1\t'
	ps -eo comm= 2>/dev/null
end

complete -c cowscope -a '(__cowscope_lessons)'
complete -c cowscope -l batch -d 'no terminal: a lesson, or commands from -c, a file or standard input'
complete -c cowscope -l command -s c -x -a '"read" "write" "sync" "advise" "protect" "unmap" "map" "copy" "lock" "unlock" "alloc" "exec" "exit" "fork" "spawn" "kill" "file read" "file write" "file truncate" "file grow" "file sync" "file drop" "file link" "file open" "file close" "file unlink" "weigh" "loop" "lab" "reset" "show" "expect" "await" "explain" "glossary" "capture" "notes" "record" "back" "forward" "first" "last" "goto" "replay" "zoom" "sort" "filter" "search" "lesson" "next" "answer" "point" "vote" "anyway" "select" "view" "prompt" "redraw" "mouse" "help" "quit"' -d 'run CMD, first of all; may be given more than once'
complete -c cowscope -l list -d 'list the lessons, your own first'
complete -c cowscope -l check -d 'say what is wrong in the lessons FILE.md..., with file and line'
complete -c cowscope -l grade -x -d 'pass or fail STUDENT.cow, or a PROGRAM after --, by the expects of CHECK.cow'
complete -c cowscope -l answers -r -F -d 'a lesson or the quiz, answered by FILE, one answer a line: a score'
complete -c cowscope -l time-limit -x -d '--grade: what isn'\''t done after SECONDS has failed; default 30'
complete -c cowscope -l format -x -a 'text json ansi svg html png pdf md c cast openmetrics folded tap junit' -d 'text and json: how --batch answers, one reply per command; openmetrics: with -p; folded: stacks of --blame; tap and junit: of --grade and --answers; else: the picture at the end'
complete -c cowscope -l history -d 'html and json at the end: every step, not only the last'
complete -c cowscope -l scale -x -d 'pixels of a PNG: 1 to 8 times the plain size; default 2'
complete -c cowscope -l seconds -x -d 'a cast at N seconds a step, such as 2 or 0.5, not as it was timed'
complete -c cowscope -l output -s o -r -F -d 'write the answers of --batch, or a lesson as a page (FILE.html), to FILE, - is standard output; without --format its ending chooses the format'
complete -c cowscope -l seed -x -d 'quiz: the questions that belong to N, the same each time'
complete -c cowscope -l questions -x -d 'quiz --batch: N questions; without answers left they stay unanswered'
complete -c cowscope -l kind -x -a 'private-file shared-file private-anon shared-anon posix-shm' -d 'private-file, shared-file, private-anon, shared-anon or posix-shm'
complete -c cowscope -l pages -x -d 'pages in the mapping, 1 to 4096; 10, or all of a shorter --file'
complete -c cowscope -l processes -x -d 'processes, 1 to 9'
complete -c cowscope -l file -r -F -d 'map this file instead of one of the lab'\''s own; it is only read'
complete -c cowscope -l allow-write -d 'the file named by --file may be changed'
complete -c cowscope -l open -r -k -a '(__fish_complete_suffix .json)' -d 'look at a saved session, without a lab: step through it, capture from it'
complete -c cowscope -l goto -x -d 'look at STEP of the session of --open, or of what --batch did'
complete -c cowscope -l pid -s p -x -a '(__cowscope_processes)' -d 'running processes, only looked at: PID or NAME with its descendants, or just those listed'
complete -c cowscope -l every -x -d '-p --batch: a sample every SECONDS, until interrupted'
complete -c cowscope -l count -x -d '-p --every: only N samples'
complete -c cowscope -l cells -d '-p --format=json: what every page is, too, for --open, --baseline and --diff'
complete -c cowscope -l summary -d '-p --batch: the sums of the family alone, no processes and no mappings'
complete -c cowscope -l all-mappings -d '-p --every --format=json: all mappings, not only the 32 of which most is copied'
complete -c cowscope -l label -x -d '-p --format=openmetrics: the family in every sample; default: NAME of -p'
complete -c cowscope -l baseline -r -k -a '(__fish_complete_suffix .json)' -d '-p: take as baseline a sample saved with --cells'
complete -c cowscope -l compare -f -a 'copies siblings' -d '-p: read the contents of copied pages, to find those that are still the same; siblings: of pages that processes have alone, to find equal ones'
complete -c cowscope -l freeze -d '-p: hold the processes still while a sample is taken'
complete -c cowscope -l blame -f -a 'all' -d '-p, or a PROGRAM after --: who wrote and why, from page faults; all: the stack of each'
complete -c cowscope -l duty -x -d '-p: at most this much of one core for reading; default 2'
complete -c cowscope -l diff -r -k -a '(__fish_complete_suffix .json)' -d 'what changed from A.json to B.json, the argument after it: two saved samples of -p'
complete -c cowscope -l size -x -d 'size of the screen in captures of --batch; a lesson'\''s lines are as wide'
complete -c cowscope -l color -x -a 'auto always never' -d 'colours; auto looks at the terminal and NO_COLOR'
complete -c cowscope -l ascii -d 'draw with ASCII characters only'
complete -c cowscope -l theme -x -a 'dark light contrast mono print' -d 'dark, light, contrast, mono or print'
complete -c cowscope -l lang -x -d 'language of the messages'
complete -c cowscope -l help -s h -d 'print this help'
complete -c cowscope -l version -s V -d 'print the version'
