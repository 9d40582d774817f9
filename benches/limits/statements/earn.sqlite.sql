-- What Vildar runs for one earn that comes alone; `--statements` holds it against what it really runs.
BEGIN IMMEDIATE;
SAVEPOINT diesel_savepoint_1;
SAVEPOINT diesel_savepoint_2;
SELECT `members`.`id`, `members`.`email`, `members`.`given_name`, `members`.`family_name`, `members`.`locale`, `members`.`time_zone`, `members`.`country`, `members`.`birthday`, `members`.`birthday_set_at`, `members`.`external_id`, `members`.`tier`, `members`.`status`, `members`.`referral_code`, `members`.`marketing_consent`, `members`.`enrolled_at`, `members`.`version` FROM `members` WHERE (`members`.`id` = :member);
SELECT `settings`.`key`, `settings`.`value`, `settings`.`updated_at` FROM `settings`;
SELECT `accounts`.`member_id`, `accounts`.`seq`, `accounts`.`available`, `accounts`.`pending`, `accounts`.`held`, `accounts`.`debt`, `accounts`.`lifetime_earned`, `accounts`.`lifetime_redeemed`, `accounts`.`lifetime_expired`, `accounts`.`next_change_at` FROM `accounts` WHERE (`accounts`.`member_id` IN (:member)) ORDER BY `accounts`.`member_id` \gset a_
INSERT INTO entries (member_id, seq, id, kind, points, balance_after, available_at, expires_at, source_type, source_id, part, actor, channel, rule, occurred_at, recorded_at) VALUES (:member, :a_seq + 1, :id0, 'earn', 10, :a_available + :a_pending + 10, :now + 1209600000000, :now + 63072000000000, NULL, NULL, '', 'key_01m801s3pee0080c1qazt8xtwg', NULL, '{"rule": "earn"}', :now, :now);
INSERT INTO entry_notes (member_id, seq, reason) VALUES (:member, :a_seq + 1, 'a purchase');
INSERT INTO lots (member_id, seq, points, remaining, available_at, expires_at, matured) VALUES (:member, :a_seq + 1, 10, 10, :now + 1209600000000, :now + 63072000000000, 0) ON CONFLICT (member_id, seq) DO UPDATE SET remaining = excluded.remaining, matured = excluded.matured;
INSERT INTO accounts (member_id, seq, available, pending, held, debt, lifetime_earned, lifetime_redeemed, lifetime_expired, next_change_at) VALUES (:member, :a_seq + 1, :a_available, :a_pending + 10, 0, 0, :a_lifetime_earned + 10, :a_lifetime_redeemed, 0, min(coalesce(:a_next_change_at, :now + 1209600000000), :now + 1209600000000)) ON CONFLICT (member_id) DO UPDATE SET seq = excluded.seq, available = excluded.available, pending = excluded.pending, held = excluded.held, debt = excluded.debt, lifetime_earned = excluded.lifetime_earned, lifetime_redeemed = excluded.lifetime_redeemed, lifetime_expired = excluded.lifetime_expired, next_change_at = excluded.next_change_at;
SELECT `settings`.`key`, `settings`.`value`, `settings`.`updated_at` FROM `settings`;
RELEASE SAVEPOINT diesel_savepoint_2;
RELEASE SAVEPOINT diesel_savepoint_1;
COMMIT;
