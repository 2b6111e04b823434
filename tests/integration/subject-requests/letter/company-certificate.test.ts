import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import { makeCertificate, type TestCertificate } from "../../../support/company-certificates";
import { letter } from "../../../support/letters";
import { describePdfPrograms, ran } from "../../../support/pdf-programs";

async function configured(value: string | undefined, password: string | undefined) {
  for (const [name, set] of Object.entries({ COMPANY_CERTIFICATE: value, COMPANY_CERTIFICATE_PASSWORD: password }))
    if (set === undefined) delete process.env[name];
    else process.env[name] = set;
  vi.resetModules();
  const [letters, certificates, health] = await Promise.all([
    import("@/lib/subject-requests/letter/render-letter"),
    import("@/lib/receipts/company-signature/company-certificate"),
    import("@/lib/overview/read-health"),
  ]);
  return { ...letters, ...certificates, ...health };
}

afterEach(() => configured(undefined, undefined));

let folder: string;
const at = (name: string) => path.join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "custodia-signed-"));
});

/** What the signature covers, and the signature itself, as they lie in the file. */
async function taken(file: string): Promise<{ covered: Buffer; cms: Buffer }> {
  const pdf = await readFile(file);
  const [, ...range] = /ByteRange \[(\d+) (\d+) (\d+) (\d+)/.exec(pdf.toString("latin1"))!.map(Number);
  const [start, length, second, rest] = range as [number, number, number, number];
  expect(second + rest, "the signature covers the whole file").toBe(pdf.length);
  const hex = pdf.toString("latin1", start + length + 1, second - 1);
  return {
    covered: Buffer.concat([pdf.subarray(start, start + length), pdf.subarray(second)]),
    cms: Buffer.from(hex, "hex"),
  };
}

async function verifyByOpenssl(file: string, { authority }: TestCertificate): Promise<string> {
  const { covered, cms } = await taken(file);
  await Promise.all([writeFile(at("covered"), covered), writeFile(at("cms.der"), cms)]);
  const { code, output } = await ran("openssl", [
    ...["cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", at("cms.der"), "-content", at("covered")],
    ...["-CAfile", authority, "-purpose", "any", "-out", "/dev/null"],
  ]);
  return `${code} ${output}`;
}

/** A database of certificates as Firefox has one, in which the authority is trusted. */
async function trusting({ authority }: TestCertificate): Promise<string> {
  const database = await mkdtemp(at("nss-"));
  execFileSync("certutil", ["-N", "-d", `sql:${database}`, "--empty-password"]);
  execFileSync("certutil", ["-A", "-d", `sql:${database}`, "-n", "authority", "-t", "CT,C,C", "-i", authority]);
  return database;
}

describePdfPrograms("the signature of a letter by the company's certificate", () => {
  it.each([
    ["RSA, from a file", { key: "rsa" }, "file"],
    ["EC, in base64", { key: "ec" }, "base64"],
    ["RSA in an old PKCS#12 (RC2, triple DES)", { key: "rsa", old: true }, "file"],
  ] as const)("is PAdES B-B: %s", async (_name, options, form) => {
    const certificate = await makeCertificate(options);
    const { issueLetter, certificateHealth } = await configured(certificate[form], certificate.password);
    expect(await certificateHealth(letter.controller.cnpj)).toBe("ok");
    const { pdf } = await issueLetter(letter);
    const file = at("letter.pdf");
    await writeFile(file, pdf);

    const signatures = await ran("pdfsig", ["-nssdir", await trusting(certificate), file]);
    expect(signatures.output).toContain("Signature Validation: Signature is Valid.");
    expect(signatures.output).toContain("Certificate Validation: Certificate is Trusted.");
    expect(signatures.output).toContain("Signature Type: ETSI.CAdES.detached");
    expect(signatures.output).toContain("Total document signed");
    expect(await verifyByOpenssl(file, certificate)).toMatch(/^0 .*CAdES Verification successful/s);
    // B-B forbids signing-time in the signature; the PDF's own dictionary has the time.
    const { cms } = await taken(file);
    await writeFile(at("cms.der"), cms);
    const printed = await ran("openssl", ["cms", "-cmsout", "-print", "-inform", "DER", "-in", at("cms.der")]);
    expect(printed.output).toContain("id-smime-aa-signingCertificateV2");
    expect(printed.output).not.toMatch(/signingTime|timeStampToken/);

    expect((await ran("qpdf", ["--check", file])).code).toBe(0);
    const structure = (await ran("pdfinfo", ["-struct-text", file])).output;
    expect(structure).toMatch(/H1 \(block\)\n {4}"Resposta à sua requisição"/);
    expect(structure).toContain("COMPANHIA DE ATENDIMENTO LTDA:12ABC34501DE35");
    expect(structure).toContain("PAdES B-B");
  });

  it("does not hold for a letter that was altered afterwards", async () => {
    const certificate = await makeCertificate();
    const { issueLetter } = await configured(certificate.file, certificate.password);
    const { pdf } = await issueLetter(letter);
    const where = pdf.indexOf("/Creator");
    pdf.write("/Kreator", where, "latin1");
    await writeFile(at("altered.pdf"), pdf);
    expect((await ran("pdfsig", [at("altered.pdf")])).output).toContain("Digest Mismatch");
    expect(await verifyByOpenssl(at("altered.pdf"), certificate)).not.toContain("CAdES Verification successful");
  });

  it("claims nothing without a certificate", async () => {
    const { issueLetter } = await configured(undefined, undefined);
    await writeFile(at("bare.pdf"), (await issueLetter(letter)).pdf);
    expect((await ran("pdfsig", [at("bare.pdf")])).output).toContain("does not contain any signatures");
    expect((await ran("pdftotext", [at("bare.pdf"), "-"])).output).not.toContain("PAdES");
  });

  it("is refused with a reason for a wrong or expired certificate, which health reports before", async () => {
    const good = await makeCertificate();
    const [expired, soon, authority, other] = await Promise.all([
      makeCertificate({ days: -1 }),
      makeCertificate({ days: 20 }),
      makeCertificate({ isAuthority: true, usage: "critical,digitalSignature,keyCertSign" }),
      makeCertificate({ usage: "critical,keyEncipherment" }),
    ]);
    const refused = async (value: string, password: string) => {
      const { issueLetter, readHealth } = await configured(value, password);
      expect(await readHealth()).toMatchObject({ problems: ["company_certificate_unusable"] });
      const error = (await issueLetter(letter).catch((thrown: unknown) => thrown)) as { code: string; detail: string };
      expect(error.code).toBe("company_certificate_unusable");
      return error.detail;
    };
    expect(await refused(good.file, "another password")).toContain("has another password");
    expect(await refused(at("nothing.p12"), good.password)).toContain("cannot be read: ENOENT");
    expect(await refused("MIIB", good.password)).toContain("is no PKCS#12 file");
    expect(await refused(expired.file, expired.password)).toContain("expired on");
    expect(await refused(authority.file, authority.password)).toContain("of an authority");
    expect(await refused(other.file, other.password)).toContain("key usage");
    const { readHealth, issueLetter, certificateHealth } = await configured(soon.file, soon.password);
    // A branch of the same company has another number at the end.
    for (const [cnpj, health] of [
      ["12.ABC.345/0002-99", "expiring"],
      ["11.222.333/0001-81", "unusable"],
    ] as const)
      expect(await certificateHealth(cnpj), cnpj).toBe(health);
    const ofAnother = { ...letter, controller: { ...letter.controller, cnpj: "11222333000181" } };
    await expect(issueLetter(ofAnother)).rejects.toMatchObject({ code: "company_certificate_unusable" });
    expect(await readHealth()).toMatchObject({ status: "degraded", problems: ["company_certificate_expiring"] });
    expect((await issueLetter(letter)).pdf.length).toBeGreaterThan(0);
  });

  it("is not begun with a setting that is neither path nor PKCS#12", async () => {
    const { parseEnv } = await import("@/lib/core/env");
    expect(() => parseEnv({ ...process.env, COMPANY_CERTIFICATE: "company.p12" })).toThrow(
      /COMPANY_CERTIFICATE: is neither an absolute path/,
    );
  });
});
