-- The catalogue of services (민원 유형), loaded from services.toml.
CREATE TABLE cases_service (
    office_id integer NOT NULL,
    code text NOT NULL,
    ord integer NOT NULL,
    active boolean NOT NULL,
    -- The whole service as read from the file: it is never searched by the database.
    body jsonb NOT NULL,
    PRIMARY KEY (office_id, code)
);

CREATE TABLE cases_template (
    office_id integer NOT NULL,
    code text NOT NULL,
    ord integer NOT NULL,
    active boolean NOT NULL,
    body jsonb NOT NULL,
    PRIMARY KEY (office_id, code)
);

-- Grows with every change of services or templates, so that caches reload.
CREATE TABLE cases_catalogue (
    office_id integer NOT NULL,
    revision bigint NOT NULL,
    PRIMARY KEY (office_id)
);

-- One row a case: the sum of its events, kept for lists.
CREATE TABLE cases_case (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    version bigint NOT NULL,
    number text NOT NULL,
    client_key text,
    title text NOT NULL,
    body text NOT NULL,
    channel text NOT NULL,
    oral boolean NOT NULL,
    anonymous boolean NOT NULL,
    statutory boolean NOT NULL,
    lang text NOT NULL,
    petitioner_id uuid NOT NULL,
    state text NOT NULL,
    service_code text,
    answers jsonb NOT NULL,
    petition_kind text NOT NULL,
    dong_code text,
    located text NOT NULL,
    place_text text NOT NULL,
    lat_e7 bigint,
    lon_e7 bigint,
    cell bigint,
    unit_id uuid,
    unit_since timestamptz NOT NULL,
    assignee_id uuid,
    hops integer NOT NULL,
    received_at timestamptz NOT NULL,
    period text,
    calculator text,
    due_at timestamptz NOT NULL,
    due_on date,
    due jsonb,
    draft jsonb,
    closed_at timestamptz,
    outcome text,
    review_on date,
    answer text,
    satisfaction integer,
    reopened integer NOT NULL,
    followers integer NOT NULL,
    photos integer NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE UNIQUE INDEX cases_case_number ON cases_case (office_id, number);
CREATE UNIQUE INDEX cases_case_client_key ON cases_case (office_id, client_key) WHERE client_key IS NOT NULL;
-- The queues hold what is open, sorted by what is due first.
CREATE INDEX cases_case_unit ON cases_case (office_id, unit_id, due_at, id) WHERE state <> 'closed';
CREATE INDEX cases_case_assignee ON cases_case (office_id, assignee_id, due_at, id) WHERE state <> 'closed';
CREATE INDEX cases_case_open ON cases_case (office_id, due_at, id) WHERE state <> 'closed';
CREATE INDEX cases_case_recent ON cases_case (office_id, received_at, id);
CREATE INDEX cases_case_cell ON cases_case (office_id, cell, received_at) WHERE cell IS NOT NULL;
CREATE INDEX cases_case_review ON cases_case (office_id, review_on) WHERE review_on IS NOT NULL;

-- Append-only: what happened, in order. `seq` is the case's version after the event.
CREATE TABLE cases_event (
    office_id integer NOT NULL,
    case_id uuid NOT NULL,
    seq bigint NOT NULL,
    kind text NOT NULL,
    at timestamptz NOT NULL,
    actor_kind text NOT NULL,
    actor_id uuid,
    visibility text NOT NULL,
    data jsonb NOT NULL,
    PRIMARY KEY (office_id, case_id, seq)
);

-- The people behind a case. Name, telephone and e-mail are sealed; the hashes find an exact one.
CREATE TABLE cases_party (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    kind text NOT NULL,
    anonymous boolean NOT NULL,
    name bytea,
    phone bytea,
    email bytea,
    phone_hash bytea,
    email_hash bytea,
    prefers text,
    lang text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE INDEX cases_party_case ON cases_party (office_id, case_id);
CREATE INDEX cases_party_phone ON cases_party (office_id, phone_hash) WHERE phone_hash IS NOT NULL;
CREATE INDEX cases_party_email ON cases_party (office_id, email_hash) WHERE email_hash IS NOT NULL;

-- A resident's way in: the hash of the token in their link.
CREATE TABLE cases_access (
    office_id integer NOT NULL,
    token_hash bytea NOT NULL,
    case_id uuid NOT NULL,
    party_id uuid NOT NULL,
    expires_at timestamptz,
    PRIMARY KEY (office_id, token_hash)
);

-- One-time codes: the newest of a party counts.
CREATE TABLE cases_code (
    office_id integer NOT NULL,
    party_id uuid NOT NULL,
    code_hash bytea NOT NULL,
    sent_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    attempts integer NOT NULL,
    -- How many codes were sent in the hour that began at window_at.
    sent integer NOT NULL,
    window_at timestamptz NOT NULL,
    PRIMARY KEY (office_id, party_id)
);

-- A report being written on several screens; sealed, because it may hold a name and a telephone.
CREATE TABLE cases_draft (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    body bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE INDEX cases_draft_expires ON cases_draft (office_id, expires_at);

CREATE TABLE cases_photo (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    case_id uuid,
    draft_id uuid,
    ord integer NOT NULL,
    mime text NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    sha256 bytea NOT NULL,
    created_at timestamptz NOT NULL,
    thumb bytea NOT NULL,
    bytes bytea NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE INDEX cases_photo_case ON cases_photo (office_id, case_id, ord) WHERE case_id IS NOT NULL;
CREATE INDEX cases_photo_draft ON cases_photo (office_id, draft_id, ord) WHERE draft_id IS NOT NULL;

-- Receipt numbers are leased in blocks, in a transaction of their own: no intake waits for this row.
CREATE TABLE cases_number_lease (
    office_id integer NOT NULL,
    year integer NOT NULL,
    next bigint NOT NULL,
    PRIMARY KEY (office_id, year)
);

-- What the queues hold: sums, and the changes not yet added to them. The nil UUID stands for no
-- unit or no officer, the year 9999 for no due day, because a key cannot hold NULL.
CREATE TABLE cases_count (
    office_id integer NOT NULL,
    unit_id uuid NOT NULL,
    assignee_id uuid NOT NULL,
    state text NOT NULL,
    due_on date NOT NULL,
    n bigint NOT NULL,
    PRIMARY KEY (office_id, unit_id, assignee_id, state, due_on)
);

CREATE TABLE cases_count_delta (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    unit_id uuid NOT NULL,
    assignee_id uuid NOT NULL,
    state text NOT NULL,
    due_on date NOT NULL,
    n integer NOT NULL,
    PRIMARY KEY (office_id, id)
);
