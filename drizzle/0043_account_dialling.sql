ALTER TABLE "service_accounts" ADD COLUMN "area_code" text;--> statement-breakpoint
ALTER TABLE "service_accounts" ADD COLUMN "outside_prefix" text;