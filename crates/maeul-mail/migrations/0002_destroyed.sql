-- When a letter was destroyed; that it came and what became of it stays. The column is added without
-- rewriting rows; the table is locked for an instant.
ALTER TABLE mail_message ADD COLUMN destroyed_at timestamptz;
