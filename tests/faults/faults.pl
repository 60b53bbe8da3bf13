# faults.pl KIND POINTS SHIM RESULT RESET COMMAND...: runs COMMAND once whole and then with one fault after another (shim.c has the
# kinds), at POINTS places spread evenly over all that there are (0: at all).  In front of every run the shell command RESET puts
# everything back, and RESULT, a file or "-" for none, is what -o writes; or "!" and a shell command that prints what there is to
# be seen of what COMMAND writes, with a line "left NAME" for each thing that a next run has to clear away.  After a fault the
# outcome must be one of
#   right    the same status, output and RESULT as without
#   refused  status 2 with a reason on standard error, and RESULT as it was before
#   told     (of reads) status 1 or 3, and the output says that something could not be read; or (of what "!" shows) status 2, RESULT
#            complete, and standard error says that it stands
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

# What is there now, as it is compared.
sub seen {
	return '' if $result eq '-';
	return slurp($result) if $result !~ /^!(.*)/s;
	my $text = `$1`;
	die "cannot look: $1\n" if $? != 0;
	return $text;
}

# The same without what a next run clears away.
sub settled {
	my ($file) = @_;
	$file =~ s/^left .*\n//mg if defined $file && $result =~ /^!/;
	return $file;
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
		file => seen(),
	};
}

sub put_back {
	system('sh', '-c', $reset) == 0 or die "cannot put back: $reset\n";
	return seen();
}

sub outcome {
	my ($whole, $again, $before, $r) = @_;
	if ($kind eq 'kill' && $r->{status} == 137) {
		my ($file, $next) = (settled($r->{file}), run(undef));
		my $then = same($file, $before) ? $whole : same($file, $whole->{file}) ? $again : return 'lost';
		return $next->{status} == $then->{status} && same($next->{file}, $then->{file}) ? 'killed' : 'lost';
	}
	return 'right' if $r->{status} == $whole->{status} && $r->{out} eq $whole->{out} && same($r->{file}, $whole->{file});
	return 'told' if $r->{status} == 2 && $result =~ /^!/ && same($r->{file}, $whole->{file}) && $r->{err} =~ /: (sealed|attached): /;
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
# One more behind that: what a next run makes of a complete result.
my $again = $kind eq 'kill' ? run(undef) : $twice;
die "fails without a fault: $whole->{err}\n" if $whole->{status} > 3 || $whole->{status} == 2;

my $places = $kind eq 'short' || $kind eq 'little' ? 1 : $all;
my $step = $points == 0 || $places <= $points ? 1 : $places / $points;
for (my $at = 1; $at <= $places; $at += $step) {
	my $n = int $at;
	put_back();
	my $r = run($n);
	my $how = outcome($whole, $again, $before, $r);
	$count{$how}++;
	my $left = $result =~ m{^(?!!)(.*/)?([^/]+)$} && $kind ne 'kill' ? join ' ', glob(($1 // '') . ".$2.??????") : '';
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
