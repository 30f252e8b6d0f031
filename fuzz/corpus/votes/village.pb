META
key;value
description;Four projects, ten voters: every rule ends differently
country;South Korea
unit;Eunpyeong-gu
instance;2026
num_projects;4
num_votes;10
budget;100
vote_type;approval
rule;unknown
date_begin;02.11.2026
date_end;08.11.2026
min_length;1
max_length;2
language;ko
currency;KRW
PROJECTS
project_id;cost;votes;name;category
A;60;6;골목 쉼터;safety
B;40;5;놀이터 그늘막;play
C;30;4;마을 텃밭;green
D;10;2;나눔 냉장고;green
VOTES
voter_id;vote;voting_method
1;A,B;internet
2;A,B;internet
3;A,B;internet
4;A,B;internet
5;A,B;internet
6;A;paper
7;C;paper
8;C;paper
9;C,D;paper
10;C,D;paper
