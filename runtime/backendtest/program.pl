# The program that the suite runs inside instances: one word says what it does. Perl is in every Debian base image.
use strict; use warnings; use IO::Socket::INET;
$| = 1;
my ($do, $arg) = @ARGV;
my $leave = 0;
$SIG{TERM} = sub { $leave = 1 };
sub nap { select(undef, undef, undef, 0.02) }
sub wait_for_term { nap() until $leave; print "bye\n"; exit 0 }
sub hog { my @all; push @all, "x" x 1_000_000 while 1 }
my %program = (
    exit  => sub { exit $arg },
    print => sub {
        print STDOUT "one\n"; nap(); print STDERR "two\n"; nap(); print STDOUT "three\n"; nap(); print STDOUT "open end";
    },
    sleep    => sub { print "ready\n"; wait_for_term() },
    stubborn => sub { $SIG{TERM} = 'IGNORE'; print "ready\n"; nap() while 1 },
    long     => sub { print STDOUT "x" x 40_000, "\n", "end\n" },
    count    => sub { print "line $_\n" for 1 .. $arg },
    env      => sub { print "$arg=", (defined $ENV{$arg} ? $ENV{$arg} : "unset"), "\n" },
    cat      => sub { open my $f, '<', $arg or die "$arg: $!\n"; print while <$f> },
    fill     => sub {
        open my $f, '>', '/tmp/filled' or die $!;
        print $f "x" x 1_000_000 for 1 .. $arg;
        close $f; print "ready\n"; wait_for_term();
    },
    busy => sub { print "ready\n"; 1 until $leave },
    hog  => sub { hog() },
    hogchild => sub {
        my $pid = fork();
        hog() if $pid == 0;
        waitpid $pid, 0; print "ready\n"; wait_for_term();
    },
    serve => sub {
        my $s = IO::Socket::INET->new(LocalPort => $ENV{PORT}, Listen => 16, ReuseAddr => 1) or die "listen: $!\n";
        print "ready\n";
        while (!$leave) {
            my $c = $s->accept or next;
            while (<$c>) { last if /^\r?\n$/ }
            print $c "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello";
            close $c;
        }
        exit 0;
    },
);
$program{$do}->();
