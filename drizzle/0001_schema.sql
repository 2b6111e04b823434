CREATE TYPE "public"."playback_purpose" AS ENUM('quality_supervision', 'complaint_handling', 'legal_defence', 'subject_request', 'legal_obligation', 'fraud_prevention', 'training');--> statement-breakpoint
CREATE TYPE "public"."call_direction" AS ENUM('inbound', 'outbound', 'internal');--> statement-breakpoint
CREATE TYPE "public"."recording_state" AS ENUM('pending', 'stored', 'deleting', 'deleted', 'rejected');--> statement-breakpoint
CREATE TYPE "public"."waveform_state" AS ENUM('waiting', 'ready', 'unavailable');--> statement-breakpoint
CREATE TYPE "public"."user_role" AS ENUM('admin', 'supervisor', 'dpo', 'auditor');--> statement-breakpoint
CREATE TABLE "audit_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"epoch" text DEFAULT coalesce(nullif(current_setting('custodia.epoch', true), ''), audit_epoch()) NOT NULL,
	"transaction_id" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"writer_id" uuid NOT NULL,
	"writer_sequence" bigint NOT NULL,
	"writer_settled" bigint NOT NULL,
	"actor_type" text NOT NULL,
	"actor_id" text,
	"actor_role" text,
	"action" text NOT NULL,
	"outcome" text NOT NULL,
	"target_type" text,
	"target_id" text,
	"unit_id" uuid,
	"request_id" uuid NOT NULL,
	"ip_address" text,
	"details" json NOT NULL,
	"hmac_key_id" text NOT NULL,
	"hmac" "bytea" NOT NULL
);
--> statement-breakpoint
ALTER TABLE "audit_events" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "audit_seals" (
	"sequence" bigint PRIMARY KEY NOT NULL,
	"epoch" text NOT NULL,
	"anchor_epoch" text NOT NULL,
	"transaction_from" "xid8" NOT NULL,
	"transaction_to" "xid8" NOT NULL,
	"event_count" integer NOT NULL,
	"merkle_root" "bytea" NOT NULL,
	"previous_hash" "bytea" NOT NULL,
	"writers" jsonb NOT NULL,
	"sealed_at" timestamp (3) with time zone NOT NULL,
	"hash" "bytea" NOT NULL,
	"signing_key_id" text NOT NULL,
	"signature" "bytea" NOT NULL,
	"leaves" "bytea" NOT NULL,
	"anchored_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "audit_seals" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "playback_grants" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"recording_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"session_id" uuid NOT NULL,
	"purpose" "playback_purpose" NOT NULL,
	"reference" text NOT NULL,
	"delivery" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"size_bytes" bigint NOT NULL,
	"bytes_sent" "int8multirange" DEFAULT '{}' NOT NULL,
	"last_sent_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "playback_grants" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "recording_waveforms" (
	"recording_id" uuid PRIMARY KEY NOT NULL,
	"channels" integer NOT NULL,
	"bucket_ms" integer NOT NULL,
	"peaks" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL
);
--> statement-breakpoint
ALTER TABLE "recording_waveforms" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "recordings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"state" "recording_state" DEFAULT 'pending' NOT NULL,
	"source" text NOT NULL,
	"source_call_id" text NOT NULL,
	"uploaded_by_type" text NOT NULL,
	"uploaded_by_id" uuid NOT NULL,
	"unit_id" uuid NOT NULL,
	"queue_id" uuid,
	"agent_id" uuid,
	"direction" "call_direction" NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"customer_number_encrypted" "bytea",
	"customer_number_index" "bytea",
	"customer_number_tail_index" "bytea",
	"content_type" text NOT NULL,
	"size_bytes" bigint NOT NULL,
	"sha256" "bytea" NOT NULL,
	"object_key" text,
	"object_version_id" text,
	"object_etag" text,
	"encryption" jsonb,
	"duration_ms" integer,
	"channels" integer,
	"waveform_state" "waveform_state" DEFAULT 'waiting' NOT NULL,
	"retention_policy_id" uuid,
	"retain_until" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"stored_at" timestamp (3) with time zone,
	"deleting_at" timestamp (3) with time zone,
	"deleted_at" timestamp (3) with time zone,
	"deletion_reason" text,
	"deletion_attempts" integer DEFAULT 0 NOT NULL,
	"deletion_retry_at" timestamp (3) with time zone,
	"rejection_code" text,
	CONSTRAINT "recordings_source_call" UNIQUE("source","source_call_id"),
	CONSTRAINT "recordings_stored_whole" CHECK (state <> 'stored' or (object_key is not null and stored_at is not null and retain_until is not null and retention_policy_id is not null)),
	CONSTRAINT "recordings_deleted_empty" CHECK (state <> 'deleted' or (object_key is null and customer_number_encrypted is null and customer_number_index is null and customer_number_tail_index is null and deleted_at is not null))
);
--> statement-breakpoint
ALTER TABLE "recordings" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "upload_tickets" (
	"id" uuid PRIMARY KEY NOT NULL,
	"recording_id" uuid NOT NULL,
	"object_key" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone,
	"outcome" text,
	CONSTRAINT "upload_tickets_object_key_unique" UNIQUE("object_key")
);
--> statement-breakpoint
ALTER TABLE "upload_tickets" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "retention_policies" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"days" integer NOT NULL,
	"unit_id" uuid,
	"queue_id" uuid,
	"justification" text NOT NULL,
	"active" boolean DEFAULT true NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"updated_at" timestamp (3) with time zone,
	"recalculated_through" uuid
);
--> statement-breakpoint
ALTER TABLE "retention_policies" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "retention_runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"state" text NOT NULL,
	"progress_at" timestamp (3) with time zone NOT NULL,
	"due" integer DEFAULT 0 NOT NULL,
	"marked" integer DEFAULT 0 NOT NULL,
	"deleted" integer DEFAULT 0 NOT NULL,
	"failed" integer DEFAULT 0 NOT NULL,
	"remaining" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL
);
--> statement-breakpoint
ALTER TABLE "retention_runs" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"service_account_id" uuid NOT NULL,
	"prefix" text NOT NULL,
	"key_hash" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	CONSTRAINT "api_keys_key_hash_unique" UNIQUE("key_hash")
);
--> statement-breakpoint
ALTER TABLE "api_keys" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "service_accounts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"active" boolean DEFAULT true NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	CONSTRAINT "service_accounts_name_unique" UNIQUE("name")
);
--> statement-breakpoint
ALTER TABLE "service_accounts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "agents" (
	"id" uuid PRIMARY KEY NOT NULL,
	"unit_id" uuid NOT NULL,
	"code" text NOT NULL,
	"name_encrypted" "bytea",
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	CONSTRAINT "agents_unit_code" UNIQUE("unit_id","code")
);
--> statement-breakpoint
ALTER TABLE "agents" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "queues" (
	"id" uuid PRIMARY KEY NOT NULL,
	"unit_id" uuid NOT NULL,
	"code" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	CONSTRAINT "queues_unit_code" UNIQUE("unit_id","code")
);
--> statement-breakpoint
ALTER TABLE "queues" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "units" (
	"id" uuid PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"name" text NOT NULL,
	"time_zone" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	CONSTRAINT "units_code_unique" UNIQUE("code")
);
--> statement-breakpoint
ALTER TABLE "units" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "sessions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "sign_in_throttles" (
	"key_digest" "bytea" PRIMARY KEY NOT NULL,
	"failures" integer NOT NULL,
	"last_failure_at" timestamp (3) with time zone NOT NULL,
	"locked_until" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "sign_in_throttles" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "user_units" (
	"user_id" uuid NOT NULL,
	"unit_id" uuid NOT NULL,
	CONSTRAINT "user_units_user_id_unit_id_pk" PRIMARY KEY("user_id","unit_id")
);
--> statement-breakpoint
ALTER TABLE "user_units" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"role" "user_role" NOT NULL,
	"active" boolean DEFAULT true NOT NULL,
	"password_hash" text NOT NULL,
	"must_change_password" boolean DEFAULT false NOT NULL,
	"locale" text DEFAULT 'pt-BR' NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"updated_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "users" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "playback_grants" ADD CONSTRAINT "playback_grants_recording_id_recordings_id_fk" FOREIGN KEY ("recording_id") REFERENCES "public"."recordings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "playback_grants" ADD CONSTRAINT "playback_grants_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "playback_grants" ADD CONSTRAINT "playback_grants_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."sessions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recording_waveforms" ADD CONSTRAINT "recording_waveforms_recording_id_recordings_id_fk" FOREIGN KEY ("recording_id") REFERENCES "public"."recordings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recordings" ADD CONSTRAINT "recordings_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recordings" ADD CONSTRAINT "recordings_queue_id_queues_id_fk" FOREIGN KEY ("queue_id") REFERENCES "public"."queues"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recordings" ADD CONSTRAINT "recordings_agent_id_agents_id_fk" FOREIGN KEY ("agent_id") REFERENCES "public"."agents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recordings" ADD CONSTRAINT "recordings_retention_policy_id_retention_policies_id_fk" FOREIGN KEY ("retention_policy_id") REFERENCES "public"."retention_policies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "upload_tickets" ADD CONSTRAINT "upload_tickets_recording_id_recordings_id_fk" FOREIGN KEY ("recording_id") REFERENCES "public"."recordings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "retention_policies" ADD CONSTRAINT "retention_policies_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "retention_policies" ADD CONSTRAINT "retention_policies_queue_id_queues_id_fk" FOREIGN KEY ("queue_id") REFERENCES "public"."queues"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_service_account_id_service_accounts_id_fk" FOREIGN KEY ("service_account_id") REFERENCES "public"."service_accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agents" ADD CONSTRAINT "agents_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "queues" ADD CONSTRAINT "queues_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_units" ADD CONSTRAINT "user_units_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_units" ADD CONSTRAINT "user_units_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "audit_events_order" ON "audit_events" USING btree ("epoch","transaction_id","id");--> statement-breakpoint
