-- Which of the office's identity providers a session began with, and the word by which it vouched (the ID
-- token, sealed): with it the provider knows whom to sign out when the person leaves. The row is made when
-- the provider has vouched, and goes with the session. A new table only: locks nothing that exists.

CREATE TABLE people_vouched (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    -- The provider's name in the settings; empty for the one without a name.
    provider text NOT NULL,
    -- None while the one-time code is still to come.
    session_id uuid,
    -- None where the provider has no way out, or the token would not fit into an address.
    id_token bytea,
    expires_at timestamptz NOT NULL,
    CONSTRAINT people_vouched_pk PRIMARY KEY (office_id, id),
    CONSTRAINT people_vouched_session_key UNIQUE (office_id, session_id),
    CONSTRAINT people_vouched_session_fk FOREIGN KEY (office_id, session_id)
        REFERENCES people_session (office_id, id)
);
CREATE INDEX people_vouched_expires_ix ON people_vouched (office_id, expires_at);
