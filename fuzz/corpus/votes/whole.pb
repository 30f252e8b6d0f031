META
key;value
description;One project that everybody wants costs exactly the budget
country;South Korea
unit;Eunpyeong-gu
instance;2026
num_projects;1
num_votes;3
budget;100
vote_type;approval
rule;unknown
date_begin;02.11.2026
date_end;08.11.2026
min_length;1
max_length;1
fully_funded;1
PROJECTS
project_id;cost;votes;name
1;100;3;하나
VOTES
voter_id;vote
1;1
2;1
3;1
