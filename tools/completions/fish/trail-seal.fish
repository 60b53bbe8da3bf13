# fish completion for trail-seal(1)

set -l findings certificate-expired custody-differs evidence-unreadable ledger-chain-broken ledger-cut ledger-malformed \
    ledger-unanchored manifest-altered manifest-missing object-added object-altered \
    object-moved object-removed signature-invalid signature-missing signature-untrusted \
    timestamp-invalid timestamp-missing timestamp-untrusted

complete -c trail-seal -l ledger -r -F -d 'the ledger'
complete -c trail-seal -l action -x -a 'collected received copied examined transferred' -d 'what was done'
complete -c trail-seal -l case -x -d 'the case'
complete -c trail-seal -l examiner -x -d 'who does it'
complete -c trail-seal -l exhibit -x -d 'the exhibit'
complete -c trail-seal -l organization -x -d 'for whom'
complete -c trail-seal -l note -x -d 'what there is to say'
complete -c trail-seal -l sign -r -F -d 'sign with this private key'
complete -c trail-seal -l cert -r -F -d 'its certificate; with --check who is trusted'
complete -c trail-seal -l passphrase-file -r -F -d 'the pass phrase of the key'
complete -c trail-seal -l passphrase-fd -x -d 'the same from a descriptor'
complete -c trail-seal -l manifest-format -x -a 'json hashdeep bagit dfxml' -d 'print the manifest'
complete -c trail-seal -l timestamp -r -F -d 'attach the answer to a request'
complete -c trail-seal -l entry -x -d 'another entry than the last'
complete -c trail-seal -l check -d 'prove that all is as it was sealed'
complete -c trail-seal -l ca -r -F -d 'authorities that are trusted'
complete -c trail-seal -l head -x -d 'the hash of an entry that you kept'
complete -c trail-seal -l explain -x -a "$findings" -d 'print what a finding means'
complete -c trail-seal -s f -l format -x -a 'text json' -d 'format of the result'
complete -c trail-seal -s o -l output -r -F -d 'write to this file'
complete -c trail-seal -s j -l jobs -x -d 'worker threads'
complete -c trail-seal -l tmpdir -x -a '(__fish_complete_directories)' -d 'where standard input is spooled'
complete -c trail-seal -l max-object -x -d 'largest object that is inflated'
complete -c trail-seal -l reproducible -d 'no times, arguments or host in JSON'
complete -c trail-seal -l color -x -a 'auto always never' -d 'colour the text'
complete -c trail-seal -l progress -x -a 'auto always never' -d 'show a progress bar'
complete -c trail-seal -s q -l quiet -d 'the verdict and the findings only, no progress'
complete -c trail-seal -s v -l verbose -d 'all findings, and the history'
complete -c trail-seal -s h -l help -d 'print a summary of the options'
complete -c trail-seal -s V -l version -d 'print the version'
