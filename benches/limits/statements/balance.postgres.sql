-- What Vildar runs for one balance that comes alone; `--statements` holds it against what it really runs.
\set n random(3001, 4000)
SELECT a.member_id, a.seq, a.available, a.pending, a.held, a.debt, a.lifetime_earned, a.lifetime_redeemed, a.lifetime_expired, a.next_change_at, a.hold_seq, e.points, e.expires_at FROM accounts AS a LEFT JOIN LATERAL (SELECT points, expires_at FROM expiries WHERE member_id = a.member_id ORDER BY expires_at LIMIT 12) AS e ON TRUE WHERE a.member_id = ANY(ARRAY[lpad(:n::text, 32, '0')::uuid]::uuid[]) ORDER BY a.member_id, e.expires_at;
SELECT member_id FROM redemptions WHERE state = 'placed' AND expires_at <= now() AND member_id = ANY(ARRAY[lpad(:n::text, 32, '0')::uuid]::uuid[]);
SELECT "referrals"."referrer_id", "referrals"."referee_id" FROM "referrals" WHERE (("referrals"."due_at" <= now()) AND ("referrals"."referrer_id" = ANY(ARRAY[lpad(:n::text, 32, '0')::uuid]::uuid[]) OR "referrals"."referee_id" = ANY(ARRAY[lpad(:n::text, 32, '0')::uuid]::uuid[])));
