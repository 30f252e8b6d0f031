-- What waits to be looked at by the people of one unit, counted without looking at everybody else's. On
-- PostgreSQL pictures wait while it is built; intake does not.
CREATE INDEX public_case_look_unit ON public_case (office_id, unit_id, look, received_at, case_id)
    WHERE look <> 'none';
