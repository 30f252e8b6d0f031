-- The address that stops such messages with one click (RFC 8058), sealed: it acts for its holder. The
-- column is added without rewriting rows; the table is locked for an instant.
ALTER TABLE notice_message ADD COLUMN one_click bytea;
