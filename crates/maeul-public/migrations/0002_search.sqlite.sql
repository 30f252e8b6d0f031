-- Words of each published summary as syllable bigrams; nothing unpublished is here.
CREATE TABLE public_search (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    -- A key of its own: VACUUM may renumber a bare rowid, which the index points to.
    seq integer PRIMARY KEY,
    grams text NOT NULL,
    UNIQUE (office_id, id)
);
CREATE VIRTUAL TABLE public_search_fts USING fts5(
    grams, content = 'public_search', content_rowid = 'seq', tokenize = 'unicode61'
);
