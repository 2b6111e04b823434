CREATE TABLE "subject_request_answers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"request_id" uuid NOT NULL,
	"number" text NOT NULL,
	"process_ids" uuid[] NOT NULL,
	"locale" text NOT NULL,
	"content_encrypted" "bytea",
	"pdf_encrypted" "bytea",
	"pdf_sha256" "bytea" NOT NULL,
	"statement" text NOT NULL,
	"issued_by_id" uuid,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"collect_until" timestamp (3) with time zone NOT NULL,
	"emptied_at" timestamp (3) with time zone,
	CONSTRAINT "subject_request_answers_number_unique" UNIQUE("number"),
	CONSTRAINT "subject_request_answers_emptied" CHECK (emptied_at is null or num_nonnulls(content_encrypted, pdf_encrypted) = 0)
);
--> statement-breakpoint
ALTER TABLE "subject_request_answers" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "subject_request_sharer_tasks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"request_id" uuid NOT NULL,
	"measure" text NOT NULL,
	"recording_ids" uuid[] NOT NULL,
	"user_id" uuid,
	"recipient_encrypted" "bytea",
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"notified_at" timestamp (3) with time zone,
	"acknowledged_at" timestamp (3) with time zone,
	"impossible_reason_encrypted" "bytea",
	"closed_by_id" uuid,
	"closed_at" timestamp (3) with time zone,
	"emptied_at" timestamp (3) with time zone,
	CONSTRAINT "subject_request_sharer_tasks_once" UNIQUE("request_id","measure","user_id"),
	CONSTRAINT "subject_request_sharer_tasks_emptied" CHECK (emptied_at is null or num_nonnulls(recipient_encrypted, impossible_reason_encrypted) = 0)
);
--> statement-breakpoint
ALTER TABLE "subject_request_sharer_tasks" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "subject_request_decisions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"request_id" uuid NOT NULL,
	"process_id" uuid NOT NULL,
	"recording_id" uuid,
	"measure" text NOT NULL,
	"audio_form" text,
	"ground" text,
	"fact_encrypted" "bytea",
	"kept_until" date,
	"decided_by_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"deletion_order_id" uuid,
	"result" text,
	"done_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"emptied_at" timestamp (3) with time zone,
	CONSTRAINT "subject_request_decisions_audio" CHECK (audio_form is null or measure = 'deliver'),
	CONSTRAINT "subject_request_decisions_until" CHECK (kept_until is null or measure in ('keep', 'delete_later')),
	CONSTRAINT "subject_request_decisions_done" CHECK ((done_at is not null) = (result is not distinct from 'done')),
	CONSTRAINT "subject_request_decisions_emptied" CHECK (emptied_at is null or fact_encrypted is null)
);
--> statement-breakpoint
ALTER TABLE "subject_request_decisions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "controller_versions" ADD COLUMN "approver_user_id" uuid;--> statement-breakpoint
ALTER TABLE "subject_request_answers" ADD CONSTRAINT "subject_request_answers_request_id_subject_requests_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."subject_requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subject_request_answers" ADD CONSTRAINT "subject_request_answers_issued_by_id_users_id_fk" FOREIGN KEY ("issued_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subject_request_sharer_tasks" ADD CONSTRAINT "subject_request_sharer_tasks_request_id_subject_requests_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."subject_requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subject_request_sharer_tasks" ADD CONSTRAINT "subject_request_sharer_tasks_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subject_request_sharer_tasks" ADD CONSTRAINT "subject_request_sharer_tasks_closed_by_id_users_id_fk" FOREIGN KEY ("closed_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subject_request_decisions" ADD CONSTRAINT "subject_request_decisions_request_id_subject_requests_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."subject_requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subject_request_decisions" ADD CONSTRAINT "subject_request_decisions_process_id_subject_request_rights_id_fk" FOREIGN KEY ("process_id") REFERENCES "public"."subject_request_rights"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subject_request_decisions" ADD CONSTRAINT "subject_request_decisions_recording_id_recordings_id_fk" FOREIGN KEY ("recording_id") REFERENCES "public"."recordings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subject_request_decisions" ADD CONSTRAINT "subject_request_decisions_decided_by_id_users_id_fk" FOREIGN KEY ("decided_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subject_request_decisions" ADD CONSTRAINT "subject_request_decisions_deletion_order_id_deletion_orders_id_fk" FOREIGN KEY ("deletion_order_id") REFERENCES "public"."deletion_orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "subject_request_answers_request" ON "subject_request_answers" USING btree ("request_id","id");--> statement-breakpoint
CREATE INDEX "subject_request_sharer_tasks_request" ON "subject_request_sharer_tasks" USING btree ("request_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "subject_request_decisions_recording" ON "subject_request_decisions" USING btree ("process_id","recording_id") WHERE ended_at is null and recording_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "subject_request_decisions_right" ON "subject_request_decisions" USING btree ("process_id") WHERE ended_at is null and recording_id is null;--> statement-breakpoint
CREATE INDEX "subject_request_decisions_request" ON "subject_request_decisions" USING btree ("request_id","id");--> statement-breakpoint
CREATE INDEX "subject_request_decisions_of_recording" ON "subject_request_decisions" USING btree ("recording_id");--> statement-breakpoint
CREATE INDEX "subject_request_decisions_open" ON "subject_request_decisions" USING btree ("recording_id") WHERE done_at is null and ended_at is null and measure in ('delete', 'delete_later', 'anonymise');--> statement-breakpoint
ALTER TABLE "controller_versions" ADD CONSTRAINT "controller_versions_approver_user_id_users_id_fk" FOREIGN KEY ("approver_user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
-- As in 0048: the portal's role alone.
CREATE POLICY portal ON "subject_request_decisions" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY portal ON "subject_request_answers" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY portal ON "subject_request_sharer_tasks" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
-- What was decided, answered and told is emptied, never deleted.
REVOKE DELETE, TRUNCATE ON subject_request_decisions, subject_request_answers, subject_request_sharer_tasks FROM custodia_app;
