# faults.pl KIND POINTS SHIM RESULT RESET COMMAND...: runs COMMAND once whole and then with one fault after another (shim.c has the
# kinds), at POINTS places spread evenly over all that there are (0: at all).  In front of every run the shell command RESET puts
# everything back, and RESULT, a file or "-" for none, is what -o writes.  After a fault the outcome must be one of
#   right    the same status, output and RESULT as without
#   refused  status 2 with a reason on standard error, and RESULT as it was before
#   told     (of reads) status 1 or 3, and the output says that something could not be read
#   killed   RESULT as it was before or complete, and a next run gives what it should
# Anything else is lost.  Prints one line with the counts, and on standard error what was lost; the status is 1 then.
use strict;
use warnings;

my ($kind, $points, $shim, $result, $reset, @command) = @ARGV;
my %count = map { $_ => 0 } qw(right refused told killed lost);

sub slurp {
	my ($path) = @_;
	open my $f, '<:raw', $path or return undef;
	local $/;
	my $bytes = <$f>;
	return defined $bytes ? $bytes : '';
}

sub same {
	my ($x, $y) = @_;
	return defined $x ? defined $y && $x eq $y : !defined $y;
}

# One run with a fault at N (0: none, but counted); undef: without the shim.
sub run {
	my ($n) = @_;
	my $pid = fork // die "fork: $!\n";
	if ($pid == 0) {
		open STDOUT, '>', 'faults.out' or die;
		open STDERR, '>', 'faults.err' or die;
		if (defined $n) {
			$ENV{LD_PRELOAD} = $shim;
			$ENV{FAULT} = "$kind:$n";
			$ENV{FAULT_COUNT} = 'faults.count' if $n == 0;
		}
		alarm 60;
		exec @command or die "$command[0]: $!\n";
	}
	waitpid $pid, 0;
	return {
		status => $? & 127 ? 128 + ($? & 127) : $? >> 8,
		out => slurp('faults.out'), err => slurp('faults.err'),
		file => $result eq '-' ? '' : slurp($result),
	};
}

sub put_back {
	system('sh', '-c', $reset) == 0 or die "cannot put back: $reset\n";
	return $result eq '-' ? '' : slurp($result);
}

sub outcome {
	my ($whole, $before, $r) = @_;
	if ($kind eq 'kill' && $r->{status} == 137) {
		my ($file, $next) = ($r->{file}, run(undef));
		return (same($file, $before) || same($file, $whole->{file}))
		    && $next->{status} == $whole->{status} && same($next->{file}, $whole->{file}) ? 'killed' : 'lost';
	}
	return 'right' if $r->{status} == $whole->{status} && $r->{out} eq $whole->{out} && same($r->{file}, $whole->{file});
	if ($r->{status} == 2) {
		my $memory = $kind eq 'malloc' ? qr/out of memory|Cannot allocate memory/ : qr/./;
		return $r->{err} =~ $memory && same($r->{file}, $before) ? 'refused' : 'lost';
	}
	if ($kind eq 'read' && ($r->{status} == 1 || $r->{status} == 3)) {
		my %known = map { $_ => 1 } split /\n/, "$whole->{out}$whole->{err}" . ($whole->{file} // '');
		my @new = grep { !$known{$_} } split /\n/, "$r->{out}$r->{err}" . ($r->{file} // '');
		return (grep { /Input\/output error|unreadable|could not|not read|not be read|skipped/ } @new) ? 'told' : 'lost';
	}
	return 'lost';
}

my $before = put_back();
my $whole = run(0);
my $all = (slurp('faults.count') // die "the shim did not count: $whole->{err}\n") + 0;
# The second run without faults shows whether there is anything to compare with.
put_back();
my $twice = run(undef);
die "not the same twice: $twice->{status} $twice->{err}\n"
    if $twice->{status} != $whole->{status} || $twice->{out} ne $whole->{out} || !same($twice->{file}, $whole->{file});
die "fails without a fault: $whole->{err}\n" if $whole->{status} > 3 || $whole->{status} == 2;

my $places = $kind eq 'short' || $kind eq 'little' ? 1 : $all;
my $step = $points == 0 || $places <= $points ? 1 : $places / $points;
for (my $at = 1; $at <= $places; $at += $step) {
	my $n = int $at;
	put_back();
	my $r = run($n);
	my $how = outcome($whole, $before, $r);
	$count{$how}++;
	my $left = $result =~ m{^(.*/)?([^/]+)$} && $kind ne 'kill' ? join ' ', glob(($1 // '') . ".$2.??????") : '';
	if ($left ne '') {
		print STDERR "$kind:$n leaves $left\n";
		$count{lost}++;
		unlink split / /, $left;
	}
	print STDERR "$kind:$n of $all: status $r->{status}, ", length $r->{out}, " bytes of output\n", substr($r->{err}, 0, 600)
	    if $how eq 'lost';
}
my $injected = $count{right} + $count{refused} + $count{told} + $count{killed} + $count{lost};
print "$kind: $injected of $places places: $count{right} right, $count{refused} refused, $count{told} told, ",
    "$count{killed} killed, $count{lost} lost\n";
exit($count{lost} > 0 ? 1 : 0);
