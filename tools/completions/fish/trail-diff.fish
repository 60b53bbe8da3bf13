# fish completion for trail-diff(1)

set -l paths \
	/additionalEventData /eventCategory /eventVersion /managementEvent /requestID /resources \
	/responseElements /sharedEventID /sourceIPAddress /tlsDetails /userAgent /userIdentity

complete -c trail-diff -l ignore -x -a "$paths" -d 'leave this member out (JSON Pointer)'
complete -c trail-diff -l objects -d 'compare objects only'
complete -c trail-diff -l events -d 'compare events only'
complete -c trail-diff -l stat -d 'print counts only'
complete -c trail-diff -l memory -x -d 'memory for sorting'
complete -c trail-diff -l explain -x -a 'conflict log-modified log-undigested log-unreferenced log-unproven' -d 'print what a finding means'
complete -c trail-diff -s k -l keys -r -F -d 'public keys'
complete -c trail-diff -s m -l metadata -r -F -d 'S3 object metadata'
complete -c trail-diff -l since -x -d 'from this time on (UTC)'
complete -c trail-diff -l until -x -d 'up to before this time (UTC)'
complete -c trail-diff -l account -x -d 'only this account'
complete -c trail-diff -l region -x -d 'only this region'
complete -c trail-diff -l trail -x -d 'only this trail'
complete -c trail-diff -s f -l format -x -a 'text json html' -d 'format of the result'
complete -c trail-diff -s o -l output -r -F -d 'write to this file'
complete -c trail-diff -s j -l jobs -x -d 'worker threads'
complete -c trail-diff -l shard -x -d 'only shard K/N'
complete -c trail-diff -l tmpdir -x -a '(__fish_complete_directories)' -d 'where spooled and sorted data goes'
complete -c trail-diff -l max-object -x -d 'cap on one inflated object'
complete -c trail-diff -l max-total -x -d 'cap on what one source inflates to'
complete -c trail-diff -l reproducible -d 'no times, arguments or host in JSON'
complete -c trail-diff -l color -x -a 'auto always never' -d 'colour the text'
complete -c trail-diff -l progress -x -a 'auto always never' -d 'show a progress bar'
complete -c trail-diff -s q -l quiet -d 'the verdict and the differences only'
complete -c trail-diff -s v -l verbose -d 'name all that was skipped, too'
complete -c trail-diff -s h -l help -d 'print a summary of the options'
complete -c trail-diff -s V -l version -d 'print the version'
