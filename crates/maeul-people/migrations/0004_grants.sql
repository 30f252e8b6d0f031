-- What people may do, dated: a role over a part of the office, from a day until a day, given by
-- whom and why, and how it ended. The role in people_staff stays as their position in the office.
-- New tables, and one row for each account that there is: locks nothing for long.

CREATE TABLE people_grant (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    staff_id uuid NOT NULL,
    role text NOT NULL,
    -- own, dong, unit, office
    scope text NOT NULL,
    -- Of the scope unit; none: the unit the person belongs to on the day.
    unit_id uuid,
    dong_code text,
    from_day date NOT NULL,
    -- The first day on which it is no more.
    until_day date,
    -- import or hand
    origin text NOT NULL,
    reason text NOT NULL,
    granted_at timestamptz NOT NULL,
    granted_by_kind text NOT NULL,
    granted_by uuid,
    ended_at timestamptz,
    ended_by_kind text,
    ended_by uuid,
    end_reason text,
    CONSTRAINT people_grant_pk PRIMARY KEY (office_id, id),
    CONSTRAINT people_grant_staff_fk FOREIGN KEY (office_id, staff_id)
        REFERENCES people_staff (office_id, id),
    CONSTRAINT people_grant_days CHECK (until_day IS NULL OR until_day >= from_day)
);
CREATE INDEX people_grant_staff_ix ON people_grant (office_id, staff_id);

-- Counts changes of rights: two that are made at the same moment meet here, so that each sees what
-- the other did before it decides (the last administrator stays).
CREATE TABLE people_rights (
    office_id integer NOT NULL,
    revision bigint NOT NULL,
    CONSTRAINT people_rights_pk PRIMARY KEY (office_id)
);

-- Each account there is goes on with what its role could do until now. The account's id serves as
-- the id of its first grant.
INSERT INTO people_grant (office_id, id, staff_id, role, scope, from_day, until_day, origin,
    reason, granted_at, granted_by_kind)
SELECT office_id, id, id, role,
    CASE WHEN role IN ('coordinator', 'administrator') THEN 'office' ELSE 'unit' END,
    valid_from, valid_to, 'import', '역할에서 옮김 / carried over from the role', created_at, 'system'
  FROM people_staff;
