import { z } from "zod";
import { gatewayAddress, gatewaySecrets } from "@/lib/core/env/message-settings";

const unset = z.literal("").transform(() => undefined);

/** Forms in which events are sent to a SIEM. */
export const siemFormats = ["webhook", "otlp"] as const;

const headerName = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;

/** Set for each request by the portal. */
const ownHeaders = ["content-type", "content-length", "host", "connection", "transfer-encoding"];

/**
 * SIEM_STREAM_HEADERS: `name=value,name=value`, values percent-encoded, as OTEL_EXPORTER_OTLP_HEADERS. Errors never
 * name the value, which has a token.
 */
const headerList = z.string().transform((text, context): Record<string, string> => {
  const fail = (message: string) => {
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  };
  const headers: Record<string, string> = {};
  for (const pair of text.split(",")) {
    const [, name = "", encoded = ""] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/s.exec(pair) ?? [];
    if (!headerName.test(name) || encoded === "") return fail("is not a list of name=value with commas between");
    if (ownHeaders.includes(name.toLowerCase())) return fail(`must not set ${name}`);
    try {
      headers[name] = decodeURIComponent(encoded);
    } catch {
      return fail("has a value that is not percent-encoded");
    }
    if (!/^[\x20-\x7e]+$/.test(headers[name])) return fail("has a value with other than visible ASCII characters");
  }
  return headers;
});

/** The stream of audit events to the company's SIEM. Without SIEM_STREAM_URL nothing is sent. */
export const siemSettings = {
  SIEM_STREAM_URL: unset.or(gatewayAddress).optional(),
  SIEM_STREAM_FORMAT: z.enum(siemFormats).default("webhook"),
  SIEM_STREAM_SECRETS: unset.or(gatewaySecrets).optional(),
  SIEM_STREAM_HEADERS: unset.or(headerList).optional(),
};

type Settings = { SIEM_STREAM_URL?: string; SIEM_STREAM_FORMAT: string; SIEM_STREAM_SECRETS?: readonly string[] };

/** Whether the secret is missing that signs each webhook. */
export const lacksSiemSecret = (settings: Settings): boolean =>
  settings.SIEM_STREAM_URL !== undefined &&
  settings.SIEM_STREAM_FORMAT === "webhook" &&
  settings.SIEM_STREAM_SECRETS === undefined;
