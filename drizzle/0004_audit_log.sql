ALTER TABLE "audit_events" ALTER COLUMN "epoch" SET DEFAULT coalesce(nullif(current_setting('custodia.epoch', true), ''), audit_epoch());--> statement-breakpoint
ALTER TABLE "audit_events" ALTER COLUMN "details" SET DATA TYPE json;--> statement-breakpoint
ALTER TABLE "audit_events" ADD COLUMN "writer_settled" bigint NOT NULL;--> statement-breakpoint
ALTER TABLE "audit_seals" ADD COLUMN "anchor_epoch" text NOT NULL;--> statement-breakpoint
ALTER TABLE "audit_seals" ADD COLUMN "leaves" "bytea" NOT NULL;--> statement-breakpoint
CREATE INDEX "audit_events_unsuccessful" ON "audit_events" USING btree ("outcome","occurred_at" DESC NULLS LAST,"id" DESC NULLS LAST) WHERE outcome <> 'success';--> statement-breakpoint
CREATE UNIQUE INDEX "audit_seals_range" ON "audit_seals" USING btree ("epoch","transaction_from");--> statement-breakpoint
CREATE INDEX "audit_seals_unanchored" ON "audit_seals" USING btree ("sequence") WHERE anchored_at is null;