ALTER TABLE "recordings" ADD COLUMN "deletion_failed_store" text;--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "deletion_failure_code" text;