-- Found words come newest first: the month of each record is a word, and so are tags to narrow by.
ALTER TABLE public_search RENAME TO public_search_old;
ALTER TABLE public_search_old DROP CONSTRAINT public_search_pkey;
DROP INDEX public_search_grams;
CREATE TABLE public_search (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    grams text NOT NULL,
    PRIMARY KEY (office_id, id)
);
INSERT INTO public_search (office_id, id, at, grams)
SELECT old.office_id, old.id, p.received_at,
       old.grams || ' tagoffice' || old.office_id
           || to_char(p.received_at AT TIME ZONE 'Asia/Seoul', '" tagmonth"YYYYMM')
  FROM public_search_old AS old JOIN public_case AS p ON p.office_id = old.office_id AND p.case_id = old.id;
DROP TABLE public_search_old;
CREATE INDEX public_search_at ON public_search (office_id, at, id);
-- What waits in a list would be read whole by every search.
CREATE INDEX public_search_grams ON public_search USING gin (to_tsvector('simple', grams)) WITH (fastupdate = off);
