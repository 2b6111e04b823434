import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseEnv } from "@/lib/core/env";
import { bucketConfig } from "@/lib/storage/bucket-config";
import { S3_PROFILE_NAMES } from "@/lib/core/env/s3-profiles";
import { createObjectStore } from "@/lib/storage/store-from-config";

const guide = readFileSync("docs/store-environments.md", "utf8");
const explained = new Set(
  Array.from(readFileSync(".env.example", "utf8").matchAll(/^(?:# )?([A-Z][A-Z0-9_]+)=/gm), ([, name]) => name!),
);
const linesOf = (text: string) =>
  text
    .trim()
    .split("\n")
    .map((line) => /^(\w+)=(.+)$/.exec(line)!.slice(1) as [string, string]);
const blocks = Array.from(guide.matchAll(/```dotenv\n([^`]+)```/g), ([, text]) => Object.fromEntries(linesOf(text!)));
const named = blocks.map((block) => [block.S3_PROFILE ?? block.STORE!, block] as const);
/** Settings of no store, and the secrets, which another command prints. */
const beside = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(STORE$|STORAGE_|DISK_STORE_PATH|S3_|SUPABASE_|RECORDING_|ENVELOPE_KMS)/.test(name),
  ),
);

describe("the guide's environment for a store", () => {
  it("exists for each kind", () => {
    expect(named.map(([name]) => name).toSorted()).toEqual([...S3_PROFILE_NAMES, "disk", "supabase"].toSorted());
  });

  it.each(named)(
    "%s: is accepted as written, with names that .env.example explains, and makes a store",
    (name, block) => {
      expect(Object.keys(block).filter((line) => !explained.has(line))).toEqual([]);
      const settings = parseEnv({ ...beside, ...block });
      const bucket = bucketConfig(settings);
      expect(bucket === null ? settings.STORE : createObjectStore(bucket).name).toBe(
        block.STORE === "s3" ? `s3:${name}` : name,
      );
    },
  );

  it.each(named)("%s: has only lines of this store, and no line can be missing unnoticed", (_name, block) => {
    const whole = parseEnv({ ...beside, ...block });
    for (const [line, value] of Object.entries(block)) {
      expect(whole, line).toHaveProperty(line);
      if (value === "aws") continue;
      const others = { ...beside, ...block, [line]: undefined };
      const means = () => JSON.stringify(parseEnv(others));
      expect(isRefused(means) || means() !== JSON.stringify(whole), line).toBe(true);
    }
  });
});

function isRefused(parse: () => unknown): boolean {
  try {
    parse();
    return false;
  } catch {
    return true;
  }
}
