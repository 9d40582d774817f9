-- A reward's texts in several languages: JSON objects by language tag. What was there is in the
-- program's language, whichever that is: the empty tag.
UPDATE rewards SET
    name = json_object('', name),
    description = json_object('', description),
    terms = CASE WHEN terms IS NULL THEN NULL ELSE json_object('', terms) END;
