ALTER TABLE "legal_hold_recordings" ADD COLUMN "covers_call" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "legal_hold_recordings" ADD COLUMN "call_unit_ids" uuid[];