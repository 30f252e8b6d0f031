-- Found words come newest first: the month of each record is a word, and so are tags to narrow by.
ALTER TABLE cases_search RENAME TO cases_search_old;
ALTER TABLE cases_search_old DROP CONSTRAINT cases_search_pkey;
DROP INDEX cases_search_grams;
CREATE TABLE cases_search (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    grams text NOT NULL,
    PRIMARY KEY (office_id, id)
);
INSERT INTO cases_search (office_id, id, at, grams)
SELECT old.office_id, old.id, c.received_at,
       old.grams || ' tagoffice' || old.office_id
           || to_char(c.received_at AT TIME ZONE 'Asia/Seoul', '" tagmonth"YYYYMM')
           || COALESCE(' tagunit' || replace(CAST(c.unit_id AS text), '-', ''), '') || COALESCE(' tagdong' || c.dong_code, '')
  FROM cases_search_old AS old JOIN cases_case AS c ON c.office_id = old.office_id AND c.id = old.id;
DROP TABLE cases_search_old;
CREATE INDEX cases_search_at ON cases_search (office_id, at, id);
-- What waits in a list would be read whole by every search.
CREATE INDEX cases_search_grams ON cases_search USING gin (to_tsvector('simple', grams)) WITH (fastupdate = off);
