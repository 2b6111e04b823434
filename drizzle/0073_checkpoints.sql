CREATE TABLE "audit_checkpoints" (
	"sequence" bigint PRIMARY KEY NOT NULL,
	"first_seal" bigint NOT NULL,
	"origin" text NOT NULL,
	"size" bigint NOT NULL,
	"root" "bytea" NOT NULL,
	"frontier" "bytea" NOT NULL,
	"note" text NOT NULL,
	"published_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "audit_checkpoints" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE UNIQUE INDEX "audit_checkpoints_size" ON "audit_checkpoints" USING btree ("first_seal","size");--> statement-breakpoint
CREATE INDEX "audit_checkpoints_published" ON "audit_checkpoints" USING btree ("sequence") WHERE published_at is not null;
--> statement-breakpoint
-- As in 0048: the portal's role alone.
CREATE POLICY portal ON "audit_checkpoints" TO custodia_app USING (true) WITH CHECK (true);
--> statement-breakpoint
-- Append-only like the seals, for everybody. Only the moment of publication is written later, once.
REVOKE UPDATE, DELETE, TRUNCATE ON audit_checkpoints FROM custodia_app;
--> statement-breakpoint
GRANT UPDATE (published_at) ON audit_checkpoints TO custodia_app;
--> statement-breakpoint
CREATE TRIGGER audit_checkpoints_no_delete BEFORE DELETE ON audit_checkpoints FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
--> statement-breakpoint
CREATE TRIGGER audit_checkpoints_no_truncate BEFORE TRUNCATE ON audit_checkpoints FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
--> statement-breakpoint
CREATE FUNCTION refuse_checkpoint_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.published_at IS NOT NULL OR NEW.published_at IS NULL OR to_jsonb(NEW) - 'published_at' <> to_jsonb(OLD) - 'published_at' THEN
    RAISE EXCEPTION 'a checkpoint cannot be changed' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER audit_checkpoints_publish_only BEFORE UPDATE ON audit_checkpoints FOR EACH ROW EXECUTE FUNCTION refuse_checkpoint_change();
