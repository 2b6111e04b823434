import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const rules = new URL("../../../.dependency-cruiser.mjs", import.meta.url);
const { layers } = (await import(/* @vite-ignore */ rules.href)) as { layers: string[][] };
const text = readFileSync("docs/architecture.md", "utf8");

test("the table of rooms is that of the rules, for the rooms that exist", () => {
  const told = [...text.matchAll(/^\| (\d+) \| `([\w-]+)` \| [^|]*[a-z][^|]* \|$/gm)];
  const rooms = layers.flatMap((beside, layer) => beside.map((room) => `${layer} ${room}`));
  expect(told.map(([, layer, room]) => `${layer} ${room}`)).toEqual(
    rooms.filter((room) => existsSync(`lib/${room.split(" ")[1]}`)),
  );
});
