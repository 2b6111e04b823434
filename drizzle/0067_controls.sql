CREATE TABLE "accepted_risks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"control" text NOT NULL,
	"reason" text NOT NULL,
	"expires_on" date NOT NULL,
	"accepted_by_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"withdrawn_by_id" uuid,
	"withdrawn_at" timestamp (3) with time zone,
	CONSTRAINT "accepted_risks_withdrawn" CHECK ((withdrawn_at is null) = (withdrawn_by_id is null))
);
--> statement-breakpoint
ALTER TABLE "accepted_risks" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "control_checks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"checked_by_id" uuid,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"passed" integer NOT NULL,
	"failed" integer NOT NULL,
	"unknown" integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE "control_checks" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "control_plans" (
	"id" uuid PRIMARY KEY NOT NULL,
	"control" text NOT NULL,
	"owner_id" uuid,
	"due_on" date,
	"note" text NOT NULL,
	"planned_by_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	CONSTRAINT "control_plans_whole" CHECK ((owner_id is null) = (due_on is null))
);
--> statement-breakpoint
ALTER TABLE "control_plans" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "control_results" (
	"check_id" uuid NOT NULL,
	"control" text NOT NULL,
	"state" text NOT NULL,
	"evidence" json NOT NULL,
	CONSTRAINT "control_results_control_check_id_pk" PRIMARY KEY("control","check_id")
);
--> statement-breakpoint
ALTER TABLE "control_results" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "accepted_risks" ADD CONSTRAINT "accepted_risks_accepted_by_id_users_id_fk" FOREIGN KEY ("accepted_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "accepted_risks" ADD CONSTRAINT "accepted_risks_withdrawn_by_id_users_id_fk" FOREIGN KEY ("withdrawn_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "control_plans" ADD CONSTRAINT "control_plans_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "control_plans" ADD CONSTRAINT "control_plans_planned_by_id_users_id_fk" FOREIGN KEY ("planned_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "control_results" ADD CONSTRAINT "control_results_check_id_control_checks_id_fk" FOREIGN KEY ("check_id") REFERENCES "public"."control_checks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "accepted_risks_open" ON "accepted_risks" USING btree ("control") WHERE withdrawn_at is null;--> statement-breakpoint
CREATE INDEX "accepted_risks_control" ON "accepted_risks" USING btree ("control","id");--> statement-breakpoint
CREATE INDEX "control_checks_created" ON "control_checks" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "control_plans_control" ON "control_plans" USING btree ("control","id");--> statement-breakpoint
CREATE INDEX "data_keys_key" ON "data_keys" USING btree ("key_id");
--> statement-breakpoint
-- As in 0048: the portal's role alone.
CREATE POLICY portal ON "control_checks" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY portal ON "control_results" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY portal ON "control_plans" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY portal ON "accepted_risks" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
-- What was found, planned and accepted is history. Of an accepted risk only its end is written later.
REVOKE UPDATE, DELETE, TRUNCATE ON control_checks, control_results, control_plans FROM custodia_app;
--> statement-breakpoint
REVOKE DELETE, TRUNCATE ON accepted_risks FROM custodia_app;
