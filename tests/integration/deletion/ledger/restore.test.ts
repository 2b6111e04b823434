import { it } from "vitest";
import { physicalCopy } from "./physical-copy";
import { eraseRestoreReplay } from "./restore-scenario";

it(
  "after a restore of a physical copy, erased recordings are refused until the ledger is replayed",
  () => eraseRestoreReplay(physicalCopy()),
  240_000,
);
