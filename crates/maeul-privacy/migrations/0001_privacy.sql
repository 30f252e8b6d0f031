-- Personal data in the office's own hands. New tables: nothing is locked.

-- What the monthly review marks as unusual; without a row the defaults of docs/personal-data.md hold.
CREATE TABLE privacy_setting (
    office_id integer NOT NULL,
    many_opens integer NOT NULL,
    many_contacts integer NOT NULL,
    same_case integer NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by uuid NOT NULL,
    PRIMARY KEY (office_id)
);

-- That the looks of a month were reviewed, by whom, and what came of it. Only ever added to.
CREATE TABLE privacy_review (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    -- The first day of the month.
    month date NOT NULL,
    at timestamptz NOT NULL,
    staff_id uuid NOT NULL,
    note text NOT NULL,
    looks bigint NOT NULL,
    marked bigint NOT NULL,
    -- The end of the chain that was reviewed.
    head_seq bigint NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE INDEX privacy_review_month ON privacy_review (office_id, month, at);

-- For how long a kind of personal data is kept, from a day on. The latest in force counts; a kind
-- without a rule is kept.
CREATE TABLE privacy_rule (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    valid_from date NOT NULL,
    -- None: kept until another rule says otherwise.
    months integer,
    -- The article, ordinance or decision it rests on.
    basis text NOT NULL,
    set_at timestamptz NOT NULL,
    set_by uuid NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE INDEX privacy_rule_kind ON privacy_rule (office_id, kind, valid_from, set_at);

-- Cases whose personal data are kept whatever their age: a dispute, an audit, an investigation.
CREATE TABLE privacy_hold (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    number text NOT NULL,
    reason text NOT NULL,
    since timestamptz NOT NULL,
    set_by uuid NOT NULL,
    ended_at timestamptz,
    ended_by uuid,
    PRIMARY KEY (office_id, id)
);
CREATE UNIQUE INDEX privacy_hold_case ON privacy_hold (office_id, case_id) WHERE ended_at IS NULL;

-- The register of destruction: what was destroyed, how much, by which rule. Only ever added to.
CREATE TABLE privacy_destroyed (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    -- What was last needed before this.
    before_at timestamptz NOT NULL,
    records bigint NOT NULL,
    held bigint NOT NULL,
    busy bigint NOT NULL,
    months integer NOT NULL,
    basis text NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE INDEX privacy_destroyed_at ON privacy_destroyed (office_id, at, id);

-- What people asked to have erased, and what was decided.
CREATE TABLE privacy_erasure (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    party_id uuid NOT NULL,
    number text NOT NULL,
    asked_at timestamptz NOT NULL,
    -- Their own words, sealed.
    words bytea NOT NULL,
    -- asked, erased, refused
    state text NOT NULL,
    decided_at timestamptz,
    decided_by uuid,
    -- Told to the person.
    reason text NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE UNIQUE INDEX privacy_erasure_open ON privacy_erasure (office_id, case_id, party_id)
    WHERE state = 'asked';
CREATE INDEX privacy_erasure_at ON privacy_erasure (office_id, asked_at, id);
