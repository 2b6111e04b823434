ALTER TABLE "drift_runs" DROP COLUMN "object_cursor";--> statement-breakpoint
ALTER TABLE "drift_runs" DROP COLUMN "recording_cursor";