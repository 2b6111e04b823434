-- What a phone system gave as the customer's number: a number, or what was written instead. Rows of before get no
-- version, and a job reads their numbers by today's rules; new rows have one by default.
ALTER TABLE "recordings" DROP CONSTRAINT "recordings_deleted_empty";--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "number_kind" text;--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "number_version" smallint;--> statement-breakpoint
ALTER TABLE "recordings" ALTER COLUMN "number_version" SET DEFAULT 2;--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "number_last_four_index" "bytea";--> statement-breakpoint
ALTER TABLE "units" ADD COLUMN "area_code" text;--> statement-breakpoint
ALTER TABLE "units" ADD COLUMN "outside_prefix" text;--> statement-breakpoint
CREATE INDEX "recordings_number_last_four" ON "recordings" USING btree ("number_last_four_index","started_at","id");--> statement-breakpoint
CREATE INDEX "recordings_number_not_understood" ON "recordings" USING btree ("started_at","id") WHERE number_kind = 'not_understood';--> statement-breakpoint
CREATE INDEX "recordings_numbers_to_renew" ON "recordings" USING btree ("id") WHERE number_version is null and state <> 'deleted';--> statement-breakpoint
ALTER TABLE "recordings" ADD CONSTRAINT "recordings_deleted_empty" CHECK (state <> 'deleted' or (object_key is null and customer_number_encrypted is null and customer_number_index is null and customer_number_tail_index is null and number_last_four_index is null and deleted_at is not null));--> statement-breakpoint
INSERT INTO "jobs" ("id", "kind", "key", "payload", "run_at")
VALUES (gen_random_uuid(), 'number_renewal', 'all', '{}', date_trunc('milliseconds', now()))
ON CONFLICT ("kind", "key") WHERE dead_at IS NULL DO NOTHING;
