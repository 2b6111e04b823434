import { hash } from "node:crypto";
import { Constructed, ObjectIdentifier, OctetString, Sequence } from "asn1js";
import {
  Attribute,
  Certificate,
  ContentInfo,
  EncapsulatedContentInfo,
  IssuerAndSerialNumber,
  SignedAndUnsignedAttributes,
  SignedData,
  SignerInfo,
} from "pkijs";
import type { CompanyCertificate } from "@/lib/receipts/company-signature/company-certificate";

const oids = {
  data: "1.2.840.113549.1.7.1",
  contentType: "1.2.840.113549.1.9.3",
  messageDigest: "1.2.840.113549.1.9.4",
  signingCertificateV2: "1.2.840.113549.1.9.16.2.47",
} as const;

/**
 * A detached CMS signature of the level CAdES B-B as PAdES wants it (ETSI EN 319 142-1, 6.3): with the certificate
 * that signs bound by signing-certificate-v2, and without signing-time, which stands in the PDF's own dictionary.
 * @returns DER.
 */
export async function cadesSignature(
  content: Uint8Array,
  { certificate, chain, privateKey }: CompanyCertificate,
): Promise<Buffer> {
  const signer = Certificate.fromBER(certificate.raw);
  const signedData = new SignedData({
    version: 1,
    encapContentInfo: new EncapsulatedContentInfo({ eContentType: oids.data }),
    certificates: [signer, ...chain.map(({ raw }) => Certificate.fromBER(raw))],
    signerInfos: [
      new SignerInfo({
        version: 1,
        sid: new IssuerAndSerialNumber({ issuer: signer.issuer, serialNumber: signer.serialNumber }),
        signedAttrs: new SignedAndUnsignedAttributes({
          type: 0,
          attributes: attributesOf(content, signer, certificate),
        }),
      }),
    ],
  });
  const isRsa = privateKey.asymmetricKeyType === "rsa";
  const namedCurve = privateKey.asymmetricKeyDetails?.namedCurve === "secp384r1" ? "P-384" : "P-256";
  const algorithm = isRsa ? { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } : { name: "ECDSA", namedCurve };
  // Node's own type of a key knows more usages than the browsers'.
  const key = privateKey.toCryptoKey(algorithm, false, ["sign"]) as CryptoKey;
  await signedData.sign(key, 0, "SHA-256", content.slice().buffer);
  const info = new ContentInfo({ contentType: ContentInfo.SIGNED_DATA, content: signedData.toSchema(true) });
  return Buffer.from(info.toSchema().toBER());
}

/** In the order of a DER set, which verifiers compute the signature of. */
function attributesOf(content: Uint8Array, { issuer, serialNumber }: Certificate, { raw }: { raw: Uint8Array }) {
  const sha256 = (bytes: Uint8Array) => new OctetString({ valueHex: hash("sha256", bytes, "buffer") });
  // The name in its place of GeneralName: [4] directoryName.
  const directoryName = new Constructed({ idBlock: { tagClass: 3, tagNumber: 4 }, value: [issuer.toSchema()] });
  const issuerSerial = new Sequence({ value: [new Sequence({ value: [directoryName] }), serialNumber] });
  // Without an algorithm, SHA-256 is meant (RFC 5035).
  const certId = new Sequence({ value: [sha256(raw), issuerSerial] });
  return [
    new Attribute({ type: oids.contentType, values: [new ObjectIdentifier({ value: oids.data })] }),
    new Attribute({ type: oids.messageDigest, values: [sha256(content)] }),
    new Attribute({
      type: oids.signingCertificateV2,
      values: [new Sequence({ value: [new Sequence({ value: [certId] })] })],
    }),
  ];
}
