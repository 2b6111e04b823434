-- As in 0002: row-level security everywhere, with a policy for the portal's role alone.
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND NOT EXISTS (SELECT FROM pg_policies WHERE policyname = 'portal' AND schemaname = 'public' AND pg_policies.tablename = pg_tables.tablename) LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY portal ON public.%I TO custodia_app USING (true) WITH CHECK (true)', name);
  END LOOP;
END $$;
--> statement-breakpoint
-- What was erased is never taken back. Only the moment at which the store had the entry may be set, once.
REVOKE DELETE, TRUNCATE ON erasure_ledger FROM custodia_app;
--> statement-breakpoint
CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.written_at IS NULL AND to_jsonb(NEW) - 'written_at' = to_jsonb(OLD) - 'written_at' THEN RETURN NEW; END IF;
  RAISE EXCEPTION '% on % is refused: the erasure ledger is append-only', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
--> statement-breakpoint
CREATE TRIGGER erasure_ledger_append_only BEFORE UPDATE OR DELETE ON erasure_ledger FOR EACH ROW EXECUTE FUNCTION refuse_ledger_change();
--> statement-breakpoint
CREATE TRIGGER erasure_ledger_no_truncate BEFORE TRUNCATE ON erasure_ledger FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change();
--> statement-breakpoint
-- What keeps a recording is never deleted, only released; so are questions to a second person.
REVOKE DELETE, TRUNCATE ON legal_holds, legal_hold_recordings, approvals, deletion_orders FROM custodia_app;
--> statement-breakpoint
ALTER TABLE recordings ADD CONSTRAINT recordings_minimum_whole CHECK ((minimum_until IS NULL) = (minimum_policy_id IS NULL) AND (minimum_until IS NULL OR retain_until IS NULL OR minimum_until <= retain_until));
