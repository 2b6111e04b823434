CREATE TABLE "recording_blocks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"recording_id" uuid NOT NULL,
	"reason_encrypted" "bytea",
	"blocked_by_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"lift_reason_encrypted" "bytea",
	"lifted_by_id" uuid,
	"lifted_at" timestamp (3) with time zone,
	CONSTRAINT "recording_blocks_lifted" CHECK ((lifted_at is null) = (lifted_by_id is null))
);
--> statement-breakpoint
ALTER TABLE "recording_blocks" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "blocked_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "retention_runs" ADD COLUMN "blocked" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "retention_runs" ADD COLUMN "blocked_by" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "recording_blocks" ADD CONSTRAINT "recording_blocks_recording_id_recordings_id_fk" FOREIGN KEY ("recording_id") REFERENCES "public"."recordings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recording_blocks" ADD CONSTRAINT "recording_blocks_blocked_by_id_users_id_fk" FOREIGN KEY ("blocked_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recording_blocks" ADD CONSTRAINT "recording_blocks_lifted_by_id_users_id_fk" FOREIGN KEY ("lifted_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "recording_blocks_open" ON "recording_blocks" USING btree ("recording_id") WHERE lifted_at is null;--> statement-breakpoint
CREATE INDEX "recording_blocks_recording" ON "recording_blocks" USING btree ("recording_id","id");--> statement-breakpoint
CREATE INDEX "recordings_blocked" ON "recordings" USING btree ("started_at","id") WHERE blocked_at is not null;
--> statement-breakpoint
CREATE POLICY portal ON "recording_blocks" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
-- A block is lifted, never deleted. Of the reasons only the text goes, with the recording.
REVOKE DELETE, TRUNCATE ON recording_blocks FROM custodia_app;
