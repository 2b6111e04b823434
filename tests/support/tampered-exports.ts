import { createHash, generateKeyPairSync, type KeyObject } from "node:crypto";
import canonicalize from "canonicalize";
import { leafHash, merkleRoot } from "@/lib/audit/merkle-tree";
import { sealHash, signSeal, type SealBody } from "@/lib/audit/seal";
import { signCanonical, type SigningKey } from "@/lib/audit/signing-keys";
import { readCheckpoint, signCheckpoint, type Checkpoint } from "@/lib/audit/tree/checkpoint";

export type Signer = Pick<SigningKey, "id" | "privateKey" | "publicKey">;
type Lines = string[];
type Section = {
  origin: string;
  checkpoint: string;
  range: { before: number; left: string[]; right: string[] } | null;
};

/** A change of an export, and what a verifier says of it. The holder of the signing key signs the end anew. */
export type Tampering = {
  what: string;
  change: (lines: Lines, signer: Signer) => Lines;
  problem: RegExp;
  verdict?: "broken" | "foreign_key";
};

const places = (lines: Lines, start: string) =>
  lines.flatMap((line, index) => (line.startsWith(start) ? [index] : [])) as [number, ...number[]];
const sectionStart = '{"section":{';
const eventStart = '{"content":';

/** Puts the present number of events and seals and the present hash into the end, and signs it. */
export function endSigned(lines: Lines, { id, privateKey }: Signer): Lines {
  const before = lines.slice(0, -1);
  const { end: old } = JSON.parse(lines.at(-1)!) as { end: { type: string } };
  const end = {
    ...old,
    events: places(before, eventStart).length,
    seals: places(before, '{"seal":').length,
    sha256: createHash("sha256")
      .update(before.map((line) => `${line}\n`).join(""))
      .digest("hex"),
    signingKeyId: id,
  };
  return [...before, canonicalize({ end, signature: signCanonical(end, privateKey) })!];
}

/** Changes one line of JSON. */
function withLine(lines: Lines, index: number, change: (value: never) => unknown): Lines {
  return lines.with(index, canonicalize(change(JSON.parse(lines[index]!) as never))!);
}

/** Changes the section with the most entries before it. */
function withSection(lines: Lines, change: (section: Section) => Partial<Section>): Lines {
  return withLine(lines, places(lines, sectionStart)[0], ({ section }: { section: Section }) => ({
    section: { ...section, ...change(section) },
  }));
}

function withRange(lines: Lines, change: (range: NonNullable<Section["range"]>) => object): Lines {
  return withSection(lines, ({ range }) => ({ range: { ...range!, ...change(range!) } }));
}

const withCheckpoint = (lines: Lines, change: Partial<Checkpoint>, key: KeyObject) =>
  withSection(lines, ({ checkpoint }) => ({
    checkpoint: signCheckpoint({ ...readCheckpoint(checkpoint)!, ...change }, key),
  }));

/** Changes the events of the first seal of several, and makes and signs that seal and the following anew. */
function withEvents(lines: Lines, change: (events: Lines) => Lines, signer: Signer): Lines {
  const seal = places(lines, '{"seal":').find((at) => lines[at + 2]!.startsWith(eventStart))!;
  const next = lines.findIndex((line, index) => index > seal && !line.startsWith(eventStart));
  const events = change(lines.slice(seal + 1, next));
  const { seal: body } = JSON.parse(lines[seal]!) as { seal: SealBody };
  const root = merkleRoot(events.map((event) => leafHash(event)));
  const remade = signSeal({ ...body, eventCount: events.length, merkleRoot: root }, signer.privateKey);
  return chained([...lines.slice(0, seal), canonicalize(remade)!, ...events, ...lines.slice(next)], signer);
}

/** Lets each seal follow from the one before it. */
function chained(lines: Lines, { privateKey }: Signer): Lines {
  let previous: SealBody | null = null;
  return lines.map((line) => {
    if (!line.startsWith('{"seal":')) return line;
    const { seal: body } = JSON.parse(line) as { seal: SealBody };
    const seal = previous ? { ...body, previousHash: sealHash(previous) } : body;
    previous = seal;
    return canonicalize(signSeal(seal, privateKey))!;
  });
}

const denied = (line: string) => line.replace('"outcome":"success"', '"outcome":"denied"');
const stranger = generateKeyPairSync("ed25519");
const other = leafHash("another");
const noRoot = /do not give the root of the checkpoint of \d+ leaves/;

