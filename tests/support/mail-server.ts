import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { simpleParser, type ParsedMail } from "mailparser";
import { generate } from "selfsigned";
import { SMTPServer } from "smtp-server";

export type ReceivedMail = { from: string; to: string[]; isEncrypted: boolean; mail: ParsedMail };

/** A reply of the server: 250 if null, otherwise its code and text. */
type Reply = { code: number; text: string } | null;

type Answers = {
  sender?: (address: string) => Reply;
  recipient?: (address: string) => Reply;
  data?: (mail: ReceivedMail) => Reply | Promise<Reply>;
};

export type MailServer = {
  /** "smtp://user:password@127.0.0.1:port", for SMTP_URL. */
  url: string;
  /** The server's certificate, for SMTP_CA_FILE. */
  caFile: string;
  /** Taken with 250, and those that `data` refused. */
  received: ReceivedMail[];
  answerWith: (answers: Answers) => void;
  close: () => Promise<void>;
};

export const mailAccount = { user: "portal@example.com", password: "s3nha/do@correio" };

type Options = {
  /** The name or address in the certificate. */
  certificateFor?: string;
  /** TLS from the start (smtps), or after STARTTLS; "none": the server offers none. */
  tls?: "start" | "starttls" | "none";
};

/** A real mail server with a certificate of its own; it keeps what it takes and answers as configured. */
export async function startMailServer({
  certificateFor = "127.0.0.1",
  tls = "starttls",
}: Options = {}): Promise<MailServer> {
  const folder = await mkdtemp(path.join(tmpdir(), "custodia-mail-"));
  const { cert, private: key } = await makeCertificate(certificateFor);
  const caFile = path.join(folder, "ca.pem");
  await writeFile(caFile, cert);
  const received: ReceivedMail[] = [];
  let answers: Answers = {};
  const server = new SMTPServer({
    key,
    cert,
    secure: tls === "start",
    disabledCommands: tls === "none" ? ["STARTTLS"] : [],
    allowInsecureAuth: tls === "none",
    logger: false,
    onAuth: ({ username, password }, _session, done) =>
      username === mailAccount.user && password === mailAccount.password
        ? done(null, { user: username })
        : done(asError({ code: 535, text: "5.7.8 bad credentials" })),
    onMailFrom: ({ address }, _session, done) => done(asError(answers.sender?.(address) ?? null)),
    onRcptTo: ({ address }, _session, done) => done(asError(answers.recipient?.(address) ?? null)),
    onData: (stream, session, done) => {
      const take = async () => {
        const mail = await simpleParser(stream);
        const { mailFrom, rcptTo } = session.envelope;
        const taken: ReceivedMail = {
          from: mailFrom === false ? "" : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          isEncrypted: session.secure,
          mail,
        };
        received.push(taken);
        done(asError((await answers.data?.(taken)) ?? null));
      };
      take().catch((error: unknown) => done(error as Error));
    },
  });
  // A client that refuses the certificate ends the connection.
  server.on("error", () => undefined);
  const listening = await new Promise<AddressInfo>((resolve) => {
    const socket = server.listen(0, "127.0.0.1", () => resolve(socket.address() as AddressInfo));
  });
  const account = `${encodeURIComponent(mailAccount.user)}:${encodeURIComponent(mailAccount.password)}`;
  return {
    url: `${tls === "start" ? "smtps" : "smtp"}://${account}@127.0.0.1:${listening.port}`,
    caFile,
    received,
    answerWith: (next) => void (answers = next),
    close: async () => {
      await new Promise<void>((resolve) => void server.close(() => resolve()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const asError = (reply: Reply) =>
  reply === null ? null : Object.assign(new Error(reply.text), { responseCode: reply.code });

function makeCertificate(name: string) {
  const altName = /^[\d.]+$/.test(name) ? { type: 7 as const, ip: name } : { type: 2 as const, value: name };
  return generate([{ name: "commonName", value: name }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true },
      { name: "subjectAltName", altNames: [altName] },
    ],
  });
}
