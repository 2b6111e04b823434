DROP INDEX "upload_tickets_open";--> statement-breakpoint
DROP INDEX "upload_tickets_unswept";--> statement-breakpoint
CREATE INDEX "upload_tickets_open" ON "upload_tickets" USING btree ("expires_at","id") WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "upload_tickets_unswept" ON "upload_tickets" USING btree ("expires_at","id") WHERE outcome in ('rejected', 'superseded') or (outcome = 'completed' and promoted_key is not null);--> statement-breakpoint
ALTER TABLE "upload_tickets" DROP COLUMN "reconcile_attempts";--> statement-breakpoint
ALTER TABLE "upload_tickets" DROP COLUMN "reconcile_retry_at";