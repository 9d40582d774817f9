DROP TABLE member_tags;
