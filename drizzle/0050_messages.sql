CREATE TABLE "messages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"reference_id" uuid NOT NULL,
	"channel" text NOT NULL,
	"template" text NOT NULL,
	"template_version" text NOT NULL,
	"locale" text NOT NULL,
	"recipient_encrypted" "bytea",
	"data_encrypted" "bytea",
	"reply_encrypted" "bytea",
	"state" text DEFAULT 'waiting' NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"last_failure" text,
	CONSTRAINT "messages_key_unique" UNIQUE("key")
);
--> statement-breakpoint
ALTER TABLE "messages" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE INDEX "messages_reference" ON "messages" USING btree ("reference_id","created_at","id");--> statement-breakpoint
CREATE INDEX "messages_to_empty" ON "messages" USING btree ("ended_at") WHERE recipient_encrypted is not null;
--> statement-breakpoint
CREATE POLICY portal ON "messages" TO custodia_app USING (true) WITH CHECK (true);
