import { audioCodecs } from "@/lib/core/audio-codecs";
import { browsers, codecsWithoutWriter, formatRows, type BrowserName, type FormatRow } from "./format-rows";
import {
  failedChecks,
  knownDifferences,
  needsCopy,
  runUpSeconds,
  servedType,
  toleranceSeconds,
  type Check,
} from "./judge-play";
import type { Heard } from "./play-in-page";
import type { StoredFormat } from "./store-formats";

export type MatrixResult = {
  /** YYYY-MM-DD. */
  date: string;
  /** The versions of the programs that make the files and the copies. */
  ffmpeg: string;
  stored: Record<string, StoredFormat>;
  /** Why a browser was not run. */
  notRun: Partial<Record<BrowserName, string>>;
  plays: Record<BrowserName, ({ version: string } | { file: string; heard: Heard })[]>;
};

const names: Record<BrowserName, string> = { chromium: "Chromium", firefox: "Firefox ESR", webkitgtk: "WebKitGTK" };

/** The first cells of a row, which do not depend on a run. */
export const fixedCells = (row: FormatRow): string[] => [
  row.what,
  `\`${row.contentType}\``,
  audioCodecs[row.codec].name ?? "other",
  served(row),
];

function served(row: FormatRow): string {
  if (needsCopy(row)) return "copy";
  return row.isRepaired || servedType(row) !== row.contentType ? "behind another header" : "as stored";
}

/** The text of docs/formats.md. */
export function formatsDoc(result: MatrixResult, asterisk: string): string {
  const titles = ["format", "type", "codec", "served", ...browsers.map((browser) => names[browser])];
  const rows = formatRows.map((row) => [...fixedCells(row), ...browsers.map((browser) => cell(result, browser, row))]);
  const versions = browsers.map((browser) => versionOf(result, browser) ?? `${names[browser]}: not run`);
  return `${intro(versions, result)}
${table(titles, rows)}

${differences()}
Accepted in a WAV, but no free program writes them, so nothing plays them here: ${untried()}.

${asteriskSection(asterisk)}`;
}

const intro = (versions: string[], { date, ffmpeg }: MatrixResult) => `# Formats

What the portal accepts, and how it plays. \`tests/formats/write-formats-doc.ts\` wrote this page from results of
\`npm test -- formats\` (a part of \`npm test -- --thorough\`) of ${date}, with Debian 12's
${versions.join(", ")}, and ffmpeg ${ffmpeg}.

Each file is uploaded by the upload client, and played in the player of its page. Near its end the pitch changes; the
test jumps to ${runUpSeconds} s before that, and listens: in Chromium and Firefox by Web Audio, in WebKitGTK at the
sound device. A browser's cell has the duration that it states, "seek" if the change was heard at its time and at that
of the player's clock, and "end" if the sound and the element ended where they should, each within
${toleranceSeconds} s. The sound has 10 s; 20 s in a chain; 12 s with a variable bit rate.
WebKitGTK plays by GStreamer: the test installs the plugins that Debian's desktop has (good, bad, libav).
"Copy" is the [playable copy](playable-copies.md), "behind another header" [what needs
none](playable-copies.md#what-needs-no-copy).
`;

/** The version, and how many formats were played if not all were; undefined for a browser that was not run. */
function versionOf({ plays }: MatrixResult, browser: BrowserName): string | undefined {
  const version = plays[browser].flatMap((line) => ("version" in line ? [line.version] : [])).at(-1);
  const played = new Set(plays[browser].flatMap((line) => ("file" in line ? [line.file] : []))).size;
  const all = formatRows.length;
  return version && played < all ? `${version} (${played} of ${all} formats)` : version;
}

function cell({ plays }: MatrixResult, browser: BrowserName, row: FormatRow): string {
  const heard = plays[browser]
    .flatMap((line) => ("heard" in line && line.file === row.file ? [line.heard] : []))
    .at(-1);
  if (!heard) return "not run";
  const failed = failedChecks(heard, row);
  if (failed.includes("plays")) return "**does not play**";
  const { durationSeconds } = heard;
  const stated = durationSeconds === null ? "no duration" : `${durationSeconds.toFixed(2)} s`;
  const part = (check: Check, text: string) => (failed.includes(check) ? `**no ${text}**` : text);
  return [failed.includes("duration") ? `**${stated}**` : stated, part("seek", "seek"), part("end", "end")].join(", ");
}

const table = (titles: string[], rows: string[][]) =>
  [titles, titles.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

function differences(): string {
  if (knownDifferences.length === 0) return "";
  const whatOf = (file: string) => formatRows.find((row) => row.file === file)!.what;
  const lines = knownDifferences.map(({ file, browser, why }) => `- ${whatOf(file)}, ${names[browser]}: ${why}`);
  return `${lines.join("\n")}\n`;
}

const untried = () =>
  codecsWithoutWriter.map((codec) => audioCodecs[codec].name ?? "codecs that the portal has no name for").join(", ");

const asteriskSection = (output: string) => `## Asterisk

\`npm run try-asterisk\` installs Asterisk of Debian sid in a folder of its own, makes ten calls by SIP, records them in
five formats, and sends them with \`watch\` to a portal. Its last output:

\`\`\`text
${output.trimEnd()}
\`\`\`
`;
