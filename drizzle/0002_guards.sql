-- The role of the portal. Log-in roles are made members of it; migrations run as the owner.
DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'custodia_app') THEN
    CREATE ROLE custodia_app NOLOGIN;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- another database of the cluster was migrated at the same moment
END $$;
--> statement-breakpoint
GRANT USAGE ON SCHEMA public TO custodia_app;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO custodia_app;
--> statement-breakpoint
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO custodia_app;
--> statement-breakpoint
-- Row-level security is on everywhere and only the portal's role has a policy, so that a public API over this schema (Supabase's) sees nothing.
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY portal ON public.%I TO custodia_app USING (true) WITH CHECK (true)', name);
  END LOOP;
END $$;
--> statement-breakpoint
-- The audit log is append-only: refused by privilege for the portal, and by trigger for everybody, owner included.
REVOKE UPDATE, DELETE, TRUNCATE ON audit_events FROM custodia_app;
--> statement-breakpoint
REVOKE DELETE, TRUNCATE ON audit_seals FROM custodia_app;
--> statement-breakpoint
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % is refused: the audit log is append-only', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
--> statement-breakpoint
CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON audit_events FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
--> statement-breakpoint
CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
--> statement-breakpoint
CREATE TRIGGER audit_seals_no_delete BEFORE DELETE ON audit_seals FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
--> statement-breakpoint
CREATE TRIGGER audit_seals_no_truncate BEFORE TRUNCATE ON audit_seals FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
--> statement-breakpoint
-- Of a seal only the moment of its anchoring may be set, once.
CREATE FUNCTION refuse_seal_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.anchored_at IS NOT NULL OR NEW.anchored_at IS NULL OR to_jsonb(NEW) - 'anchored_at' <> to_jsonb(OLD) - 'anchored_at' THEN
    RAISE EXCEPTION 'a seal cannot be changed' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER audit_seals_anchor_only BEFORE UPDATE ON audit_seals FOR EACH ROW EXECUTE FUNCTION refuse_seal_change();
--> statement-breakpoint
-- A retention period is a whole number of days between one day and a hundred years.
ALTER TABLE retention_policies ADD CONSTRAINT retention_policies_days CHECK (days BETWEEN 1 AND 36525);
--> statement-breakpoint
ALTER TABLE recordings ADD CONSTRAINT recordings_size CHECK (size_bytes > 0);
