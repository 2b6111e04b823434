import { hash, randomBytes, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Integer, Null, OctetString } from "asn1js";
import {
  AlgorithmIdentifier,
  Certificate,
  ExtKeyUsage,
  id_eContentType_TSTInfo,
  MessageImprint,
  SignedData,
  SignedDataVerifyError,
  TimeStampReq,
  TimeStampResp,
  TSTInfo,
} from "pkijs";

const sha256Oid = "2.16.840.1.101.3.4.2.1";
const timeStamping = "1.3.6.1.5.5.7.3.8";

/** A request for a time stamp (RFC 3161) of a text, in DER, and its nonce in hex. */
export function timeStampRequest(text: string): { body: Uint8Array<ArrayBuffer>; nonce: string } {
  const nonce = randomBytes(8);
  // Positive, and without a leading zero: DER has one form of it.
  nonce[0] = 0x40 | (nonce[0]! & 0x3f);
  const request = new TimeStampReq({
    version: 1,
    messageImprint: new MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({ algorithmId: sha256Oid, algorithmParams: new Null() }),
      hashedMessage: new OctetString({ valueHex: new Uint8Array(hash("sha256", text, "buffer")).buffer }),
    }),
    nonce: new Integer({ valueHex: new Uint8Array(nonce).buffer }),
    certReq: true,
  });
  return { body: new Uint8Array(request.toSchema().toBER(false)), nonce: nonce.toString("hex") };
}

/** `failure`: `tsa_refused`, `tsa_answer_invalid`, `tsa_signature_invalid`, `tsa_untrusted`. */
export type ReadTimeStamp = { at: Date; nonce: string | null } | { failure: string };

/**
 * Reads an answer of a time stamping authority (TimeStampResp in DER): it grants a time stamp of this very text, signed
 * by a certificate for time stamps. With `authorities`, that certificate must lead to one of them as of the time stamp.
 * Never throws.
 */
export async function readTimeStamp(
  response: Uint8Array,
  text: string,
  authorities: readonly Certificate[] | null,
): Promise<ReadTimeStamp> {
  try {
    const { status, timeStampToken } = TimeStampResp.fromBER(new Uint8Array(response).buffer);
    // 0: granted; 1: granted with modifications.
    if (status.status > 1) return { failure: "tsa_refused" };
    const signed = new SignedData({ schema: timeStampToken!.content });
    const { eContentType, eContent } = signed.encapContentInfo;
    if (eContentType !== id_eContentType_TSTInfo) return { failure: "tsa_answer_invalid" };
    const { messageImprint, genTime, nonce } = TSTInfo.fromBER(eContent!.getValue());
    const imprint = Buffer.from(messageImprint.hashedMessage.valueBlock.valueHexView).toString("hex");
    if (messageImprint.hashAlgorithm.algorithmId !== sha256Oid || imprint !== hash("sha256", text, "hex"))
      return { failure: "tsa_answer_invalid" };
    const failure = await signatureProblem(signed, text, authorities);
    if (failure) return { failure };
    return { at: genTime, nonce: nonce ? Buffer.from(nonce.valueBlock.valueHexView).toString("hex") : null };
  } catch {
    return { failure: "tsa_answer_invalid" };
  }
}

async function signatureProblem(signed: SignedData, text: string, authorities: readonly Certificate[] | null) {
  if (signed.signerInfos.length !== 1) return "tsa_answer_invalid";
  try {
    const { signatureVerified, signerCertificate } = await signed.verify({
      signer: 0,
      data: new Uint8Array(Buffer.from(text)).buffer,
      trustedCerts: [...(authorities ?? [])],
      checkChain: authorities !== null,
      extendedMode: true,
    });
    return signatureVerified && signerCertificate && stampsTimes(signerCertificate) ? null : "tsa_signature_invalid";
  } catch (error) {
    const isUntrusted = error instanceof SignedDataVerifyError && error.signerCertificateVerified === false;
    return isUntrusted ? "tsa_untrusted" : "tsa_signature_invalid";
  }
}

/** RFC 3161, 2.3: the certificate is for time stamps alone, and says so in a critical extension. */
function stampsTimes({ extensions }: Certificate): boolean {
  const usage = extensions?.find(({ extnID }) => extnID === "2.5.29.37");
  const purposes = usage?.parsedValue instanceof ExtKeyUsage ? usage.parsedValue.keyPurposes : [];
  return usage?.critical === true && purposes.length === 1 && purposes[0] === timeStamping;
}

/** The certificates of the setting: a path, read at each call, or PEM. @throws Error if there are none. */
export async function readAuthorities(setting: string): Promise<Certificate[]> {
  const pem = setting.startsWith("/") ? await readFile(setting, "utf8") : setting;
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw new Error("AUDIT_TIMESTAMP_CA has no certificate in PEM");
  return blocks.map((block) => Certificate.fromBER(new Uint8Array(new X509Certificate(block).raw).buffer));
}
