// npm run architecture: checks the imports between the rooms of lib and draws them into docs/architecture.md. With
// --check it writes nothing, and fails when a rule is broken or the drawing is stale. `npm run lint` does that.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { cruise } from "dependency-cruiser";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";
import rules from "../.dependency-cruiser.mjs";
import { describeRooms } from "./architecture/describe-rooms.mjs";

const document = new URL("../docs/architecture.md", import.meta.url);
const [begin, end] = ["<!-- architecture:begin -->", "<!-- architecture:end -->"];

/** Reads the imports of every module. Throws if one was not read: no rule would apply to it. */
async function readImports() {
  const folders = ["lib", "app", "components", "scripts"];
  const tsConfig = extractTSConfig("tsconfig.json");
  const { output } = await cruise(folders, { ...rules.options, ruleSet: rules, validate: true }, undefined, {
    tsConfig,
  });
  const read = new Set(output.modules.map(({ source }) => source));
  const unread = (await listModules(folders)).filter((file) => !read.has(file));
  if (unread.length > 0) throw new Error(`${unread.length} modules were not read, the first: ${unread[0]}`);
  return output;
}

/** Lists the TypeScript files below these folders, without declarations, as paths from the root. */
async function listModules(folders) {
  const lists = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(folder, { recursive: true })).map((name) => `${folder}/${name.replaceAll("\\", "/")}`),
    ),
  );
  return lists.flat().filter((name) => /\.tsx?$/.test(name) && !name.endsWith(".d.ts"));
}

function printViolations(violations) {
  for (const { rule, from, to, cycle } of violations) {
    const way = cycle ? [from, ...cycle.map(({ name }) => name)].join(" → ") : `${from} → ${to}`;
    console.error(`${rule.name}: ${way}`);
  }
  const { comment } = rules.forbidden.find(({ name }) => name === violations[0]?.rule.name) ?? {};
  if (comment) console.error(comment);
}

/** Returns the document with the drawing between its two marks. */
function filledIn(text, drawing) {
  const [start, stop] = [text.indexOf(begin), text.indexOf(end)];
  if (start < 0 || stop < start) throw new Error(`docs/architecture.md needs the marks ${begin} and ${end}`);
  return `${text.slice(0, start + begin.length)}\n\n${drawing.trim()}\n\n${text.slice(stop)}`;
}

/** Draws the rooms into the document, or with `--check` reports whether the drawing is stale. */
async function draw(modules, isCheck) {
  const text = await readFile(document, "utf8");
  const { drawing, counts } = await describeRooms(modules);
  const fresh = filledIn(text, drawing);
  if (isCheck && fresh !== text)
    throw new Error("docs/architecture.md is stale: run `npm run architecture` and commit the result.");
  if (isCheck) return;
  if (fresh !== text) await writeFile(document, fresh);
  console.log(counts);
}

const { modules, summary } = await readImports();
printViolations(summary.violations);
// Rooms with circular imports cannot be drawn.
if (summary.violations.length === 0) await draw(modules, process.argv.includes("--check"));
console.log(`${modules.length} modules read, ${summary.violations.length} broken rules`);
process.exitCode = summary.violations.length > 0 ? 1 : 0;
