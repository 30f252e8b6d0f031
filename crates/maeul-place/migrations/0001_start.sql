-- Borders, the 법정동 of each 행정동, and residents: facts an office imports. New tables; locks nothing.

-- Counts imports, so that what is kept in memory knows when to reload.
CREATE TABLE place_revision (
    office_id integer NOT NULL PRIMARY KEY,
    revision bigint NOT NULL
);

-- A 행정동 with its border, from one day until another; valid_to is the first day without it.
CREATE TABLE place_dong (
    office_id integer NOT NULL,
    code text NOT NULL,
    name_ko text NOT NULL,
    name_en text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    area_m2 bigint NOT NULL,
    -- Polygons of rings of flat lon, lat, lon, lat …, degrees × 10^7.
    geometry jsonb NOT NULL,
    CONSTRAINT place_dong_key PRIMARY KEY (office_id, code, valid_from),
    CONSTRAINT place_dong_order CHECK (valid_to IS NULL OR valid_to > valid_from)
);

-- 행정동 and 법정동 are two maps of the same ground: many to many.
CREATE TABLE place_legal_dong (
    office_id integer NOT NULL,
    dong_code text NOT NULL,
    legal_code text NOT NULL,
    name text NOT NULL,
    CONSTRAINT place_legal_dong_key PRIMARY KEY (office_id, dong_code, legal_code)
);

-- Residents by 동, sex and age on a day; no age_to means that age and older.
CREATE TABLE place_population (
    office_id integer NOT NULL,
    dong_code text NOT NULL,
    on_day date NOT NULL,
    sex text NOT NULL,
    age_from integer NOT NULL,
    age_to integer,
    residents bigint NOT NULL,
    CONSTRAINT place_population_key PRIMARY KEY (office_id, on_day, dong_code, sex, age_from),
    CONSTRAINT place_population_sex CHECK (sex IN ('female', 'male')),
    CONSTRAINT place_population_residents CHECK (residents >= 0)
);
