DROP INDEX "audit_events_occurred";--> statement-breakpoint
DROP INDEX "audit_events_actor";--> statement-breakpoint
DROP INDEX "audit_events_target";--> statement-breakpoint
DROP INDEX "audit_events_action";--> statement-breakpoint
DROP INDEX "audit_events_unsuccessful";--> statement-breakpoint
DROP INDEX "playback_grants_recording";--> statement-breakpoint
DROP INDEX "recordings_started";--> statement-breakpoint
DROP INDEX "recordings_unit_started";--> statement-breakpoint
DROP INDEX "recordings_agent_started";--> statement-breakpoint
DROP INDEX "recordings_queue_started";--> statement-breakpoint
DROP INDEX "recordings_number_started";--> statement-breakpoint
DROP INDEX "recordings_number_tail_started";--> statement-breakpoint
DROP INDEX "recordings_duration";--> statement-breakpoint
DROP INDEX "retention_runs_started";--> statement-breakpoint
CREATE INDEX "audit_events_occurred" ON "audit_events" USING btree ("occurred_at","id");--> statement-breakpoint
CREATE INDEX "audit_events_actor" ON "audit_events" USING btree ("actor_id","occurred_at","id");--> statement-breakpoint
CREATE INDEX "audit_events_target" ON "audit_events" USING btree ("target_id","occurred_at","id");--> statement-breakpoint
CREATE INDEX "audit_events_action" ON "audit_events" USING btree ("action","occurred_at","id");--> statement-breakpoint
CREATE INDEX "audit_events_unsuccessful" ON "audit_events" USING btree ("outcome","occurred_at","id") WHERE outcome <> 'success';--> statement-breakpoint
CREATE INDEX "playback_grants_recording" ON "playback_grants" USING btree ("recording_id","created_at");--> statement-breakpoint
CREATE INDEX "recordings_started" ON "recordings" USING btree ("started_at","id");--> statement-breakpoint
CREATE INDEX "recordings_unit_started" ON "recordings" USING btree ("unit_id","started_at","id");--> statement-breakpoint
CREATE INDEX "recordings_agent_started" ON "recordings" USING btree ("agent_id","started_at","id");--> statement-breakpoint
CREATE INDEX "recordings_queue_started" ON "recordings" USING btree ("queue_id","started_at","id");--> statement-breakpoint
CREATE INDEX "recordings_number_started" ON "recordings" USING btree ("customer_number_index","started_at","id");--> statement-breakpoint
CREATE INDEX "recordings_number_tail_started" ON "recordings" USING btree ("customer_number_tail_index","started_at","id");--> statement-breakpoint
CREATE INDEX "recordings_duration" ON "recordings" USING btree (coalesce("duration_ms", 0),"id");--> statement-breakpoint
CREATE INDEX "retention_runs_started" ON "retention_runs" USING btree ("started_at","id");