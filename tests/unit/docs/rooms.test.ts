import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { callers } from "@/lib/deletion/callers";

const rules = new URL("../../../.dependency-cruiser.mjs", import.meta.url);
const { layers } = (await import(/* @vite-ignore */ rules.href)) as { layers: string[][] };
const text = readFileSync("docs/architecture.md", "utf8");

test("the table of rooms equals the rules, for existing rooms", () => {
  const told = [...text.matchAll(/^\| (\d+) \| `([\w-]+)` \| [^|]*[a-z][^|]* \|$/gm)];
  const rooms = layers.flatMap((beside, layer) => beside.map((room) => `${layer} ${room}`));
  expect(told.map(([, layer, room]) => `${layer} ${room}`)).toEqual(
    rooms.filter((room) => existsSync(`lib/${room.split(" ")[1]}`)),
  );
});

test("the table of what stops a deletion equals the callers", () => {
  const names = Object.keys(callers) as (keyof typeof callers)[];
  const stops = [...new Set(names.flatMap((name): readonly string[] => callers[name].stops))];
  const cell = (name: keyof typeof callers, stop: string) =>
    (callers[name].stops as readonly string[]).includes(stop) ? " stops |" : " |";
  const expected = [
    `| | ${names.map((name) => `\`${name}\``).join(" | ")} |`,
    `|---|${names.map(() => ":-:|").join("")}`,
    ...stops.map((stop) => `| \`${stop}\` |${names.map((name) => cell(name, stop)).join("")}`),
  ].join("\n");
  expect(text, `Replace the table in docs/architecture.md with:\n\n${expected}\n`).toContain(expected);
});
