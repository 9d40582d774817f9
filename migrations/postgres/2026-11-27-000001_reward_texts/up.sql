-- A reward's texts in several languages: JSON objects by language tag. What was there is in the
-- program's language, whichever that is: the empty tag.
UPDATE rewards SET
    name = json_build_object('', name)::text,
    description = json_build_object('', description)::text,
    terms = CASE WHEN terms IS NULL THEN NULL ELSE json_build_object('', terms)::text END;
