-- Ids of a phone system may hold telephone numbers. New rows have none; the job that renews numbers replaces those of
-- older rows.
DROP INDEX "recordings_numbers_to_renew";--> statement-breakpoint
ALTER TABLE "recordings" ALTER COLUMN "number_version" SET DEFAULT 3;--> statement-breakpoint
CREATE INDEX "recordings_numbers_to_renew" ON "recordings" USING btree ("id") WHERE coalesce(number_version, 1) < 3 and state <> 'deleted';--> statement-breakpoint
INSERT INTO "jobs" ("id", "kind", "key", "payload", "run_at")
VALUES (gen_random_uuid(), 'number_renewal', 'all', '{}', date_trunc('milliseconds', now()))
ON CONFLICT ("kind", "key") WHERE dead_at IS NULL DO UPDATE SET "requests" = "jobs"."requests" + 1;
