-- Jobs are claimed office by office, in turn: what waits is found by office. Writing new jobs waits while
-- the index is built, over waiting jobs only. queue_job_due stays for servers of the release before.
CREATE INDEX queue_job_waiting ON queue_job (office_id, run_at) WHERE state = 'ready';
