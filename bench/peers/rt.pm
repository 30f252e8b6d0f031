# How Request Tracker is run here, in place of all that stands in /etc; the rest is as RT has it.
Set($rtname, 'bench');
Set($Organization, 'bench');
Set($WebDomain, '127.0.0.1');
Set($WebPort, $ENV{BENCH_PORT});
Set($Timezone, 'UTC');
Set($DatabaseType, 'Pg');
Set($DatabaseHost, '127.0.0.1');
Set($DatabasePort, $ENV{BENCH_PGPORT});
Set($DatabaseName, 'rt');
Set($DatabaseUser, 'rt');
Set($DatabasePassword, 'rt');
Set($DatabaseAdmin, 'postgres');
Set($LogToSyslog, undef);
Set($LogToSTDERR, 'warning');
# Mail is written and then dropped: nothing is started for it.
Set($MailCommand, sub { 1 });
# Faster here than w3m, which Debian recommends and which is started for every mail.
Set($HTMLFormatter, 'core');
# A token is proved with bcrypt at every call; with the usual 12 that alone takes a quarter of a second.
Set($BcryptCost, 4);
1;
