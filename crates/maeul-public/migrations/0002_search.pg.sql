-- Words of each published summary as syllable bigrams; nothing unpublished is here.
CREATE TABLE public_search (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    grams text NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE INDEX public_search_grams ON public_search USING gin (to_tsvector('simple', grams));
