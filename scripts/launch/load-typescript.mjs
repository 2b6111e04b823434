// Lets Node.js run the project's TypeScript: `node --import ./scripts/launch/load-typescript.mjs scripts/users.ts`.
// Node.js itself strips the types (tsconfig.json allows only syntax that can be stripped). It does not know the alias
// "@/", nor imports without ".ts".
import { existsSync } from "node:fs";
import { enableCompileCache, registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import "./load-packages.mjs";

const root = new URL("../../", import.meta.url).href;
const packages = `${root}node_modules/`;

// Halves the start of a command. If the folder cannot be written, Node.js compiles each time.
enableCompileCache(fileURLToPath(`${packages}.cache/node-compile-cache`));

const isOwn = (url = "") => url.startsWith(root) && !url.startsWith(packages);

/** Returns the address of the project's file that is meant by "@/lib/a" or "./a", or undefined for anything else. */
function ownFile(specifier, parentURL) {
  if (!isOwn(parentURL)) return undefined;
  const isAlias = specifier.startsWith("@/");
  if (!isAlias && !specifier.startsWith(".")) return undefined;
  const url = isAlias ? `${root}${specifier.slice(2)}` : new URL(specifier, parentURL).href;
  return [url, `${url}.ts`, `${url}/index.ts`].find((file) => /\.\w+$/.test(file) && existsSync(fileURLToPath(file)));
}

/** Where the packages are that our own files import, by name: Node.js reads their package.json for each import. */
const found = new Map();

function resolvePackage(specifier, context, nextResolve) {
  const key = `${context.conditions.join()} ${specifier}`;
  const known = found.get(key) ?? nextResolve(specifier, context);
  found.set(key, known);
  return { ...known, shortCircuit: true };
}

registerHooks({
  resolve(specifier, context, nextResolve) {
    const own = ownFile(specifier, context.parentURL);
    if (own?.endsWith(".ts")) return { url: own, format: "module-typescript", shortCircuit: true };
    // Messages are imported by a name that is made, where bundlers take no attribute.
    if (own?.endsWith(".json")) return { url: own, importAttributes: { type: "json" }, shortCircuit: true };
    if (own) return nextResolve(own, context);
    const isPackage = !specifier.startsWith(".") && isOwn(context.parentURL);
    return isPackage ? resolvePackage(specifier, context, nextResolve) : nextResolve(specifier, context);
  },
});
