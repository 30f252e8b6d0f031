-- Words of each case as syllable bigrams; written by a job.
CREATE TABLE cases_search (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    -- A key of its own: VACUUM may renumber a bare rowid, which the index points to.
    seq integer PRIMARY KEY,
    grams text NOT NULL,
    UNIQUE (office_id, id)
);
CREATE VIRTUAL TABLE cases_search_fts USING fts5(
    grams, content = 'cases_search', content_rowid = 'seq', tokenize = 'unicode61'
);
