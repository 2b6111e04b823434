ALTER TABLE "retention_runs" ADD COLUMN "just_arrived" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "retention_runs" ADD COLUMN "just_arrived_by" jsonb DEFAULT '[]'::jsonb NOT NULL;