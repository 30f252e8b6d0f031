-- Words of each case as syllable bigrams; written by a job.
CREATE TABLE cases_search (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    grams text NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE INDEX cases_search_grams ON cases_search USING gin (to_tsvector('simple', grams));
