CREATE TABLE "subject_request_matches" (
	"request_id" uuid NOT NULL,
	"recording_id" uuid NOT NULL,
	"reasons" text[] NOT NULL,
	"identifier_ids" uuid[] NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"decision" text,
	"decision_reason_encrypted" "bytea",
	"decided_by_id" uuid,
	"decided_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	CONSTRAINT "subject_request_matches_request_id_recording_id_pk" PRIMARY KEY("request_id","recording_id"),
	CONSTRAINT "subject_request_matches_decision" CHECK (num_nonnulls(decision, decided_by_id, decided_at) in (0, 3))
);
--> statement-breakpoint
ALTER TABLE "subject_request_matches" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "subject_request_searches" (
	"id" uuid PRIMARY KEY NOT NULL,
	"request_id" uuid NOT NULL,
	"searched_by_id" uuid NOT NULL,
	"period_from" date,
	"period_to" date,
	"searched_for" jsonb NOT NULL,
	"stores" text[] NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL
);
--> statement-breakpoint
ALTER TABLE "subject_request_searches" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "subject_request_identity_checks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"request_id" uuid NOT NULL,
	"method" text NOT NULL,
	"level" smallint NOT NULL,
	"document" text,
	"document_tail_encrypted" "bytea",
	"note_encrypted" "bytea",
	"checked_by_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"emptied_at" timestamp (3) with time zone,
	CONSTRAINT "subject_request_identity_checks_level" CHECK (level between 1 and 4),
	CONSTRAINT "subject_request_identity_checks_emptied" CHECK ((emptied_at is null) = (note_encrypted is not null) and (emptied_at is null or document_tail_encrypted is null))
);
--> statement-breakpoint
ALTER TABLE "subject_request_identity_checks" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "subject_request_identifiers" ADD COLUMN "changed_hands" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "subject_request_matches" ADD CONSTRAINT "subject_request_matches_request_id_subject_requests_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."subject_requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subject_request_matches" ADD CONSTRAINT "subject_request_matches_recording_id_recordings_id_fk" FOREIGN KEY ("recording_id") REFERENCES "public"."recordings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subject_request_matches" ADD CONSTRAINT "subject_request_matches_decided_by_id_users_id_fk" FOREIGN KEY ("decided_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subject_request_searches" ADD CONSTRAINT "subject_request_searches_request_id_subject_requests_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."subject_requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subject_request_searches" ADD CONSTRAINT "subject_request_searches_searched_by_id_users_id_fk" FOREIGN KEY ("searched_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subject_request_identity_checks" ADD CONSTRAINT "subject_request_identity_checks_request_id_subject_requests_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."subject_requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subject_request_identity_checks" ADD CONSTRAINT "subject_request_identity_checks_checked_by_id_users_id_fk" FOREIGN KEY ("checked_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "subject_request_matches_started" ON "subject_request_matches" USING btree ("request_id","started_at","recording_id");--> statement-breakpoint
CREATE INDEX "subject_request_matches_recording" ON "subject_request_matches" USING btree ("recording_id");--> statement-breakpoint
CREATE INDEX "subject_request_searches_request" ON "subject_request_searches" USING btree ("request_id","id");--> statement-breakpoint
CREATE INDEX "subject_request_identity_checks_request" ON "subject_request_identity_checks" USING btree ("request_id","id");
--> statement-breakpoint
-- As in 0048: the portal's role alone.
CREATE POLICY portal ON "subject_request_identity_checks" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY portal ON "subject_request_matches" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY portal ON "subject_request_searches" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
-- What was proved, searched and decided is emptied, never deleted.
REVOKE DELETE, TRUNCATE ON subject_request_identity_checks, subject_request_matches, subject_request_searches FROM custodia_app;
--> statement-breakpoint
REVOKE UPDATE ON subject_request_searches FROM custodia_app;
