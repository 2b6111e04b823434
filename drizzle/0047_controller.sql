CREATE TABLE "controller_versions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"created_by_id" uuid NOT NULL,
	"legal_name" text NOT NULL,
	"trade_name" text,
	"cnpj" text,
	"address" text,
	"email" text,
	"phone" text,
	"privacy_notice_url" text,
	"deadline_time_zone" text NOT NULL,
	"officer_name" text,
	"officer_firm" text,
	"contact_email" text,
	"contact_phone" text,
	"officer_appointment" text,
	"officer_appointed_on" date,
	"officer_user_id" uuid,
	"substitute_name" text,
	"substitute_appointment" text,
	"substitute_appointed_on" date,
	"substitute_user_id" uuid,
	"small_agent" boolean NOT NULL,
	"small_agent_reason" text,
	CONSTRAINT "controller_versions_version_unique" UNIQUE("version")
);
--> statement-breakpoint
ALTER TABLE "controller_versions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "controller_versions" ADD CONSTRAINT "controller_versions_created_by_id_users_id_fk" FOREIGN KEY ("created_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "controller_versions" ADD CONSTRAINT "controller_versions_officer_user_id_users_id_fk" FOREIGN KEY ("officer_user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "controller_versions" ADD CONSTRAINT "controller_versions_substitute_user_id_users_id_fk" FOREIGN KEY ("substitute_user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE POLICY portal ON "controller_versions" TO custodia_app USING (true) WITH CHECK (true);--> statement-breakpoint
-- Who was the encarregado on a date stays known: rows are added only.
REVOKE UPDATE, DELETE, TRUNCATE ON controller_versions FROM custodia_app;--> statement-breakpoint
CREATE FUNCTION refuse_controller_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % is refused: versions of the controller are append-only', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;--> statement-breakpoint
CREATE TRIGGER controller_versions_append_only BEFORE UPDATE OR DELETE ON controller_versions FOR EACH ROW EXECUTE FUNCTION refuse_controller_change();--> statement-breakpoint
CREATE TRIGGER controller_versions_no_truncate BEFORE TRUNCATE ON controller_versions FOR EACH STATEMENT EXECUTE FUNCTION refuse_controller_change();
