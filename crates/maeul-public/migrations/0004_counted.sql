-- Figures read the months they are asked for.
CREATE INDEX public_case_counted ON public_case (office_id, received_at) WHERE level <> 'private';
