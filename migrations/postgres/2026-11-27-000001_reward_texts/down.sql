-- The program's language stays, or the first there is.
UPDATE rewards SET
    name = (SELECT t.value FROM json_each_text(name::json) AS t
        ORDER BY t.key = '' DESC, t.key = coalesce((SELECT value #>> '{}' FROM settings WHERE key = 'locale'), 'en') DESC,
            t.key = split_part(coalesce((SELECT value #>> '{}' FROM settings WHERE key = 'locale'), 'en'), '-', 1) DESC, t.key LIMIT 1),
    description = (SELECT t.value FROM json_each_text(description::json) AS t
        ORDER BY t.key = '' DESC, t.key = coalesce((SELECT value #>> '{}' FROM settings WHERE key = 'locale'), 'en') DESC,
            t.key = split_part(coalesce((SELECT value #>> '{}' FROM settings WHERE key = 'locale'), 'en'), '-', 1) DESC, t.key LIMIT 1),
    terms = (SELECT t.value FROM json_each_text(terms::json) AS t
        ORDER BY t.key = '' DESC, t.key = coalesce((SELECT value #>> '{}' FROM settings WHERE key = 'locale'), 'en') DESC,
            t.key = split_part(coalesce((SELECT value #>> '{}' FROM settings WHERE key = 'locale'), 'en'), '-', 1) DESC, t.key LIMIT 1);
