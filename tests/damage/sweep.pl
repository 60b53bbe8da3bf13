# sweep.pl STEP WHOLE TARGET K/N COMMAND...: cuts WHOLE at every STEP-th byte and at each of the last 20, and
# not at all; writes what is left to TARGET, and runs COMMAND.  Prints one JSON line for each cut, with the exit status (128 and more for a signal), what the
# command printed, as JSON or null, and what it wrote to standard error.  Takes every N-th cut from the K-th.
use strict;
use warnings;

my ($step, $whole, $target, $part, @command) = @ARGV;
my ($k, $n) = split m{/}, $part;

sub slurp {
	my ($path) = @_;
	open my $f, '<:raw', $path or die "$path: $!\n";
	local $/;
	my $bytes = <$f>;
	return defined $bytes ? $bytes : '';
}

sub quoted {
	my ($text) = @_;
	$text =~ s/([^ !#-\[\]-~])/sprintf '\\u%04x', ord $1/ge;
	return "\"$text\"";
}

my $bytes = slurp($whole);
my ($out, $err) = ("sweep.$k.out", "sweep.$k.err");
my @cuts = grep { $_ % $step == 0 || $_ >= length($bytes) - 20 } 0 .. length $bytes;
for (my $i = $k - 1; $i < @cuts; $i += $n) {
	my $cut = $cuts[$i];
	open my $f, '>:raw', $target or die "$target: $!\n";
	print $f substr $bytes, 0, $cut;
	close $f or die "$target: $!\n";
	my $pid = fork // die "fork: $!\n";
	if ($pid == 0) {
		open STDIN, '<', $target or die;
		open STDOUT, '>', $out or die;
		open STDERR, '>', $err or die;
		exec @command or die "$command[0]: $!\n";
	}
	waitpid $pid, 0;
	my $status = $? & 127 ? 128 + ($? & 127) : $? >> 8;
	my $result = slurp($out);
	$result =~ s/\n\s*//g;
	$result = 'null' if $result eq '';
	printf "{\"cut\":%d,\"status\":%d,\"stderr\":%s,\"result\":%s}\n", $cut, $status, quoted(slurp($err)), $result;
}
