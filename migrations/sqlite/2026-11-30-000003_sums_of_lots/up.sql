-- Nothing: PostgreSQL loses a foreign key whose check is dear there, and cheap here.
SELECT 1;
