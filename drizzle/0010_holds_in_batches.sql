ALTER TABLE "legal_hold_recordings" ADD COLUMN "store_claimed_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "legal_holds" ADD COLUMN "placement" jsonb;--> statement-breakpoint
ALTER TABLE "legal_holds" ADD COLUMN "too_late" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "legal_holds" ADD COLUMN "released_through" uuid;--> statement-breakpoint
CREATE INDEX "legal_hold_recordings_kept" ON "legal_hold_recordings" USING btree ("hold_id","recording_id") WHERE released_at is null;--> statement-breakpoint
CREATE INDEX "legal_hold_recordings_lock" ON "legal_hold_recordings" USING btree ("recording_id") WHERE released_at is null and locked_at is null;--> statement-breakpoint
CREATE INDEX "legal_holds_unfinished" ON "legal_holds" USING btree ("id") WHERE placement is not null or released_through is not null;--> statement-breakpoint
CREATE INDEX "legal_holds_placing" ON "legal_holds" USING btree ("id") WHERE placement is not null;