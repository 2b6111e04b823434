CREATE TABLE "subject_request_collections" (
	"id" uuid PRIMARY KEY NOT NULL,
	"request_id" uuid NOT NULL,
	"token_digest" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "subject_request_collections" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "subject_request_collections" ADD CONSTRAINT "subject_request_collections_request_id_subject_requests_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."subject_requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "subject_request_collections_request" ON "subject_request_collections" USING btree ("request_id","created_at");

--> statement-breakpoint
-- As in 0048: the portal's role alone.
CREATE POLICY portal ON "subject_request_collections" TO custodia_app USING (true) WITH CHECK (true);
