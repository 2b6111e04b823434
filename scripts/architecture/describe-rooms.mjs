import { readFile } from "node:fs/promises";
import { layers } from "../../.dependency-cruiser.mjs";

const longLine = 120;
const rooms = layers.flat();

const roomOf = (path) => (/^lib\/.*\.tsx?$/.test(path) ? path.split("/")[1] : null);

/**
 * Describes the rooms of `lib`: a Mermaid drawing with counts for docs/architecture.md, and the counts for a terminal.
 * @param modules as dependency-cruiser returns them: `{ source, dependents, dependencies }`.
 */
export async function describeRooms(modules) {
  const ours = modules.filter(({ source }) => roomOf(source));
  const files = await Promise.all(ours.map(measureFile));
  const table = rooms.map((room) => countRoom(room, files)).filter(({ files: count }) => count > 0);
  const total = countRoom(null, files);
  const drawing = [drawArrows(ours), "", ...roomTable(table), "", ...totals(total)].join("\n");
  return { drawing, counts: [...roomTable(table), "", ...totals(total)].join("\n") };
}

async function measureFile({ source, dependents }) {
  const text = await readFile(source, "utf8");
  const lines = text.split("\n");
  const isOperation = /= (?:command|query)\(/.test(text);
  const importers = dependents.filter((file) => !file.startsWith("tests/"));
  return {
    room: roomOf(source),
    lines: lines.length - 1,
    longLines: lines.filter((line) => line.length > longLine).length,
    isOperation,
    // Applies to helpers only: an operation may have one importer.
    hasOneImporter: !isOperation && importers.length === 1 && importers[0].startsWith("lib/"),
  };
}

function countRoom(room, all) {
  const files = room === null ? all : all.filter((file) => file.room === room);
  const count = (key) => files.filter((file) => file[key]).length;
  const sorted = files.map(({ lines }) => lines).sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return {
    room,
    files: files.length,
    operations: count("isOperation"),
    oneImporter: count("hasOneImporter"),
    longLines: files.reduce((sum, file) => sum + file.longLines, 0),
    median: at(0.5),
    p90: at(0.9),
  };
}

const percent = (part, whole) => `${whole === 0 ? 0 : Math.round((100 * part) / whole)} %`;

const layerOf = (room) => layers.findIndex((layer) => layer.includes(room));

const roomTable = (table) => [
  "| layer | room | files | operations | helpers with one importer | lines: median, p90 |",
  "|---|---|---|---|---|---|",
  ...table.map(
    ({ room, files, operations, oneImporter, median, p90 }) =>
      `| ${layerOf(room)} | \`${room}\` | ${files} | ${operations} | ${oneImporter} | ${median}, ${p90} |`,
  ),
];

const totals = ({ files, operations, oneImporter, longLines, median, p90 }) => [
  `\`lib\` has ${files} files, ${operations} of them operations (${percent(operations, files)}). ` +
    `${oneImporter} files (${percent(oneImporter, files)}) are helpers with one importer.`,
  `A file has ${median} lines (median) and ${p90} (90th percentile); ${longLines} lines are over ${longLine} columns.`,
];

/** Draws an arrow for each import, unless a longer way of arrows leads there. */
function drawArrows(modules) {
  const reach = new Map(rooms.map((room) => [room, new Set()]));
  for (const { source, dependencies } of modules)
    for (const { resolved } of dependencies) {
      const target = roomOf(resolved);
      if (target && target !== roomOf(source)) reach.get(roomOf(source)).add(target);
    }
  const follows = (from, to) => [...reach.get(from)].some((between) => between !== to && reaches(reach, between, to));
  const used = rooms.filter((room) => modules.some(({ source }) => roomOf(source) === room));
  const arrows = used.flatMap((from) =>
    [...reach.get(from)]
      .filter((to) => !follows(from, to))
      .sort()
      .map((to) => `  ${from} --> ${to}`),
  );
  return ["```mermaid", "flowchart BT", ...used.map((room) => `  ${room}`), ...arrows, "```"].join("\n");
}

const reaches = (reach, from, to) =>
  reach.get(from).has(to) || [...reach.get(from)].some((between) => reaches(reach, between, to));
