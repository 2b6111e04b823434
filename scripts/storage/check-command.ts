import { jobContext } from "@/lib/operation/job-context";
import type { StorageControlResult } from "@/lib/db/schema/storage-checks";
import { checkStorage } from "@/lib/storage-checks/check-storage";
import { printColumns } from "@/scripts/print-columns";

const WORDS: Record<StorageControlResult["outcome"], string> = {
  holds: "holds",
  fails: "DOES NOT HOLD",
  unsupported: "cannot",
  unknown: "NOT PROVED",
};

/** Details that say why nothing was tried, in words instead of the outcome's. */
const IDLE: Record<string, string> = {
  not_asked: "not asked",
  declined: "not wanted",
  store_cannot: WORDS.unsupported,
};

const wordFor = ({ outcome, detail }: StorageControlResult) => IDLE[detail ?? ""] ?? WORDS[outcome];
const detailOf = ({ detail }: StorageControlResult) => (detail === null || detail in IDLE ? "" : detail);

/**
 * Tries every control and prints what was found. Answers the exit code: 1 unless everything that the store can do
 * holds.
 */
export async function checkCommand({ json = false }: { json?: boolean }): Promise<number> {
  const { id, store, results } = await checkStorage(jobContext("storage-command"), {});
  const open = results.filter(({ outcome }) => outcome === "fails" || outcome === "unknown").length;
  if (json) console.log(JSON.stringify({ id, store, results }, null, 2));
  else {
    console.log(
      printColumns([
        ["control", "result", "detail"],
        ...results.map((result) => [result.control, wordFor(result), detailOf(result)]),
      ]),
    );
    console.log(
      `\n${store}: ${open === 0 ? "everything that the store can do holds." : `${open} of ${results.length} controls do not hold or are not proved.`}`,
    );
  }
  return open === 0 ? 0 : 1;
}
