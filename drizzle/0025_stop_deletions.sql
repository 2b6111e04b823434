CREATE TABLE "legal_hold_missed_recordings" (
	"hold_id" uuid NOT NULL,
	"recording_id" uuid NOT NULL,
	"gone_since" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	CONSTRAINT "legal_hold_missed_recordings_hold_id_recording_id_pk" PRIMARY KEY("hold_id","recording_id")
);
--> statement-breakpoint
ALTER TABLE "legal_hold_missed_recordings" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "deletion_orders" ADD COLUMN "kept_recordings" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "erasing_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "legal_hold_missed_recordings" ADD CONSTRAINT "legal_hold_missed_recordings_hold_id_legal_holds_id_fk" FOREIGN KEY ("hold_id") REFERENCES "public"."legal_holds"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "legal_hold_missed_recordings" ADD CONSTRAINT "legal_hold_missed_recordings_recording_id_recordings_id_fk" FOREIGN KEY ("recording_id") REFERENCES "public"."recordings"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE POLICY portal ON "legal_hold_missed_recordings" TO custodia_app USING (true) WITH CHECK (true);--> statement-breakpoint
UPDATE "recordings" SET "erasing_at" = "deleting_at" WHERE "state" = 'deleting';
