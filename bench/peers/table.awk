# The best row of each program at each number of connections, and how many times as much Maeul received.
{
  at = $1 SUBSEP $3
  if (!($1 in seen)) { seen[$1] = 1; program[++programs] = $1 }
  if (!($3 in met)) { met[$3] = 1; connections[++steps] = $3 }
  if (!(at in rate) || $5 > rate[at]) { rate[at] = $5; workers[at] = $2; median[at] = $6; late[at] = $7 }
}
function times(ours, at) { return rate[at] && rate[ours] ? sprintf("%.0f", rate[ours] / rate[at]) : "" }
END {
  print "| program | connections | cases/s | median ms | p99 ms | workers | Maeul on SQLite, × | Maeul on PostgreSQL, × |"
  print "|---|---|---|---|---|---|---|---|"
  for (i = 1; i <= programs; i++)
    for (j = 1; j <= steps; j++) {
      at = program[i] SUBSEP connections[j]
      peer = program[i] !~ /^Maeul/
      printf "| %s | %s | %s | %s | %s | %s | %s | %s |\n", program[i], connections[j], rate[at], median[at], late[at], workers[at],
        peer ? times("Maeul, SQLite" SUBSEP connections[j], at) : "", peer ? times("Maeul, PostgreSQL" SUBSEP connections[j], at) : ""
    }
}
