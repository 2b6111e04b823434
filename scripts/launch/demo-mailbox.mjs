import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { generate as generateCode } from "otplib";
import { simpleParser } from "mailparser";
import { generate } from "selfsigned";
import { SMTPServer } from "smtp-server";
import { serveGateway } from "../gateways/serve-gateway.mjs";
import { mailboxPage } from "./mailbox-page.mjs";
import { readSignIns } from "./sign-ins.mjs";

const host = "127.0.0.1";
const longestList = 200;
const hosts = /^(localhost|127\.0\.0\.1)(:\d+)?$/;

/**
 * Starts a mail server with TLS and a gateway for SMS and calls, which keep what they get in memory, and a page that
 * shows it. Returns the page's `url`, the portal's `settings` for them and `stop()`.
 * @param caFile where the certificate of the mail server is written.
 * @param signInsFile the example accounts; the page shows the current codes of their authenticator apps.
 */
export async function startDemoMailbox(caFile, signInsFile) {
  const messages = [];
  const keep = (message) => {
    messages.unshift({ at: new Date(), ...message });
    messages.length = Math.min(messages.length, longestList);
  };
  const secret = () => `whsec_${randomBytes(32).toString("base64")}`;
  const secrets = { sms: secret(), voice: secret() };
  const gateway = (channel) =>
    serveGateway({ secrets: [secrets[channel]], deliver: ({ to, text }) => keep({ channel, to, text }) });
  const servers = [await mailServer(caFile, keep), gateway("sms"), gateway("voice"), pageServer(messages, signInsFile)];
  const [mail, sms, voice, page] = await Promise.all(servers.map(listen));
  return {
    url: `http://localhost:${page}/`,
    settings: {
      SMTP_URL: `smtp://${host}:${mail}`,
      SMTP_CA_FILE: caFile,
      MAIL_FROM: "privacidade@custodia.example",
      SMS_GATEWAY_URL: `http://${host}:${sms}/`,
      SMS_GATEWAY_SECRETS: secrets.sms,
      VOICE_GATEWAY_URL: `http://${host}:${voice}/`,
      VOICE_GATEWAY_SECRETS: secrets.voice,
    },
    stop: async () => {
      for (const server of servers.slice(1)) server.closeAllConnections();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

const listen = (server) =>
  new Promise((resolve, reject) => {
    server.on("error", reject);
    const socket = server.listen(0, host, () => resolve((socket ?? server).address().port));
  });

async function mailServer(caFile, keep) {
  const { cert, private: key } = await generate([{ name: "commonName", value: host }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true },
      { name: "subjectAltName", altNames: [{ type: 7, ip: host }] },
    ],
  });
  writeFileSync(caFile, cert, { mode: 0o600 });
  return new SMTPServer({
    key,
    cert,
    authOptional: true,
    logger: false,
    onData: (stream, session, done) => {
      simpleParser(stream).then(({ subject, text }) => {
        for (const { address } of session.envelope.rcptTo) keep({ channel: "email", to: address, subject, text });
        done();
      }, done);
    },
  });
}

async function currentCodes(signInsFile) {
  const accounts = signInsFile ? readSignIns(signInsFile).filter(({ totpSecret }) => totpSecret) : [];
  return Promise.all(
    accounts.map(async ({ email, totpSecret }) => ({ email, code: await generateCode({ secret: totpSecret }) })),
  );
}

/** Answers only to its own names: a page of another site cannot read it under a name that leads here. */
const pageServer = (messages, signInsFile) =>
  createServer(async (request, response) => {
    if (!hosts.test(request.headers.host ?? "")) return response.writeHead(403).end();
    const headers = {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      "cache-control": "no-store",
    };
    return response.writeHead(200, headers).end(mailboxPage(messages, await currentCodes(signInsFile)));
  });
