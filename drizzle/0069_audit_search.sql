CREATE INDEX "audit_events_actor_type" ON "audit_events" USING btree ("actor_type","occurred_at","id");--> statement-breakpoint
CREATE INDEX "audit_events_request" ON "audit_events" USING btree ("request_id");--> statement-breakpoint
CREATE INDEX "audit_events_address" ON "audit_events" USING btree ("ip_address","occurred_at","id") WHERE ip_address is not null;