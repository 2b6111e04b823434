CREATE TABLE "access_review_entries" (
	"review_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"decision" text,
	"decided_by_id" uuid,
	"decided_at" timestamp (3) with time zone,
	"role" "user_role",
	"unit_ids" uuid[],
	CONSTRAINT "access_review_entries_review_id_user_id_pk" PRIMARY KEY("review_id","user_id"),
	CONSTRAINT "access_review_entries_decided" CHECK (num_nonnulls(decision, decided_by_id, decided_at, role) in (0, 4)),
	CONSTRAINT "access_review_entries_other" CHECK (coalesce(decided_by_id <> user_id, true))
);
--> statement-breakpoint
ALTER TABLE "access_review_entries" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "access_reviews" (
	"id" uuid PRIMARY KEY NOT NULL,
	"quarter" date NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"people" integer NOT NULL,
	"due_on" date NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "access_reviews_quarter_unique" UNIQUE("quarter")
);
--> statement-breakpoint
ALTER TABLE "access_reviews" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "access_review_entries" ADD CONSTRAINT "access_review_entries_review_id_access_reviews_id_fk" FOREIGN KEY ("review_id") REFERENCES "public"."access_reviews"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "access_review_entries" ADD CONSTRAINT "access_review_entries_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "access_review_entries" ADD CONSTRAINT "access_review_entries_decided_by_id_users_id_fk" FOREIGN KEY ("decided_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "access_review_entries_decided" ON "access_review_entries" USING btree ("decided_at") WHERE decided_at is not null;--> statement-breakpoint
CREATE INDEX "access_reviews_open" ON "access_reviews" USING btree ("due_on") WHERE ended_at is null;
--> statement-breakpoint
-- As in 0048: the portal's role alone.
CREATE POLICY portal ON "access_reviews" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY portal ON "access_review_entries" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
-- Who confirmed or withdrew access stays on record.
REVOKE DELETE, TRUNCATE ON access_reviews, access_review_entries FROM custodia_app;
