CREATE TABLE "siem_rejections" (
	"id" uuid PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"seal" bigint NOT NULL,
	"transaction_id" "xid8" NOT NULL,
	"first_event_id" uuid NOT NULL,
	"last_event_id" uuid NOT NULL,
	"events" integer NOT NULL,
	"rejected" integer NOT NULL,
	"reply" text,
	"resolved_at" timestamp (3) with time zone,
	CONSTRAINT "siem_rejections_count" CHECK (rejected between 1 and events)
);
--> statement-breakpoint
ALTER TABLE "siem_rejections" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "siem_stream" (
	"name" text PRIMARY KEY DEFAULT 'siem' NOT NULL,
	"receiver" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"generation" integer DEFAULT 0 NOT NULL,
	"seal" bigint NOT NULL,
	"transaction_id" "xid8",
	"event_id" uuid,
	"pending_seal" bigint,
	"pending_transaction_id" "xid8",
	"pending_event_id" uuid,
	"pending_events" integer,
	"delivered_events" bigint DEFAULT 0 NOT NULL,
	"last_delivered_at" timestamp (3) with time zone,
	"moved_at" timestamp (3) with time zone NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"last_failure" text,
	"last_failure_at" timestamp (3) with time zone,
	CONSTRAINT "siem_stream_one" CHECK ("siem_stream"."name" = 'siem'),
	CONSTRAINT "siem_stream_place" CHECK ((transaction_id is null) = (event_id is null)),
	CONSTRAINT "siem_stream_pending" CHECK (num_nonnulls(pending_seal, pending_transaction_id, pending_event_id, pending_events) in (0, 4))
);
--> statement-breakpoint
ALTER TABLE "siem_stream" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE INDEX "siem_rejections_open" ON "siem_rejections" USING btree ("created_at") WHERE resolved_at is null;
--> statement-breakpoint
-- As in 0048: the portal's role alone.
CREATE POLICY portal ON "siem_stream" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY portal ON "siem_rejections" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
-- How far the stream is, is never forgotten; of a rejection only its end is written later.
REVOKE DELETE, TRUNCATE ON siem_stream FROM custodia_app;
--> statement-breakpoint
REVOKE UPDATE, DELETE, TRUNCATE ON siem_rejections FROM custodia_app;
--> statement-breakpoint
GRANT UPDATE (resolved_at) ON siem_rejections TO custodia_app;
