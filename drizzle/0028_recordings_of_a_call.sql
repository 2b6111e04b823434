-- A call may have several recordings. What was one per call gets the id that a request of the same sender gives it
-- today: the same content is the same recording, so a retry stays one. A deleted recording keeps refusing its whole
-- call: no other one was possible.
CREATE TABLE "suppressed_recordings" (
	"recording_id" text PRIMARY KEY NOT NULL,
	"call_id" text NOT NULL,
	"sha256" "bytea",
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL
);
--> statement-breakpoint
ALTER TABLE "suppressed_recordings" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY portal ON "suppressed_recordings" TO custodia_app USING (true) WITH CHECK (true);--> statement-breakpoint
-- A deletion is not undone by forgetting which recording it was.
REVOKE UPDATE, DELETE, TRUNCATE ON "suppressed_recordings" FROM custodia_app;--> statement-breakpoint
CREATE INDEX "suppressed_recordings_call" ON "suppressed_recordings" USING btree ("call_id");--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "source_recording_id" text;--> statement-breakpoint
-- Rewrites the table once, without dead rows and without a check of each reference, as an update would need.
ALTER TABLE "recordings" ALTER COLUMN "source_recording_id" SET DATA TYPE text USING CASE
  WHEN "state" = 'deleted' THEN 'whole call'
  WHEN "sha256" IS NULL THEN 'sha256:unknown'
  ELSE 'sha256:' || encode("sha256", 'hex')
END;--> statement-breakpoint
ALTER TABLE "recordings" ALTER COLUMN "source_recording_id" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "recordings" DROP CONSTRAINT "recordings_source_call";--> statement-breakpoint
ALTER TABLE "recordings" ADD CONSTRAINT "recordings_source_recording" UNIQUE("source","source_call_id","source_recording_id");
