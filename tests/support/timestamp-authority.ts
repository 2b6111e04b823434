import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { ran } from "./pdf-programs";

type Answer = { status: number; body: Buffer };
type Request = {
  query: Buffer;
  authorization: string | undefined;
  stamp: (query?: Buffer) => Promise<Buffer>;
  forge: () => Promise<Buffer>;
  /** A time stamp of a clock that is wrong. */
  stampAt: (at: Date) => Promise<Buffer>;
};

export type TimestampAuthority = {
  url: string;
  /** Its root certificate in PEM: a file. */
  ca: string;
  folder: string;
  received: Request[];
  answerWith: (answer: (request: Request) => Answer | null | Promise<Answer | null>) => void;
  answerWell: () => void;
  close: () => Promise<void>;
};

async function openssl(...args: string[]): Promise<void> {
  const { code, output } = await ran("openssl", args);
  if (code !== 0) throw new Error(`openssl ${args.join(" ")}: ${output}`);
}

const configuration = (folder: string) => `
[tsa]
default_tsa = tsa1
[tsa1]
serial = ${folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
`;

/** A root, an authority below it, and its certificate for time stamps, as ICP-Brasil's authorities have them. */
async function makeCertificates(folder: string): Promise<void> {
  const at = (name: string) => path.join(folder, name);
  const issue = async (name: string, by: string, extensions: string) => {
    const subject = ["-subj", `/C=BR/O=ICP-Teste/CN=${name}`];
    await openssl(
      ...["req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", at(`${name}.key`), "-out", at(`${name}.csr`)],
      ...subject,
    );
    await writeFile(at(`${name}.ext`), extensions);
    await openssl(
      ...["x509", "-req", "-in", at(`${name}.csr`), "-CA", at(`${by}.pem`), "-CAkey", at(`${by}.key`)],
      ...["-CAcreateserial", "-out", at(`${name}.pem`), "-days", "365", "-extfile", at(`${name}.ext`)],
    );
  };
  await openssl(
    ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", at("root.key"), "-out", at("root.pem")],
    ...["-subj", "/C=BR/O=ICP-Teste/CN=Raiz de Teste", "-days", "3650"],
  );
  await issue("issuing", "root", "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n");
  const leaf = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n";
  await issue("tsa", "issuing", `${leaf}extendedKeyUsage=critical,timeStamping\n`);
  await issue("company", "issuing", `${leaf}extendedKeyUsage=clientAuth,emailProtection\n`);
}

/** Replaces the time of a statement (TSTInfo in DER), in whole seconds as the authority writes it. */
function withTime(statement: Buffer, time: Date): Buffer {
  const digits = time.toISOString().replaceAll(/[-:T]|\.\d+/g, "");
  return Buffer.from(statement.toString("latin1").replace(/\d{14}Z/, digits), "latin1");
}

/** A time stamping authority (RFC 3161): `openssl ts` behind a real HTTP server. */
export async function startTimestampAuthority(): Promise<TimestampAuthority> {
  const folder = await mkdtemp(path.join(tmpdir(), "custodia-tsa-"));
  const at = (name: string) => path.join(folder, name);
  await makeCertificates(folder);
  await writeFile(at("tsa.cnf"), configuration(folder));
  await writeFile(at("serial"), "01\n");
  const received: Request[] = [];
  let count = 0;
  async function stamp(query: Buffer): Promise<Buffer> {
    const [asked, reply] = [at(`${(count += 1)}.tsq`), at(`${count}.tsr`)];
    await writeFile(asked, query);
    await openssl(
      ...["ts", "-reply", "-config", at("tsa.cnf"), "-section", "tsa1", "-queryfile", asked, "-out", reply],
      ...["-signer", at("tsa.pem"), "-inkey", at("tsa.key"), "-chain", at("issuing.pem")],
    );
    return readFile(reply);
  }
  /** The statement of a true time stamp, changed and signed by one of the issuer's certificates. */
  async function signAnew(query: Buffer, signer: "company" | "tsa", change = (statement: Buffer) => statement) {
    await writeFile(at("true.tsr"), await stamp(query));
    await openssl("ts", "-reply", "-in", at("true.tsr"), "-token_out", "-out", at("token.der"));
    await openssl(
      ...["cms", "-verify", "-noverify", "-inform", "DER", "-in", at("token.der"), "-out", at("statement.der")],
    );
    await writeFile(at("statement.der"), change(await readFile(at("statement.der"))));
    await openssl(
      ...[
        "cms",
        "-sign",
        "-cades",
        "-binary",
        "-nodetach",
        "-econtent_type",
        "1.2.840.113549.1.9.16.1.4",
        "-outform",
        "DER",
      ],
      ...[
        "-signer",
        at(`${signer}.pem`),
        "-inkey",
        at(`${signer}.key`),
        "-certfile",
        at("issuing.pem"),
        "-md",
        "sha256",
      ],
      ...["-in", at("statement.der"), "-out", at("forged.der")],
    );
    const content = Buffer.concat([Buffer.from("3003020100", "hex"), await readFile(at("forged.der"))]);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(content.length);
    return Buffer.concat([Buffer.of(0x30, 0x82), length, content]);
  }
  const well = async (request: Request): Promise<Answer | null> => ({ status: 200, body: await request.stamp() });
  let answer = well as (request: Request) => Answer | null | Promise<Answer | null>;
  async function take(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const query = await buffer(incoming);
    const { authorization } = incoming.headers;
    const request: Request = {
      query,
      authorization,
      stamp: (other = query) => stamp(other),
      forge: () => signAnew(query, "company"),
      stampAt: (time) => signAnew(query, "tsa", (statement) => withTime(statement, time)),
    };
    received.push(request);
    const isQuery = incoming.method === "POST" && incoming.headers["content-type"] === "application/timestamp-query";
    const given = isQuery ? await answer(request) : { status: 415, body: Buffer.alloc(0) };
    if (!given) return void outgoing.destroy();
    outgoing.writeHead(given.status, { "content-type": "application/timestamp-reply" }).end(given.body);
  }
  const server = createServer((incoming, outgoing) => void take(incoming, outgoing).catch(() => outgoing.destroy()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/tsa`,
    ca: at("root.pem"),
    ...{ folder, received },
    answerWith: (other) => void (answer = other),
    answerWell: () => void (answer = well),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
