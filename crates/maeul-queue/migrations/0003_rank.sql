-- Jobs that others wait for go before those that can wait, however many of these there are. Servers of the
-- release before write jobs of the common rank and find theirs by the same index, so the two older indices,
-- which cost every new job a write, can go.
ALTER TABLE queue_job ADD COLUMN rank integer NOT NULL DEFAULT 1;
CREATE INDEX queue_job_ranked ON queue_job (office_id, rank, run_at) WHERE state = 'ready';
DROP INDEX queue_job_waiting;
DROP INDEX queue_job_due;
