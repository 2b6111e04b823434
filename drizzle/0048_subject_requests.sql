CREATE TABLE "subject_request_counts" (
	"day" date PRIMARY KEY NOT NULL,
	"registered" integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE "subject_request_counts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "subject_request_deadlines" (
	"id" uuid PRIMARY KEY NOT NULL,
	"right_code" text NOT NULL,
	"days" integer NOT NULL,
	"source" text NOT NULL,
	"reason" text NOT NULL,
	"changed_by_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL
);
--> statement-breakpoint
ALTER TABLE "subject_request_deadlines" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "subject_request_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"request_id" uuid NOT NULL,
	"process_id" uuid,
	"kind" text NOT NULL,
	"state_from" text,
	"state_to" text,
	"reason_encrypted" "bytea",
	"actor_type" text NOT NULL,
	"actor_id" uuid,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"emptied_at" timestamp (3) with time zone,
	CONSTRAINT "subject_request_events_emptied" CHECK (emptied_at is null or reason_encrypted is null)
);
--> statement-breakpoint
ALTER TABLE "subject_request_events" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "subject_request_identifiers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"request_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"read_as" text,
	"value_encrypted" "bytea",
	"value_index" "bytea",
	"number_tail_index" "bytea",
	"number_last_four_index" "bytea",
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"emptied_at" timestamp (3) with time zone,
	CONSTRAINT "subject_request_identifiers_emptied" CHECK ((emptied_at is null) = (value_encrypted is not null) and (emptied_at is null or num_nonnulls(value_index, number_tail_index, number_last_four_index) = 0))
);
--> statement-breakpoint
ALTER TABLE "subject_request_identifiers" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "subject_request_rights" (
	"id" uuid PRIMARY KEY NOT NULL,
	"request_id" uuid NOT NULL,
	"right_code" text NOT NULL,
	"state" text DEFAULT 'received' NOT NULL,
	"state_before" text,
	"days" integer NOT NULL,
	"deadline_kind" text NOT NULL,
	"deadline_source" text NOT NULL,
	"due_until" timestamp (3) with time zone NOT NULL,
	"outcome" text,
	"scheduled_for" date,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"answered_at" timestamp (3) with time zone,
	"closed_at" timestamp (3) with time zone,
	CONSTRAINT "subject_request_rights_once" UNIQUE("request_id","right_code"),
	CONSTRAINT "subject_request_rights_waiting" CHECK ((state = 'awaiting_subject') = (state_before is not null)),
	CONSTRAINT "subject_request_rights_schedule" CHECK (scheduled_for is null or outcome = 'scheduled'),
	CONSTRAINT "subject_request_rights_closure" CHECK ((state = 'closed') = (closed_at is not null))
);
--> statement-breakpoint
ALTER TABLE "subject_request_rights" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "subject_requests" (
	"id" uuid PRIMARY KEY NOT NULL,
	"protocol" text NOT NULL,
	"channel" text NOT NULL,
	"requester" text NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"registered_by_id" uuid,
	"form_digest" "bytea",
	"subject_name_encrypted" "bytea",
	"requester_name_encrypted" "bytea",
	"authority_reference_encrypted" "bytea",
	"words_encrypted" "bytea",
	"period_from" date,
	"period_to" date,
	"answer_channel" text NOT NULL,
	"answer_form" text NOT NULL,
	"answer_address_encrypted" "bytea",
	"answer_locale" text NOT NULL,
	"ordered_due_on" date,
	"identity_level" smallint DEFAULT 0 NOT NULL,
	"assignee_id" uuid,
	"is_open" boolean DEFAULT true NOT NULL,
	"due_until" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone,
	"emptied_at" timestamp (3) with time zone,
	CONSTRAINT "subject_requests_protocol_unique" UNIQUE("protocol"),
	CONSTRAINT "subject_requests_identity_level" CHECK (identity_level between 0 and 4),
	CONSTRAINT "subject_requests_closure" CHECK (closed_at is null or not is_open),
	CONSTRAINT "subject_requests_emptied" CHECK (emptied_at is null or (closed_at is not null and num_nonnulls(form_digest, subject_name_encrypted, requester_name_encrypted, authority_reference_encrypted, words_encrypted, answer_address_encrypted) = 0))
);
--> statement-breakpoint
ALTER TABLE "subject_requests" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "subject_request_deadlines" ADD CONSTRAINT "subject_request_deadlines_changed_by_id_users_id_fk" FOREIGN KEY ("changed_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subject_request_events" ADD CONSTRAINT "subject_request_events_request_id_subject_requests_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."subject_requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subject_request_events" ADD CONSTRAINT "subject_request_events_process_id_subject_request_rights_id_fk" FOREIGN KEY ("process_id") REFERENCES "public"."subject_request_rights"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subject_request_identifiers" ADD CONSTRAINT "subject_request_identifiers_request_id_subject_requests_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."subject_requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subject_request_rights" ADD CONSTRAINT "subject_request_rights_request_id_subject_requests_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."subject_requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subject_requests" ADD CONSTRAINT "subject_requests_registered_by_id_users_id_fk" FOREIGN KEY ("registered_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subject_requests" ADD CONSTRAINT "subject_requests_assignee_id_users_id_fk" FOREIGN KEY ("assignee_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "subject_request_deadlines_right" ON "subject_request_deadlines" USING btree ("right_code","id");--> statement-breakpoint
CREATE INDEX "subject_request_events_request" ON "subject_request_events" USING btree ("request_id","id");--> statement-breakpoint
CREATE INDEX "subject_request_identifiers_request" ON "subject_request_identifiers" USING btree ("request_id","id");--> statement-breakpoint
CREATE INDEX "subject_request_identifiers_value" ON "subject_request_identifiers" USING btree ("value_index","request_id") WHERE value_index is not null;--> statement-breakpoint
CREATE INDEX "subject_request_rights_state" ON "subject_request_rights" USING btree ("state","request_id");--> statement-breakpoint
CREATE INDEX "subject_requests_due" ON "subject_requests" USING btree ("due_until","id");--> statement-breakpoint
CREATE INDEX "subject_requests_open" ON "subject_requests" USING btree ("due_until","id") WHERE is_open;--> statement-breakpoint
CREATE INDEX "subject_requests_assignee" ON "subject_requests" USING btree ("assignee_id","due_until","id") WHERE is_open;--> statement-breakpoint
CREATE INDEX "subject_requests_closed" ON "subject_requests" USING btree ("closed_at","id") WHERE closed_at is not null and emptied_at is null;--> statement-breakpoint
-- As in 0002: row-level security everywhere, with a policy for the portal's role alone.
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND NOT EXISTS (SELECT FROM pg_policies WHERE policyname = 'portal' AND schemaname = 'public' AND pg_policies.tablename = pg_tables.tablename) LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY portal ON public.%I TO custodia_app USING (true) WITH CHECK (true)', name);
  END LOOP;
END $$;
--> statement-breakpoint
-- A request is emptied, never deleted: its rows prove that it was answered in time.
REVOKE DELETE, TRUNCATE ON subject_requests, subject_request_rights, subject_request_events, subject_request_identifiers, subject_request_counts FROM custodia_app;
--> statement-breakpoint
-- Of an event only the free text goes. A deadline is changed by a new row.
REVOKE UPDATE ON subject_request_events FROM custodia_app;
--> statement-breakpoint
GRANT UPDATE (reason_encrypted, emptied_at) ON subject_request_events TO custodia_app;
--> statement-breakpoint
REVOKE UPDATE, DELETE, TRUNCATE ON subject_request_deadlines FROM custodia_app;
