import { expect, it } from "vitest";
import { linkTrials } from "@/lib/storage-checks/link-trials";
import { objectTrials } from "@/lib/storage-checks/object-trials";
import { S3_SETTINGS, SUPABASE_SETTINGS } from "@/lib/storage-checks/read-back";
import { s3Trials } from "@/lib/storage-checks/s3-trials";
import { supabaseTrials } from "@/lib/storage-checks/supabase-trials";
import english from "@/lib/i18n/messages/en/storageCheck.json";

it("has words for every control that a check may find, and for no other", () => {
  const controls = [linkTrials, objectTrials, s3Trials, supabaseTrials].flatMap((trials) => Object.keys(trials));
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
