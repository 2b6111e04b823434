ALTER TABLE "retention_policies" DROP COLUMN "days";--> statement-breakpoint
ALTER TABLE "retention_policies" DROP COLUMN "recalculated_through";