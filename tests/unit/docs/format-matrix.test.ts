import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { acceptedAudioTypes, audioTypeOfName, matchesDeclaredType } from "@/lib/core/accepted-audio-types";
import { audioCodecs, type AudioCodec } from "@/lib/core/audio-codecs";
import { fixedCells } from "@/tests/formats/formats-doc";
import { codecsWithoutWriter, formatRows } from "@/tests/formats/format-rows";
import { knownDifferences } from "@/tests/formats/judge-play";

const types = Object.entries(acceptedAudioTypes);
const familyOf = (type: string) => {
  const row = acceptedAudioTypes[type as keyof typeof acceptedAudioTypes];
  return "family" in row ? row.family : type;
};

test("the matrix plays every accepted type, and every codec that a program here writes", () => {
  expect([...new Set(formatRows.map(({ contentType }) => contentType))].sort()).toEqual(
    types.map(([type]) => type).sort(),
  );
  const played = new Set<AudioCodec>(formatRows.map(({ codec }) => codec));
  const expected = Object.keys(audioCodecs).filter((codec) => !codecsWithoutWriter.includes(codec as AudioCodec));
  expect([...played].sort()).toEqual(expected.sort());
});

test("the matrix plays every codec in each container where browsers are said to play it", () => {
  const played = new Set(formatRows.map(({ contentType, codec }) => `${familyOf(contentType)} ${codec}`));
  const pairs = types.flatMap(([type, { playable }]) => playable.map((codec) => `${familyOf(type)} ${codec}`));
  expect([...new Set(pairs)].filter((pair) => !played.has(pair))).toEqual([]);
});

test("each row has a file of its own, and declares a type of its container", () => {
  expect(new Set(formatRows.map(({ file }) => file)).size).toBe(formatRows.length);
  for (const { file, declared, contentType } of formatRows)
    expect(matchesDeclaredType(declared ?? audioTypeOfName(file) ?? "", { contentType }), file).toBe(true);
  for (const { file } of knownDifferences) expect(formatRows.some((row) => row.file === file)).toBe(true);
});

test("docs/formats.md lists exactly the formats of the matrix", () => {
  expect(existsSync("docs/formats.md"), "run `npm test -- formats`, then tests/formats/write-formats-doc.ts").toBe(
    true,
  );
  const rows = readFileSync("docs/formats.md", "utf8")
    .split("\n")
    .filter((line) => /^\| .* \| `audio\//.test(line));
  const cells = rows.map((row) =>
    row
      .split(" | ")
      .map((cell) => cell.replace(/^\| /, ""))
      .slice(0, 4),
  );
  expect(cells).toEqual(formatRows.map(fixedCells));
});
