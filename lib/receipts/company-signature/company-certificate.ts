import type { KeyObject, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Certificate } from "pkijs";
import { env } from "@/lib/core/env";
import { openPkcs12, unusable } from "@/lib/receipts/company-signature/open-pkcs12";

/** A certificate that may sign now, with its key and the certificates that lead to its authority. */
export type CompanyCertificate = {
  certificate: X509Certificate;
  chain: readonly X509Certificate[];
  privateKey: KeyObject;
  /** The common name, as letters name it: "EMPRESA LTDA:12345678000195". */
  subject: string;
};

/**
 * The configured certificate (COMPANY_CERTIFICATE), read again at each call: companies renew it once a year. Null if
 * none is configured.
 * @throws AppError `company_certificate_unusable` if it cannot sign now; the detail says why.
 */
export async function companyCertificate(now = new Date()): Promise<CompanyCertificate | null> {
  const { COMPANY_CERTIFICATE: given, COMPANY_CERTIFICATE_PASSWORD: password = "" } = env();
  if (given === undefined) return null;
  const opened = openPkcs12(await read(given), password);
  const { certificate } = opened;
  if (now < certificate.validFromDate) throw unusable(`is not valid before ${certificate.validFromDate.toISOString()}`);
  if (now > certificate.validToDate) throw unusable(`expired on ${certificate.validToDate.toISOString()}`);
  if (certificate.ca) throw unusable("is that of an authority: it signs certificates, not letters");
  if (!maySign(certificate)) throw unusable("may not sign: its key usage is another one");
  assertStrong(opened.privateKey);
  const subject = /^CN=(.+)$/m.exec(certificate.subject)?.[1] ?? certificate.subject.replaceAll("\n", ", ");
  return { ...opened, subject };
}

async function read(given: string): Promise<Buffer> {
  if (!given.startsWith("/")) return Buffer.from(given, "base64");
  return readFile(given).catch((error: NodeJS.ErrnoException) => {
    throw unusable(`cannot be read: ${error.code}`);
  });
}

/** Key usage (RFC 5280, 4.2.1.3): a certificate that names its uses must name one of the first two, which sign. */
function maySign({ raw }: X509Certificate): boolean {
  const keyUsage = Certificate.fromBER(raw).extensions?.find(({ extnID }) => extnID === "2.5.29.15");
  const bits = (keyUsage?.parsedValue as { valueBlock?: { valueHexView: Uint8Array } } | undefined)?.valueBlock;
  return keyUsage === undefined || ((bits?.valueHexView[0] ?? 0) & 0b1100_0000) !== 0;
}

function assertStrong({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): void {
  if (type === "rsa" && (details?.modulusLength ?? 0) >= 2048) return;
  if (type === "ec" && ["prime256v1", "secp384r1"].includes(details?.namedCurve ?? "")) return;
  throw unusable("has a key that is neither RSA of 2048 bits or more nor EC of the curves P-256 and P-384");
}

/**
 * Whether a certificate may be of a company. Those of ICP-Brasil name its CNPJ after its name; branches have the first
 * eight characters in common. One that names no CNPJ, or a company without one, is not compared.
 */
export function mayBeOf({ subject }: CompanyCertificate, cnpj: string | null): boolean {
  const named = /:([0-9A-Z]{12}\d{2})$/.exec(subject)?.[1];
  const own = cnpj?.replaceAll(/[^0-9A-Za-z]/g, "").toUpperCase();
  return named === undefined || !own || named.slice(0, 8) === own.slice(0, 8);
}

/** Days before its end from which a certificate counts as expiring. */
const noticeMs = 30 * 86_400_000;

/** For health: whether the configured certificate can sign for a company, and still in thirty days. */
export async function certificateHealth(
  cnpj: string | null,
  now = new Date(),
): Promise<"ok" | "expiring" | "unusable"> {
  const found = await companyCertificate(now).catch(() => "unusable" as const);
  if (found === null) return "ok";
  if (found === "unusable" || !mayBeOf(found, cnpj)) return "unusable";
  return found.certificate.validToDate.getTime() - now.getTime() < noticeMs ? "expiring" : "ok";
}
