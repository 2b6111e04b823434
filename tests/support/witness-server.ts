import { generateKeyPairSync, hash, sign, verify, type KeyObject } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { noteKeyId, noteTypes, verifierKey } from "@/lib/core/crypto/verifier-key";

type Answer = { status: number; body?: string; type?: string; headers?: Record<string, string> };
type Request = { body: string; judge: () => Answer };

/** What a log's trees are to a witness: the newest state that it cosigned, by origin. */
type Known = Map<string, { size: number; root: string }>;

export type WitnessServer = {
  /** As in AUDIT_WITNESSES. */
  setting: string;
  vkey: string;
  known: Known;
  received: string[];
  /** Accepts checkpoints of origins that begin so, signed by this key; before, none. */
  trust: (prefix: string, publicKey: KeyObject) => void;
  /** Answers otherwise until `answerWell`. Null: cuts the connection. */
  answerWith: (answer: (request: Request) => Answer | null | Promise<Answer | null>) => void;
  answerWell: () => void;
  /** Seconds that its clock is wrong by. */
  clock: { skew: number };
  close: () => Promise<void>;
};

/**
 * A witness (C2SP tlog-witness, tlog-cosignature) as a real HTTP server, which keeps its state and checks signatures
 * and consistency by code of its own.
 */
export async function startWitness(name: string): Promise<WitnessServer> {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const keyId = noteKeyId(name, publicKey, noteTypes.cosignature);
  const known: Known = new Map();
  const received: string[] = [];
  const clock = { skew: 0 };
  let trusted: { prefix: string; publicKey: KeyObject } | undefined;

  function judge(body: string): Answer {
    const [head = "", note = ""] = split(body, "\n\n");
    const [first = "", ...proof] = head.split("\n");
    const old = /^old (0|[1-9]\d*)$/.exec(first)?.[1];
    const [noteText = "", signatures = ""] = split(note, "\n\n");
    const [origin = "", sizeLine = "", root = ""] = noteText.split("\n");
    if (old === undefined || proof.length > 63 || !/^\d+$/.test(sizeLine)) return { status: 400 };
    if (!trusted || !origin.startsWith(trusted.prefix)) return { status: 404 };
    const signed = `${noteText}\n`;
    const ours = signatures.split("\n").find((line) => line.startsWith(`— ${origin} `));
    const bytes = Buffer.from(ours?.split(" ")[2] ?? "", "base64").subarray(4);
    if (!verify(null, Buffer.from(signed), trusted.publicKey, bytes)) return { status: 403 };
    const [from, size] = [Number(old), Number(sizeLine)];
    if (from > size) return { status: 400 };
    const last = known.get(origin) ?? { size: 0, root: "" };
    const conflict = { status: 409, body: `${last.size}\n`, type: "text/x.tlog.size" };
    if (last.size !== from || (from === size && last.root !== root)) return conflict;
    if (from > 0 && !growsTo({ size: from, root: last.root }, { size, root }, proof)) return { status: 422 };
    if (from === 0 && proof.length > 0) return { status: 422 };
    known.set(origin, { size, root });
    const seconds = Math.floor(Date.now() / 1000) + clock.skew;
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(BigInt(seconds));
    const signature = sign(null, Buffer.from(`cosignature/v1\ntime ${seconds}\n${signed}`), privateKey);
    const line = Buffer.concat([Buffer.from(keyId, "hex"), time, signature]).toString("base64");
    return { status: 200, body: `— someone.else/w9 ${Buffer.alloc(76, 1).toString("base64")}\n— ${name} ${line}\n` };
  }

  let answer: (request: Request) => Answer | null | Promise<Answer | null> = (request) => request.judge();
  async function take(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await text(incoming);
    received.push(body);
    const isRight = incoming.method === "POST" && incoming.url === "/w/add-checkpoint";
    const given = isRight ? await answer({ body, judge: () => judge(body) }) : { status: 405 };
    if (!given) return void outgoing.destroy();
    const { status, body: answered = "", type = "text/plain", headers } = given;
    outgoing.writeHead(status, { "content-type": type, ...headers }).end(answered);
  }
  const server = createServer((incoming, outgoing) => void take(incoming, outgoing).catch(() => outgoing.destroy()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const vkey = verifierKey(name, publicKey, noteTypes.cosignature);
  return {
    setting: `${vkey} http://127.0.0.1:${(server.address() as AddressInfo).port}/w/`,
    ...{ vkey, known, received, clock },
    trust: (prefix, key) => void (trusted = { prefix, publicKey: key }),
    answerWith: (other) => void (answer = other),
    answerWell: () => void (answer = (request) => request.judge()),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** At the first occurrence. */
function split(whole: string, separator: string): [string, string] {
  const at = whole.indexOf(separator);
  return at < 0 ? [whole, ""] : [whole.slice(0, at), whole.slice(at + separator.length)];
}

type State = { size: number; root: string };

/** Whether a proof shows that one tree begins another (RFC 6962, 2.1.2), by the recursion that defines such proofs. */
function growsTo(older: State, newer: State, proof: readonly string[]): boolean {
  const node = (left: string, right: string) =>
    hash("sha256", Buffer.concat([Buffer.of(1), Buffer.from(left, "base64"), Buffer.from(right, "base64")]), "base64");
  /** The roots of both trees below a node, from the hashes that the proof has for it. */
  function rootsOf(m: number, n: number, isWhole: boolean, hashes: readonly string[]): [string, string] | null {
    if (m === n && isWhole) return hashes.length === 0 ? [older.root, older.root] : null;
    if (m === n) return hashes.length === 1 ? [hashes[0]!, hashes[0]!] : null;
    const last = hashes.at(-1);
    const k = 2 ** Math.floor(Math.log2(n - 1));
    const inner =
      m <= k ? rootsOf(m, k, isWhole, hashes.slice(0, -1)) : rootsOf(m - k, n - k, false, hashes.slice(0, -1));
    if (!inner || last === undefined) return null;
    return m <= k ? [inner[0], node(inner[1], last)] : [node(last, inner[0]), node(last, inner[1])];
  }
  const roots = rootsOf(older.size, newer.size, true, proof);
  return roots?.[0] === older.root && roots[1] === newer.root;
}
