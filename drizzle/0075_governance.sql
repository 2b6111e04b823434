CREATE TABLE "governance_documents" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"version" integer NOT NULL,
	"content_encrypted" "bytea" NOT NULL,
	"sha256" text NOT NULL,
	"created_by_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"adopted_at" timestamp (3) with time zone,
	"adopted_by_id" uuid,
	CONSTRAINT "governance_documents_version" UNIQUE("kind","version"),
	CONSTRAINT "governance_documents_adopted" CHECK ((adopted_at is null) = (adopted_by_id is null))
);
--> statement-breakpoint
ALTER TABLE "governance_documents" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "officer_terms" (
	"id" uuid PRIMARY KEY NOT NULL,
	"role" text NOT NULL,
	"name" text NOT NULL,
	"act" text NOT NULL,
	"signed_on" date NOT NULL,
	"starts_on" date NOT NULL,
	"ends_on" date,
	"recorded_by_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"voided_at" timestamp (3) with time zone,
	"voided_by_id" uuid,
	CONSTRAINT "officer_terms_days" CHECK (coalesce(starts_on <= ends_on, true)),
	CONSTRAINT "officer_terms_voided" CHECK ((voided_at is null) = (voided_by_id is null))
);
--> statement-breakpoint
ALTER TABLE "officer_terms" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "governance_documents" ADD CONSTRAINT "governance_documents_created_by_id_users_id_fk" FOREIGN KEY ("created_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance_documents" ADD CONSTRAINT "governance_documents_adopted_by_id_users_id_fk" FOREIGN KEY ("adopted_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "officer_terms" ADD CONSTRAINT "officer_terms_recorded_by_id_users_id_fk" FOREIGN KEY ("recorded_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "officer_terms" ADD CONSTRAINT "officer_terms_voided_by_id_users_id_fk" FOREIGN KEY ("voided_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "officer_terms_start" ON "officer_terms" USING btree ("starts_on");
--> statement-breakpoint
-- As in 0048: the portal's role alone.
CREATE POLICY portal ON "officer_terms" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY portal ON "governance_documents" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
-- Designations and versions are history. Of a term only its end and its voiding are written later, of a version only its
-- adoption.
REVOKE UPDATE, DELETE, TRUNCATE ON officer_terms, governance_documents FROM custodia_app;
--> statement-breakpoint
GRANT UPDATE (ends_on, voided_at, voided_by_id) ON officer_terms TO custodia_app;
--> statement-breakpoint
GRANT UPDATE (adopted_at, adopted_by_id) ON governance_documents TO custodia_app;
