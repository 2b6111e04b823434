CREATE TABLE "playable_copies" (
	"recording_id" uuid PRIMARY KEY NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"object_key" text NOT NULL,
	"storing_until" timestamp (3) with time zone,
	"object_version_id" text,
	"object_etag" text,
	"content_type" text,
	"size_bytes" bigint,
	"sha256" "bytea",
	"duration_ms" integer,
	"transcoder" text,
	"failure_code" text,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"made_at" timestamp (3) with time zone,
	CONSTRAINT "playable_copies_object_key_unique" UNIQUE("object_key"),
	CONSTRAINT "playable_copies_ready_whole" CHECK (state <> 'ready' or (object_etag is not null and content_type is not null and size_bytes is not null and sha256 is not null and duration_ms is not null and made_at is not null))
);
--> statement-breakpoint
ALTER TABLE "playable_copies" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "playback_grants" ADD COLUMN "object" text DEFAULT 'original' NOT NULL;--> statement-breakpoint
ALTER TABLE "playable_copies" ADD CONSTRAINT "playable_copies_recording_id_recordings_id_fk" FOREIGN KEY ("recording_id") REFERENCES "public"."recordings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "playable_copies_failed" ON "playable_copies" USING btree ("transcoder","recording_id") WHERE state = 'failed';--> statement-breakpoint
CREATE POLICY portal ON "playable_copies" TO custodia_app USING (true) WITH CHECK (true);
