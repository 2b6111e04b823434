-- Which life of the database this is: cluster, timeline, database, table. Transaction ids only grow within one; after a restore, a dump loaded
-- elsewhere or a failover it has another name by itself. Kept for the session, since reading the control file costs more than the insert.
CREATE FUNCTION audit_epoch() RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
  epoch text := current_setting('custodia.epoch', true);
  cluster text := '0';
  timeline text := '0';
BEGIN
  IF epoch <> '' THEN RETURN epoch; END IF;
  -- Where a hosted server allows neither function, database and table still tell most restores apart.
  BEGIN
    SELECT system_identifier::text INTO cluster FROM pg_control_system();
  EXCEPTION WHEN OTHERS THEN NULL;
  END;
  BEGIN
    timeline := ltrim(left(pg_walfile_name(pg_current_wal_lsn()), 8), '0');
  EXCEPTION WHEN OTHERS THEN NULL;
  END;
  epoch := concat_ws('-', cluster, timeline, (SELECT oid FROM pg_database WHERE datname = current_database()), 'public.audit_events'::regclass::oid);
  PERFORM set_config('custodia.epoch', epoch, false);
  RETURN epoch;
END $$;
