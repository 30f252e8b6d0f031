# Prints a token for RT's root.
use strict;
use warnings;
use lib '/usr/share/request-tracker5/lib';
use RT -init;
require RT::AuthToken;
my $root = RT::CurrentUser->new('root');
my ($id, $said, $token) = RT::AuthToken->new($root)->Create(Owner => $root->Id, Description => 'bench');
die "$said\n" unless $id;
print "$token\n";
