-- Suggesting the service. The tables are new: nothing is locked.

-- The models an office trained on its own answered cases, the newest in use. `bytes` is the model's
-- own file: letter groups and weights, no text. Beside it when it was made, and of how much.
CREATE TABLE cases_routing_model (
    office_id integer NOT NULL,
    version bigint NOT NULL,
    trained_at timestamptz NOT NULL,
    -- Cases it learned from, and how many of them a member of staff had given another service.
    cases bigint NOT NULL,
    corrected bigint NOT NULL,
    bytes bytea NOT NULL,
    PRIMARY KEY (office_id, version)
);

-- Moves with every change of the models, so that caches reload; never goes back.
CREATE TABLE cases_routing_revision (
    office_id integer NOT NULL,
    revision bigint NOT NULL,
    PRIMARY KEY (office_id)
);

-- What was suggested when a person chose a service, and what they chose. No words of the case.
CREATE TABLE cases_choice (
    office_id integer NOT NULL,
    case_id uuid NOT NULL,
    -- The case's version after the choice.
    seq bigint NOT NULL,
    at timestamptz NOT NULL,
    -- resident, or staff
    made_by text NOT NULL,
    -- The model asked; null: the words of the office's duties.
    model bigint,
    unsure boolean NOT NULL,
    -- Codes with their confidence per mille, the likeliest first.
    suggested jsonb NOT NULL,
    chosen text,
    PRIMARY KEY (office_id, case_id, seq)
);
