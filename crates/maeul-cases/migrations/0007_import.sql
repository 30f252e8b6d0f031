-- Files of cases of another system that an administrator takes in on a page: how far each is, and the
-- file itself, sealed, for as long as it is needed. New tables: nothing is locked.

CREATE TABLE cases_import (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    -- What its sender called the file, and how it is written.
    name text NOT NULL,
    shape text NOT NULL,
    size bigint NOT NULL,
    -- Which of its columns are which; empty where they are named as in the bulk form.
    mapping text NOT NULL,
    state text NOT NULL,
    lang text NOT NULL,
    by_staff uuid,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    -- Rows of the whole file, once they were counted; rows worked on; cases that are new, and that
    -- were there; rows refused.
    total bigint,
    done bigint NOT NULL,
    fresh bigint NOT NULL,
    known bigint NOT NULL,
    refused bigint NOT NULL,
    -- What the rows were like, sealed: a wrong mapping may count names.
    survey bytea NOT NULL,
    -- Why the file cannot be read on, in both languages.
    problem jsonb,
    PRIMARY KEY (office_id, id)
);
CREATE INDEX cases_import_created ON cases_import (office_id, created_at);

-- Pieces of the file (kind file) and of its refused rows as they stood (kind refused), sealed.
CREATE TABLE cases_import_part (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    import_id uuid NOT NULL,
    kind text NOT NULL,
    part integer NOT NULL,
    bytes bytea NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE UNIQUE INDEX cases_import_part_of ON cases_import_part (office_id, import_id, kind, part);
