-- Who wants to hear of what becomes public. New tables; nothing is locked.

-- An address that asked. It is here only while something is asked for with it: whoever stops the last
-- is forgotten with it.
CREATE TABLE follow_person (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    -- email, sms
    channel text NOT NULL,
    contact bytea NOT NULL,
    contact_hash bytea NOT NULL,
    -- Of the link by which they change and stop; the link itself is nowhere kept.
    link_hash bytea NOT NULL,
    lang text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE UNIQUE INDEX follow_person_contact ON follow_person (office_id, contact_hash);
CREATE UNIQUE INDEX follow_person_link ON follow_person (office_id, link_hash);

-- What somebody follows. A stopped one belongs to nobody and says only what kind it was.
CREATE TABLE follow_subscription (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    person_id uuid,
    -- case, dong, place, all
    what text NOT NULL,
    case_id uuid,
    dong_code text,
    -- The middle of a 250 m cell, degrees × 10^7.
    lat_e7 bigint,
    lon_e7 bigint,
    radius_m integer,
    service_code text,
    words text NOT NULL,
    -- The same wish of the same person is one row.
    wish_hash bytea,
    -- now, daily, weekly
    rhythm text NOT NULL,
    -- pending, active, stopped
    state text NOT NULL,
    -- News noted up to here were told.
    mark_at timestamptz NOT NULL,
    asked_at timestamptz NOT NULL,
    confirmed_at timestamptz,
    stopped_at timestamptz,
    PRIMARY KEY (office_id, id),
    FOREIGN KEY (office_id, person_id) REFERENCES follow_person (office_id, id)
);
CREATE UNIQUE INDEX follow_subscription_wish ON follow_subscription (office_id, person_id, wish_hash)
    WHERE person_id IS NOT NULL;
CREATE INDEX follow_subscription_due ON follow_subscription (office_id, state, rhythm, mark_at);

-- What proves that the address is theirs: of a link or of a code only a keyed hash is kept.
CREATE TABLE follow_confirmation (
    office_id integer NOT NULL,
    subscription_id uuid NOT NULL,
    secret_hash bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    tries integer NOT NULL,
    -- As it shall be once confirmed.
    rhythm text NOT NULL,
    lang text NOT NULL,
    PRIMARY KEY (office_id, subscription_id),
    FOREIGN KEY (office_id, subscription_id) REFERENCES follow_subscription (office_id, id)
);
CREATE INDEX follow_confirmation_secret ON follow_confirmation (office_id, secret_hash);

-- How many confirmations went to an address on a day, whoever asked for them.
CREATE TABLE follow_asked (
    office_id integer NOT NULL,
    contact_hash bytea NOT NULL,
    on_day date NOT NULL,
    asked integer NOT NULL,
    PRIMARY KEY (office_id, contact_hash, on_day)
);

-- Up to where the public picture was read.
CREATE TABLE follow_mark (
    office_id integer NOT NULL,
    at timestamptz,
    id uuid,
    noted_at timestamptz NOT NULL,
    -- What was public before anybody could follow is no news.
    caught_up boolean NOT NULL,
    PRIMARY KEY (office_id)
);

-- How each public case stood when it was last looked at: news is what differs from it.
CREATE TABLE follow_case (
    office_id integer NOT NULL,
    case_id uuid NOT NULL,
    state text NOT NULL,
    outcome text,
    reopened integer NOT NULL,
    due_at timestamptz,
    with_text boolean NOT NULL,
    PRIMARY KEY (office_id, case_id)
);

-- What happened to public cases, kept until the longest digest has gone out.
CREATE TABLE follow_news (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    kind text NOT NULL,
    happened_at timestamptz NOT NULL,
    -- Later than all that was noted before, whatever clocks say.
    noted_at timestamptz NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE INDEX follow_news_noted ON follow_news (office_id, noted_at);
CREATE INDEX follow_news_case ON follow_news (office_id, case_id);
