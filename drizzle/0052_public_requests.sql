CREATE TABLE "subject_request_code_counts" (
	"day" date PRIMARY KEY NOT NULL,
	"sent" integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE "subject_request_code_counts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "subject_request_codes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"request_id" uuid NOT NULL,
	"identifier_id" uuid,
	"address_digest" "bytea" NOT NULL,
	"channel" text NOT NULL,
	"code_digest" "bytea" NOT NULL,
	"tries_left" smallint NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"proved_at" timestamp (3) with time zone,
	CONSTRAINT "subject_request_codes_tries" CHECK (tries_left >= 0)
);
--> statement-breakpoint
ALTER TABLE "subject_request_codes" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "subject_request_limits" (
	"key_digest" "bytea" PRIMARY KEY NOT NULL,
	"taken" integer NOT NULL,
	"window_ends_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "subject_request_limits" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "subject_request_work_proofs" (
	"challenge_digest" "bytea" PRIMARY KEY NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "subject_request_work_proofs" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "subject_requests" DROP CONSTRAINT "subject_requests_emptied";--> statement-breakpoint
DROP INDEX "subject_requests_open";--> statement-breakpoint
ALTER TABLE "subject_requests" ADD COLUMN "is_unproven" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "subject_requests" ADD COLUMN "follow_up_digest" "bytea";--> statement-breakpoint
ALTER TABLE "subject_request_codes" ADD CONSTRAINT "subject_request_codes_request_id_subject_requests_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."subject_requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subject_request_codes" ADD CONSTRAINT "subject_request_codes_identifier_id_subject_request_identifiers_id_fk" FOREIGN KEY ("identifier_id") REFERENCES "public"."subject_request_identifiers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "subject_request_codes_request" ON "subject_request_codes" USING btree ("request_id","created_at");--> statement-breakpoint
CREATE INDEX "subject_request_codes_address" ON "subject_request_codes" USING btree ("address_digest","created_at");--> statement-breakpoint
CREATE INDEX "subject_request_limits_window" ON "subject_request_limits" USING btree ("window_ends_at");--> statement-breakpoint
CREATE INDEX "subject_request_work_proofs_expiry" ON "subject_request_work_proofs" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "subject_requests_unproven" ON "subject_requests" USING btree ("due_until","id") WHERE is_open and is_unproven;--> statement-breakpoint
CREATE INDEX "subject_requests_open" ON "subject_requests" USING btree ("due_until","id") WHERE is_open and not is_unproven;--> statement-breakpoint
ALTER TABLE "subject_requests" ADD CONSTRAINT "subject_requests_unproven_web" CHECK (not is_unproven or channel = 'web');--> statement-breakpoint
ALTER TABLE "subject_requests" ADD CONSTRAINT "subject_requests_emptied" CHECK (emptied_at is null or (closed_at is not null and num_nonnulls(form_digest, follow_up_digest, subject_name_encrypted, requester_name_encrypted, authority_reference_encrypted, words_encrypted, answer_address_encrypted) = 0));
--> statement-breakpoint
CREATE POLICY portal ON "subject_request_code_counts" TO custodia_app USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY portal ON "subject_request_codes" TO custodia_app USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY portal ON "subject_request_limits" TO custodia_app USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY portal ON "subject_request_work_proofs" TO custodia_app USING (true) WITH CHECK (true);
