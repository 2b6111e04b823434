CREATE TABLE "approvals" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"payload" jsonb NOT NULL,
	"reason" text NOT NULL,
	"requested_by_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"state" text DEFAULT 'pending' NOT NULL,
	"decided_by_id" uuid,
	"decided_at" timestamp (3) with time zone,
	CONSTRAINT "approvals_second_person" CHECK (state not in ('approved', 'rejected') or (decided_by_id is not null and decided_at is not null and decided_by_id <> requested_by_id))
);
--> statement-breakpoint
ALTER TABLE "approvals" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "deletion_orders" (
	"id" uuid PRIMARY KEY NOT NULL,
	"reason" text NOT NULL,
	"requested_by_type" text NOT NULL,
	"requested_by_id" text NOT NULL,
	"approved_by_id" uuid,
	"selection" json NOT NULL,
	"expected_recordings" integer NOT NULL,
	"expected_bytes" bigint NOT NULL,
	"marked_recordings" integer DEFAULT 0 NOT NULL,
	"state" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"finished_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "deletion_orders" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "erasure_ledger" (
	"sequence" bigint PRIMARY KEY NOT NULL,
	"body" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"written_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "erasure_ledger" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "drift_findings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"object_key" text,
	"recording_id" uuid,
	"facts" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"last_seen_at" timestamp (3) with time zone NOT NULL,
	"resolved_at" timestamp (3) with time zone,
	"resolution" text,
	"resolved_by_id" uuid
);
--> statement-breakpoint
ALTER TABLE "drift_findings" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "drift_runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"progress_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"state" text NOT NULL,
	"object_cursor" text,
	"recording_cursor" text,
	"objects_seen" integer DEFAULT 0 NOT NULL,
	"recordings_seen" integer DEFAULT 0 NOT NULL,
	"found" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
