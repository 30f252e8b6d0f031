#!/bin/sh
# Installs the peers from Debian, as root, without asking, without starting anything and without setting up a database; see README.md.
set -eu
wanted="request-tracker5 rt5-db-postgresql rt5-standalone starman redmine redmine-pgsql puma msmtp-mta postgresql"
there() {
  # shellcheck disable=SC2086
  [ "$(dpkg-query -W -f '${db:Status-Status}\n' $wanted 2>/dev/null | grep -c '^installed$')" -eq "$(echo "$wanted" | wc -w)" ]
}
if there; then exit 0; fi
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
mine=
forget() { [ -z "$mine" ] || rm -f "$policy"; }
trap forget EXIT
trap "exit 1" INT TERM
# What is installed must not start: 101 is "forbidden" to invoke-rc.d.
[ -e "$policy" ] || {
  mine=yes
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod +x "$policy"
}
apt-get update -qq
debconf-set-selections <<'ANSWERS'
request-tracker5 request-tracker5/dbconfig-install boolean false
request-tracker5 request-tracker5/rtname string bench
redmine redmine/instances/default/dbconfig-install boolean false
ANSWERS
# The script of Debian's Redmine needs Debian's Bundler; Ruby's security updates brought a newer one that passes over it.
bundler() { dpkg -L ruby-bundler | sed -n 's|.*/specifications/bundler-\(.*\)\.gemspec$|\1|p'; }
apt-get install -y -qq --no-install-recommends ruby-bundler
BUNDLER_VERSION=$(bundler)
export BUNDLER_VERSION
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $wanted
