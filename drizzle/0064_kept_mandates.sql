CREATE INDEX "subject_request_mandates_kept" ON "subject_request_mandates" USING btree ("request_id") WHERE purged_at is null;
--> statement-breakpoint
-- Whoever the desk made sure of was left in the list of requests that nobody proved.
UPDATE subject_requests SET is_unproven = false WHERE is_unproven AND identity_level > 0;
