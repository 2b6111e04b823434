CREATE TABLE "audit_timestamps" (
	"sequence" bigint PRIMARY KEY NOT NULL,
	"stamped_at" timestamp (3) with time zone NOT NULL,
	"response" "bytea" NOT NULL,
	"published_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "audit_timestamps" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
-- As in 0048: the portal's role alone.
CREATE POLICY portal ON "audit_timestamps" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
-- Append-only like the checkpoints, for everybody. Only the moment of publication is written later, once.
REVOKE UPDATE, DELETE, TRUNCATE ON audit_timestamps FROM custodia_app;
--> statement-breakpoint
GRANT UPDATE (published_at) ON audit_timestamps TO custodia_app;
--> statement-breakpoint
CREATE TRIGGER audit_timestamps_no_delete BEFORE DELETE ON audit_timestamps FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
--> statement-breakpoint
CREATE TRIGGER audit_timestamps_no_truncate BEFORE TRUNCATE ON audit_timestamps FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
--> statement-breakpoint
CREATE TRIGGER audit_timestamps_publish_only BEFORE UPDATE ON audit_timestamps FOR EACH ROW EXECUTE FUNCTION refuse_checkpoint_change();
