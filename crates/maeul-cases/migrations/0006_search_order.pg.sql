-- Found words come newest first: the month of each record is a word, and so are tags to narrow by.
DROP INDEX cases_search_grams;
ALTER TABLE cases_search ADD COLUMN at timestamptz;
UPDATE cases_search AS text
   SET at = c.received_at,
       grams = grams || ' tagoffice' || text.office_id
           || to_char(c.received_at AT TIME ZONE 'Asia/Seoul', '" tagmonth"YYYYMM')
           || COALESCE(' tagunit' || replace(CAST(c.unit_id AS text), '-', ''), '') || COALESCE(' tagdong' || c.dong_code, '')
  FROM cases_case AS c WHERE c.office_id = text.office_id AND c.id = text.id;
DELETE FROM cases_search WHERE at IS NULL;
ALTER TABLE cases_search ALTER COLUMN at SET NOT NULL;
CREATE INDEX cases_search_at ON cases_search (office_id, at, id);
-- What waits in a list would be read whole by every search.
CREATE INDEX cases_search_grams ON cases_search USING gin (to_tsvector('simple', grams)) WITH (fastupdate = off);
