// Lets Node.js run the project's TypeScript: `node --import ./scripts/launch/load-typescript.mjs scripts/users.ts`.
import { registerHooks } from "node:module";
import "tsx";

/**
 * Packages of ES modules whose package.json has over 150 KB: Node.js 24 parses it again for each of their modules, half
 * a second for each command of ours. An import between two of their own files needs no package.json.
 */
const largeManifest = /\/node_modules\/(date-fns|drizzle-orm)\/[^/]/;

registerHooks({
  resolve(specifier, context, nextResolve) {
    const isImport = specifier.startsWith(".") && context.conditions.includes("import");
    if (!isImport || !largeManifest.test(context.parentURL ?? "")) return nextResolve(specifier, context);
    return { url: new URL(specifier, context.parentURL).href, format: "module", shortCircuit: true };
  },
});
