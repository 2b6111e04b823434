CREATE TABLE "subject_request_mandate_parts" (
	"mandate_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"content_encrypted" "bytea" NOT NULL,
	CONSTRAINT "subject_request_mandate_parts_mandate_id_number_pk" PRIMARY KEY("mandate_id","number")
);
--> statement-breakpoint
ALTER TABLE "subject_request_mandate_parts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "subject_request_mandates" (
	"id" uuid PRIMARY KEY NOT NULL,
	"request_id" uuid NOT NULL,
	"media_type" text NOT NULL,
	"size_bytes" integer NOT NULL,
	"content_digest" "bytea",
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"purged_at" timestamp (3) with time zone,
	CONSTRAINT "subject_request_mandates_purged" CHECK ((purged_at is null) = (content_digest is not null))
);
--> statement-breakpoint
ALTER TABLE "subject_request_mandates" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "subject_request_mandate_parts" ADD CONSTRAINT "subject_request_mandate_parts_mandate_id_subject_request_mandates_id_fk" FOREIGN KEY ("mandate_id") REFERENCES "public"."subject_request_mandates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subject_request_mandates" ADD CONSTRAINT "subject_request_mandates_request_id_subject_requests_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."subject_requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "subject_request_mandates_request" ON "subject_request_mandates" USING btree ("request_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "subject_request_mandates_once" ON "subject_request_mandates" USING btree ("request_id","content_digest") WHERE purged_at is null;
--> statement-breakpoint
-- As in 0048: the portal's role alone.
CREATE POLICY portal ON "subject_request_mandates" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY portal ON "subject_request_mandate_parts" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
-- A row says what was attached and when its content went. The content goes, and never changes.
REVOKE DELETE, TRUNCATE ON subject_request_mandates FROM custodia_app;
--> statement-breakpoint
REVOKE UPDATE, TRUNCATE ON subject_request_mandate_parts FROM custodia_app;
