import { jobContext } from "@/lib/operation/job-context";
import type { StorageControlResult } from "@/lib/db/schema/storage-checks";
import { checkStorage } from "@/lib/storage-checks/check-storage";
import { printColumns } from "@/scripts/print-columns";

const WORDS: Record<StorageControlResult["outcome"], string> = {
  holds: "pass",
  fails: "FAIL",
  unsupported: "not supported",
  unknown: "NOT PROVED",
};

/** Reasons why a control was not tested. They are printed instead of the outcome. */
const IDLE: Record<string, string> = {
  not_asked: "not requested",
  declined: "not wanted",
  store_cannot: WORDS.unsupported,
};

const wordFor = ({ outcome, detail }: StorageControlResult) => IDLE[detail ?? ""] ?? WORDS[outcome];
const detailOf = ({ detail }: StorageControlResult) => (detail === null || detail in IDLE ? "" : detail);

/** Tests every control and prints the results. Returns exit code 1 unless all supported controls pass. */
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
    const summary =
      open === 0
        ? "all controls that the store supports pass."
        : `${open} of ${results.length} controls fail or are not proved.`;
    console.log(`\n${store}: ${summary}`);
  }
  return open === 0 ? 0 : 1;
}
