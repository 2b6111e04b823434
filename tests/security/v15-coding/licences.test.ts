import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { root } from "../../support/source-files";

/** Licences that a package may have: they ask for no more than a notice. */
const allowed = new Set([
  ...["0BSD", "Apache-2.0", "BlueOak-1.0.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "PSF-2.0"],
  ...["Python-2.0", "Unlicense", "Zlib"],
]);

/** Packages with another licence, and why each may be used. */
const exceptions: Record<string, string> = {
  "OFL-1.1": "fonts: @expo-google-fonts/*, @fontsource*; they are embedded in letters, never sold alone",
  "CC-BY-4.0": "caniuse-lite: data for the build of styles",
  "MPL-2.0": "axe-core, lightningcss, mediabunny: used unchanged; their own files would have to be published",
  "LGPL-3.0-or-later": "codec-parser, @img/sharp-libvips-*: used unchanged, as packages that can be replaced",
};
const packagesOf: Record<string, RegExp> = {
  "OFL-1.1": /^@(expo-google-fonts|fontsource(-variable)?)\//,
  "CC-BY-4.0": /^caniuse-lite$/,
  "MPL-2.0": /^(axe-core|lightningcss(-.+)?|mediabunny)$/,
  "LGPL-3.0-or-later": /^(codec-parser|@img\/sharp-.+)$/,
};

/** Their package.json states none; the text beside it does. */
const unstated: Record<string, string> = { "png-js": "MIT" };

type Locked = { license?: string; version?: string; resolved?: string; integrity?: string; optional?: true };
type Lock = { packages: Record<string, Locked> };
const lock = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8")) as Lock;
const packages = Object.entries(lock.packages)
  .filter(([folder]) => folder !== "")
  .map(([folder, entry]) => ({ name: folder.replace(/^.*node_modules\//, ""), ...entry }))
  // Of programs for other platforms npm notes nothing but the version; those of this one stand for them.
  .filter(({ license, integrity, optional }) => !optional || license || integrity);

/** `MIT OR GPL-3.0` needs one that is allowed, `MIT AND Zlib` all. */
function isAllowed(name: string, expression: string): boolean {
  const parts = expression.replaceAll(/[()]/g, "").split(/ (OR|AND) /);
  const verdicts = parts.filter((part) => part !== "OR" && part !== "AND").map((id) => mayUse(name, id));
  return parts.includes("OR") ? verdicts.some(Boolean) : verdicts.every(Boolean);
}

const mayUse = (name: string, id: string) => allowed.has(id) || (packagesOf[id]?.test(name) ?? false);

test("every installed package, on every platform, has an allowed licence", () => {
  const refused = packages
    .map(({ name, license }) => ({ name, license: license ?? unstated[name] ?? "none stated" }))
    .filter(({ name, license }) => !isAllowed(name, license));
  expect(refused).toEqual([]);
});

test("every exception names its reason, and is used", () => {
  expect(Object.keys(exceptions).sort()).toEqual(Object.keys(packagesOf).sort());
  for (const id of Object.keys(exceptions))
    expect(
      packages.some(({ license = "" }) => license.includes(id)),
      id,
    ).toBe(true);
});

test("an unknown licence is refused", () => {
  expect([isAllowed("x", "GPL-3.0-only"), isAllowed("x", "MPL-2.0"), isAllowed("x", "MIT AND GPL-2.0")]).toEqual([
    false,
    false,
    false,
  ]);
  expect(isAllowed("node-forge", "(BSD-3-Clause OR GPL-2.0)")).toBe(true);
});

test("every package is named by its digest, and none comes from an address of its own", () => {
  const foreign = packages.filter(
    ({ resolved, integrity }) =>
      !integrity || !(resolved ?? "https://registry.npmjs.org/").startsWith("https://registry."),
  );
  expect(foreign.map(({ name }) => name)).toEqual([]);
});
