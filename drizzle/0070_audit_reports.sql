CREATE TABLE "audit_report_files" (
	"report_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"object_key" text,
	"object_version_id" text,
	"object_etag" text,
	"content_type" text,
	"size_bytes" bigint,
	"sha256" "bytea",
	CONSTRAINT "audit_report_files_report_id_kind_pk" PRIMARY KEY("report_id","kind"),
	CONSTRAINT "audit_report_files_object_key_unique" UNIQUE("object_key")
);
--> statement-breakpoint
ALTER TABLE "audit_report_files" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "audit_reports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"schedule" text,
	"from_day" date NOT NULL,
	"to_day" date NOT NULL,
	"locale" text NOT NULL,
	"requested_by_id" uuid,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"keep_until" date NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"storing_until" timestamp (3) with time zone,
	"verdict" text,
	"statement" text,
	"made_at" timestamp (3) with time zone,
	"deleted_at" timestamp (3) with time zone,
	"deletion_proof" jsonb,
	CONSTRAINT "audit_reports_period" CHECK (from_day <= to_day),
	CONSTRAINT "audit_reports_ready" CHECK (state <> 'ready' or num_nonnulls(verdict, statement, made_at) = 3)
);
--> statement-breakpoint
ALTER TABLE "audit_reports" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "oversight_settings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"changed_by_id" uuid NOT NULL,
	"schedules" text[] NOT NULL,
	"locale" text NOT NULL,
	"work_from" integer NOT NULL,
	"work_to" integer NOT NULL,
	"thresholds" jsonb NOT NULL,
	CONSTRAINT "oversight_settings_hours" CHECK (work_from >= 0 and work_from < work_to and work_to <= 1440)
);
--> statement-breakpoint
ALTER TABLE "oversight_settings" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "audit_report_files" ADD CONSTRAINT "audit_report_files_report_id_audit_reports_id_fk" FOREIGN KEY ("report_id") REFERENCES "public"."audit_reports"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audit_reports" ADD CONSTRAINT "audit_reports_requested_by_id_users_id_fk" FOREIGN KEY ("requested_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "oversight_settings" ADD CONSTRAINT "oversight_settings_changed_by_id_users_id_fk" FOREIGN KEY ("changed_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "audit_reports_scheduled" ON "audit_reports" USING btree ("schedule","from_day") WHERE schedule is not null;--> statement-breakpoint
CREATE INDEX "audit_reports_created" ON "audit_reports" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "audit_reports_due" ON "audit_reports" USING btree ("keep_until","id") WHERE state <> 'deleted';
--> statement-breakpoint
-- As in 0048: the portal's role alone.
CREATE POLICY portal ON "audit_reports" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY portal ON "audit_report_files" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY portal ON "oversight_settings" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
-- That a report existed stays on record; earlier settings too.
REVOKE DELETE, TRUNCATE ON audit_reports, audit_report_files FROM custodia_app;
--> statement-breakpoint
REVOKE UPDATE, DELETE, TRUNCATE ON oversight_settings FROM custodia_app;
