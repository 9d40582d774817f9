-- The program's language stays, or the first there is.
UPDATE rewards SET
    name = (SELECT t.value FROM json_each(name) AS t
        ORDER BY t.key = '' DESC, t.key = coalesce((SELECT json_extract(value, '$') FROM settings WHERE key = 'locale'), 'en') DESC,
            t.key = substr(coalesce((SELECT json_extract(value, '$') FROM settings WHERE key = 'locale'), 'en'), 1, instr(coalesce((SELECT json_extract(value, '$') FROM settings WHERE key = 'locale'), 'en') || '-', '-') - 1) DESC, t.key LIMIT 1),
    description = (SELECT t.value FROM json_each(description) AS t
        ORDER BY t.key = '' DESC, t.key = coalesce((SELECT json_extract(value, '$') FROM settings WHERE key = 'locale'), 'en') DESC,
            t.key = substr(coalesce((SELECT json_extract(value, '$') FROM settings WHERE key = 'locale'), 'en'), 1, instr(coalesce((SELECT json_extract(value, '$') FROM settings WHERE key = 'locale'), 'en') || '-', '-') - 1) DESC, t.key LIMIT 1),
    terms = (SELECT t.value FROM json_each(terms) AS t
        ORDER BY t.key = '' DESC, t.key = coalesce((SELECT json_extract(value, '$') FROM settings WHERE key = 'locale'), 'en') DESC,
            t.key = substr(coalesce((SELECT json_extract(value, '$') FROM settings WHERE key = 'locale'), 'en'), 1, instr(coalesce((SELECT json_extract(value, '$') FROM settings WHERE key = 'locale'), 'en') || '-', '-') - 1) DESC, t.key LIMIT 1);
