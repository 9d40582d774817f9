DELETE FROM meta WHERE name = 'words_up_to';
DROP TABLE member_words;
