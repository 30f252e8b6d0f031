-- What came through Open311, and the two indexes by which other systems ask what is new. The new
-- tables lock nothing; the indexes are built while cases and events are locked against writing,
-- which takes about a second for a hundred thousand cases.

-- Which client sent which case: it may read it back and say what happened to it.
CREATE TABLE cases_relay (
    office_id integer NOT NULL,
    case_id uuid NOT NULL,
    client_id uuid NOT NULL,
    -- Exchanged for the number by clients that want tokens; not to be guessed.
    token text NOT NULL,
    -- Addresses of pictures as sent, one a line; nothing is fetched from them.
    media text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (office_id, case_id)
);
CREATE UNIQUE INDEX cases_relay_token ON cases_relay (office_id, token);

-- The updates clients sent, by their own ids, so that one sent twice is one.
CREATE TABLE cases_relay_update (
    office_id integer NOT NULL,
    client_id uuid NOT NULL,
    update_id text NOT NULL,
    case_id uuid NOT NULL,
    seq bigint NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (office_id, client_id, update_id)
);

-- When the catalogue of services was first seen as it is now.
CREATE TABLE cases_changeset (
    office_id integer NOT NULL,
    revision bigint NOT NULL,
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (office_id)
);

CREATE INDEX cases_case_changed ON cases_case (office_id, (COALESCE(closed_at, updated_at)));
CREATE INDEX cases_event_at ON cases_event (office_id, at, case_id, seq);
