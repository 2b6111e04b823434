ALTER TABLE "drift_findings" ADD COLUMN "acknowledged_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "drift_findings" ADD COLUMN "acknowledged_by_id" uuid;--> statement-breakpoint
ALTER TABLE "drift_findings" ADD COLUMN "acknowledgement" text;--> statement-breakpoint
ALTER TABLE "drift_findings" ADD COLUMN "removal_ordered_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "drift_findings" ADD COLUMN "removal_ordered_by_id" uuid;--> statement-breakpoint
ALTER TABLE "drift_runs" ADD COLUMN "phase" text DEFAULT 'objects' NOT NULL;--> statement-breakpoint
ALTER TABLE "drift_runs" ADD COLUMN "cursor" text;--> statement-breakpoint
ALTER TABLE "drift_runs" ADD COLUMN "claimed_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "drift_runs" ADD COLUMN "reason" text;--> statement-breakpoint
ALTER TABLE "drift_runs" ADD COLUMN "unchecked" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "drift_runs" ADD COLUMN "resolved" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "drift_findings" ADD CONSTRAINT "drift_findings_acknowledged_by_id_users_id_fk" FOREIGN KEY ("acknowledged_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "drift_findings" ADD CONSTRAINT "drift_findings_removal_ordered_by_id_users_id_fk" FOREIGN KEY ("removal_ordered_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "drift_findings_unresolved" ON "drift_findings" USING btree ("last_seen_at","id") WHERE resolved_at is null;--> statement-breakpoint
CREATE INDEX "drift_findings_recording" ON "drift_findings" USING btree ("recording_id") WHERE resolved_at is null and recording_id is not null;--> statement-breakpoint
CREATE INDEX "drift_findings_removals" ON "drift_findings" USING btree ("id") WHERE resolved_at is null and removal_ordered_at is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "drift_runs_one" ON "drift_runs" USING btree ("state") WHERE state = 'running';--> statement-breakpoint
CREATE INDEX "recordings_object_key" ON "recordings" USING btree ("object_key") WHERE object_key is not null;--> statement-breakpoint
CREATE INDEX "upload_tickets_unswept" ON "upload_tickets" USING btree ("expires_at","id") WHERE outcome in ('rejected', 'superseded');