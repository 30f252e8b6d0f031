-- How often the sums of the queues were folded: who keeps them in memory reads them again only then. As long
-- as a server of the release before still folds, numbers may lag behind until a newer one folds.
CREATE TABLE cases_folded (
    office_id integer NOT NULL,
    revision bigint NOT NULL,
    PRIMARY KEY (office_id)
);
