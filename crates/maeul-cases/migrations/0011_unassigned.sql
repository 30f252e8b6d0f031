-- A unit's cases without an officer are found by both: of a whole office so many may have none.
DROP INDEX cases_case_assignee;
CREATE INDEX cases_case_assignee ON cases_case (office_id, assignee_id, unit_id, due_at, id) WHERE state <> 'closed';
