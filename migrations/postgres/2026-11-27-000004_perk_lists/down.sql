DROP TABLE perk_list_lines;
DROP TABLE perk_lists;
