CREATE TABLE "single_sign_on" (
	"name" text PRIMARY KEY DEFAULT 'settings' NOT NULL,
	"linking_issuer" text,
	"local_sign_in" boolean DEFAULT true NOT NULL,
	"proven_issuer" text,
	"proven_at" timestamp (3) with time zone,
	CONSTRAINT "single_sign_on_one" CHECK ("single_sign_on"."name" = 'settings')
);
--> statement-breakpoint
ALTER TABLE "single_sign_on" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "sso_identities" (
	"id" uuid PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"user_id" uuid NOT NULL,
	"issuer" text NOT NULL,
	"subject_digest" "bytea" NOT NULL,
	CONSTRAINT "sso_identities_subject" UNIQUE("issuer","subject_digest"),
	CONSTRAINT "sso_identities_user" UNIQUE("user_id","issuer")
);
--> statement-breakpoint
ALTER TABLE "sso_identities" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "sso_logins" (
	"id" uuid PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"identity_id" uuid,
	"user_id" uuid NOT NULL,
	"sid_digest" "bytea",
	"tokens" "bytea",
	"confirmed_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "sso_logins_erased" CHECK (ended_at is null or tokens is null)
);
--> statement-breakpoint
ALTER TABLE "sso_logins" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "sso_logout_tokens" (
	"jti_digest" "bytea" PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL
);
--> statement-breakpoint
ALTER TABLE "sso_logout_tokens" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "sso_rule_units" (
	"rule_id" uuid NOT NULL,
	"unit_id" uuid NOT NULL,
	CONSTRAINT "sso_rule_units_rule_id_unit_id_pk" PRIMARY KEY("rule_id","unit_id")
);
--> statement-breakpoint
ALTER TABLE "sso_rule_units" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "sso_rules" (
	"id" uuid PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"claim" text NOT NULL,
	"value" text NOT NULL,
	"role" "user_role" NOT NULL,
	CONSTRAINT "sso_rules_one" UNIQUE("claim","value","role")
);
--> statement-breakpoint
ALTER TABLE "sso_rules" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "sso_tries" (
	"cookie_digest" "bytea" PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone,
	"state_digest" "bytea" NOT NULL,
	"secrets" "bytea" NOT NULL,
	"return_to" text NOT NULL,
	"session_id" uuid
);
--> statement-breakpoint
ALTER TABLE "sso_tries" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "sso_login_id" uuid;--> statement-breakpoint
ALTER TABLE "sign_in_tickets" ADD COLUMN "sso_login_id" uuid;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "sso_only" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "sso_link_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "break_glass" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "sso_identities" ADD CONSTRAINT "sso_identities_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sso_logins" ADD CONSTRAINT "sso_logins_identity_id_sso_identities_id_fk" FOREIGN KEY ("identity_id") REFERENCES "public"."sso_identities"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sso_logins" ADD CONSTRAINT "sso_logins_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sso_rule_units" ADD CONSTRAINT "sso_rule_units_rule_id_sso_rules_id_fk" FOREIGN KEY ("rule_id") REFERENCES "public"."sso_rules"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sso_rule_units" ADD CONSTRAINT "sso_rule_units_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "sso_logins_user" ON "sso_logins" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "sso_logins_sid" ON "sso_logins" USING btree ("sid_digest");--> statement-breakpoint
CREATE INDEX "sso_logins_open" ON "sso_logins" USING btree ("confirmed_at") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "sso_tries_expiry" ON "sso_tries" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "sessions_sso_login" ON "sessions" USING btree ("sso_login_id");
--> statement-breakpoint
-- As in 0048: the portal's role alone.
CREATE POLICY portal ON "single_sign_on" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY portal ON "sso_rules" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY portal ON "sso_rule_units" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY portal ON "sso_identities" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY portal ON "sso_tries" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY portal ON "sso_logins" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY portal ON "sso_logout_tokens" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
-- A row of the table from claims to roles is replaced, never changed.
REVOKE UPDATE, TRUNCATE ON sso_rules, sso_rule_units FROM custodia_app;
--> statement-breakpoint
REVOKE DELETE, TRUNCATE ON single_sign_on, sso_logins FROM custodia_app;
--> statement-breakpoint
-- A used logout token is forgotten after its time, never reused.
REVOKE UPDATE, TRUNCATE ON sso_logout_tokens FROM custodia_app;
--> statement-breakpoint
INSERT INTO single_sign_on (name) VALUES ('settings');
