-- Found words come newest first: the month of each record is a word, and so are tags to narrow by.
DROP INDEX public_search_grams;
ALTER TABLE public_search ADD COLUMN at timestamptz;
UPDATE public_search AS text
   SET at = p.received_at,
       grams = grams || ' tagoffice' || text.office_id
           || to_char(p.received_at AT TIME ZONE 'Asia/Seoul', '" tagmonth"YYYYMM')
  FROM public_case AS p WHERE p.office_id = text.office_id AND p.case_id = text.id;
DELETE FROM public_search WHERE at IS NULL;
ALTER TABLE public_search ALTER COLUMN at SET NOT NULL;
CREATE INDEX public_search_at ON public_search (office_id, at, id);
-- What waits in a list would be read whole by every search.
CREATE INDEX public_search_grams ON public_search USING gin (to_tsvector('simple', grams)) WITH (fastupdate = off);
