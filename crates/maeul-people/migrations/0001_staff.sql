-- Staff, their sign-in and sessions, and the logs the safety standard of personal data asks for.
-- New tables only: locks nothing that exists. The logs are only ever added to.

CREATE TABLE people_staff (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    login text NOT NULL,
    name text NOT NULL,
    unit_id uuid NOT NULL,
    role text NOT NULL,
    phone text NOT NULL,
    email text NOT NULL,
    password_hash text NOT NULL,
    totp_secret bytea NOT NULL,
    totp_last_step bigint NOT NULL,
    must_change_password boolean NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    created_at timestamptz NOT NULL,
    CONSTRAINT people_staff_pk PRIMARY KEY (office_id, id),
    CONSTRAINT people_staff_login_key UNIQUE (office_id, login),
    CONSTRAINT people_staff_unit_fk FOREIGN KEY (office_id, unit_id)
        REFERENCES org_unit (office_id, id)
);
CREATE INDEX people_staff_unit_ix ON people_staff (office_id, unit_id);

-- The token itself is only in the browser; here is its SHA-256.
CREATE TABLE people_session (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    token_hash bytea NOT NULL,
    staff_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    idle_until timestamptz NOT NULL,
    absolute_until timestamptz NOT NULL,
    user_agent text,
    ended_at timestamptz,
    CONSTRAINT people_session_pk PRIMARY KEY (office_id, id),
    CONSTRAINT people_session_token_key UNIQUE (office_id, token_hash),
    CONSTRAINT people_session_staff_fk FOREIGN KEY (office_id, staff_id)
        REFERENCES people_staff (office_id, id)
);
CREATE INDEX people_session_staff_ix ON people_session (office_id, staff_id);

-- Failures in a row for each name that was tried, whether or not it exists, so that a lock tells
-- nobody which names exist.
CREATE TABLE people_sign_in_guard (
    office_id integer NOT NULL,
    login_hash bytea NOT NULL,
    failed_count integer NOT NULL,
    last_failed_at timestamptz NOT NULL,
    locked_until timestamptz,
    CONSTRAINT people_sign_in_guard_pk PRIMARY KEY (office_id, login_hash)
);

CREATE TABLE people_sign_in_log (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    login_hash bytea NOT NULL,
    staff_id uuid,
    outcome text NOT NULL,
    address text,
    CONSTRAINT people_sign_in_log_pk PRIMARY KEY (office_id, id)
);

-- Who looked at whose personal data, which field and why.
CREATE TABLE people_reveal_log (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    staff_id uuid NOT NULL,
    what_kind text NOT NULL,
    what_id uuid NOT NULL,
    field text NOT NULL,
    reason text NOT NULL,
    address text,
    CONSTRAINT people_reveal_log_pk PRIMARY KEY (office_id, id),
    CONSTRAINT people_reveal_log_staff_fk FOREIGN KEY (office_id, staff_id)
        REFERENCES people_staff (office_id, id)
);
CREATE INDEX people_reveal_log_what_ix ON people_reveal_log (office_id, what_kind, what_id);

-- Every grant, change and removal of an account's rights.
CREATE TABLE people_account_log (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    staff_id uuid NOT NULL,
    by_kind text NOT NULL,
    by_staff_id uuid,
    change text NOT NULL,
    detail text NOT NULL,
    CONSTRAINT people_account_log_pk PRIMARY KEY (office_id, id),
    CONSTRAINT people_account_log_staff_fk FOREIGN KEY (office_id, staff_id)
        REFERENCES people_staff (office_id, id)
);
CREATE INDEX people_account_log_staff_ix ON people_account_log (office_id, staff_id);
