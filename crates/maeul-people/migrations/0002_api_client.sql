-- Programs of others that may call our interfaces, each with a key of its own; of the key only the
-- SHA-256 is kept. A new table only: locks nothing that exists.
CREATE TABLE people_api_client (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    key_hash bytea NOT NULL,
    -- The last letters of the key, so that two can be told apart.
    key_end text NOT NULL,
    -- Words with a comma between.
    scopes text NOT NULL,
    per_minute integer NOT NULL,
    tokens boolean NOT NULL,
    created_at timestamptz NOT NULL,
    created_by_kind text NOT NULL,
    created_by uuid,
    last_used_at timestamptz,
    revoked_at timestamptz,
    revoked_by_kind text,
    revoked_by uuid,
    CONSTRAINT people_api_client_pk PRIMARY KEY (office_id, id),
    CONSTRAINT people_api_client_key UNIQUE (office_id, key_hash),
    CONSTRAINT people_api_client_rate CHECK (per_minute > 0)
);
-- A revoked client's name may be given again.
CREATE UNIQUE INDEX people_api_client_name ON people_api_client (office_id, name)
    WHERE revoked_at IS NULL;
