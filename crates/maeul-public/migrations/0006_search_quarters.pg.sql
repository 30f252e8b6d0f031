-- Every word stands in the index with the office and the quarter (ninety days) of its record: what is looked for is
-- asked of one after another from the newest back, and no list holds all years. Searches go on meanwhile by the
-- index of before.
CREATE INDEX public_search_words ON public_search USING gin ((to_tsvector('simple',
    'o' || office_id || 'q' || CAST(floor(extract(epoch FROM at AT TIME ZONE 'UTC') / 7776000) AS integer) ||
    replace(grams, ' ', ' o' || office_id || 'q' || CAST(floor(extract(epoch FROM at AT TIME ZONE 'UTC') / 7776000) AS integer))))) WITH (fastupdate = off);
DROP INDEX public_search_grams;
