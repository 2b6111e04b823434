-- Retention no longer leaves every new recording alone for seven days: only a doubtful date keeps one, until a person
-- confirms or corrects it. What those days keep at this moment would go with the next run, so its date is doubtful.
ALTER TABLE "recordings" ADD COLUMN "date_doubt" text;--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "accepts_due" boolean DEFAULT false NOT NULL;--> statement-breakpoint
UPDATE "recordings" SET "date_doubt" = 'past_retention'
  WHERE "state" = 'stored' AND "retain_until" <= now() AND "stored_at" > now() - interval '168 hours';--> statement-breakpoint
DROP INDEX "recordings_due";--> statement-breakpoint
CREATE INDEX "recordings_due" ON "recordings" USING btree ("retain_until","id") WHERE state = 'stored' and date_doubt is null;--> statement-breakpoint
CREATE INDEX "recordings_doubtful_date" ON "recordings" USING btree ("started_at","id") WHERE state = 'stored' and date_doubt is not null;--> statement-breakpoint
ALTER TABLE "retention_runs" RENAME COLUMN "just_arrived" TO "doubtful_date";--> statement-breakpoint
ALTER TABLE "retention_runs" RENAME COLUMN "just_arrived_by" TO "doubtful_date_by";
