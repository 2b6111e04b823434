import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { acceptedAudioTypes, audioExtensions } from "@/lib/core/accepted-audio-types";
import { refusedForms } from "@/lib/core/refused-forms";
import en from "@/lib/i18n/messages/en/codes.json" with { type: "json" };

const section = /^## Formats$[^]*?(?=^## )/m.exec(readFileSync("docs/uploading.md", "utf8"))![0];

test("the uploading guide lists every accepted type and extension, and no other", () => {
  const rows = section.split("\n").filter((line) => line.startsWith("| `"));
  const types = rows.flatMap((row) => [...row.split("|")[1]!.matchAll(/`([^;`]+)[^`]*`/g)].map(([, type]) => type!));
  expect(types.sort()).toEqual(Object.keys(acceptedAudioTypes).sort());
  const listed = rows.flatMap((row) => [...row.split("|")[2]!.matchAll(/`\.(\w+)`/g)].map(([, name]) => name!));
  const known = Object.keys(audioExtensions);
  expect(listed.filter((name) => !known.includes(name.toLowerCase()))).toEqual([]);
  // "`.sln12` … `.sln192`"
  const between = known.filter((name) => /^sln\d/.test(name));
  expect(known.filter((name) => !listed.includes(name) && !between.includes(name))).toEqual([]);
});

test("every refused form has a name", () => {
  expect(Object.keys(en.refusedForms).sort()).toEqual([...refusedForms].sort());
});
