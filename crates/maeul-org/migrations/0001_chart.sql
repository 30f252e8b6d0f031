-- The office and its chart. New tables only: locks nothing that exists.
-- Periods are half-open: valid_from is the first day, valid_to the first day after the end.
-- valid_from is NULL while a unit or an assignment waits for the event named in effective_trigger
-- (a rule may take force "on the day the personnel order is made").

CREATE TABLE org_office (
    office_id integer NOT NULL,
    code text NOT NULL,
    slug text NOT NULL,
    name_ko text NOT NULL,
    name_en text NOT NULL,
    short_ko text NOT NULL,
    short_en text NOT NULL,
    parent_ko text NOT NULL,
    parent_en text NOT NULL,
    phone text NOT NULL,
    address_ko text NOT NULL,
    address_en text NOT NULL,
    map_lat_e7 bigint,
    map_lon_e7 bigint,
    map_zoom integer,
    local_holidays_stop_clock boolean NOT NULL,
    revision bigint NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT org_office_pk PRIMARY KEY (office_id),
    CONSTRAINT org_office_slug_key UNIQUE (slug)
);

-- The upper regions (시·도) an office belonged to before the one named in org_office.
CREATE TABLE org_former_parent (
    office_id integer NOT NULL,
    valid_to date NOT NULL,
    name_ko text NOT NULL,
    name_en text NOT NULL,
    basis text NOT NULL,
    CONSTRAINT org_former_parent_pk PRIMARY KEY (office_id, valid_to),
    CONSTRAINT org_former_parent_office_fk FOREIGN KEY (office_id)
        REFERENCES org_office (office_id)
);

CREATE TABLE org_unit (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    code text NOT NULL,
    name_ko text NOT NULL,
    name_en text NOT NULL,
    kind text NOT NULL,
    parent_id uuid,
    phone text NOT NULL,
    dong_code text,
    valid_from date,
    valid_to date,
    effective_trigger text,
    CONSTRAINT org_unit_pk PRIMARY KEY (office_id, id),
    CONSTRAINT org_unit_code_key UNIQUE (office_id, code),
    CONSTRAINT org_unit_office_fk FOREIGN KEY (office_id) REFERENCES org_office (office_id),
    CONSTRAINT org_unit_parent_fk FOREIGN KEY (office_id, parent_id)
        REFERENCES org_unit (office_id, id),
    CONSTRAINT org_unit_period_check CHECK (valid_to > valid_from),
    CONSTRAINT org_unit_start_check
        CHECK (valid_from IS NOT NULL OR effective_trigger IS NOT NULL)
);

CREATE TABLE org_duty (
    office_id integer NOT NULL,
    code text NOT NULL,
    name_ko text NOT NULL,
    name_en text NOT NULL,
    CONSTRAINT org_duty_pk PRIMARY KEY (office_id, code),
    CONSTRAINT org_duty_office_fk FOREIGN KEY (office_id) REFERENCES org_office (office_id)
);

-- dong_code NULL: in every dong that has no assignment of its own.
CREATE TABLE org_assignment (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    duty_code text NOT NULL,
    unit_id uuid NOT NULL,
    dong_code text,
    valid_from date,
    valid_to date,
    effective_trigger text,
    basis text NOT NULL,
    CONSTRAINT org_assignment_pk PRIMARY KEY (office_id, id),
    CONSTRAINT org_assignment_duty_fk FOREIGN KEY (office_id, duty_code)
        REFERENCES org_duty (office_id, code),
    CONSTRAINT org_assignment_unit_fk FOREIGN KEY (office_id, unit_id)
        REFERENCES org_unit (office_id, id),
    CONSTRAINT org_assignment_period_check CHECK (valid_to > valid_from),
    CONSTRAINT org_assignment_start_check
        CHECK (valid_from IS NOT NULL OR effective_trigger IS NOT NULL)
);
CREATE INDEX org_assignment_duty_ix ON org_assignment (office_id, duty_code);

-- duty_code NULL: all duties of a unit that ends; otherwise that duty only.
CREATE TABLE org_succession (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    from_unit_id uuid NOT NULL,
    to_unit_id uuid NOT NULL,
    duty_code text,
    on_day date NOT NULL,
    CONSTRAINT org_succession_pk PRIMARY KEY (office_id, id),
    CONSTRAINT org_succession_from_fk FOREIGN KEY (office_id, from_unit_id)
        REFERENCES org_unit (office_id, id),
    CONSTRAINT org_succession_to_fk FOREIGN KEY (office_id, to_unit_id)
        REFERENCES org_unit (office_id, id),
    CONSTRAINT org_succession_duty_fk FOREIGN KEY (office_id, duty_code)
        REFERENCES org_duty (office_id, code)
);

-- Days beyond the computed public holidays: temporary (임시공휴일) and local (지방공휴일).
CREATE TABLE org_holiday (
    office_id integer NOT NULL,
    on_day date NOT NULL,
    name_ko text NOT NULL,
    name_en text NOT NULL,
    kind text NOT NULL,
    basis text NOT NULL,
    added_at timestamptz NOT NULL,
    CONSTRAINT org_holiday_pk PRIMARY KEY (office_id, on_day),
    CONSTRAINT org_holiday_office_fk FOREIGN KEY (office_id) REFERENCES org_office (office_id)
);
