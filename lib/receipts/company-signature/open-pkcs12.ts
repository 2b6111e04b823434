import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";
import forge from "node-forge";
import { AppError } from "@/lib/core/errors";

export type OpenedPkcs12 = { certificate: X509Certificate; chain: X509Certificate[]; privateKey: KeyObject };

export const unusable = (why: string) =>
  new AppError("company_certificate_unusable", `the certificate of COMPANY_CERTIFICATE ${why}`);

/**
 * Opens a PKCS#12 file, also with the old ciphers (RC2, triple DES) that OpenSSL 3 refuses and that files of Brazilian
 * authorities still have.
 * @throws AppError `company_certificate_unusable`
 */
export function openPkcs12(file: Buffer, password: string): OpenedPkcs12 {
  const bags = bagsOf(file, password);
  const certificates = bags.filter(({ type }) => type === forge.pki.oids.certBag).map(certificateOf);
  const keyTypes: string[] = [forge.pki.oids.pkcs8ShroudedKeyBag!, forge.pki.oids.keyBag!];
  const keys = bags.filter(({ type }) => keyTypes.includes(type)).map(keyOf);
  for (const privateKey of keys) {
    const certificate = certificates.find((candidate) => candidate.checkPrivateKey(privateKey));
    if (certificate) return { certificate, chain: certificates.filter((other) => other !== certificate), privateKey };
  }
  throw unusable(keys.length === 0 ? "has no private key" : "has no certificate for its private key");
}

function bagsOf(file: Buffer, password: string): forge.pkcs12.Bag[] {
  try {
    const opened = forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(file.toString("binary")), password);
    return opened.safeContents.flatMap(({ safeBags }) => safeBags);
  } catch (error) {
    const isPassword = /invalid password/i.test((error as Error).message);
    throw unusable(isPassword ? "has another password" : "is no PKCS#12 file that can be read");
  }
}

const der = (value: forge.asn1.Asn1) => Buffer.from(forge.asn1.toDer(value).getBytes(), "binary");

/** forge reads RSA alone, and leaves the rest as it was encoded. */
const certificateOf = ({ cert, asn1 }: forge.pkcs12.Bag) =>
  new X509Certificate(der(cert ? forge.pki.certificateToAsn1(cert) : asn1));

const keyOf = ({ key, asn1 }: forge.pkcs12.Bag) =>
  key
    ? createPrivateKey({ key: der(forge.pki.privateKeyToAsn1(key)), format: "der", type: "pkcs1" })
    : createPrivateKey({ key: der(asn1), format: "der", type: "pkcs8" });