/** Of whole batches whose first section has leaves to its left and right. */
export const tamperedBatches: Tampering[] = [
  {
    what: "an event changed",
    change: (lines) => lines.map((line, at) => (at === places(lines, eventStart)[0] ? denied(line) : line)),
    problem: /an event is not as it was sealed, or out of order/,
  },
  {
    what: "an event changed under a seal that was made anew",
    change: (lines, signer) => withEvents(lines, ([first, ...events]) => [denied(first!), ...events], signer),
    problem: noRoot,
  },
  {
    what: "an event removed under a seal that was made anew",
    change: (lines, signer) => withEvents(lines, (events) => events.slice(1), signer),
    problem: noRoot,
  },
  {
    what: "two events exchanged under a seal that was made anew",
    change: (lines, signer) => withEvents(lines, ([one, two, ...events]) => [two!, one!, ...events], signer),
    problem: noRoot,
  },
  {
    what: "another hash in the frontier",
    change: (lines) => withRange(lines, ({ left }) => ({ left: left.with(0, other) })),
    problem: noRoot,
  },
  {
    what: "a hash less in the frontier",
    change: (lines) => withRange(lines, ({ left }) => ({ left: left.slice(1) })),
    problem: /the frontier has \d+ hashes, one of \d+ leaves has \d+/,
  },
  {
    what: "another place in the tree",
    change: (lines) => withRange(lines, ({ before }) => ({ before: before * 2 })),
    problem: /the checkpoint has \d+ leaves, the tree up to here \d+|do not give the root/,
  },
  {
    what: "another hash to the right",
    change: (lines) => withRange(lines, ({ right }) => ({ right: right.with(0, other) })),
    problem: noRoot,
  },
  {
    what: "a hash less to the right",
    change: (lines) => withRange(lines, ({ right }) => ({ right: right.slice(1) })),
    problem: noRoot,
  },
  {
    what: "a size changed after signing",
    change: (lines) =>
      withSection(lines, ({ checkpoint }) => ({
        checkpoint: checkpoint.replace(/\n(\d+)\n/, (_all, size) => `\n${Number(size) + 1}\n`),
      })),
    problem: /the signature of the checkpoint is not valid/,
  },
  {
    what: "a size changed and signed",
    change: (lines, { privateKey }) => withCheckpoint(lines, { size: 3 }, privateKey),
    problem: /the checkpoint has 3 leaves, the tree up to here \d+/,
  },
  {
    what: "another root, signed",
    change: (lines, { privateKey }) => withCheckpoint(lines, { root: other }, privateKey),
    problem: noRoot,
  },
  {
    what: "a signature changed",
    change: (lines) =>
      withSection(lines, ({ checkpoint }) => ({ checkpoint: checkpoint.replace(/.{7}=\n$/, "AAAAAAA=\n") })),
    problem: /the signature of the checkpoint is not valid/,
  },
  {
    what: "no signature",
    change: (lines) => withSection(lines, ({ checkpoint }) => ({ checkpoint: checkpoint.split("\n— ")[0]! })),
    problem: /the checkpoint cannot be read/,
  },
  {
    what: "another origin",
    change: (lines) => withSection(lines, () => ({ origin: "portal.example/another/1-1-1/1" })),
    problem: /the checkpoint is of another tree: /,
  },
  {
    what: "another origin, signed",
    change: (lines, signer) => {
      const origin = "portal.example/another/1-1-1/1";
      return withSection(withCheckpoint(lines, { origin }, signer.privateKey), () => ({ origin }));
    },
    problem: /seal \d+ is not of this tree/,
  },
  {
    what: "a checkpoint by another installation's key",
    change: (lines) => withCheckpoint(lines, {}, stranger.privateKey),
    problem: /the signature of the checkpoint is not valid/,
  },
  {
    what: "a checkpoint by another key of the same name, which stands in the file",
    change: (lines, { id }) => {
      const publicKeys = { [id]: stranger.publicKey.export({ type: "spki", format: "pem" }).toString() };
      const claimed = withLine(lines, 0, ({ export: header }: { export: object }) => ({
        export: { ...header, publicKeys },
      }));
      return withCheckpoint(claimed, {}, stranger.privateKey);
    },
    problem: /is signed with another key/,
  },
  {
    what: "a checkpoint by a key of a name that was not given",
    change: (lines) =>
      withSection(withCheckpoint(lines, {}, stranger.privateKey), () => ({ signingKeyId: "k9" }) as object),
    problem: /is signed with a foreign key "k9", which was not given/,
    verdict: "foreign_key",
  },
  {
    what: "no section",
    change: (lines) => lines.toSpliced(places(lines, sectionStart)[0], 1),
    problem: /a seal before any section/,
  },
  {
    what: "the section of a selection",
    change: (lines) => withSection(lines, () => ({ range: null })),
    problem: /the section is of another kind of export/,
  },
];

