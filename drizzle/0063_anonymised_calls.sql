CREATE TABLE "anonymised_calls" (
	"month" date NOT NULL,
	"unit_id" uuid NOT NULL,
	"queue_id" uuid,
	"direction" "call_direction" NOT NULL,
	"recordings" integer NOT NULL,
	"duration_ms" bigint NOT NULL,
	CONSTRAINT "anonymised_calls_group" UNIQUE NULLS NOT DISTINCT("month","unit_id","queue_id","direction")
);
--> statement-breakpoint
ALTER TABLE "anonymised_calls" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "anonymised_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "anonymised_calls" ADD CONSTRAINT "anonymised_calls_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "anonymised_calls" ADD CONSTRAINT "anonymised_calls_queue_id_queues_id_fk" FOREIGN KEY ("queue_id") REFERENCES "public"."queues"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "subject_requests_received" ON "subject_requests" USING btree ("received_at");
--> statement-breakpoint
-- As in 0048: the portal's role alone.
CREATE POLICY portal ON "anonymised_calls" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
REVOKE DELETE, TRUNCATE ON anonymised_calls FROM custodia_app;
