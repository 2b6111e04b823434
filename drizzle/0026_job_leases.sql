-- Scans, object locks and holds under way become jobs. What a process of the release before this one has claimed stays its
-- own until its claim ends.
INSERT INTO "jobs" ("id", "kind", "key", "payload", "run_at", "leased_until")
SELECT gen_random_uuid(), 'store_scan', 'all', '{}', greatest("claimed_until", date_trunc('milliseconds', now())),
  CASE WHEN "claimed_until" > now() THEN "claimed_until" END
FROM "store_scans" WHERE "state" = 'running'
ON CONFLICT ("kind", "key") WHERE dead_at IS NULL DO UPDATE SET
  "run_at" = greatest("jobs"."run_at", excluded."run_at"),
  "leased_until" = greatest("jobs"."leased_until", excluded."leased_until");--> statement-breakpoint
INSERT INTO "jobs" ("id", "kind", "key", "payload", "run_at", "leased_until")
SELECT gen_random_uuid(), 'object_locks', 'all', '{}',
  greatest(max("store_claimed_until"), date_trunc('milliseconds', now())),
  CASE WHEN max("store_claimed_until") > now() THEN max("store_claimed_until") END
FROM "legal_hold_recordings"
WHERE "released_at" IS NULL AND "locked_at" IS NULL
  OR "released_at" IS NOT NULL AND "locked_at" IS NOT NULL AND "unlocked_at" IS NULL
HAVING count(*) > 0
ON CONFLICT ("kind", "key") WHERE dead_at IS NULL DO UPDATE SET
  "run_at" = greatest("jobs"."run_at", excluded."run_at"),
  "leased_until" = greatest("jobs"."leased_until", excluded."leased_until");--> statement-breakpoint
INSERT INTO "jobs" ("id", "kind", "key", "payload", "run_at")
SELECT gen_random_uuid(), 'legal_hold', "id"::text, jsonb_build_object('holdId', "id"), date_trunc('milliseconds', now())
FROM "legal_holds" WHERE "placement" IS NOT NULL OR "released_through" IS NOT NULL
ON CONFLICT ("kind", "key") WHERE dead_at IS NULL DO NOTHING;--> statement-breakpoint
ALTER TABLE "legal_hold_recordings" DROP COLUMN "store_claimed_until";--> statement-breakpoint
ALTER TABLE "store_scans" DROP COLUMN "claimed_until";
