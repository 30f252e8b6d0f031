-- What became of a message after the gateway took it. The column is added without rewriting rows;
-- the table is locked for an instant.
ALTER TABLE notice_message ADD COLUMN delivered_at timestamptz;
