# What fish completes for gowatchctl(1).
# Made by scripts/make-completions from the program's parser; edit that.

function __gowatchctl_place --description 'The verb, and how many words, or which option, the cursor is behind'
    set -l words (commandline -opc)
    set -l verb ''
    set -l count 0
    set -l waits no
    set -l many ''
    for word in $words[2..-1]
        if test $waits = yes
            set waits no
            continue
        end
        switch "$verb $word"
            case '* -C' '* --color'
                set waits yes
                set many ''
            case 'metrics --output'
                set waits yes
                set many ''
            case 'mute --for' 'mute --until'
                set waits yes
                set many ''
            case 'pause --for' 'pause --until'
                set waits yes
                set many ''
            case 'check --format'
                set waits yes
                set many ''
            case 'init --replace' 'init --min-depth' 'init --max-depth' 'init --exclude'
                set waits yes
                set many ''
            case 'fix --code'
                set waits yes
                set many ''
            case 'doctor --archive' 'doctor --sha256'
                set waits yes
                set many ''
            case 'log -n' 'log --lines' 'log --since' 'log --until' 'log --kind'
                set waits yes
                set many ''
            case 'matrix --format'
                set waits yes
                set many ''
            case 'graph --format'
                set waits yes
                set many ''
            case 'topology --binary'
                set waits yes
                set many ''
            case 'matrix --go'
                set many $word
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

function __gowatchctl_at --description 'VERB COUNT: whether the cursor is there'
    string match -q -- "$argv" (__gowatchctl_place)
end

function __gowatchctl_ask --description 'KIND: what the program answers'
    timeout 2 gowatchctl --complete $argv 2>/dev/null
end

function __gowatchctl_rules
    printf '%s\t%s\n' \
        syntax 'error: A go.work or go.mod does not parse.' \
        unreadable-file 'error: A go.work or go.mod may not be read.' \
        special-file 'warning: A go.work or go.mod is not a regular file.' \
        file-too-large 'warning: A go.work or go.mod is too large to be checked.' \
        missing-module-directive 'error: A go.mod has no module directive.' \
        invalid-module-path 'error: A module path cannot be imported.' \
        malformed-require 'error: A require names something that is no module path.' \
        invalid-tool-path 'error: A tool line names something that is no import path.' \
        module-in-temp-root 'warning: A go.mod stands in the system\'s folder for temporary files.' \
        use-missing-module 'error: A directory that go.work uses has no go.mod that could be read.' \
        use-invalid-module 'error: A directory that go.work uses has a go.mod that Go rejects.' \
        duplicate-use 'error: A go.work uses the same directory twice.' \
        duplicate-module 'error: Two directories that go.work uses declare the same module.' \
        empty-workspace 'error: A go.work uses nothing.' \
        module-not-in-use 'info: A module below go.work is not in use.' \
        captured-module 'warning: A go.work far above captures a repository that never asked for it.' \
        shadowed-workspace 'info: A go.work hides another one above it.' \
        case-collision 'warning: Two modules of a workspace differ in upper and lower case alone.' \
        unpublished-requirement 'warning: A module requires its sibling at a version that was never published.' \
        go-line-spelling 'info: Two go lines of a workspace name one release in two ways.' \
        go-line-too-low 'error: The go line of go.work is below that of a module it uses.' \
        go-line-too-new 'error: The go line demands a newer Go than the one that runs.' \
        go-line-below-dependency 'error: The go line of a go.mod is below that of a module that a local replacement brings in.' \
        replaced-workspace-module 'error: A go.work replaces one of its own modules.' \
        conflicting-replacements 'error: One file replaces the same module twice, differently.' \
        conflicting-member-replacements 'error: Two modules of a workspace replace the same module differently.' \
        conflicting-versioned-replacement 'error: A module replaces one version of what another module of the workspace replaces too, differently.' \
        replacement-missing 'error: A replace directive names a directory that holds no module.' \
        duplicate-require 'error: A go.mod requires the same module at different versions.' \
        excluded-require 'error: A go.mod requires a version that it excludes.' \
        useless-toolchain 'error: A toolchain line says nothing beyond the go line, and Go wants it gone.' \
        invalid-toolchain 'warning: A toolchain line names no toolchain that there could be.' \
        require-below-dependency 'error: A go.mod requires less of a module than what a local replacement brings in requires of it.' \
        self-require 'warning: A go.mod requires its own module.' \
        missing-go-line 'warning: A go.mod has no go line.' \
        invalid-go-version 'error: A go line has the form of a Go version, but Go cannot compare it with any.' \
        directive-too-new 'warning: A file has a directive that a Go version which its go line lets in does not know.' \
        shared-replacement 'error: One target replaces two modules.' \
        replacement-invalid 'error: A directory replaces a module, and its go.mod does not parse.' \
        replacement-other-path 'info: A directory replaces a module by whose name it does not go.' \
        leaking-replace 'info: A go.mod outside any workspace replaces a module by a directory.' \
        redundant-replace 'info: A go.mod replaces a module by the directory that go.work uses for it.' \
        ignored-replace 'warning: A go.mod replaces a module of its workspace, and Go ignores that.' \
        ignored-godebug 'warning: A go.mod sets a GODEBUG, and its workspace ignores it.' \
        invalid-retraction 'error: A retract line names a version that its module cannot have.' \
        unseen-deprecation 'warning: A comment says that the module is deprecated, and Go does not see it.' \
        retracted-require 'warning: A go.mod requires a version that the module at hand takes back.' \
        deprecated-require 'info: A go.mod requires a module at hand that calls itself deprecated.' \
        inconsistent-vendoring 'error: The vendor folder is out of date.' \
        malformed-go-sum 'error: A go.sum or go.work.sum has a line that is not module, version and hash.' \
        missing-go-sum-entry 'error: A go.sum lacks the hash of what its go.mod requires.' \
        invalid-godebug 'error: A godebug line sets what the toolchain does not know, or to what it refuses.' \
        goflags-against-workspace 'error: GOFLAGS forbids workspaces.' \
        modules-disabled 'error: GO111MODULE switches modules off, or says what Go does not understand.' \
        invalid-gowork 'error: GOWORK is not an absolute path, or that of no file.' \
        ignored-go-work 'warning: GOWORK makes go pass over this go.work.' \
        gopath-is-goroot 'warning: GOPATH and GOROOT are the same directory.' \
        file-in-module-cache 'warning: A go.work or go.mod stands in the module cache.' \
        file-in-gopath 'warning: A go.work or go.mod stands in GOPATH itself.'
