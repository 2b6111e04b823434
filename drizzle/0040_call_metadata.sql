ALTER TABLE "recordings" ADD COLUMN "announcement_played" text DEFAULT 'unknown' NOT NULL;--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "announcement_version" text;--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "sensitive_content" text DEFAULT 'unknown' NOT NULL;--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "card_data_handling" text DEFAULT 'unknown' NOT NULL;--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "quarantine" text;--> statement-breakpoint
ALTER TABLE "agents" ADD COLUMN "name_index" text[];--> statement-breakpoint
CREATE INDEX "recordings_quarantined" ON "recordings" USING btree ("started_at","id") WHERE quarantine = 'quarantined';--> statement-breakpoint
CREATE INDEX "recordings_unannounced" ON "recordings" USING btree ("started_at","id") WHERE announcement_played = 'no';--> statement-breakpoint
CREATE INDEX "recordings_sensitive" ON "recordings" USING btree ("started_at","id") WHERE sensitive_content = 'yes';--> statement-breakpoint
CREATE INDEX "recordings_tax_id_not_understood" ON "recordings" USING btree ("started_at","id") WHERE tax_id_kind = 'not_understood';--> statement-breakpoint
CREATE INDEX "agents_name" ON "agents" USING gin ("name_index");--> statement-breakpoint
CREATE INDEX "agents_names_to_index" ON "agents" USING btree ("id") WHERE name_encrypted is not null and name_index is null;
--> statement-breakpoint
INSERT INTO "jobs" ("id", "kind", "key", "payload", "run_at")
VALUES (gen_random_uuid(), 'agent_names', 'all', '{}', date_trunc('milliseconds', now()))
ON CONFLICT ("kind", "key") WHERE dead_at IS NULL DO NOTHING;
