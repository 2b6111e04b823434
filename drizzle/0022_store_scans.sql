-- Renames the tables of what was called drift, and what is named after them: keys, constraints and indexes.
ALTER TABLE "drift_runs" RENAME TO "store_scans";--> statement-breakpoint
ALTER TABLE "drift_findings" RENAME TO "store_scan_findings";--> statement-breakpoint
DO $$
DECLARE
  named record;
BEGIN
  FOR named IN
    SELECT conrelid::regclass AS owner, conname AS name FROM pg_constraint
    WHERE conrelid IN ('store_scans'::regclass, 'store_scan_findings'::regclass) AND conname LIKE 'drift\_%'
  LOOP
    EXECUTE format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', named.owner, named.name,
      replace(replace(named.name, 'drift_runs', 'store_scans'), 'drift_findings', 'store_scan_findings'));
  END LOOP;
  FOR named IN
    SELECT indexrelid::regclass AS owner, relname AS name FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE indrelid IN ('store_scans'::regclass, 'store_scan_findings'::regclass) AND relname LIKE 'drift\_%'
  LOOP
    EXECUTE format('ALTER INDEX %s RENAME TO %I', named.owner,
      replace(replace(named.name, 'drift_runs', 'store_scans'), 'drift_findings', 'store_scan_findings'));
  END LOOP;
END $$;--> statement-breakpoint
UPDATE "store_scans" SET "phase" = 'resolve' WHERE "phase" = 'settle';