META
key;value
description;One vote each: equal shares alone funds nothing
country;South Korea
unit;Eunpyeong-gu
instance;2026
num_projects;2
num_votes;4
budget;10
vote_type;choose-1
rule;unknown
date_begin;02.11.2026
date_end;08.11.2026
min_length;1
max_length;1
PROJECTS
project_id;cost;votes;name
A;6;2;하나
B;6;2;둘
VOTES
voter_id;vote
1;A
2;A
3;B
4;B