/** Of whole batches with two trees, of which both begin in the export. */
export const tamperedStarts: Tampering[] = [
  {
    what: "a tree without its first entry",
    change: (lines) => lines.toSpliced(places(lines, '{"tree":').at(-1)!, 1),
    problem: /the first entry of the tree is missing/,
  },
  {
    what: "a tree that follows another seal",
    change: (lines) =>
      withLine(lines, places(lines, '{"tree":').at(-1)!, ({ tree }: { tree: { previousSeal: object } }) => ({
        tree: { ...tree, previousSeal: { ...tree.previousSeal, hash: other } },
      })),
    problem: /the tree does not follow from the seal before it/,
  },
  {
    what: "a first entry in another place",
    change: (lines) => {
      const start = places(lines, '{"tree":')[0];
      return lines.toSpliced(start + 2, 0, lines[start]!);
    },
    problem: /the tree does not begin here/,
  },
  {
    what: "a section that begins anew in the same epoch",
    change: (lines) => {
      const [one] = places(lines, sectionStart);
      const seal = places(lines, '{"seal":').find((at) => at > one + 2)!;
      return lines.toSpliced(seal, 0, lines[one]!);
    },
    problem: /seal \d+ is not of this tree/,
  },
  {
    what: "sections of the trees exchanged",
    change: (lines) => {
      const [one, two] = places(lines, sectionStart) as [number, number];
      return lines.with(one, lines[two]!).with(two, lines[one]!);
    },
    problem: /seal \d+ is not of this tree/,
  },
];

const proofPlace = (lines: Lines) => places(lines, '{"proof":')[0];
type Proof = { index: number; path: string[]; tree: { index: number; path: string[] } };
const withTreeProof = (lines: Lines, change: (tree: Proof["tree"]) => object | undefined) =>
  withLine(lines, proofPlace(lines), ({ proof: { tree, ...proof } }: { proof: Proof }) => {
    const changed = change(tree);
    return { proof: changed ? { ...proof, tree: changed } : proof };
  });
const notInTree = /the event before this proof is not at this place in the tree of the checkpoint/;

/** Of selected events. */
export const tamperedSelection: Tampering[] = [
  {
    what: "an event changed",
    change: (lines) => lines.map((line, at) => (at === places(lines, eventStart)[0] ? denied(line) : line)),
    problem: notInTree,
  },
  {
    what: "another hash in a path",
    change: (lines) => withTreeProof(lines, ({ index, path }) => ({ index, path: path.with(0, other) })),
    problem: notInTree,
  },
  {
    what: "a cut path",
    change: (lines) => withTreeProof(lines, ({ index, path }) => ({ index, path: path.slice(1) })),
    problem: notInTree,
  },
  {
    what: "another place",
    change: (lines) => withTreeProof(lines, ({ index, path }) => ({ index: index + 1, path })),
    problem: notInTree,
  },
  { what: "no path", change: (lines) => withTreeProof(lines, () => undefined), problem: notInTree },
  {
    what: "an event twice",
    change: (lines) => {
      const proof = proofPlace(lines);
      return lines.toSpliced(proof + 1, 0, lines[proof - 1]!, lines[proof]!);
    },
    problem: notInTree,
  },
  {
    what: "another root, signed",
    change: (lines, { privateKey }) => withCheckpoint(lines, { root: other }, privateKey),
    problem: notInTree,
  },
  {
    what: "a checkpoint by another installation's key",
    change: (lines) => withCheckpoint(lines, {}, stranger.privateKey),
    problem: /the signature of the checkpoint is not valid/,
  },
  {
    what: "no section",
    change: (lines) => lines.toSpliced(places(lines, sectionStart)[0], 1),
    problem: /a seal before any section/,
  },
];
