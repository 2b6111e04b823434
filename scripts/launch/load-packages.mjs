// Loads packages with many files quickly: `node --import ./scripts/launch/load-packages.mjs`.
import { registerHooks } from "node:module";

/**
 * Packages of ES modules with hundreds of files, or with a package.json of over 150 KB that Node.js 24 parses again for
 * each import of one of them. An import between two of their files, or by address, needs no package.json.
 */
const large = /\/node_modules\/(date-fns|drizzle-orm|libphonenumber-js|zod)\/[^/].*\.m?js$/;

/** The address of a file of such a package that an ES module imports; undefined for anything else. */
function fileOfLargePackage(specifier, { conditions, parentURL = "" }) {
  if (!conditions.includes("import")) return undefined;
  if (specifier.startsWith("file:")) return large.test(specifier) ? specifier : undefined;
  return specifier.startsWith(".") && large.test(parentURL) ? new URL(specifier, parentURL).href : undefined;
}

registerHooks({
  resolve(specifier, context, nextResolve) {
    const url = fileOfLargePackage(specifier, context);
    return url ? { url, format: "module", shortCircuit: true } : nextResolve(specifier, context);
  },
});
