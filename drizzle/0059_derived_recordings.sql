CREATE TABLE "derived_recordings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"recording_id" uuid NOT NULL,
	"request_id" uuid NOT NULL,
	"form" text NOT NULL,
	"subject_channel" smallint,
	"silences" jsonb NOT NULL,
	"created_by_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"keep_until" date NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"object_key" text,
	"storing_until" timestamp (3) with time zone,
	"object_version_id" text,
	"object_etag" text,
	"content_type" text,
	"size_bytes" bigint,
	"sha256" "bytea",
	"duration_ms" integer,
	"transcoder" text,
	"failure_code" text,
	"made_at" timestamp (3) with time zone,
	"deleted_at" timestamp (3) with time zone,
	"deletion_proof" jsonb,
	CONSTRAINT "derived_recordings_object_key_unique" UNIQUE("object_key"),
	CONSTRAINT "derived_recordings_form" CHECK ((form = 'subject_channel') = (subject_channel is not null) and (form = 'subject_channel' or jsonb_array_length(silences) > 0)),
	CONSTRAINT "derived_recordings_deleted" CHECK ((state = 'deleted') = (object_key is null)),
	CONSTRAINT "derived_recordings_ready_whole" CHECK (state <> 'ready' or (object_etag is not null and content_type is not null and size_bytes is not null and sha256 is not null and duration_ms is not null and made_at is not null))
);
--> statement-breakpoint
ALTER TABLE "derived_recordings" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "playback_grants" ADD COLUMN "derived_recording_id" uuid;--> statement-breakpoint
ALTER TABLE "derived_recordings" ADD CONSTRAINT "derived_recordings_recording_id_recordings_id_fk" FOREIGN KEY ("recording_id") REFERENCES "public"."recordings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "derived_recordings" ADD CONSTRAINT "derived_recordings_request_id_subject_requests_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."subject_requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "derived_recordings" ADD CONSTRAINT "derived_recordings_created_by_id_users_id_fk" FOREIGN KEY ("created_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "derived_recordings_current" ON "derived_recordings" USING btree ("request_id","recording_id") WHERE state in ('waiting', 'storing', 'ready', 'failed');--> statement-breakpoint
CREATE INDEX "derived_recordings_recording" ON "derived_recordings" USING btree ("recording_id","id");--> statement-breakpoint
CREATE INDEX "derived_recordings_due" ON "derived_recordings" USING btree ("keep_until","id") WHERE state <> 'deleted';--> statement-breakpoint
ALTER TABLE "playback_grants" ADD CONSTRAINT "playback_grants_derived_recording_id_derived_recordings_id_fk" FOREIGN KEY ("derived_recording_id") REFERENCES "public"."derived_recordings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "playback_grants_derived" ON "playback_grants" USING btree ("derived_recording_id") WHERE derived_recording_id is not null;
--> statement-breakpoint
CREATE POLICY portal ON "derived_recordings" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
-- A row says what was made, for whom and until when: its object goes, the row stays.
REVOKE DELETE, TRUNCATE ON derived_recordings FROM custodia_app;
