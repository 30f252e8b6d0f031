-- Jobs and facts wait here, written in the transaction of the act that wants them done.
CREATE TABLE queue_job (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    -- An effect wanted once: a second job of the same kind and key is not written.
    dedupe text,
    -- ready: waits, or is leased until locked_until; done: kept until purged; dead: given up, seen by the administrator.
    state text NOT NULL CHECK (state IN ('ready', 'done', 'dead')),
    run_at timestamptz NOT NULL,
    -- How often it was claimed; also tells an old claim from a new one.
    attempts integer NOT NULL,
    locked_until timestamptz,
    last_error text,
    created_at timestamptz NOT NULL,
    done_at timestamptz,
    PRIMARY KEY (office_id, id)
);

CREATE UNIQUE INDEX queue_job_dedupe ON queue_job (office_id, kind, dedupe) WHERE dedupe IS NOT NULL;

-- Claiming looks over all offices for what is due; done jobs are not in this index.
CREATE INDEX queue_job_due ON queue_job (run_at) WHERE state = 'ready';

-- For purging and for the list of dead jobs.
CREATE INDEX queue_job_ended ON queue_job (done_at) WHERE state <> 'ready';

-- The last slot of each schedule that was queued, so that two servers do not queue it twice.
CREATE TABLE queue_schedule (
    office_id integer NOT NULL,
    name text NOT NULL,
    slot_at timestamptz NOT NULL,
    PRIMARY KEY (office_id, name)
);
