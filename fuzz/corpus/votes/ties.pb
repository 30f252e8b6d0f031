META
key;value
description;Three equal projects, room for two
country;South Korea
unit;Eunpyeong-gu
instance;2026
num_projects;3
num_votes;6
budget;20
vote_type;approval
rule;unknown
date_begin;02.11.2026
date_end;08.11.2026
min_length;1
max_length;1
PROJECTS
project_id;cost;votes;name
9;10;2;아홉
10;10;2;열
8;9;2;여덟
VOTES
voter_id;vote
1;9
2;9
3;10
4;10
5;8
6;8
