-- Cases that are likely about the same matter, and what people decided about it. New tables:
-- nothing is locked.

-- Groups as a job last found them among open cases; a case is in at most one. The id of a group is
-- that of its oldest case.
CREATE TABLE cases_group (
    office_id integer NOT NULL,
    case_id uuid NOT NULL,
    group_id uuid NOT NULL,
    ord integer NOT NULL,
    -- Why it is here: the case it is most like, how much per mille, and the reasons in both
    -- languages; nothing for the first.
    with_id uuid,
    score integer NOT NULL,
    why jsonb NOT NULL,
    PRIMARY KEY (office_id, case_id)
);
CREATE INDEX cases_group_of ON cases_group (office_id, group_id, ord);

-- Pairs of which a member of staff said that they are not the same; the smaller id first.
CREATE TABLE cases_apart (
    office_id integer NOT NULL,
    one_id uuid NOT NULL,
    other_id uuid NOT NULL,
    by_id uuid,
    at timestamptz NOT NULL,
    PRIMARY KEY (office_id, one_id, other_id)
);

-- Cases that are answered together with another: each stays a case of its own, with its number, its
-- clock and its people, and gets the answer in its own letter.
CREATE TABLE cases_join (
    office_id integer NOT NULL,
    case_id uuid NOT NULL,
    lead_id uuid NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (office_id, case_id)
);
CREATE INDEX cases_join_lead ON cases_join (office_id, lead_id);
