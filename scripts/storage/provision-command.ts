import { createInterface } from "node:readline/promises";
import { env } from "@/lib/core/env";
import { bucketConfig } from "@/lib/storage/bucket-config";
import { printColumns } from "@/scripts/print-columns";
import { applyProvision, planProvision } from "@/lib/storage-checks/provision/provision-plan";
import { portalRights, type PortalRights } from "@/scripts/storage/portal-rights";
import type { ProvisionStep } from "@/lib/storage-checks/provision/provision-step";

export type ProvisionOptions = { dryRun?: boolean; json?: boolean; yes?: boolean };

const WORDS: Record<ProvisionStep["state"], string> = {
  as_wanted: "correct",
  change: "CHANGE",
  cannot: "not supported",
  not_asked: "not requested",
  declined: "not wanted",
  unreadable: "UNREADABLE",
};

/** Shows the changes to the bucket, asks for confirmation, applies them and verifies. Returns the exit code. */
export async function provisionCommand({
  dryRun = false,
  json = false,
  yes = false,
}: ProvisionOptions): Promise<number> {
  const settings = env();
  const config = bucketConfig(settings);
  if (!config) return failed("There is no bucket to provision: STORE=disk.", 2);
  const origin = new URL(settings.NEXTAUTH_URL).origin;
  const steps = await planProvision(config, origin);
  const isChange = ({ state }: ProvisionStep) => state === "change";
  const changes = steps.filter(isChange);
  if (!json) console.log(tableOf(steps));
  const unreadable = steps.filter(({ state }) => state === "unreadable");
  if (unreadable.length > 0)
    return failed(
      "Nothing was changed: some settings could not be read " +
        `(${unreadable.map(({ control, found }) => `${control}: ${found}`).join(", ")}).`,
      1,
    );
  if (changes.length > 0 && !dryRun) {
    if (!yes && !process.stdin.isTTY)
      return failed(
        "\nNothing was changed: there is no terminal for the confirmation. Run it in a terminal, or use --yes.",
        1,
      );
    if (!yes && !(await confirm(`\nApply ${changes.length} change(s) to the bucket ${config.bucket}?`)))
      return failed("Nothing was changed.", 1);
    await applyProvision(steps);
    const left = (await planProvision(config, origin)).filter(isChange);
    if (left.length > 0) return failed(`Still not correct: ${left.map(({ control }) => control).join(", ")}.`, 1);
  }
  const rights = config.kind === "s3" ? portalRights(config) : null;
  if (json)
    console.log(
      JSON.stringify(
        {
          applied: !dryRun && changes.length > 0,
          steps: steps.map(({ control, state, found, wanted }) => ({ control, state, found, wanted })),
          portalRights: rights,
        },
        null,
        2,
      ),
    );
  else if (changes.length === 0) console.log("\nNothing to do: the bucket is correct.");
  else console.log(dryRun ? "\nNothing was changed (dry run)." : "\nDone.");
  if (rights && !json) console.log(`\n${textOf(rights)}`);
  return 0;
}

function tableOf(steps: ProvisionStep[]): string {
  const rows = steps.map(({ control, state, found, wanted }) => [
    control,
    WORDS[state],
    found,
    state === "as_wanted" ? "" : wanted,
  ]);
  return printColumns([["setting", "status", "found", "expected"], ...rows]);
}

function textOf({ how, policy, missing, optional }: PortalRights): string {
  const parts = [how, policy && JSON.stringify(policy, null, 2), missing && `MISSING: ${missing}`];
  const more =
    optional &&
    "Optional: the statement lets the storage check read the bucket's settings with the same keys. " +
      `It allows no change:\n${JSON.stringify(optional, null, 2)}`;
  return [...parts, more && `\n${more}`].filter(Boolean).join("\n");
}

function failed(text: string, exitCode: number): number {
  console.error(text);
  return exitCode;
}

/** Asks the person at the terminal. False without a terminal. */
async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
