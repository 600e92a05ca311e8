# What fish completes for gofumpt-work(1).
# Made by scripts/make-completions from the program's parser; edit that.

function __gofumpt_work_place --description 'The verb, and how many words, or which option, the cursor is behind'
    set -l words (commandline -opc)
    set -l verb -
    set -l count 0
    set -l waits no
    set -l many ''
    for word in $words[2..-1]
        if test $waits = yes
            set waits no
            continue
        end
        switch "$verb $word"
            case '- --indent' '- --kind'
                set waits yes
                set many ''
            case '* -*'
                set many ''
            case '*'
                if test "$verb" = ''
                    set verb $word
                else if test -z "$many"
                    set count (math $count + 1)
                end
        end
    end
    test -z "$many"
    and echo "$verb $count"
    or echo "$verb $many"
end

function __gofumpt_work_at --description 'VERB COUNT: whether the cursor is there'
    string match -q -- "$argv" (__gofumpt_work_place)
end

complete -c gofumpt-work -f
complete -c gofumpt-work -n '__gofumpt_work_at \'- *\'' -s h -l help -d 'show this help message and exit'
complete -c gofumpt-work -n '__gofumpt_work_at \'- *\'' -s l -d 'list the files that would change'
complete -c gofumpt-work -n '__gofumpt_work_at \'- *\'' -s d -d 'print diffs instead of the files'
complete -c gofumpt-work -n '__gofumpt_work_at \'- *\'' -s w -d 'write the files instead of printing them'
complete -c gofumpt-work -n '__gofumpt_work_at \'- *\'' -l check -d 'print no file'
complete -c gofumpt-work -n '__gofumpt_work_at \'- *\'' -l canonical -d 'do what go work|mod edit -fmt does, nothing more'
complete -c gofumpt-work -n '__gofumpt_work_at \'- *\'' -l indent -x -a 'tab 2-space' -d 'indentation in blocks'
complete -c gofumpt-work -n '__gofumpt_work_at \'- *\'' -l kind -x -a 'work mod' -d 'what the files are, whatever their names and contents say'
complete -c gofumpt-work -n '__gofumpt_work_at \'- *\'' -l version -d 'show program\'s version number and exit'
complete -c gofumpt-work -n '__gofumpt_work_at \'- *\'' -F
