CREATE TABLE "message_texts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"template" text NOT NULL,
	"channel" text NOT NULL,
	"locale" text NOT NULL,
	"version" integer NOT NULL,
	"subject" text,
	"body" text,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"created_by_id" uuid NOT NULL,
	CONSTRAINT "message_texts_version" UNIQUE("template","channel","locale","version")
);
--> statement-breakpoint
ALTER TABLE "message_texts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "message_texts" ADD CONSTRAINT "message_texts_created_by_id_users_id_fk" FOREIGN KEY ("created_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE POLICY portal ON "message_texts" TO custodia_app USING (true) WITH CHECK (true);
