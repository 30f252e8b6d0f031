-- The letters of a case are asked for on its page and before a letter of ours answers them. Building the
-- index holds up writing for as long as the table is read once.
CREATE INDEX mail_message_case ON mail_message (office_id, case_id, received_at)
    WHERE case_id IS NOT NULL;
