-- When what was sent to an agency was destroyed; to whom and when stays. The column is added without
-- rewriting rows; the table is locked for an instant.
ALTER TABLE transfer_case ADD COLUMN destroyed_at timestamptz;
