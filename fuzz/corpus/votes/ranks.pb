META
key;value
description;Rankings of different length
country;South Korea
unit;Eunpyeong-gu
instance;2026
num_projects;3
num_votes;3
budget;10
vote_type;ordinal
rule;unknown
date_begin;02.11.2026
date_end;08.11.2026
min_length;2
max_length;3
PROJECTS
project_id;cost;votes;score;name
A;5;3;5;하나
B;5;3;6;둘
C;5;2;4;셋
VOTES
voter_id;vote
1;A,B,C
2;B,A
3;C,B,A
