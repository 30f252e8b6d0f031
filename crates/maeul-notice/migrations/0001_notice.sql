-- Messages to people outside. The address and the words are sealed: a link in them opens a case.
CREATE TABLE notice_message (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    case_ref uuid,
    channel text NOT NULL,
    recipient bytea NOT NULL,
    lang text NOT NULL,
    subject text NOT NULL,
    body bytea NOT NULL,
    state text NOT NULL,
    attempts integer NOT NULL,
    queued_at timestamptz NOT NULL,
    sent_at timestamptz,
    -- What the gateway called it, or why it failed.
    reference text,
    -- The same effect asked for twice is one message.
    dedupe text NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE UNIQUE INDEX notice_message_dedupe ON notice_message (office_id, dedupe);
CREATE INDEX notice_message_case ON notice_message (office_id, case_ref) WHERE case_ref IS NOT NULL;
