import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { ran } from "./pdf-programs";

const password = "only for tests";

async function openssl(...args: string[]): Promise<void> {
  const { code, output } = await ran("openssl", args);
  if (code !== 0) throw new Error(`openssl ${args.join(" ")}: ${output}`);
}

export type TestCertificate = { file: string; base64: string; password: string; authority: string };

/** `days`: less than 0 has expired. */
type Options = { days?: number; key?: "rsa" | "ec"; usage?: string; isAuthority?: boolean; old?: boolean };

/** A certificate of an authority of its own, as a company buys one, in PKCS#12. */
export async function makeCertificate({
  days = 365,
  key = "rsa",
  usage = "critical,digitalSignature,nonRepudiation",
  isAuthority = false,
  old = false,
}: Options = {}): Promise<TestCertificate> {
  const folder = await mkdtemp(path.join(tmpdir(), "custodia-certificate-"));
  const at = (name: string) => path.join(folder, name);
  const keyArgs = key === "rsa" ? ["rsa:2048"] : ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
  await openssl(
    ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", at("ca.key"), "-out", at("ca.pem")],
    ...["-subj", "/C=BR/O=ICP-Teste/CN=Autoridade de Teste", "-days", "3650"],
  );
  await openssl(
    ...["req", "-new", "-newkey", ...keyArgs, "-nodes", "-keyout", at("key.pem"), "-out", at("request.pem")],
    ...["-subj", "/C=BR/O=ICP-Teste/CN=COMPANHIA DE ATENDIMENTO LTDA:12ABC34501DE35"],
  );
  const extensions = `basicConstraints=critical,CA:${isAuthority ? "TRUE" : "FALSE"}\nkeyUsage=${usage}\n`;
  await writeFile(at("extensions"), extensions);
  await openssl(
    ...["x509", "-req", "-in", at("request.pem"), "-CA", at("ca.pem"), "-CAkey", at("ca.key"), "-CAcreateserial"],
    ...["-out", at("certificate.pem"), "-days", String(days), "-extfile", at("extensions")],
  );
  await openssl(
    ...["pkcs12", "-export", "-inkey", at("key.pem"), "-in", at("certificate.pem"), "-certfile", at("ca.pem")],
    ...["-out", at("company.p12"), "-passout", `pass:${password}`, ...(old ? ["-legacy"] : [])],
  );
  const file = at("company.p12");
  return { file, base64: (await readFile(file)).toString("base64"), password, authority: at("ca.pem") };
}
