-- What waits becomes jobs: waveforms that were not computed yet, and messages that were neither delivered nor given up.
INSERT INTO "jobs" ("id", "kind", "key", "payload", "run_at")
SELECT gen_random_uuid(), 'waveform', "id"::text, jsonb_build_object('recordingId', "id"), date_trunc('milliseconds', now())
FROM "recordings" WHERE "state" = 'stored' AND "waveform_state" = 'waiting';--> statement-breakpoint
INSERT INTO "jobs" ("id", "kind", "key", "lane", "payload", "created_at", "run_at", "attempts", "tries", "last_error")
SELECT gen_random_uuid(), 'webhook', "id"::text, "service_account_id"::text, jsonb_build_object('deliveryId', "id"), "created_at", "next_attempt_at", "attempts", "attempts", "last_failure"
FROM "webhook_deliveries" WHERE "delivered_at" IS NULL AND "abandoned_at" IS NULL;--> statement-breakpoint
DROP INDEX "webhook_deliveries_waiting";--> statement-breakpoint
ALTER TABLE "webhook_deliveries" DROP COLUMN "next_attempt_at";