ALTER TABLE "drift_runs" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "legal_hold_recordings" (
	"hold_id" uuid NOT NULL,
	"recording_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"released_at" timestamp (3) with time zone,
	"locked_at" timestamp (3) with time zone,
	"unlocked_at" timestamp (3) with time zone,
	CONSTRAINT "legal_hold_recordings_hold_id_recording_id_pk" PRIMARY KEY("hold_id","recording_id")
);
--> statement-breakpoint
ALTER TABLE "legal_hold_recordings" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "legal_holds" (
	"id" uuid PRIMARY KEY NOT NULL,
	"matter" text NOT NULL,
	"reason" text NOT NULL,
	"owner_id" uuid NOT NULL,
	"review_on" date NOT NULL,
	"placed_by_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"updated_at" timestamp (3) with time zone,
	"released_by_id" uuid,
	"release_approved_by_id" uuid,
	"released_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "legal_holds" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "data_keys" (
	"object_key" text PRIMARY KEY NOT NULL,
	"key_id" text NOT NULL,
	"wrapped_key" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL
);
--> statement-breakpoint
ALTER TABLE "data_keys" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "webhook_deliveries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"service_account_id" uuid NOT NULL,
	"recording_id" uuid NOT NULL,
	"event" text NOT NULL,
	"ticket_id" uuid NOT NULL,
	"payload" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp (3) with time zone NOT NULL,
	"delivered_at" timestamp (3) with time zone,
	"abandoned_at" timestamp (3) with time zone,
	"last_failure" text,
	CONSTRAINT "webhook_deliveries_once" UNIQUE("ticket_id","event")
);
--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "storage_checks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"store" text NOT NULL,
	"results" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL
);
--> statement-breakpoint
ALTER TABLE "storage_checks" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "call_kind" text;--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "verified_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "retention_policy_version" integer;--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "minimum_policy_id" uuid;--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "minimum_policy_version" integer;--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "minimum_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "deletion_order_id" uuid;--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "deletion_proof" jsonb;--> statement-breakpoint
ALTER TABLE "upload_tickets" ADD COLUMN "kind" text DEFAULT 'single' NOT NULL;--> statement-breakpoint
ALTER TABLE "upload_tickets" ADD COLUMN "multipart_upload_id" text;--> statement-breakpoint
ALTER TABLE "upload_tickets" ADD COLUMN "part_size_bytes" bigint;--> statement-breakpoint
ALTER TABLE "upload_tickets" ADD COLUMN "promoted_key" text;--> statement-breakpoint
ALTER TABLE "retention_runs" ADD COLUMN "held" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "retention_runs" ADD COLUMN "bytes_deleted" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "service_accounts" ADD COLUMN "webhook_url" text;--> statement-breakpoint
ALTER TABLE "service_accounts" ADD COLUMN "webhook_secret_encrypted" "bytea";--> statement-breakpoint
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_requested_by_id_users_id_fk" FOREIGN KEY ("requested_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_decided_by_id_users_id_fk" FOREIGN KEY ("decided_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "drift_findings" ADD CONSTRAINT "drift_findings_resolved_by_id_users_id_fk" FOREIGN KEY ("resolved_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "legal_hold_recordings" ADD CONSTRAINT "legal_hold_recordings_hold_id_legal_holds_id_fk" FOREIGN KEY ("hold_id") REFERENCES "public"."legal_holds"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "legal_hold_recordings" ADD CONSTRAINT "legal_hold_recordings_recording_id_recordings_id_fk" FOREIGN KEY ("recording_id") REFERENCES "public"."recordings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "legal_holds" ADD CONSTRAINT "legal_holds_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "legal_holds" ADD CONSTRAINT "legal_holds_placed_by_id_users_id_fk" FOREIGN KEY ("placed_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "legal_holds" ADD CONSTRAINT "legal_holds_released_by_id_users_id_fk" FOREIGN KEY ("released_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "legal_holds" ADD CONSTRAINT "legal_holds_release_approved_by_id_users_id_fk" FOREIGN KEY ("release_approved_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_service_account_id_service_accounts_id_fk" FOREIGN KEY ("service_account_id") REFERENCES "public"."service_accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "approvals_pending" ON "approvals" USING btree ("kind","subject_id") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "approvals_created" ON "approvals" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "deletion_orders_created" ON "deletion_orders" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "erasure_ledger_unwritten" ON "erasure_ledger" USING btree ("sequence") WHERE written_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "drift_findings_open" ON "drift_findings" USING btree ("kind",coalesce("object_key", "recording_id"::text)) WHERE resolved_at is null;--> statement-breakpoint
CREATE INDEX "drift_findings_created" ON "drift_findings" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "drift_runs_started" ON "drift_runs" USING btree ("started_at","id");--> statement-breakpoint
CREATE INDEX "legal_hold_recordings_active" ON "legal_hold_recordings" USING btree ("recording_id") WHERE released_at is null;--> statement-breakpoint
CREATE INDEX "legal_hold_recordings_unlock" ON "legal_hold_recordings" USING btree ("recording_id") WHERE released_at is not null and locked_at is not null and unlocked_at is null;--> statement-breakpoint
CREATE INDEX "legal_holds_created" ON "legal_holds" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "legal_holds_review" ON "legal_holds" USING btree ("review_on","id") WHERE released_at is null;--> statement-breakpoint
CREATE INDEX "webhook_deliveries_account" ON "webhook_deliveries" USING btree ("service_account_id","created_at","id");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_waiting" ON "webhook_deliveries" USING btree ("next_attempt_at","id") WHERE delivered_at is null and abandoned_at is null;--> statement-breakpoint
CREATE INDEX "storage_checks_created" ON "storage_checks" USING btree ("created_at","id");--> statement-breakpoint
ALTER TABLE "recordings" ADD CONSTRAINT "recordings_minimum_policy_id_retention_policies_id_fk" FOREIGN KEY ("minimum_policy_id") REFERENCES "public"."retention_policies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "recordings_verified" ON "recordings" USING btree (coalesce("verified_at", '-infinity'),"id") WHERE state = 'stored';--> statement-breakpoint
CREATE INDEX "recordings_deletion_order" ON "recordings" USING btree ("deletion_order_id","id") WHERE deletion_order_id is not null;--> statement-breakpoint
ALTER TABLE "upload_tickets" ADD CONSTRAINT "upload_tickets_promoted_key_unique" UNIQUE("promoted_key");