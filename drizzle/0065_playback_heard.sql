CREATE TABLE "playback_heard" (
	"grant_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"start_ms" integer NOT NULL,
	"end_ms" integer NOT NULL,
	"rate_percent" integer NOT NULL,
	"is_hidden" boolean NOT NULL,
	"muted" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	CONSTRAINT "playback_heard_grant_id_number_pk" PRIMARY KEY("grant_id","number"),
	CONSTRAINT "playback_heard_part" CHECK (start_ms >= 0 and end_ms > start_ms)
);
--> statement-breakpoint
ALTER TABLE "playback_heard" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "playback_grants" ADD COLUMN "play_failure" text;--> statement-breakpoint
ALTER TABLE "playback_heard" ADD CONSTRAINT "playback_heard_grant_id_playback_grants_id_fk" FOREIGN KEY ("grant_id") REFERENCES "public"."playback_grants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
-- As in 0048: the portal's role alone.
CREATE POLICY portal ON "playback_heard" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
-- What was reported stays as it was reported.
REVOKE UPDATE, DELETE, TRUNCATE ON playback_heard FROM custodia_app;
