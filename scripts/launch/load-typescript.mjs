// Lets Node.js run the project's TypeScript: `node --import ./scripts/launch/load-typescript.mjs scripts/users.ts`.
// Node.js itself strips the types (tsconfig.json allows only syntax that can be stripped). It does not know the alias
// "@/", nor imports without ".ts".
import { existsSync } from "node:fs";
import { enableCompileCache, registerHooks } from "node:module";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url).href;
const packages = `${root}node_modules/`;

// Halves the start of a command. If the folder cannot be written, Node.js compiles each time.
enableCompileCache(fileURLToPath(`${packages}.cache/node-compile-cache`));

/** Returns the address of the project's file that is meant by "@/lib/a" or "./a", or undefined for anything else. */
function ownFile(specifier, parentURL = "") {
  if (!parentURL.startsWith(root) || parentURL.startsWith(packages)) return undefined;
  const isAlias = specifier.startsWith("@/");
  if (!isAlias && !specifier.startsWith(".")) return undefined;
  const url = isAlias ? `${root}${specifier.slice(2)}` : new URL(specifier, parentURL).href;
  return [url, `${url}.ts`, `${url}/index.ts`].find((file) => /\.\w+$/.test(file) && existsSync(fileURLToPath(file)));
}

/**
 * Packages of ES modules whose package.json has over 150 KB: Node.js 24 parses it again for each of their modules, half
 * a second for each command of ours. An import between two of their own files needs no package.json.
 */
const largeManifest = /\/node_modules\/(date-fns|drizzle-orm)\/[^/]/;

registerHooks({
  resolve(specifier, context, nextResolve) {
    const own = ownFile(specifier, context.parentURL);
    if (own) return nextResolve(own, context);
    const isImport = specifier.startsWith(".") && context.conditions.includes("import");
    if (!isImport || !largeManifest.test(context.parentURL ?? "")) return nextResolve(specifier, context);
    return { url: new URL(specifier, context.parentURL).href, format: "module", shortCircuit: true };
  },
});
