ALTER TABLE "upload_tickets" ADD COLUMN "size_bytes" bigint;--> statement-breakpoint
ALTER TABLE "upload_tickets" ADD COLUMN "sha256" "bytea";