import { readFile } from "node:fs/promises";
import { Option, type Command } from "commander";
import type { CdrSource } from "@/scripts/recordings/cdr/cdr";
import { csvCdr } from "@/scripts/recordings/cdr/csv-cdr";
import { databaseCdr } from "@/scripts/recordings/cdr/database-cdr";
import type { DeclaredChannels } from "@/scripts/recordings/audio-content-type";
import { CannotStart } from "@/scripts/recordings/cannot-start";
import { byName, bySidecar, type FileDescriber } from "@/scripts/recordings/describe-file";
import type { CallNameReader, Side } from "@/scripts/recordings/call-names/call-name";
import { callNameReader } from "@/scripts/recordings/call-names/call-name-reader";
import { isSafeAddress, type PortalClient } from "@/scripts/recordings/portal-client";

/** Options that import and watch share. */
export type UploadOptions = {
  url: string;
  source: string;
  concurrency: string;
  names?: string;
  sidecar?: boolean;
  unit?: string;
  queue?: string;
  direction: "inbound" | "outbound" | "internal";
  timeZone?: string;
  sides?: string;
  channels?: DeclaredChannels;
  exclude: string[];
  cdr?: string;
  cdrCa?: string;
};

export { CannotStart };

/** Adds the options that import and watch share. */
export function withUploadOptions(command: Command): Command {
  return command
    .option("--url <url>", "address of the portal", process.env.CUSTODIA_URL ?? "http://127.0.0.1:3000")
    .option("--source <name>", "the phone system, for calls that name none", "import")
    .option("--concurrency <number>", "files at a time", "4")
    .option(
      "--names <form>",
      "read the calls from the file names: auto, freepbx, asterisk, recorder, or a form such as " +
        '"{startedAt:yyyyMMdd-HHmmss}_{customerNumber}_{sourceCallId}"',
    )
    .addOption(
      new Option(
        "--channels <number>",
        "channels of WAV and raw files, where a header says one or there is none (MixMonitor's option D)",
      ).choices(["2"]),
    )
    .option("--sides <folders>", 'folders whose files have one side of a call, such as "in=customer,out=agent"')
    .option(
      "--exclude <pattern>",
      'do not upload files that match, such as "*-in.wav" or "2019/**"; may be given again',
      (pattern: string, patterns: string[]) => [...patterns, pattern],
      [],
    )
    .option(
      "--cdr <source>",
      "complete the calls of file names by call detail records: a CSV, or mysql://user@host/asteriskcdrdb (its " +
        "password in CDR_PASSWORD or the file CDR_PASSWORD_FILE)",
    )
    .option("--cdr-ca <file>", "certificate of the authority that signed that of the CDR's server")
    .option("--sidecar", "read each call from a JSON file next to it (call.wav.json)")
    .option("--unit <code>", "unit of calls whose file names have none")
    .option("--queue <code>", "queue of calls whose file names have none")
    .addOption(
      new Option("--direction <direction>", "direction of calls whose file names have none")
        .choices(["inbound", "outbound", "internal"])
        .default("inbound"),
    )
    .option(
      "--time-zone <zone>",
      "IANA zone of local times: in file names (default: CONTROLLER_TIME_ZONE, or America/Sao_Paulo), and in a " +
        "manifest or --sidecar (no default)",
    );
}

/** Returns the portal's address and the API key. */
export function portalClient({ url }: UploadOptions): PortalClient {
  const apiKey = process.env.CUSTODIA_API_KEY;
  if (!apiKey) throw new CannotStart("CUSTODIA_API_KEY is missing: set it to an API key of a service account.");
  if (!URL.canParse(url) || !isSafeAddress(url))
    throw new CannotStart(`${url} is not an https address: an API key must not be sent unencrypted.`);
  return { baseUrl: url, apiKey };
}

/** Returns the number of files to upload at a time, from 1 to 64. */
export function concurrencyOf(options: UploadOptions): number {
  const concurrency = Number(options.concurrency);
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 64)
    throw new CannotStart("--concurrency must be a whole number from 1 to 64.");
  return concurrency;
}

/** How to describe the calls of a folder without a manifest. `close` ends the connection to their records. */
export type Describer = { describe: FileDescriber; close: () => Promise<void> };

/** `cdrWaitMs`: how old a file without a call detail record must be to be sent without one. */
export async function describerOf(options: UploadOptions, cdrWaitMs = 0): Promise<Describer> {
  const { source, unit = null, queue = null, direction, channels } = options;
  if (options.sidecar) return { describe: bySidecar({ source, timeZone: givenTimeZone(options), channels }), close };
  const timeZone = timeZoneOfNames(options);
  const readName = nameReaderOf(options.names, timeZone);
  const sides = sidesOf(options.sides);
  const records = options.cdr === undefined ? null : await openCdr(options.cdr, options.cdrCa);
  const cdr = records ? { source: records, waitMs: cdrWaitMs } : undefined;
  const describe = byName(readName, { source, unit, queue, direction }, { timeZone, sides, channels, cdr });
  return { describe, close: records?.close ?? close };
}

const close = () => Promise.resolve();

function nameReaderOf(form = "auto", timeZone: string): CallNameReader {
  try {
    return callNameReader(form, timeZone);
  } catch (error) {
    throw new CannotStart(`--names: ${(error as Error).message}`);
  }
}

async function openCdr(address: string, ca?: string): Promise<CdrSource> {
  if (!/^(?:mysql|mariadb):\/\//.test(address)) return csvCdr(address);
  const { CDR_PASSWORD, CDR_PASSWORD_FILE } = process.env;
  const ofFile = CDR_PASSWORD_FILE ? await readSecret(CDR_PASSWORD_FILE) : undefined;
  return databaseCdr(address, { password: CDR_PASSWORD ?? ofFile, ca });
}

const readSecret = (file: string) =>
  readFile(file, "utf8").then(
    (text) => text.replace(/\r?\n$/, ""),
    () => Promise.reject(new CannotStart(`CDR_PASSWORD_FILE: ${file} cannot be read.`)),
  );

/** The zone that the operator gave; null without one. */
export function givenTimeZone({ timeZone }: UploadOptions): string | null {
  if (timeZone !== undefined && !Intl.supportedValuesOf("timeZone").includes(timeZone) && timeZone !== "UTC")
    throw new CannotStart(`${timeZone} is not an IANA time zone.`);
  return timeZone ?? null;
}

/** The zone of the times in file names. */
export const timeZoneOfNames = (options: UploadOptions) =>
  givenTimeZone(options) ?? (process.env.CONTROLLER_TIME_ZONE || "America/Sao_Paulo");

function sidesOf(text: string | undefined): Map<string, Side> {
  const pairs = (text ?? "").split(",").filter((pair) => pair !== "");
  return new Map(
    pairs.map((pair) => {
      const [folder, side] = pair.split("=");
      if (!folder || (side !== "agent" && side !== "customer"))
        throw new CannotStart('--sides: write folder=agent or folder=customer, such as "in=customer,out=agent".');
      return [folder, side];
    }),
  );
}
