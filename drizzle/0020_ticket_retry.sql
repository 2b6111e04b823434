DROP INDEX "upload_tickets_open";--> statement-breakpoint
DROP INDEX "upload_tickets_unswept";--> statement-breakpoint
ALTER TABLE "upload_tickets" ADD COLUMN "reconcile_attempts" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "upload_tickets" ADD COLUMN "reconcile_retry_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "upload_tickets_open" ON "upload_tickets" USING btree ("reconcile_attempts","expires_at","id") WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "upload_tickets_unswept" ON "upload_tickets" USING btree ("reconcile_attempts","expires_at","id") WHERE outcome in ('rejected', 'superseded') or (outcome = 'completed' and promoted_key is not null);