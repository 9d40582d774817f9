DROP TABLE consents;
DROP TABLE suppressions;
