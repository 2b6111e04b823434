CREATE TABLE "alerts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"rule" text NOT NULL,
	"subject" text NOT NULL,
	"day" date NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"user_id" uuid,
	"value" integer NOT NULL,
	"threshold" integer,
	"evidence" json NOT NULL,
	"acknowledged_at" timestamp (3) with time zone,
	"acknowledged_by_id" uuid,
	"note_encrypted" "bytea",
	"incident_id" uuid,
	CONSTRAINT "alerts_once" UNIQUE("rule","subject","day"),
	CONSTRAINT "alerts_acknowledged" CHECK (num_nonnulls(acknowledged_at, acknowledged_by_id, note_encrypted) in (0, 3))
);
--> statement-breakpoint
ALTER TABLE "alerts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_acknowledged_by_id_users_id_fk" FOREIGN KEY ("acknowledged_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_incident_id_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "alerts_created" ON "alerts" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "alerts_open" ON "alerts" USING btree ("created_at","id") WHERE acknowledged_at is null;
--> statement-breakpoint
-- As in 0048: the portal's role alone.
CREATE POLICY portal ON "alerts" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
-- Of an alert only its acknowledgement and its incident are written later.
REVOKE UPDATE, DELETE, TRUNCATE ON alerts FROM custodia_app;
--> statement-breakpoint
GRANT UPDATE (acknowledged_at, acknowledged_by_id, note_encrypted, incident_id) ON alerts TO custodia_app;
