# fish completion for trail-verify(1)

set -l findings \
	algorithm-unknown backfill-time-unknown certificate-expired chain-fork chain-gap \
	chain-head-cut chain-overlap chain-phase-change chain-start chain-truncated \
	chain-window-broken conflict custody-differs digest-hash-mismatch digest-malformed \
	digest-metadata-altered digest-missing digest-reissued digest-relocated \
	digest-scope-mismatch digest-signature-invalid digest-trailing-data digest-unsigned \
	evidence-unreadable key-fingerprint-mismatch key-outside-validity key-unknown \
	lake-name-unsigned ledger-chain-broken ledger-cut ledger-malformed ledger-unanchored \
	log-duplicate-reference log-extra-header log-malformed log-missing log-modified \
	log-relocated log-scope-mismatch log-stored-inflated log-time-range \
	log-trailing-data log-undigested log-unlisted-copy log-unproven log-unreferenced \
	manifest-altered manifest-missing metadata-without-object object-added \
	object-altered object-moved object-removed signature-invalid signature-missing \
	signature-untrusted timestamp-invalid timestamp-missing timestamp-untrusted

complete -c trail-verify -l prove -x -d 'print the proof of one object'
complete -c trail-verify -l merge -d 'join the JSON results of all shards'
complete -c trail-verify -l explain -x -a "$findings" -d 'print what a finding means'
complete -c trail-verify -s k -l keys -r -F -d 'public keys'
complete -c trail-verify -s m -l metadata -r -F -d 'S3 object metadata'
complete -c trail-verify -l since -x -d 'from this time on (UTC)'
complete -c trail-verify -l until -x -d 'up to before this time (UTC)'
complete -c trail-verify -l account -x -d 'only this account'
complete -c trail-verify -l region -x -d 'only this region'
complete -c trail-verify -l trail -x -d 'only this trail'
complete -c trail-verify -s f -l format -x -a 'text json html' -d 'format of the result'
complete -c trail-verify -s o -l output -r -F -d 'write to this file'
complete -c trail-verify -s j -l jobs -x -d 'worker threads'
complete -c trail-verify -l shard -x -d 'only shard K/N'
complete -c trail-verify -l tmpdir -x -a '(__fish_complete_directories)' -d 'where standard input is spooled'
complete -c trail-verify -l max-object -x -d 'cap on one inflated object'
complete -c trail-verify -l max-total -x -d 'cap on what one source inflates to'
complete -c trail-verify -l reproducible -d 'no times, arguments or host in JSON'
complete -c trail-verify -l color -x -a 'auto always never' -d 'colour the text'
complete -c trail-verify -l progress -x -a 'auto always never' -d 'show a progress bar'
complete -c trail-verify -s q -l quiet -d 'the verdict and the findings only'
complete -c trail-verify -s v -l verbose -d 'a line for every object too'
complete -c trail-verify -s h -l help -d 'print a summary of the options'
complete -c trail-verify -s V -l version -d 'print the version'
