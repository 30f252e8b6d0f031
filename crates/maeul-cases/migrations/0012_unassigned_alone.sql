-- Nobody's cases and somebody's are never asked for together. Apart, each stands in the order of
-- its list: an equal "IS NULL" in front would hide that order from PostgreSQL. What shuts readers
-- out comes last.
CREATE INDEX cases_case_unassigned ON cases_case (office_id, unit_id, due_at, id) WHERE state <> 'closed' AND assignee_id IS NULL;
CREATE INDEX cases_case_officer ON cases_case (office_id, assignee_id, due_at, id) WHERE state <> 'closed' AND assignee_id IS NOT NULL;
DROP INDEX cases_case_assignee;
