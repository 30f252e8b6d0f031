-- Agencies that speak Open311, and the cases sent to them. New tables: nothing is locked.

CREATE TABLE transfer_agency (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    code text NOT NULL,
    ord integer NOT NULL,
    active boolean NOT NULL,
    name_ko text NOT NULL,
    name_en text NOT NULL,
    phone text NOT NULL,
    -- Without a slash at the end.
    endpoint text NOT NULL,
    -- Empty where the agency publishes none.
    discovery text NOT NULL,
    jurisdiction text NOT NULL,
    format text NOT NULL,
    -- Whether it has the updates extension.
    updates boolean NOT NULL,
    alarm_hours integer NOT NULL,
    -- Sealed.
    api_key bytea,
    -- Our services with their codes and attributes.
    mapping jsonb NOT NULL,
    -- What its own list said the last time it was asked, and when.
    offered jsonb NOT NULL,
    checked_at timestamptz,
    check_failed jsonb,
    PRIMARY KEY (office_id, id)
);
CREATE UNIQUE INDEX transfer_agency_code ON transfer_agency (office_id, code);

CREATE TABLE transfer_case (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    -- Grows with every change: two hands never write over each other.
    version bigint NOT NULL,
    case_id uuid NOT NULL,
    number text NOT NULL,
    agency_id uuid NOT NULL,
    service text NOT NULL,
    state text NOT NULL,
    with_contact boolean NOT NULL,
    staff_id uuid NOT NULL,
    -- Exactly what is sent, sealed.
    request bytea NOT NULL,
    created_at timestamptz NOT NULL,
    -- The first try; where their list is searched for it.
    sent_at timestamptz,
    -- When something is to be done by itself; none: a person must.
    next_at timestamptz,
    tries integer NOT NULL,
    looks integer NOT NULL,
    -- How often they were asked and nothing was new.
    quiet integer NOT NULL,
    token text NOT NULL,
    reference text NOT NULL,
    remote_status text NOT NULL,
    remote_notes text NOT NULL,
    -- The last time the agency answered about it.
    heard_at timestamptz,
    -- What stands in the way, in both languages.
    why jsonb,
    ended_at timestamptz,
    PRIMARY KEY (office_id, id)
);
-- A case is with one agency at a time.
CREATE UNIQUE INDEX transfer_case_open ON transfer_case (office_id, case_id) WHERE ended_at IS NULL;
CREATE INDEX transfer_case_next ON transfer_case (office_id, next_at) WHERE next_at IS NOT NULL;

-- What was mirrored into the case, so that nothing is told twice.
CREATE TABLE transfer_heard (
    office_id integer NOT NULL,
    transfer_id uuid NOT NULL,
    update_id text NOT NULL,
    heard_at timestamptz NOT NULL,
    PRIMARY KEY (office_id, transfer_id, update_id)
);
