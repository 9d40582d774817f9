DROP TABLE reward_changes;
