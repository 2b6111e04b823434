CREATE TABLE "retention_moves" (
	"id" uuid PRIMARY KEY NOT NULL,
	"policy_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"of_default" boolean NOT NULL,
	"unit_id" uuid,
	"queue_id" uuid,
	"direction" text,
	"call_kind" text,
	"lowers_minimum" boolean NOT NULL,
	"recalculated_through" uuid DEFAULT '00000000-0000-0000-0000-000000000000' NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"finished_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "retention_moves" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "retention_policy_versions" (
	"policy_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"terms" jsonb NOT NULL,
	"active" boolean NOT NULL,
	"reason" text NOT NULL,
	"changed_by_id" uuid,
	"approved_by_id" uuid,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	CONSTRAINT "retention_policy_versions_policy_id_version_pk" PRIMARY KEY("policy_id","version")
);
--> statement-breakpoint
ALTER TABLE "retention_policy_versions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "retention_triggers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"recording_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"reported_by_type" text NOT NULL,
	"reported_by_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL
);
--> statement-breakpoint
ALTER TABLE "retention_triggers" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
DROP INDEX "retention_policies_scope";--> statement-breakpoint
ALTER TABLE "retention_policies" ADD COLUMN "is_default" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "retention_policies" ADD COLUMN "direction" text;--> statement-breakpoint
ALTER TABLE "retention_policies" ADD COLUMN "call_kind" text;--> statement-breakpoint
ALTER TABLE "retention_policies" ADD COLUMN "trigger" text DEFAULT 'call' NOT NULL;--> statement-breakpoint
ALTER TABLE "retention_policies" ADD COLUMN "minimum_value" integer;--> statement-breakpoint
ALTER TABLE "retention_policies" ADD COLUMN "minimum_unit" text;--> statement-breakpoint
ALTER TABLE "retention_policies" ADD COLUMN "period_value" integer;--> statement-breakpoint
ALTER TABLE "retention_policies" ADD COLUMN "period_unit" text;--> statement-breakpoint
ALTER TABLE "retention_policies" ADD COLUMN "waiting_value" integer;--> statement-breakpoint
ALTER TABLE "retention_policies" ADD COLUMN "waiting_unit" text;--> statement-breakpoint
ALTER TABLE "retention_policies" ADD COLUMN "legal_basis" text;--> statement-breakpoint
ALTER TABLE "retention_policies" ADD COLUMN "source" text;--> statement-breakpoint
ALTER TABLE "retention_policies" ADD COLUMN "review_on" date;--> statement-breakpoint
ALTER TABLE "retention_policies" ADD COLUMN "preset_key" text;--> statement-breakpoint
ALTER TABLE "retention_policies" ADD COLUMN "version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "retention_moves" ADD CONSTRAINT "retention_moves_policy_id_retention_policies_id_fk" FOREIGN KEY ("policy_id") REFERENCES "public"."retention_policies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "retention_moves" ADD CONSTRAINT "retention_moves_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "retention_moves" ADD CONSTRAINT "retention_moves_queue_id_queues_id_fk" FOREIGN KEY ("queue_id") REFERENCES "public"."queues"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "retention_policy_versions" ADD CONSTRAINT "retention_policy_versions_policy_id_retention_policies_id_fk" FOREIGN KEY ("policy_id") REFERENCES "public"."retention_policies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "retention_triggers" ADD CONSTRAINT "retention_triggers_recording_id_recordings_id_fk" FOREIGN KEY ("recording_id") REFERENCES "public"."recordings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "retention_moves_open" ON "retention_moves" USING btree ("created_at","id") WHERE finished_at is null;--> statement-breakpoint
CREATE INDEX "retention_triggers_recording" ON "retention_triggers" USING btree ("recording_id","kind","id");--> statement-breakpoint
CREATE UNIQUE INDEX "retention_policies_default" ON "retention_policies" USING btree ("is_default") WHERE active and is_default;--> statement-breakpoint
ALTER TABLE "retention_policies" ADD CONSTRAINT "retention_policies_default_matches_all" CHECK (not is_default or (unit_id is null and queue_id is null and direction is null and call_kind is null));--> statement-breakpoint
ALTER TABLE "retention_policies" ADD CONSTRAINT "retention_policies_minimum" CHECK ((minimum_value is null) = (minimum_unit is null) and coalesce(minimum_value between 1 and 36525, true));--> statement-breakpoint
ALTER TABLE "retention_policies" ADD CONSTRAINT "retention_policies_period" CHECK (period_value between 1 and 36525);--> statement-breakpoint
ALTER TABLE "retention_policies" ADD CONSTRAINT "retention_policies_waiting" CHECK ((trigger = 'call') = (waiting_value is null) and (waiting_value is null) = (waiting_unit is null) and coalesce(waiting_value between 1 and 36525, true));--> statement-breakpoint
-- A number of days becomes a period of days; what was never asked before is to be looked at today.
UPDATE retention_policies SET is_default = unit_id IS NULL AND queue_id IS NULL, period_value = days, period_unit = 'day', source = justification, review_on = current_date;
--> statement-breakpoint
ALTER TABLE retention_policies ALTER COLUMN period_value SET NOT NULL, ALTER COLUMN period_unit SET NOT NULL, ALTER COLUMN source SET NOT NULL, ALTER COLUMN review_on SET NOT NULL;
--> statement-breakpoint
-- A policy of a queue names its unit too.
UPDATE retention_policies SET unit_id = queues.unit_id FROM queues WHERE queues.id = retention_policies.queue_id;
--> statement-breakpoint
INSERT INTO retention_policy_versions (policy_id, version, terms, active, reason, created_at)
SELECT id, 1, jsonb_build_object('name', name, 'isDefault', is_default, 'match', jsonb_build_object('unitId', unit_id, 'queueId', queue_id, 'direction', NULL, 'callKind', NULL), 'trigger', 'call', 'minimum', NULL,
  'period', jsonb_build_object('value', days, 'unit', 'day'), 'waiting', NULL, 'legalBasis', NULL, 'source', source, 'reviewOn', review_on, 'justification', justification, 'presetKey', NULL),
  active, 'Em vigor antes de haver versões', coalesce(updated_at, created_at) FROM retention_policies;
--> statement-breakpoint
UPDATE recordings SET retention_policy_version = 1 WHERE retention_policy_id IS NOT NULL;
--> statement-breakpoint
-- Several policies may match now, where the most particular one alone counted: dates are computed anew, by the job.
INSERT INTO retention_moves (id, policy_id, version, of_default, lowers_minimum) SELECT gen_random_uuid(), id, 1, false, false FROM retention_policies WHERE active AND is_default;
--> statement-breakpoint
ALTER TABLE retention_moves ADD CONSTRAINT retention_moves_default CHECK (NOT of_default OR (unit_id IS NULL AND queue_id IS NULL AND direction IS NULL AND call_kind IS NULL));
--> statement-breakpoint
-- What was decided and what was reported is never changed: a new version, a new report.
REVOKE UPDATE, DELETE, TRUNCATE ON retention_policy_versions, retention_triggers FROM custodia_app;
--> statement-breakpoint
REVOKE DELETE, TRUNCATE ON retention_policies, retention_moves FROM custodia_app;
--> statement-breakpoint
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND NOT EXISTS (SELECT FROM pg_policies WHERE policyname = 'portal' AND schemaname = 'public' AND pg_policies.tablename = pg_tables.tablename) LOOP
    EXECUTE format('CREATE POLICY portal ON public.%I TO custodia_app USING (true) WITH CHECK (true)', name);
  END LOOP;
END $$;
