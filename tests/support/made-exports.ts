import canonicalize from "canonicalize";
import { exportType, type ExportSection } from "@/lib/audit/export/export-format";
import { leafHash, MerkleProver, merkleRoot } from "@/lib/audit/merkle-tree";
import { noHash, sealHash, signSeal, type SealBody } from "@/lib/audit/seal";
import { signCheckpoint } from "@/lib/audit/tree/checkpoint";
import { treeStart } from "@/lib/audit/tree/checkpoint-row";
import { leftHashes, rightHashes } from "@/lib/audit/tree/tree-proof";
import { endSigned, type Signer } from "./tampered-exports";

type Made = { seal: SealBody; events: string[]; tree: MadeTree; before: number };
type MadeTree = { origin: string; start: string; leaves: string[] };

const line = (value: unknown) => canonicalize(value)!;
const event = (number: number) =>
  line({ content: { details: { number, texto: 'ção 🙂 \u2028 "' }, outcome: "success" }, epoch: "e", hmac: "k1:00" });

/** A log of four seals in one tree and two in the tree of another epoch, made in memory. */
function madeLog({ id }: Signer): Made[] {
  const log: Made[] = [];
  for (const [epoch, sizes] of [
    ["one-1-1-1", [3, 4, 6, 2]],
    ["two-1-1-1", [2, 3]],
  ] as const) {
    let tree: MadeTree | undefined;
    for (const size of sizes) {
      const [previous, sequence] = [log.at(-1)?.seal, log.length + 1];
      const before = previous && { sequence: previous.sequence, epoch: previous.epoch, hash: sealHash(previous) };
      const origin = `portal.example/audit-log/${epoch}/${sequence}`;
      const start = treeStart(origin, before ?? null);
      tree ??= { origin, start, leaves: [leafHash(start)] };
      const events = Array.from({ length: size }, (_, index) => event(100 * sequence + index));
      const leaves = events.map((text) => leafHash(text));
      const seal: SealBody = {
        ...{ type: "custodia.audit-seal.v1", sequence, epoch, anchorEpoch: epoch, transactionFrom: "0" },
        ...{ transactionTo: "9", eventCount: size, merkleRoot: merkleRoot(leaves) },
        ...{ previousHash: before?.hash ?? noHash, writers: { writer: 1 } },
        ...{ sealedAt: "2026-11-30T12:00:00.000Z", signingKeyId: id },
      };
      log.push({ seal, events, tree, before: tree.leaves.length });
      tree.leaves.push(...leaves);
    }
  }
  return log;
}

/** Exports of a made log, from a seal to a seal, as lines. Each section has the checkpoint of its whole tree. */
export async function madeExport(
  signer: Signer,
  { scope, from, to }: { scope: "batches" | "selection"; from: number; to: number },
): Promise<string[]> {
  const publicKeys = { [signer.id]: signer.publicKey.export({ type: "spki", format: "pem" }).toString() };
  const facts = { type: exportType, createdAt: "2026-11-30T12:00:00.000Z", controller: "Controladora", filters: {} };
  const lines = [line({ export: { ...facts, scope, firstSeal: from, lastSeal: to, publicKeys } })];
  const chosen = madeLog(signer).slice(from - 1, to);
  for (const [index, made] of chosen.entries()) {
    if (made.tree !== chosen[index - 1]?.tree) lines.push(...(await sectionLines(made, chosen, scope, signer)));
    lines.push(line(signSeal(made.seal, signer.privateKey)));
    lines.push(...(scope === "batches" ? made.events : await provenEvents(made)));
  }
  return endSigned([...lines, line({ end: { type: "custodia.audit-export-end.v1" } })], signer);
}

const rootsOf = ({ leaves }: MadeTree) => ({
  subtree: async (level: number, index: number) =>
    merkleRoot(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)),
});

async function sectionLines(
  { tree, seal, before }: Made,
  chosen: Made[],
  scope: string,
  { id, privateKey }: Signer,
): Promise<string[]> {
  const [size, begins] = [tree.leaves.length, tree.origin.endsWith(`/${seal.sequence}`) && scope === "batches"];
  const last = chosen.findLast((made) => made.tree === tree)!;
  const section: ExportSection = {
    origin: tree.origin,
    checkpoint: signCheckpoint({ origin: tree.origin, size, root: merkleRoot(tree.leaves) }, privateKey),
    signingKeyId: id,
    range:
      scope === "selection"
        ? null
        : {
            before: begins ? 0 : before,
            left: begins ? [] : await leftHashes(rootsOf(tree), before),
            right: await rightHashes(rootsOf(tree), last.before + last.events.length, size),
          },
  };
  return [line({ section }), ...(begins ? [tree.start] : [])];
}

/** Every event with its proofs. */
async function provenEvents({ tree, events, before }: Made): Promise<string[]> {
  const leaves = events.map((text) => leafHash(text));
  const [inSeal, inTree] = [new MerkleProver(leaves), new MerkleProver(tree.leaves)];
  return events.flatMap((text, index) => {
    const place = { index: before + index, path: inTree.proof(before + index) };
    return [text, line({ proof: { index, path: inSeal.proof(index), tree: place } })];
  });
}
