import { bootstrap } from "./bootstrap.mjs";
import { chosenPort, requireDataFolder, requirePort } from "./host.mjs";
import { chosenStore } from "./demo-store.mjs";
import { endOrphans, requireNoInstance } from "./instance.mjs";

/** Starts the portal from a bare clone. `mode` is "production" or "development"; `args` may have `--store=`. */
export const launch = (mode, args) =>
  bootstrap("scripts/launch/run-portal.mjs", [mode, ...args], {
    before: async () => {
      const port = chosenPort();
      requireDataFolder();
      chosenStore(args);
      requireNoInstance();
      await endOrphans();
      await requirePort(port);
    },
    afterwards: endOrphans,
  });
