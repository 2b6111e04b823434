// Mends faults that the newest versions of packages have, after each installation. A second run changes nothing.
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";

/**
 * postgres.js 3.4.9 remembers the query that a lost connection was busy with. When that connection is made again while
 * the server is in recovery, it takes the refusal for the end of the old query, and tries for ever: the new query waits
 * instead of failing. And who loses the connection while it reads the types of arrays gets an unhandled rejection.
 */
const postgres = ["src", "cjs/src"].map((folder) => ({
  file: `postgres/${folder}/connection.js`,
  changes: [
    [
      "  function connected() {\n    try {\n",
      "      query = results = errorResponse = null\n      result = new Result()\n",
    ],
    ["        return fetchArrayTypes()", ".catch(() => undefined)"],
  ],
}));

const packages = path.resolve(import.meta.dirname, "../../node_modules");

for (const { file, changes } of postgres) {
  const target = path.join(packages, file);
  if (!existsSync(target)) continue;
  let text = readFileSync(target, "utf8");
  for (const [anchor, addition] of changes) {
    if (text.includes(anchor + addition)) continue;
    if (text.split(anchor).length !== 2)
      throw new Error(`${file} is not as it was: see whether scripts/launch/patch-packages.mjs is still needed.`);
    text = text.replace(anchor, anchor + addition);
  }
  // Another name first: a file that is linked elsewhere stays as it is there.
  writeFileSync(`${target}.patched`, text);
  renameSync(`${target}.patched`, target);
}
