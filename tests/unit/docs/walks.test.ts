import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const text = readFileSync("docs/architecture.md", "utf8");

type Step = { file: string; from: string };

/** The rows of a walk: number, file, and the number of the step that imports it or the address that calls it. */
function stepsOf(walk: string): Step[] {
  const section = text.split(`### ${walk}\n`)[1]?.split(/^#/m)[0] ?? "";
  return [...section.matchAll(/^\| \d+ \| \[`([^`]+)`\]\([^)]+\) \| ([^|]+) \|/gm)].map(([, file, from]) => ({
    file: file!,
    from: from!.trim(),
  }));
}

function importsOf(file: string): string[] {
  const found = [...readFileSync(file, "utf8").matchAll(/(?:from|import\()\s*"((?:@\/|\.)[^"]+)"/g)];
  return found.map(([, path]) => (path!.startsWith("@/") ? path!.slice(2) : join(dirname(file), path!)));
}

const addressOf = (route: string) => `/${dirname(route).replace(/^app\//, "")}`.replaceAll(/\[(\w+)\]/g, "{$1}");

/** The most files of ours that a newcomer opens to follow one act from its address to the store. */
const longest = { Upload: 12, Playback: 8, Deletion: 10 };

describe.each(Object.entries(longest))("the walk of %s", (walk, most) => {
  const steps = stepsOf(walk);

  it(`has at most ${most} files`, () => {
    expect(steps.length).toBeGreaterThan(4);
    expect(new Set(steps.map(({ file }) => file)).size).toBe(steps.length);
    expect(steps.length).toBeLessThanOrEqual(most);
  });

  it("leads from each file to the next by an import, and begins at an address", () => {
    const wrong = steps.filter(({ file, from }, index) => {
      if (!existsSync(file)) return true;
      if (!/^\d+$/.test(from)) return from.replaceAll("`", "").split(" ")[1] !== addressOf(file);
      const caller = steps[Number(from) - 1];
      return !caller || Number(from) > index || !importsOf(caller.file).includes(file.replace(/\.tsx?$/, ""));
    });
    expect(steps[0]?.from).toMatch(/^`(GET|POST) \/api\//);
    expect(wrong).toEqual([]);
  });
});
