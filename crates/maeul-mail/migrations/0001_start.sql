-- Letters that came in by e-mail. A new table: nothing is locked.

CREATE TABLE mail_message (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    -- The same letter to the same address is one, however often a mail server hands it over.
    mark bytea NOT NULL,
    state text NOT NULL,
    why text NOT NULL,
    received_at timestamptz NOT NULL,
    -- Our address, and what stood behind its plus.
    recipient text NOT NULL,
    tag text NOT NULL,
    size integer NOT NULL,
    -- Sender of the envelope and the letter whole, sealed.
    sent_by bytea NOT NULL,
    raw bytea NOT NULL,
    -- Sender, subject and words as read, sealed; none before it was read.
    shown bytea,
    sender_mark bytea,
    -- Of its Message-ID, by which answers to it are known.
    letter_mark bytea,
    -- What the receiving mail server found out about the sender.
    verdict text NOT NULL,
    pictures integer NOT NULL,
    others integer NOT NULL,
    case_id uuid,
    number text NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE UNIQUE INDEX mail_message_mark ON mail_message (office_id, mark);
CREATE INDEX mail_message_letter ON mail_message (office_id, letter_mark)
    WHERE letter_mark IS NOT NULL;
CREATE INDEX mail_message_sender ON mail_message (office_id, sender_mark, received_at)
    WHERE sender_mark IS NOT NULL;
CREATE INDEX mail_message_received ON mail_message (office_id, received_at);
