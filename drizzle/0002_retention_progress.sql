ALTER TABLE "retention_policies" ADD COLUMN "recalculated_through" uuid;--> statement-breakpoint
ALTER TABLE "retention_runs" ADD COLUMN "progress_at" timestamp (3) with time zone NOT NULL;--> statement-breakpoint
ALTER TABLE "retention_runs" ADD COLUMN "due" integer DEFAULT 0 NOT NULL;