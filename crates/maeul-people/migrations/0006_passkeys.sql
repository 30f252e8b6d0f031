-- Passkeys of staff, and what is handed out to sign in with once and soon: challenges of passkeys and
-- journeys to the office's own identity provider. New tables, and a column with a default: locks
-- nothing for long.

CREATE TABLE people_passkey (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    staff_id uuid NOT NULL,
    -- What the authenticator calls it; at most 1023 bytes.
    credential bytea NOT NULL,
    -- The SHA-256 of the credential's name, by which it is found.
    credential_hash bytea NOT NULL,
    -- The public key: es256, eddsa or rs256, and its bytes.
    algorithm text NOT NULL,
    public_key bytea NOT NULL,
    -- What the person calls it.
    label text NOT NULL,
    -- How often the authenticator says it was used; always 0 where it does not count.
    counter bigint NOT NULL,
    made_at timestamptz NOT NULL,
    used_at timestamptz,
    ended_at timestamptz,
    -- removed, credentials (all were reset), cloned (its counter went back)
    end_reason text,
    CONSTRAINT people_passkey_pk PRIMARY KEY (office_id, id),
    CONSTRAINT people_passkey_credential_key UNIQUE (office_id, credential_hash),
    CONSTRAINT people_passkey_staff_fk FOREIGN KEY (office_id, staff_id)
        REFERENCES people_staff (office_id, id)
);
CREATE INDEX people_passkey_staff_ix ON people_passkey (office_id, staff_id);

CREATE TABLE people_ticket (
    office_id integer NOT NULL,
    -- The SHA-256 of what was handed out.
    hash bytea NOT NULL,
    -- passkey_new, passkey, provider, provider_code
    kind text NOT NULL,
    -- For whom; none where nobody is known yet.
    staff_id uuid,
    -- The keyed hash of the browser it was handed to.
    browser_hash bytea NOT NULL,
    -- What the way back needs: never a secret.
    detail text NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT people_ticket_pk PRIMARY KEY (office_id, hash)
);
CREATE INDEX people_ticket_expires_ix ON people_ticket (office_id, expires_at);

-- How the session began: password, passkey, or the key of a provider.
ALTER TABLE people_session ADD COLUMN began_by text NOT NULL DEFAULT 'password';
