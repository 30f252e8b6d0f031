-- When the words of a conversation were destroyed; counts and times stay. The column is added without
-- rewriting rows; the table is locked for an instant.
ALTER TABLE text_talk ADD COLUMN destroyed_at timestamptz;