end

function __gowatchctl_checks
    printf '%s\t%s\n' \
        session-bus 'There is no session bus, or it does not answer.' \
        user-manager 'Systemd\'s user manager does not answer.' \
        service 'The service is not installed, failed, was restarted, or is short of memory or CPU time.' \
        daemon 'The daemon does not answer, is of another version, or a part of it is off.' \
        configuration 'A file of the configuration has a mistake, or names a rule or a folder that there is none of.' \
        linger 'Lingering is off, and nobody is logged in on a desktop.' \
        notifications 'No server shows notifications, or it shows them without buttons.' \
        login-shell 'The login shell cannot be asked.' \
        environment 'Your shell exports what systemd\'s user manager does not have.' \
        units 'Some of your user units lack what they need of their environment.' \
        go 'There is no go command, or the daemon uses another one than you.' \
        go-on-path 'No go command is on your PATH, or several of different versions.' \
        goroot 'GOROOT is set, and leads to another toolchain than the one that runs.' \
        go-folders 'The folders of Go lie in one another, or are not yours.' \
        go-builds 'The toolchain builds no program, or none can be run.' \
        workspaces 'A folder on the way to a go.work or go.mod is closed to you, or the file is not yours to read or write.' \
        file-systems 'A workspace lies where the kernel does not tell of changes made elsewhere.' \
        inotify 'The inotify watches or instances of your account are nearly used up.' \
        state-folder 'The folder of the history cannot be written, or a damaged history was set aside.' \
        disk-space 'A disk that gowatchd or go writes to is full, or nearly.' \
        clock 'The clock is wrong.' \
        go-archive 'A downloaded Go release is damaged, forged, or for another machine.'
end

function __gowatchctl_actions
    printf '%s\t%s\n' \
        show 'print every key with the value that counts' \
        check 'say what is wrong in the files, or in FILE' \
        edit 'edit your file, check it, and have gowatchd read it' \
        schema 'print the JSON Schema, from which editors complete'
end

