import { Option, type Command } from "commander";
import { CannotStart } from "@/scripts/recordings/cannot-start";
import { byName, bySidecar, type FileDescriber } from "@/scripts/recordings/describe-file";
import type { Side } from "@/scripts/recordings/call-names/call-name";
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
  exclude: string[];
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
    .option("--sides <folders>", 'folders whose files have one side of a call, such as "in=customer,out=agent"')
    .option(
      "--exclude <pattern>",
      'do not upload files that match, such as "*-in.wav" or "2019/**"; may be given again',
      (pattern: string, patterns: string[]) => [...patterns, pattern],
      [],
    )
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

/** Chooses how to describe the calls of a folder without a manifest. */
export function describerOf(options: UploadOptions): FileDescriber {
  const { source, unit = null, queue = null, direction } = options;
  if (options.sidecar) return bySidecar({ source, timeZone: givenTimeZone(options) });
  const timeZone = timeZoneOfNames(options);
  try {
    const defaults = { source, unit, queue, direction };
    const sides = sidesOf(options.sides);
    return byName(callNameReader(options.names ?? "auto", timeZone), defaults, { timeZone, sides });
  } catch (error) {
    if (error instanceof CannotStart) throw error;
    throw new CannotStart(`--names: ${(error as Error).message}`);
  }
}

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
