-- What everybody may see, and nothing else: pages, figures and files read these tables only. New
-- tables; nothing is locked. Filled by jobs from what is there already.

-- The picture of one case. What may only be counted has no id, no place and no steps; what was
-- public once and is no longer keeps an empty row, so that who copied it can be told.
CREATE TABLE public_case (
    office_id integer NOT NULL,
    case_id uuid NOT NULL,
    level text NOT NULL,
    -- Shown as a case of its own: the outline or more.
    listed boolean NOT NULL,
    -- Was shown at some time: who copied it must hear when it goes.
    ever_listed boolean NOT NULL,
    public_id text,
    service_code text,
    dong_code text,
    unit_id uuid,
    channel text,
    state text NOT NULL,
    outcome text,
    received_at timestamptz NOT NULL,
    due_at timestamptz,
    -- Whether the petitions act sets the due time.
    statutory boolean NOT NULL,
    closed_at timestamptz,
    -- From receipt to the last answer, in minutes of office hours.
    work_minutes bigint,
    in_time boolean,
    satisfaction integer,
    reopened integer NOT NULL,
    -- The middle of the 250 m cell, never the point itself.
    lat_e7 bigint,
    lon_e7 bigint,
    steps jsonb NOT NULL,
    -- none, waiting, published, withheld, unpublished: where the summary stands.
    look text NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (office_id, case_id)
);
CREATE UNIQUE INDEX public_case_id ON public_case (office_id, public_id) WHERE public_id IS NOT NULL;
CREATE INDEX public_case_recent ON public_case (office_id, received_at, case_id) WHERE listed;
CREATE INDEX public_case_dong ON public_case (office_id, dong_code, received_at, case_id) WHERE listed;
CREATE INDEX public_case_service ON public_case (office_id, service_code, received_at, case_id) WHERE listed;
CREATE INDEX public_case_changed ON public_case (office_id, changed_at, case_id);
CREATE INDEX public_case_look ON public_case (office_id, look, received_at, case_id) WHERE look <> 'none';

-- The words of a published summary. A row is here only while everybody may read it.
CREATE TABLE public_text (
    office_id integer NOT NULL,
    case_id uuid NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    shown_at timestamptz NOT NULL,
    PRIMARY KEY (office_id, case_id)
);

-- The photos an officer ticked after looking, copied: taking one back takes it away here.
CREATE TABLE public_photo (
    office_id integer NOT NULL,
    case_id uuid NOT NULL,
    photo_id uuid NOT NULL,
    ord integer NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    mime text NOT NULL,
    thumb bytea NOT NULL,
    bytes bytea NOT NULL,
    PRIMARY KEY (office_id, case_id, photo_id)
);

-- What officers decided about summaries, in order; the last one counts. Texts are masked ones, and
-- can be taken out of earlier rows.
CREATE TABLE public_decision (
    office_id integer NOT NULL,
    case_id uuid NOT NULL,
    seq bigint NOT NULL,
    at timestamptz NOT NULL,
    -- Nobody where the program took it back because it may not be published any more.
    staff_id uuid,
    verb text NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    photos jsonb NOT NULL,
    reason text NOT NULL,
    PRIMARY KEY (office_id, case_id, seq)
);

-- By which version of the projection the picture of an office was made whole.
CREATE TABLE public_built (
    office_id integer NOT NULL,
    version integer NOT NULL,
    built_at timestamptz NOT NULL,
    PRIMARY KEY (office_id)
);
