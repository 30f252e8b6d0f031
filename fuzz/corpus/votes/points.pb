META
key;value
description;Points for three projects
country;South Korea
unit;Eunpyeong-gu
instance;2026
num_projects;3
num_votes;3
budget;12
vote_type;cumulative
rule;unknown
date_begin;02.11.2026
date_end;08.11.2026
min_length;1
max_length;2
max_sum_points;3
PROJECTS
project_id;cost;votes;score;name
X;6;2;3;엑스
Y;6;2;4;와이
Z;5;1;1;제트
VOTES
voter_id;vote;points
1;X,Z;2,1
2;Y,X;2,1
3;Y;2
