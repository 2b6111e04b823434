CREATE TABLE "incident_notices" (
	"id" uuid PRIMARY KEY NOT NULL,
	"incident_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"sent_at" timestamp (3) with time zone NOT NULL,
	"shown_until" date,
	"subjects_told" integer,
	"reference_encrypted" "bytea",
	"text_encrypted" "bytea" NOT NULL,
	"recorded_by_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL
);
--> statement-breakpoint
ALTER TABLE "incident_notices" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "incident_recordings" (
	"incident_id" uuid NOT NULL,
	"recording_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	CONSTRAINT "incident_recordings_incident_id_recording_id_pk" PRIMARY KEY("incident_id","recording_id")
);
--> statement-breakpoint
ALTER TABLE "incident_recordings" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "incidents" (
	"id" uuid PRIMARY KEY NOT NULL,
	"number" integer NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"registered_by_id" uuid NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"known_at" timestamp (3) with time zone,
	"time_zone" text NOT NULL,
	"is_small_agent" boolean NOT NULL,
	"occurred_from" timestamp (3) with time zone,
	"occurred_to" timestamp (3) with time zone,
	"effect" text DEFAULT 'unknown' NOT NULL,
	"criteria" text[] DEFAULT '{}' NOT NULL,
	"data_kinds" text[] DEFAULT '{}' NOT NULL,
	"subjects_estimated" integer,
	"circumstances_encrypted" "bytea" NOT NULL,
	"risks_encrypted" "bytea",
	"measures_encrypted" "bytea",
	"notice_reason_encrypted" "bytea",
	"closed_at" timestamp (3) with time zone,
	"closed_by_id" uuid,
	CONSTRAINT "incidents_number_unique" UNIQUE("number"),
	CONSTRAINT "incidents_closed" CHECK ((closed_at is null) = (closed_by_id is null)),
	CONSTRAINT "incidents_times" CHECK (coalesce(occurred_from <= occurred_to, true))
);
--> statement-breakpoint
ALTER TABLE "incidents" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "own_holidays" (
	"day" date PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"added_by_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL
);
--> statement-breakpoint
ALTER TABLE "own_holidays" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "incident_notices" ADD CONSTRAINT "incident_notices_incident_id_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incident_notices" ADD CONSTRAINT "incident_notices_recorded_by_id_users_id_fk" FOREIGN KEY ("recorded_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incident_recordings" ADD CONSTRAINT "incident_recordings_incident_id_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incident_recordings" ADD CONSTRAINT "incident_recordings_recording_id_recordings_id_fk" FOREIGN KEY ("recording_id") REFERENCES "public"."recordings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incidents" ADD CONSTRAINT "incidents_registered_by_id_users_id_fk" FOREIGN KEY ("registered_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incidents" ADD CONSTRAINT "incidents_closed_by_id_users_id_fk" FOREIGN KEY ("closed_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "incident_notices_incident" ON "incident_notices" USING btree ("incident_id","id");--> statement-breakpoint
CREATE INDEX "incidents_open" ON "incidents" USING btree ("id") WHERE closed_at is null;
--> statement-breakpoint
-- As in 0048: the portal's role alone.
CREATE POLICY portal ON "incidents" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY portal ON "incident_recordings" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY portal ON "incident_notices" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY portal ON "own_holidays" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
-- The register is kept for at least five years (Res. CD/ANPD 15/2024, Art. 10): nothing of it is deleted.
REVOKE DELETE, TRUNCATE ON incidents FROM custodia_app;
--> statement-breakpoint
REVOKE UPDATE, DELETE, TRUNCATE ON incident_recordings, incident_notices FROM custodia_app;
--> statement-breakpoint
REVOKE UPDATE, TRUNCATE ON own_holidays FROM custodia_app;
