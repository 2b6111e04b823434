ALTER TABLE "subject_request_searches" ADD COLUMN "emptied_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "subject_requests" ADD COLUMN "recordings_included" integer;--> statement-breakpoint
ALTER TABLE "subject_requests" ADD COLUMN "recordings_excluded" integer;--> statement-breakpoint
CREATE INDEX "subject_requests_ended" ON "subject_requests" USING btree ("created_at","id") WHERE not is_open and closed_at is null and emptied_at is null;--> statement-breakpoint
CREATE INDEX "subject_requests_never_proved" ON "subject_requests" USING btree ("created_at","id") WHERE is_open and is_unproven;--> statement-breakpoint
ALTER TABLE "subject_request_searches" ADD CONSTRAINT "subject_request_searches_emptied" CHECK (emptied_at is null or (num_nonnulls(period_from, period_to) = 0 and not jsonb_path_exists(searched_for, '$[*].agentId')));
--> statement-breakpoint
-- Of a search only what may name people goes.
GRANT UPDATE (searched_for, period_from, period_to, emptied_at) ON subject_request_searches TO custodia_app;
--> statement-breakpoint
-- Which recordings are of one person is personal data, too: counts replace it, once the request is emptied.
GRANT DELETE ON subject_request_matches TO custodia_app;
--> statement-breakpoint
CREATE POLICY emptied ON subject_request_matches AS RESTRICTIVE FOR DELETE TO custodia_app USING (exists (select from subject_requests request where request.id = request_id and request.emptied_at is not null));
