CREATE TABLE "audit_disclosures" (
	"event_id" uuid PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL
);
--> statement-breakpoint
ALTER TABLE "audit_disclosures" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
-- As in 0048: the portal's role alone.
CREATE POLICY portal ON "audit_disclosures" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
-- Append-only like the events, for everybody.
REVOKE UPDATE, DELETE, TRUNCATE ON audit_disclosures FROM custodia_app;
--> statement-breakpoint
CREATE TRIGGER audit_disclosures_append_only BEFORE UPDATE OR DELETE ON audit_disclosures FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
--> statement-breakpoint
CREATE TRIGGER audit_disclosures_no_truncate BEFORE TRUNCATE ON audit_disclosures FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
--> statement-breakpoint
-- The events so far get their rows: one that was deleted before this version is not missed by its row.
INSERT INTO audit_disclosures (event_id, created_at) SELECT id, occurred_at FROM audit_events
WHERE action IN ('receipt.issued', 'subject_request.answer_taken', 'audit_report.taken', 'compliance.documentation_issued', 'audit_log.exported');
