-- Who looked at whose personal data: one row a look, chained by hash. New tables only: locks nothing.
-- people_reveal_log, where servers of the release before still write, is read by the job that chains,
-- which brings its rows over; it goes with a later release.
CREATE TABLE people_look (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    staff_id uuid NOT NULL,
    -- The officer's unit and role at that time; none where a release before this one did not say.
    unit_id uuid,
    role text NOT NULL,
    -- open, reveal, hand_over, download
    act text NOT NULL,
    what_kind text NOT NULL,
    what_id uuid NOT NULL,
    -- The case it belongs to, and the unit that case was with.
    case_ref uuid,
    owner_id uuid,
    -- Names of fields, never their contents, with a comma between.
    fields text NOT NULL,
    -- How many people it concerned.
    people integer NOT NULL,
    reason text NOT NULL,
    address text,
    CONSTRAINT people_look_pk PRIMARY KEY (office_id, id),
    CONSTRAINT people_look_staff_fk FOREIGN KEY (office_id, staff_id)
        REFERENCES people_staff (office_id, id)
);
CREATE INDEX people_look_at_ix ON people_look (office_id, at, id);
CREATE INDEX people_look_what_ix ON people_look (office_id, what_kind, what_id);
CREATE INDEX people_look_case_ix ON people_look (office_id, case_ref, at) WHERE case_ref IS NOT NULL;

-- Looks that are not chained yet: a job does it within a minute, so that no look waits for another.
CREATE TABLE people_look_waiting (
    office_id integer NOT NULL,
    look_id uuid NOT NULL,
    CONSTRAINT people_look_waiting_pk PRIMARY KEY (office_id, look_id)
);

-- The chain: each link's hash is made of the link before and of its look.
CREATE TABLE people_look_link (
    office_id integer NOT NULL,
    seq bigint NOT NULL,
    look_id uuid NOT NULL,
    hash bytea NOT NULL,
    -- Of the hash, with a key that is not in the database.
    mac bytea NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT people_look_link_pk PRIMARY KEY (office_id, seq),
    CONSTRAINT people_look_link_look_key UNIQUE (office_id, look_id)
);

-- The chain's end on each day, as it was published.
CREATE TABLE people_look_head (
    office_id integer NOT NULL,
    on_day date NOT NULL,
    seq bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT people_look_head_pk PRIMARY KEY (office_id, on_day)
);
