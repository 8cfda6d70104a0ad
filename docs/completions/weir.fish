# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_weir_global_optspecs
    string join \n out= fail-on= broker= pattern= certainty= j/jobs= cache-dir= no-cache q/quiet no-color h/help V/version
end

function __fish_weir_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_weir_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_weir_using_subcommand
    set -l cmd (__fish_weir_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c weir -n "__fish_weir_needs_command" -l out -d 'Also write the documents here' -r -F
complete -c weir -n "__fish_weir_needs_command" -l fail-on -d 'Exit with 1 when there is something at this level or above' -r -f -a "gate\t'A failed gate'
critical\t'A critical finding'
warn\t'A warning or worse'
info\t'Anything'
never\t'Nothing'"
complete -c weir -n "__fish_weir_needs_command" -l broker -d 'Only this broker: kafka, rabbitmq, sqs, sns, eventbridge, nats, redis-streams, redis-pubsub, bull, …' -r
complete -c weir -n "__fish_weir_needs_command" -l pattern -d 'Only this pattern: pub-sub, event-sourcing, cqrs, saga' -r -f -a "pub-sub\t''
event-sourcing\t''
cqrs\t''
saga\t''"
complete -c weir -n "__fish_weir_needs_command" -l certainty -d 'How sure an answer must be: certain, likely, or even possible' -r -f -a "certain\t''
likely\t''
possible\t''"
complete -c weir -n "__fish_weir_needs_command" -s j -l jobs -d 'Threads; all cores when left out' -r
complete -c weir -n "__fish_weir_needs_command" -l cache-dir -d 'Folder for what can be reused in the next run; in your cache folder when left out' -r -F
complete -c weir -n "__fish_weir_needs_command" -l no-cache -d 'Read everything anew and keep nothing'
complete -c weir -n "__fish_weir_needs_command" -s q -l quiet -d 'No progress and no notes'
complete -c weir -n "__fish_weir_needs_command" -l no-color -d 'No colours and no links'
complete -c weir -n "__fish_weir_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c weir -n "__fish_weir_needs_command" -s V -l version -d 'Print version'
complete -c weir -n "__fish_weir_needs_command" -a "discover" -d 'The flow map: who sends what where, and who receives it'
complete -c weir -n "__fish_weir_needs_command" -a "validate" -d 'What can go wrong: findings with the way they hurt, and the four gates'
complete -c weir -n "__fish_weir_needs_command" -a "document" -d 'The catalog: every event, channel and flow as pages with diagrams'
complete -c weir -n "__fish_weir_needs_command" -a "show" -d 'The card of one channel, event or handler, for 3 am'
complete -c weir -n "__fish_weir_needs_command" -a "explain" -d 'How a finding or an operation came about, hop by hop'
complete -c weir -n "__fish_weir_needs_command" -a "rules" -d 'The rules, or the page of one rule'
complete -c weir -n "__fish_weir_needs_command" -a "packs" -d 'The libraries weir recognises; `packs check FILE` tests one of your own'
complete -c weir -n "__fish_weir_needs_command" -a "completions" -d 'Completions for a shell'
complete -c weir -n "__fish_weir_needs_command" -a "man" -d 'The manual page, as roff'
complete -c weir -n "__fish_weir_needs_command" -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c weir -n "__fish_weir_using_subcommand discover" -l format -d 'How the answer is written' -r -f -a "text\t''
json\t''"
complete -c weir -n "__fish_weir_using_subcommand discover" -l broker -d 'Only this broker: kafka, rabbitmq, sqs, sns, eventbridge, nats, redis-streams, redis-pubsub, bull, …' -r
complete -c weir -n "__fish_weir_using_subcommand discover" -l pattern -d 'Only this pattern: pub-sub, event-sourcing, cqrs, saga' -r -f -a "pub-sub\t''
event-sourcing\t''
cqrs\t''
saga\t''"
complete -c weir -n "__fish_weir_using_subcommand discover" -l certainty -d 'How sure an answer must be: certain, likely, or even possible' -r -f -a "certain\t''
likely\t''
possible\t''"
complete -c weir -n "__fish_weir_using_subcommand discover" -s j -l jobs -d 'Threads; all cores when left out' -r
complete -c weir -n "__fish_weir_using_subcommand discover" -l cache-dir -d 'Folder for what can be reused in the next run; in your cache folder when left out' -r -F
complete -c weir -n "__fish_weir_using_subcommand discover" -l no-cache -d 'Read everything anew and keep nothing'
complete -c weir -n "__fish_weir_using_subcommand discover" -s q -l quiet -d 'No progress and no notes'
complete -c weir -n "__fish_weir_using_subcommand discover" -l no-color -d 'No colours and no links'
complete -c weir -n "__fish_weir_using_subcommand discover" -s h -l help -d 'Print help'
complete -c weir -n "__fish_weir_using_subcommand validate" -l format -d 'How the answer is written' -r -f -a "text\t''
json\t''
sarif\t''
github\t''
markdown\t''"
complete -c weir -n "__fish_weir_using_subcommand validate" -l fail-on -d 'Exit with 1 when there is something at this level or above; critical findings and failed gates when left out' -r -f -a "gate\t'A failed gate'
critical\t'A critical finding'
warn\t'A warning or worse'
info\t'Anything'
never\t'Nothing'"
complete -c weir -n "__fish_weir_using_subcommand validate" -l baseline -d 'Findings that are accepted: the JSON of an earlier `weir validate`' -r -F
complete -c weir -n "__fish_weir_using_subcommand validate" -l rule -d 'Only this rule; may be given more than once' -r
complete -c weir -n "__fish_weir_using_subcommand validate" -l broker -d 'Only this broker: kafka, rabbitmq, sqs, sns, eventbridge, nats, redis-streams, redis-pubsub, bull, …' -r
complete -c weir -n "__fish_weir_using_subcommand validate" -l pattern -d 'Only this pattern: pub-sub, event-sourcing, cqrs, saga' -r -f -a "pub-sub\t''
event-sourcing\t''
cqrs\t''
saga\t''"
complete -c weir -n "__fish_weir_using_subcommand validate" -l certainty -d 'How sure an answer must be: certain, likely, or even possible' -r -f -a "certain\t''
likely\t''
possible\t''"
complete -c weir -n "__fish_weir_using_subcommand validate" -s j -l jobs -d 'Threads; all cores when left out' -r
complete -c weir -n "__fish_weir_using_subcommand validate" -l cache-dir -d 'Folder for what can be reused in the next run; in your cache folder when left out' -r -F
complete -c weir -n "__fish_weir_using_subcommand validate" -l no-cache -d 'Read everything anew and keep nothing'
complete -c weir -n "__fish_weir_using_subcommand validate" -s q -l quiet -d 'No progress and no notes'
complete -c weir -n "__fish_weir_using_subcommand validate" -l no-color -d 'No colours and no links'
complete -c weir -n "__fish_weir_using_subcommand validate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c weir -n "__fish_weir_using_subcommand document" -l out -d 'Folder for the pages; made when it is not there' -r -F
complete -c weir -n "__fish_weir_using_subcommand document" -l format -d 'How the pages are written' -r -f -a "md\t''"
complete -c weir -n "__fish_weir_using_subcommand document" -l broker -d 'Only this broker: kafka, rabbitmq, sqs, sns, eventbridge, nats, redis-streams, redis-pubsub, bull, …' -r
complete -c weir -n "__fish_weir_using_subcommand document" -l pattern -d 'Only this pattern: pub-sub, event-sourcing, cqrs, saga' -r -f -a "pub-sub\t''
event-sourcing\t''
cqrs\t''
saga\t''"
complete -c weir -n "__fish_weir_using_subcommand document" -l certainty -d 'How sure an answer must be: certain, likely, or even possible' -r -f -a "certain\t''
likely\t''
possible\t''"
complete -c weir -n "__fish_weir_using_subcommand document" -s j -l jobs -d 'Threads; all cores when left out' -r
complete -c weir -n "__fish_weir_using_subcommand document" -l cache-dir -d 'Folder for what can be reused in the next run; in your cache folder when left out' -r -F
complete -c weir -n "__fish_weir_using_subcommand document" -l no-cache -d 'Read everything anew and keep nothing'
complete -c weir -n "__fish_weir_using_subcommand document" -s q -l quiet -d 'No progress and no notes'
complete -c weir -n "__fish_weir_using_subcommand document" -l no-color -d 'No colours and no links'
complete -c weir -n "__fish_weir_using_subcommand document" -s h -l help -d 'Print help'
complete -c weir -n "__fish_weir_using_subcommand show" -l broker -d 'Only this broker: kafka, rabbitmq, sqs, sns, eventbridge, nats, redis-streams, redis-pubsub, bull, …' -r
complete -c weir -n "__fish_weir_using_subcommand show" -l pattern -d 'Only this pattern: pub-sub, event-sourcing, cqrs, saga' -r -f -a "pub-sub\t''
event-sourcing\t''
cqrs\t''
saga\t''"
complete -c weir -n "__fish_weir_using_subcommand show" -l certainty -d 'How sure an answer must be: certain, likely, or even possible' -r -f -a "certain\t''
likely\t''
possible\t''"
complete -c weir -n "__fish_weir_using_subcommand show" -s j -l jobs -d 'Threads; all cores when left out' -r
complete -c weir -n "__fish_weir_using_subcommand show" -l cache-dir -d 'Folder for what can be reused in the next run; in your cache folder when left out' -r -F
complete -c weir -n "__fish_weir_using_subcommand show" -l no-cache -d 'Read everything anew and keep nothing'
complete -c weir -n "__fish_weir_using_subcommand show" -s q -l quiet -d 'No progress and no notes'
complete -c weir -n "__fish_weir_using_subcommand show" -l no-color -d 'No colours and no links'
complete -c weir -n "__fish_weir_using_subcommand show" -s h -l help -d 'Print help'
complete -c weir -n "__fish_weir_using_subcommand explain" -l broker -d 'Only this broker: kafka, rabbitmq, sqs, sns, eventbridge, nats, redis-streams, redis-pubsub, bull, …' -r
complete -c weir -n "__fish_weir_using_subcommand explain" -l pattern -d 'Only this pattern: pub-sub, event-sourcing, cqrs, saga' -r -f -a "pub-sub\t''
event-sourcing\t''
cqrs\t''
saga\t''"
complete -c weir -n "__fish_weir_using_subcommand explain" -l certainty -d 'How sure an answer must be: certain, likely, or even possible' -r -f -a "certain\t''
likely\t''
possible\t''"
complete -c weir -n "__fish_weir_using_subcommand explain" -s j -l jobs -d 'Threads; all cores when left out' -r
complete -c weir -n "__fish_weir_using_subcommand explain" -l cache-dir -d 'Folder for what can be reused in the next run; in your cache folder when left out' -r -F
complete -c weir -n "__fish_weir_using_subcommand explain" -l no-cache -d 'Read everything anew and keep nothing'
complete -c weir -n "__fish_weir_using_subcommand explain" -s q -l quiet -d 'No progress and no notes'
complete -c weir -n "__fish_weir_using_subcommand explain" -l no-color -d 'No colours and no links'
complete -c weir -n "__fish_weir_using_subcommand explain" -s h -l help -d 'Print help'
complete -c weir -n "__fish_weir_using_subcommand rules" -s h -l help -d 'Print help'
complete -c weir -n "__fish_weir_using_subcommand packs; and not __fish_seen_subcommand_from check help" -s h -l help -d 'Print help'
complete -c weir -n "__fish_weir_using_subcommand packs; and not __fish_seen_subcommand_from check help" -f -a "check" -d 'Say what is wrong with a pack of your own'
complete -c weir -n "__fish_weir_using_subcommand packs; and not __fish_seen_subcommand_from check help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c weir -n "__fish_weir_using_subcommand packs; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help'
complete -c weir -n "__fish_weir_using_subcommand packs; and __fish_seen_subcommand_from help" -f -a "check" -d 'Say what is wrong with a pack of your own'
complete -c weir -n "__fish_weir_using_subcommand packs; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c weir -n "__fish_weir_using_subcommand completions" -s h -l help -d 'Print help'
complete -c weir -n "__fish_weir_using_subcommand man" -s h -l help -d 'Print help'
complete -c weir -n "__fish_weir_using_subcommand help; and not __fish_seen_subcommand_from discover validate document show explain rules packs completions man help" -f -a "discover" -d 'The flow map: who sends what where, and who receives it'
complete -c weir -n "__fish_weir_using_subcommand help; and not __fish_seen_subcommand_from discover validate document show explain rules packs completions man help" -f -a "validate" -d 'What can go wrong: findings with the way they hurt, and the four gates'
complete -c weir -n "__fish_weir_using_subcommand help; and not __fish_seen_subcommand_from discover validate document show explain rules packs completions man help" -f -a "document" -d 'The catalog: every event, channel and flow as pages with diagrams'
complete -c weir -n "__fish_weir_using_subcommand help; and not __fish_seen_subcommand_from discover validate document show explain rules packs completions man help" -f -a "show" -d 'The card of one channel, event or handler, for 3 am'
complete -c weir -n "__fish_weir_using_subcommand help; and not __fish_seen_subcommand_from discover validate document show explain rules packs completions man help" -f -a "explain" -d 'How a finding or an operation came about, hop by hop'
complete -c weir -n "__fish_weir_using_subcommand help; and not __fish_seen_subcommand_from discover validate document show explain rules packs completions man help" -f -a "rules" -d 'The rules, or the page of one rule'
complete -c weir -n "__fish_weir_using_subcommand help; and not __fish_seen_subcommand_from discover validate document show explain rules packs completions man help" -f -a "packs" -d 'The libraries weir recognises; `packs check FILE` tests one of your own'
complete -c weir -n "__fish_weir_using_subcommand help; and not __fish_seen_subcommand_from discover validate document show explain rules packs completions man help" -f -a "completions" -d 'Completions for a shell'
complete -c weir -n "__fish_weir_using_subcommand help; and not __fish_seen_subcommand_from discover validate document show explain rules packs completions man help" -f -a "man" -d 'The manual page, as roff'
complete -c weir -n "__fish_weir_using_subcommand help; and not __fish_seen_subcommand_from discover validate document show explain rules packs completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c weir -n "__fish_weir_using_subcommand help; and __fish_seen_subcommand_from packs" -f -a "check" -d 'Say what is wrong with a pack of your own'
