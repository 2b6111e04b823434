CREATE TABLE "suppressed_calls" (
	"call_id" text PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL
);
--> statement-breakpoint
ALTER TABLE "suppressed_calls" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY portal ON "suppressed_calls" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
-- A deletion is not undone by forgetting which call it was.
REVOKE UPDATE, DELETE, TRUNCATE ON "suppressed_calls" FROM custodia_app;
