import { expect, it } from "vitest";
import { linkChecks } from "@/lib/storage-checks/link-checks";
import { objectChecks } from "@/lib/storage-checks/object-checks";
import { S3_SETTINGS, SUPABASE_SETTINGS } from "@/lib/storage-checks/bucket-settings";
import { s3Checks } from "@/lib/storage-checks/s3-checks";
import { supabaseChecks } from "@/lib/storage-checks/supabase-checks";
import english from "@/lib/i18n/messages/en/storageCheck.json" with { type: "json" };

it("has a name for exactly the controls that a check may report", () => {
  const controls = [linkChecks, objectChecks, s3Checks, supabaseChecks].flatMap((checks) => Object.keys(checks));
  const all = new Set([
    ...controls,
    ...S3_SETTINGS,
    ...SUPABASE_SETTINGS,
    "another_key_refused",
    "check_cleans_up",
    "recordings_encrypted",
  ]);
  expect(Object.keys(english.controls).sort()).toEqual([...all].sort());
});