CREATE INDEX "audit_events_occurred" ON "audit_events" USING btree ("occurred_at","id");--> statement-breakpoint
CREATE INDEX "audit_events_actor" ON "audit_events" USING btree ("actor_id","occurred_at","id");--> statement-breakpoint
CREATE INDEX "audit_events_target" ON "audit_events" USING btree ("target_id","occurred_at","id");--> statement-breakpoint
CREATE INDEX "audit_events_action" ON "audit_events" USING btree ("action","occurred_at","id");--> statement-breakpoint
CREATE INDEX "audit_events_unsuccessful" ON "audit_events" USING btree ("outcome","occurred_at","id") WHERE outcome <> 'success';--> statement-breakpoint
CREATE UNIQUE INDEX "audit_events_writer" ON "audit_events" USING btree ("writer_id","writer_sequence");--> statement-breakpoint
CREATE UNIQUE INDEX "audit_seals_range" ON "audit_seals" USING btree ("epoch","transaction_from");--> statement-breakpoint
CREATE INDEX "audit_seals_unanchored" ON "audit_seals" USING btree ("sequence") WHERE anchored_at is null;--> statement-breakpoint
CREATE INDEX "playback_grants_recording" ON "playback_grants" USING btree ("recording_id","created_at");--> statement-breakpoint
CREATE INDEX "playback_grants_session" ON "playback_grants" USING btree ("session_id");--> statement-breakpoint
CREATE INDEX "recordings_started" ON "recordings" USING btree ("started_at","id");--> statement-breakpoint
CREATE INDEX "recordings_unit_started" ON "recordings" USING btree ("unit_id","started_at","id");--> statement-breakpoint
CREATE INDEX "recordings_agent_started" ON "recordings" USING btree ("agent_id","started_at","id");--> statement-breakpoint
CREATE INDEX "recordings_queue_started" ON "recordings" USING btree ("queue_id","started_at","id");--> statement-breakpoint
CREATE INDEX "recordings_number_started" ON "recordings" USING btree ("customer_number_index","started_at","id");--> statement-breakpoint
CREATE INDEX "recordings_number_tail_started" ON "recordings" USING btree ("customer_number_tail_index","started_at","id");--> statement-breakpoint
CREATE INDEX "recordings_duration" ON "recordings" USING btree (coalesce("duration_ms", 0),"id");--> statement-breakpoint
CREATE INDEX "recordings_due" ON "recordings" USING btree ("retain_until","id") WHERE state = 'stored';--> statement-breakpoint
CREATE INDEX "recordings_deleting" ON "recordings" USING btree ("deleting_at","id") WHERE state = 'deleting';--> statement-breakpoint
CREATE INDEX "recordings_pending" ON "recordings" USING btree ("created_at","id") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "recordings_waveform_waiting" ON "recordings" USING btree ("stored_at","id") WHERE state = 'stored' and waveform_state = 'waiting';--> statement-breakpoint
CREATE INDEX "upload_tickets_recording" ON "upload_tickets" USING btree ("recording_id");--> statement-breakpoint
CREATE INDEX "upload_tickets_open" ON "upload_tickets" USING btree ("expires_at","id") WHERE closed_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "retention_policies_scope" ON "retention_policies" USING btree (coalesce("unit_id", '00000000-0000-0000-0000-000000000000'),coalesce("queue_id", '00000000-0000-0000-0000-000000000000')) WHERE active;--> statement-breakpoint
CREATE INDEX "retention_runs_started" ON "retention_runs" USING btree ("started_at","id");--> statement-breakpoint
CREATE INDEX "api_keys_account" ON "api_keys" USING btree ("service_account_id");--> statement-breakpoint
CREATE INDEX "agents_code" ON "agents" USING btree ("code");--> statement-breakpoint
CREATE INDEX "sessions_user" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "user_units_unit" ON "user_units" USING btree ("unit_id");--> statement-breakpoint
CREATE UNIQUE INDEX "users_email" ON "users" USING btree (lower("email"));