-- Nobody's cases and somebody's are never asked for together. Apart, each stands in the order of
-- its list: an equal "IS NULL" in front would hide that order from PostgreSQL.
CREATE INDEX cases_case_unassigned ON cases_case (office_id, unit_id, due_at, id) WHERE state <> 'closed' AND assignee_id IS NULL;
DROP INDEX cases_case_assignee;
CREATE INDEX cases_case_assignee ON cases_case (office_id, assignee_id, due_at, id) WHERE state <> 'closed' AND assignee_id IS NOT NULL;
