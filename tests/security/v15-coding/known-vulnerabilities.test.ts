import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { root } from "../../support/source-files";

type Report = { vulnerabilities?: Record<string, { severity: string }> };

/** What npm's registry knows against the packages that the portal runs with; null where it does not answer. */
function knownVulnerabilities(): Report["vulnerabilities"] | null {
  const options = ["--omit=dev", "--json", "--fetch-retries=0", "--fetch-timeout=8000"];
  const { stdout } = spawnSync("npm", ["audit", ...options], { cwd: root, encoding: "utf8", timeout: 20_000 });
  try {
    return (JSON.parse(stdout) as Report).vulnerabilities ?? null;
  } catch {
    return null;
  }
}

const known = knownVulnerabilities();
const name = "packages with known vulnerabilities";
const notTested = `${name} (not tested: npm's registry does not answer npm audit here)`;
if (!known) console.warn(`\n${notTested}\n`);

describe.skipIf(!known)(known ? name : notTested, () => {
  test("none of them is high or critical", () => {
    const severe = Object.entries(known!).filter(([, { severity }]) => ["high", "critical"].includes(severity));
    expect(severe.map(([packageName]) => packageName)).toEqual([]);
  });
});
