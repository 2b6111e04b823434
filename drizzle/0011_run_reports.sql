CREATE TABLE "retention_run_failures" (
	"run_id" uuid NOT NULL,
	"recording_id" uuid NOT NULL,
	"store" text NOT NULL,
	"code" text NOT NULL,
	"attempts" integer NOT NULL,
	"retry_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	CONSTRAINT "retention_run_failures_run_id_recording_id_pk" PRIMARY KEY("run_id","recording_id")
);
--> statement-breakpoint
ALTER TABLE "retention_run_failures" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "deletion_run_id" uuid;--> statement-breakpoint
ALTER TABLE "retention_runs" ADD COLUMN "due_by" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "retention_runs" ADD COLUMN "held_by" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "retention_runs" ADD COLUMN "remaining_by" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "retention_runs" ADD COLUMN "holds" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "retention_runs" ADD COLUMN "failure_code" text;--> statement-breakpoint
ALTER TABLE "retention_run_failures" ADD CONSTRAINT "retention_run_failures_run_id_retention_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."retention_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "retention_run_failures" ADD CONSTRAINT "retention_run_failures_recording_id_recordings_id_fk" FOREIGN KEY ("recording_id") REFERENCES "public"."recordings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recordings" ADD CONSTRAINT "recordings_deletion_run_id_retention_runs_id_fk" FOREIGN KEY ("deletion_run_id") REFERENCES "public"."retention_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "recordings_deletion_run" ON "recordings" USING btree ("deletion_run_id","id") WHERE deletion_run_id is not null;--> statement-breakpoint
CREATE POLICY portal ON "retention_run_failures" TO custodia_app USING (true) WITH CHECK (true);
