-- What an office changed of its roles, dated: a permission given to a role or taken from it, from a day
-- until a day, by whom and why, and how it ended. What is not written here is as the rooms declare it.
-- A new table: locks nothing that exists.

CREATE TABLE people_role_change (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    role text NOT NULL,
    -- room.verb
    permission text NOT NULL,
    -- Given to the role, else taken from it.
    given boolean NOT NULL,
    from_day date NOT NULL,
    -- The first day on which it is no more.
    until_day date,
    reason text NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by_kind text NOT NULL,
    changed_by uuid,
    ended_at timestamptz,
    ended_by_kind text,
    ended_by uuid,
    end_reason text,
    CONSTRAINT people_role_change_pk PRIMARY KEY (office_id, id),
    CONSTRAINT people_role_change_days CHECK (until_day IS NULL OR until_day >= from_day)
);
