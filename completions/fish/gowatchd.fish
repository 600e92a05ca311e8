# What fish completes for gowatchd(1).
# Made by scripts/make-completions from the program's parser; edit that.

function __gowatchd_place --description 'The verb, and how many words, or which option, the cursor is behind'
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
            case '- --root' '- --config' '- --log-level'
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

function __gowatchd_at --description 'VERB COUNT: whether the cursor is there'
    string match -q -- "$argv" (__gowatchd_place)
end

complete -c gowatchd -f
complete -c gowatchd -n '__gowatchd_at \'- *\'' -s h -l help -d 'show this help message and exit'
complete -c gowatchd -n '__gowatchd_at \'- *\'' -l root -x -a '(__fish_complete_directories (commandline -ct))' -d 'watch below DIR, not the configured roots'
complete -c gowatchd -n '__gowatchd_at \'- *\'' -l config -r -F -d 'read FILE instead of the usual configuration files'
complete -c gowatchd -n '__gowatchd_at \'- *\'' -l dry-run -d 'write no file'
complete -c gowatchd -n '__gowatchd_at \'- *\'' -l log-level -x -a 'debug info warning error' -d 'how much to say'
complete -c gowatchd -n '__gowatchd_at \'- *\'' -l version -d 'show program\'s version number and exit'
