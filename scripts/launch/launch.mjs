import { bootstrap } from "./bootstrap.mjs";
import { chosenPort, requireDataFolder, requirePort } from "./host.mjs";
import { endOrphans, requireNoInstance } from "./instance.mjs";

/** Starts the portal from a bare clone, `mode` being "production" or "development". */
export const launch = (mode) =>
  bootstrap("scripts/launch/run-portal.mjs", [mode], {
    before: async () => {
      const port = chosenPort();
      requireDataFolder();
      requireNoInstance();
      await endOrphans();
      await requirePort(port);
    },
    afterwards: endOrphans,
  });
