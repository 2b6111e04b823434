DROP INDEX "upload_tickets_open";--> statement-breakpoint
DROP INDEX "upload_tickets_unswept";--> statement-breakpoint
DROP INDEX "webhook_deliveries_waiting";--> statement-breakpoint
ALTER TABLE "upload_tickets" ADD COLUMN "size_bytes" bigint;--> statement-breakpoint
ALTER TABLE "upload_tickets" ADD COLUMN "sha256" "bytea";--> statement-breakpoint
ALTER TABLE "upload_tickets" ADD COLUMN "reconcile_attempts" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "upload_tickets" ADD COLUMN "reconcile_retry_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "service_accounts" ADD COLUMN "webhook_old_secret_encrypted" "bytea";--> statement-breakpoint
ALTER TABLE "service_accounts" ADD COLUMN "webhook_old_secret_until" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "upload_tickets_open" ON "upload_tickets" USING btree ("reconcile_attempts","expires_at","id") WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "upload_tickets_unswept" ON "upload_tickets" USING btree ("reconcile_attempts","expires_at","id") WHERE outcome in ('rejected', 'superseded') or (outcome = 'completed' and promoted_key is not null);--> statement-breakpoint
CREATE INDEX "webhook_deliveries_waiting" ON "webhook_deliveries" USING btree ("service_account_id","next_attempt_at","id") WHERE delivered_at is null and abandoned_at is null;