-- Found words come newest first: row numbers in the order of time, and tags to narrow by.
DROP TABLE cases_search_fts;
ALTER TABLE cases_search RENAME TO cases_search_old;
CREATE TABLE cases_search (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    -- In the order of time, and a key of its own: VACUUM may renumber a bare rowid.
    seq integer PRIMARY KEY,
    at timestamptz NOT NULL,
    grams text NOT NULL,
    UNIQUE (office_id, id)
);
INSERT INTO cases_search (office_id, id, seq, at, grams)
SELECT old.office_id, old.id,
       (c.received_at / 1000000) * 65536
           + row_number() OVER (PARTITION BY c.received_at / 1000000 ORDER BY old.id) - 1,
       c.received_at,
       old.grams || ' tagoffice' || old.office_id
           || strftime(' tagmonth%Y%m', c.received_at / 1000000 + 32400, 'unixepoch')
           || COALESCE(' tagunit' || lower(hex(c.unit_id)), '') || COALESCE(' tagdong' || c.dong_code, '')
  FROM cases_search_old AS old JOIN cases_case AS c ON c.office_id = old.office_id AND c.id = old.id;
DROP TABLE cases_search_old;
CREATE INDEX cases_search_at ON cases_search (office_id, at, id);
CREATE VIRTUAL TABLE cases_search_fts USING fts5(
    grams, content = 'cases_search', content_rowid = 'seq', tokenize = 'unicode61'
);
INSERT INTO cases_search_fts (cases_search_fts) VALUES ('rebuild');
