-- Found words come newest first: row numbers in the order of time, and tags to narrow by.
DROP TABLE public_search_fts;
ALTER TABLE public_search RENAME TO public_search_old;
CREATE TABLE public_search (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    -- In the order of time, and a key of its own: VACUUM may renumber a bare rowid.
    seq integer PRIMARY KEY,
    at timestamptz NOT NULL,
    grams text NOT NULL,
    UNIQUE (office_id, id)
);
INSERT INTO public_search (office_id, id, seq, at, grams)
SELECT old.office_id, old.id,
       (p.received_at / 1000000) * 65536
           + row_number() OVER (PARTITION BY p.received_at / 1000000 ORDER BY old.id) - 1,
       p.received_at,
       old.grams || ' tagoffice' || old.office_id
           || strftime(' tagmonth%Y%m', p.received_at / 1000000 + 32400, 'unixepoch')
  FROM public_search_old AS old JOIN public_case AS p ON p.office_id = old.office_id AND p.case_id = old.id;
DROP TABLE public_search_old;
CREATE INDEX public_search_at ON public_search (office_id, at, id);
CREATE VIRTUAL TABLE public_search_fts USING fts5(
    grams, content = 'public_search', content_rowid = 'seq', tokenize = 'unicode61'
);
INSERT INTO public_search_fts (public_search_fts) VALUES ('rebuild');
