CREATE TABLE "audit_attestors" (
	"id" text PRIMARY KEY NOT NULL,
	"since" timestamp (3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"failure" text,
	"failing_since" timestamp (3) with time zone,
	"known_size" bigint
);
--> statement-breakpoint
ALTER TABLE "audit_attestors" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "audit_cosignatures" (
	"sequence" bigint NOT NULL,
	"witness" text NOT NULL,
	"cosigned_at" timestamp (3) with time zone NOT NULL,
	"line" text NOT NULL,
	"published_at" timestamp (3) with time zone,
	CONSTRAINT "audit_cosignatures_witness_sequence_pk" PRIMARY KEY("witness","sequence")
);
--> statement-breakpoint
ALTER TABLE "audit_cosignatures" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE INDEX "audit_cosignatures_seal" ON "audit_cosignatures" USING btree ("sequence");
--> statement-breakpoint
-- As in 0048: the portal's role alone.
CREATE POLICY portal ON "audit_cosignatures" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY portal ON "audit_attestors" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
-- Append-only like the checkpoints, for everybody. Only the moment of publication is written later, once.
REVOKE UPDATE, DELETE, TRUNCATE ON audit_cosignatures FROM custodia_app;
--> statement-breakpoint
GRANT UPDATE (published_at) ON audit_cosignatures TO custodia_app;
--> statement-breakpoint
CREATE TRIGGER audit_cosignatures_no_delete BEFORE DELETE ON audit_cosignatures FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
--> statement-breakpoint
CREATE TRIGGER audit_cosignatures_no_truncate BEFORE TRUNCATE ON audit_cosignatures FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
--> statement-breakpoint
CREATE TRIGGER audit_cosignatures_publish_only BEFORE UPDATE ON audit_cosignatures FOR EACH ROW EXECUTE FUNCTION refuse_checkpoint_change();
--> statement-breakpoint
REVOKE DELETE, TRUNCATE ON audit_attestors FROM custodia_app;