complete -c gowatchctl -f
complete -c gowatchctl -s h -l help -d 'show this help message and exit'
complete -c gowatchctl -s C -x -a '(__fish_complete_directories (commandline -ct))' -d 'go to DIR before anything else'
complete -c gowatchctl -l color -x -a 'auto always never' -d 'auto, the default, colours a terminal unless NO_COLOR is set'
complete -c gowatchctl -l json -d 'print JSON for programs'
complete -c gowatchctl -n '__gowatchctl_at \' *\'' -l version -d 'show program\'s version number and exit'
complete -c gowatchctl -n '__gowatchctl_at \' 0\'' -a status -d 'what the daemon watches, and how it is'
complete -c gowatchctl -n '__gowatchctl_at \' 0\'' -a metrics -d 'what the daemon did, in numbers for Prometheus'
complete -c gowatchctl -n '__gowatchctl_at \' 0\'' -a list -d 'what was found, and why it is watched'
complete -c gowatchctl -n '__gowatchctl_at \' 0\'' -a add -d 'watch what is below a directory, wherever that is'
complete -c gowatchctl -n '__gowatchctl_at \' 0\'' -a remove -d 'watch nothing below a directory'
complete -c gowatchctl -n '__gowatchctl_at \' 0\'' -a mute -d 'give no notifications of a workspace'
complete -c gowatchctl -n '__gowatchctl_at \' 0\'' -a unmute -d 'give notifications of a workspace again'
complete -c gowatchctl -n '__gowatchctl_at \' 0\'' -a pause -d 'write and notify nothing, for a while or until resumed'
complete -c gowatchctl -n '__gowatchctl_at \' 0\'' -a resume -d 'end a pause, and do what waits'
complete -c gowatchctl -n '__gowatchctl_at \' 0\'' -a check -d 'check the go.work and go.mod files below a directory'
complete -c gowatchctl -n '__gowatchctl_at \' 0\'' -a init -d 'begin a workspace over the modules that are there'
complete -c gowatchctl -n '__gowatchctl_at \' 0\'' -a fix -d 'mend what check finds and offers to mend'
complete -c gowatchctl -n '__gowatchctl_at \' 0\'' -a explain -d 'what a rule is about, and how to mend what it finds'
complete -c gowatchctl -n '__gowatchctl_at \' 0\'' -a env -d 'which user units lack their environment, and what mends that'
complete -c gowatchctl -n '__gowatchctl_at \' 0\'' -a doctor -d 'what gowatchd stands on here, and what helps where it does not work'
complete -c gowatchctl -n '__gowatchctl_at \' 0\'' -a config -d 'what is set, where, whether it is right, and how to change it'
complete -c gowatchctl -n '__gowatchctl_at \' 0\'' -a undo -d 'take back what the daemon wrote'
complete -c gowatchctl -n '__gowatchctl_at \' 0\'' -a diff -d 'what a change did, or formatting would do'
complete -c gowatchctl -n '__gowatchctl_at \' 0\'' -a log -d 'what the daemon did'
complete -c gowatchctl -n '__gowatchctl_at \' 0\'' -a matrix -d 'which Go versions take which module, and why not'
complete -c gowatchctl -n '__gowatchctl_at \' 0\'' -a graph -d 'who uses, requires and replaces whom'
complete -c gowatchctl -n '__gowatchctl_at \' 0\'' -a topology -d 'what the files say against what go makes of them'
complete -c gowatchctl -n '__gowatchctl_at \' 0\'' -a enable -d 'start the daemon, now and with your session'
complete -c gowatchctl -n '__gowatchctl_at \' 0\'' -a disable -d 'end the daemon, and start it no more for you'
complete -c gowatchctl -n '__gowatchctl_at \' 0\'' -a version -d 'the version of this program'
complete -c gowatchctl -n '__gowatchctl_at \'status *\'' -s w -l watch -d 'go on showing it as it changes, until Ctrl-C'
complete -c gowatchctl -n '__gowatchctl_at \'metrics *\'' -l output -r -F -d 'write into FILE at once and whole, for the textfile collector of node_exporter'
complete -c gowatchctl -n '__gowatchctl_at \'add *\'' -s n -l dry-run -d 'say what would be done, and do nothing'
complete -c gowatchctl -n '__gowatchctl_at \'add 0\'' -a '(__fish_complete_directories (commandline -ct))'
complete -c gowatchctl -n '__gowatchctl_at \'remove *\'' -s n -l dry-run -d 'say what would be done, and do nothing'
complete -c gowatchctl -n '__gowatchctl_at \'remove 0\'' -k -a '(__gowatchctl_ask workspaces) (__fish_complete_directories (commandline -ct))'
complete -c gowatchctl -n '__gowatchctl_at \'mute *\'' -s n -l dry-run -d 'say what would be done, and do nothing'
complete -c gowatchctl -n '__gowatchctl_at \'mute *\'' -l for -x -a '30m 1h 4h 1d 1w forever' -d '30m, 1h, \'2 days\', 1w, or forever, the default'
complete -c gowatchctl -n '__gowatchctl_at \'mute *\'' -l until -x -a '17:00 tomorrow' -d '17:00, \'tomorrow 8:00\', 2026-12-24 or \'2026-12-24 18:00\''
complete -c gowatchctl -n '__gowatchctl_at \'mute 0\'' -k -a '(__gowatchctl_ask workspaces) (__fish_complete_directories (commandline -ct))'
complete -c gowatchctl -n '__gowatchctl_at \'unmute *\'' -s n -l dry-run -d 'say what would be done, and do nothing'
complete -c gowatchctl -n '__gowatchctl_at \'unmute 0\'' -k -a '(__gowatchctl_ask muted) (__fish_complete_directories (commandline -ct))'
complete -c gowatchctl -n '__gowatchctl_at \'pause *\'' -s n -l dry-run -d 'say what would be done, and do nothing'
complete -c gowatchctl -n '__gowatchctl_at \'pause *\'' -l for -x -a '30m 1h 4h 1d 1w forever' -d '30m, 1h, \'2 days\', 1w, or forever, the default'
complete -c gowatchctl -n '__gowatchctl_at \'pause *\'' -l until -x -a '17:00 tomorrow' -d '17:00, \'tomorrow 8:00\', 2026-12-24 or \'2026-12-24 18:00\''
complete -c gowatchctl -n '__gowatchctl_at \'resume *\'' -s n -l dry-run -d 'say what would be done, and do nothing'
complete -c gowatchctl -n '__gowatchctl_at \'check *\'' -l format -x -a 'text json sarif github' -d 'text, json (as --json), sarif (SARIF 2.1.0), or github (workflow commands for its Actions)'
complete -c gowatchctl -n '__gowatchctl_at \'check *\'' -a '(__fish_complete_directories (commandline -ct))'
complete -c gowatchctl -n '__gowatchctl_at \'init *\'' -l discover -d 'use every module found below DIR, and do not ask'
complete -c gowatchctl -n '__gowatchctl_at \'init *\'' -s y -l yes -d 'answer every question with yes'
complete -c gowatchctl -n '__gowatchctl_at \'init *\'' -l replace -x -d 'write a replace directive into DIR/go.mod instead of a go.work (repeatable)'
complete -c gowatchctl -n '__gowatchctl_at \'init *\'' -l min-depth -x -d 'leave out modules less than N folders below DIR'
complete -c gowatchctl -n '__gowatchctl_at \'init *\'' -l max-depth -x -d 'leave out modules more than N folders below DIR'
complete -c gowatchctl -n '__gowatchctl_at \'init *\'' -l exclude -x -d 'leave out folders of this name, or, with a slash, of this path (repeatable)'
complete -c gowatchctl -n '__gowatchctl_at \'init *\'' -s n -l dry-run -d 'show what would change, and do nothing'
complete -c gowatchctl -n '__gowatchctl_at \'init 0\'' -a '(__fish_complete_directories (commandline -ct))'
complete -c gowatchctl -n '__gowatchctl_at \'fix *\'' -l code -x -a '(__gowatchctl_rules)' -d 'make the fixes of this rule (repeatable)'
complete -c gowatchctl -n '__gowatchctl_at \'fix *\'' -s n -l dry-run -d 'show what would change, and do nothing'
complete -c gowatchctl -n '__gowatchctl_at \'fix *\'' -a '(__fish_complete_directories (commandline -ct))'
complete -c gowatchctl -n '__gowatchctl_at \'explain *\'' -a '(__gowatchctl_rules)'
complete -c gowatchctl -n '__gowatchctl_at \'env *\'' -l all -d 'also units that are not your own'
complete -c gowatchctl -n '__gowatchctl_at \'env *\'' -l shared -d 'variables of all units, in ~/.config/environment.d'
complete -c gowatchctl -n '__gowatchctl_at \'env *\'' -l diff -d 'show the file that would mend it'
complete -c gowatchctl -n '__gowatchctl_at \'env *\'' -l apply -d 'write it and have systemd load it'
complete -c gowatchctl -n '__gowatchctl_at \'env *\'' -l undo -d 'remove our file again'
complete -c gowatchctl -n '__gowatchctl_at \'env *\'' -l reload -d 'with --apply: even if other units changed and are not loaded yet'
complete -c gowatchctl -n '__gowatchctl_at \'env *\'' -k -a '(__gowatchctl_ask units)'
complete -c gowatchctl -n '__gowatchctl_at \'doctor *\'' -l fix -d 'offer to mend what can be mended without root'
complete -c gowatchctl -n '__gowatchctl_at \'doctor *\'' -l yes -d 'with --fix: do not ask'
complete -c gowatchctl -n '__gowatchctl_at \'doctor *\'' -l archive -r -F -d 'check a downloaded release of Go, which is not fetched or unpacked'
complete -c gowatchctl -n '__gowatchctl_at \'doctor *\'' -l sha256 -x -d 'the SHA-256 that it should have'
complete -c gowatchctl -n '__gowatchctl_at \'doctor *\'' -a '(__gowatchctl_checks)'
complete -c gowatchctl -n '__gowatchctl_at \'config *\'' -l repository -d 'schema: that of a repository\'s .gowatchd.toml'
complete -c gowatchctl -n '__gowatchctl_at \'config *\'' -l origin -d 'show: say where each value comes from'
complete -c gowatchctl -n '__gowatchctl_at \'config 0\'' -a '(__gowatchctl_actions)'
complete -c gowatchctl -n '__gowatchctl_at \'config 1\'' -F
complete -c gowatchctl -n '__gowatchctl_at \'undo *\'' -s n -l dry-run -d 'show what would change, and do nothing'
complete -c gowatchctl -n '__gowatchctl_at \'undo 0\'' -k -a '(__gowatchctl_ask changes)'
complete -c gowatchctl -n '__gowatchctl_at \'diff *\'' -k -F -a '(__gowatchctl_ask changes)'
complete -c gowatchctl -n '__gowatchctl_at \'log *\'' -s n -l lines -x -d 'show the last N changes'
complete -c gowatchctl -n '__gowatchctl_at \'log *\'' -s f -l follow -d 'go on with what happens, until Ctrl-C'
complete -c gowatchctl -n '__gowatchctl_at \'log *\'' -l since -x -a '1h today yesterday 1w' -d 'show what happened from then on: \'2 h\', 9:00, yesterday, 2026-11-23 or \'2026-11-23 9:00\''
complete -c gowatchctl -n '__gowatchctl_at \'log *\'' -l until -x -a '1h today yesterday 1w' -d 'show what happened up to then, likewise'
complete -c gowatchctl -n '__gowatchctl_at \'log *\'' -l kind -x -a 'format fix env undo' -d 'show only these: format, fix, env or undo'
complete -c gowatchctl -n '__gowatchctl_at \'log *\'' -F
complete -c gowatchctl -n '__gowatchctl_at \'matrix *\'' -l go -x -a '1.27 1.26 1.25 1.24 1.23 1.22 1.21 1.20 1.19 1.18' -d 'ask for these, as 1.22 (any release of it) or 1.22.10, and exit with 1 if one of them is a no'
complete -c gowatchctl -n '__gowatchctl_at \'matrix --go\'' -a '1.27 1.26 1.25 1.24 1.23 1.22 1.21 1.20 1.19 1.18'
complete -c gowatchctl -n '__gowatchctl_at \'matrix *\'' -l format -x -a 'table json markdown' -d 'what to print it as'
complete -c gowatchctl -n '__gowatchctl_at \'matrix 0\'' -a '(__fish_complete_directories (commandline -ct))'
complete -c gowatchctl -n '__gowatchctl_at \'graph *\'' -l format -x -a 'tree dot mermaid svg json' -d 'what to print it as'
complete -c gowatchctl -n '__gowatchctl_at \'graph *\'' -l external -d 'show the modules that Go downloads too'
complete -c gowatchctl -n '__gowatchctl_at \'graph *\'' -l full -d 'draw every edge, those too that a longer way implies'
complete -c gowatchctl -n '__gowatchctl_at \'graph 0\'' -a '(__fish_complete_directories (commandline -ct))'
complete -c gowatchctl -n '__gowatchctl_at \'topology *\'' -l binary -r -F -d 'compare with what FILE was built from too'
complete -c gowatchctl -n '__gowatchctl_at \'topology 0\'' -a '(__fish_complete_directories (commandline -ct))'
complete -c gowatchctl -n '__gowatchctl_at \'enable *\'' -s n -l dry-run -d 'say what would be done, and do nothing'
complete -c gowatchctl -n '__gowatchctl_at \'disable *\'' -s n -l dry-run -d 'say what would be done, and do nothing'
