-- The open cases of a 동, what is due first on top: for those who see by 동 and not by unit. An index
-- beside those for unit and officer; on PostgreSQL writes wait while it is built.
CREATE INDEX cases_case_dong ON cases_case (office_id, dong_code, due_at, id) WHERE state <> 'closed';
