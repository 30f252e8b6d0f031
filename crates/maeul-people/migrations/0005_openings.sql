-- What was opened in an emergency by someone without the right, for a short time, and its review;
-- and the browsers each person has signed in with, as keyed hashes of a random cookie. New tables
-- only: locks nothing that exists.

CREATE TABLE people_opening (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    staff_id uuid NOT NULL,
    what_kind text NOT NULL,
    what_id uuid NOT NULL,
    -- What the reviewer reads: a receipt number, never a name.
    label text NOT NULL,
    reason text NOT NULL,
    opened_at timestamptz NOT NULL,
    until_at timestamptz NOT NULL,
    address text,
    reviewed_at timestamptz,
    reviewed_by uuid,
    note text,
    CONSTRAINT people_opening_pk PRIMARY KEY (office_id, id),
    CONSTRAINT people_opening_staff_fk FOREIGN KEY (office_id, staff_id)
        REFERENCES people_staff (office_id, id)
);
CREATE INDEX people_opening_what_ix ON people_opening (office_id, what_kind, what_id);
CREATE INDEX people_opening_staff_ix ON people_opening (office_id, staff_id, until_at);
CREATE INDEX people_opening_at_ix ON people_opening (office_id, opened_at);

CREATE TABLE people_device (
    office_id integer NOT NULL,
    staff_id uuid NOT NULL,
    device_hash bytea NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    -- When the person was told on a page; none while they still have to be.
    told_at timestamptz,
    CONSTRAINT people_device_pk PRIMARY KEY (office_id, staff_id, device_hash),
    CONSTRAINT people_device_staff_fk FOREIGN KEY (office_id, staff_id)
        REFERENCES people_staff (office_id, id)
);
