-- The words by which a member is found, in lower case: those of its names, its e-mail and its external
-- id, each from its beginning and from behind each of - ' . _ + / @. Before, a search read all members.
CREATE TABLE member_words (
    word TEXT NOT NULL,
    member_id BLOB NOT NULL,
    PRIMARY KEY (word, member_id)
) STRICT, WITHOUT ROWID;

-- the words of those who are there are put in by `vildar migrate` (members::words): neither database can
-- be trusted to know the lower case of every letter
INSERT INTO meta (name, value) SELECT 'words_up_to', x'' WHERE EXISTS (SELECT 1 FROM members);
