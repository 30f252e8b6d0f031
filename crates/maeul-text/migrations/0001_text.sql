-- The office's text-message line. Numbers and words are sealed; numbers are found by a keyed hash.

-- A number that texted. Whoever takes a text in writes this row first, so the texts of one number
-- are taken in one after another.
CREATE TABLE text_number (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    hash bytea NOT NULL,
    number bytea NOT NULL,
    -- Whether texts can be sent to it.
    mobile boolean NOT NULL,
    texts bigint NOT NULL,
    -- Since when it wants no texts (수신거부).
    stopped_at timestamptz,
    created_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE UNIQUE INDEX text_number_hash ON text_number (office_id, hash);

-- One matter of one number: its case, or praise, or what nobody could read.
CREATE TABLE text_talk (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    number_id uuid NOT NULL,
    kind text NOT NULL,
    -- Why it was set aside, where it was.
    aside text,
    case_ref uuid,
    unit_id uuid,
    service_code text,
    lang text NOT NULL,
    texts integer NOT NULL,
    opened_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    -- The day of its last text in Seoul.
    last_day date NOT NULL,
    -- When it is to be answered by the office's own promise; the law's due time is the case's.
    promised_at timestamptz NOT NULL,
    -- When nothing was owed any more: answered, passed on, looked at, or joined to another.
    settled_at timestamptz,
    joined_into uuid,
    PRIMARY KEY (office_id, id),
    FOREIGN KEY (office_id, number_id) REFERENCES text_number (office_id, id)
);
CREATE UNIQUE INDEX text_talk_case ON text_talk (office_id, case_ref) WHERE case_ref IS NOT NULL;
CREATE INDEX text_talk_open ON text_talk (office_id, promised_at, id) WHERE settled_at IS NULL;
CREATE INDEX text_talk_number ON text_talk (office_id, number_id, last_at);
CREATE INDEX text_talk_day ON text_talk (office_id, last_day, last_at);

-- A text that came in.
CREATE TABLE text_in (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    talk_id uuid NOT NULL,
    gateway text NOT NULL,
    body bytea NOT NULL,
    -- The bytes as they came, in hexadecimal, where they could not be read.
    raw bytea,
    -- Parts of a long text that never came.
    missing integer NOT NULL,
    day date NOT NULL,
    received_at timestamptz NOT NULL,
    -- How it was read against the matters that were open: docs/text-messages.md.
    reading jsonb NOT NULL,
    PRIMARY KEY (office_id, id),
    FOREIGN KEY (office_id, talk_id) REFERENCES text_talk (office_id, id)
);
CREATE INDEX text_in_talk ON text_in (office_id, talk_id, received_at, id);
CREATE INDEX text_in_day ON text_in (office_id, day);

-- Texts of ours that concern no case, by the id of their notice.
CREATE TABLE text_out (
    office_id integer NOT NULL,
    notice_id uuid NOT NULL,
    talk_id uuid NOT NULL,
    PRIMARY KEY (office_id, notice_id),
    FOREIGN KEY (office_id, talk_id) REFERENCES text_talk (office_id, id)
);
CREATE INDEX text_out_talk ON text_out (office_id, talk_id);

-- What a gateway handed over, by its own names: handed over twice it is taken once.
CREATE TABLE text_arrival (
    office_id integer NOT NULL,
    gateway text NOT NULL,
    reference text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (office_id, gateway, reference)
);
CREATE INDEX text_arrival_at ON text_arrival (office_id, at);

-- Parts of long texts that wait for the others.
CREATE TABLE text_part (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    number_id uuid NOT NULL,
    gateway text NOT NULL,
    reference integer NOT NULL,
    total integer NOT NULL,
    seq integer NOT NULL,
    coding integer NOT NULL,
    charset text NOT NULL,
    bytes bytea NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (office_id, id),
    FOREIGN KEY (office_id, number_id) REFERENCES text_number (office_id, id)
);
CREATE UNIQUE INDEX text_part_of ON text_part (office_id, number_id, reference, total, seq);
CREATE INDEX text_part_waits ON text_part (office_id, received_at);

-- Texts for a handset that fetches them.
CREATE TABLE text_handset (
    office_id integer NOT NULL,
    notice_id uuid NOT NULL,
    recipient bytea NOT NULL,
    body bytea NOT NULL,
    queued_at timestamptz NOT NULL,
    handed_at timestamptz,
    -- How often it was handed over.
    times integer NOT NULL,
    -- When the handset said that it has it.
    acked_at timestamptz,
    -- waiting, handed, ended
    state text NOT NULL,
    PRIMARY KEY (office_id, notice_id)
);
CREATE INDEX text_handset_waits ON text_handset (office_id, state, queued_at);

CREATE TABLE text_settings (
    office_id integer NOT NULL,
    promise_hours integer NOT NULL,
    skips_days_off boolean NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by uuid,
    PRIMARY KEY (office_id)
);
