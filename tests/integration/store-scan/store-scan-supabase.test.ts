import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { env } from "@/lib/core/env";
import { database } from "@/lib/db/client";
import { recordings, storeScanFindings, storeScans } from "@/lib/db/schema";
import { readFinding } from "@/lib/store-scan/read-finding";
import { configuredStore } from "@/lib/storage/configured-store";
import { createObjectStore } from "@/lib/storage/store-from-config";
import { providedVault } from "@/lib/storage/envelope/data-key-vault";
import { EnvelopeStore } from "@/lib/storage/envelope/envelope-store";
import { StoreLinks } from "@/lib/storage/links/store-links";
import type { ObjectStore } from "@/lib/storage/object-store";
import { person } from "../../support/actors";
import { policy, unitWithQueue } from "../../support/recordings";
import { SupabaseEdge } from "../../support/supabase/edge-server";
import { findingAbout, inCustody, keyOf, look, openFindings, scanEvents } from "./custody";

vi.hoisted(() => {
  process.env.ENVELOPE_KEYS = `e1:${Buffer.alloc(32, 7).toString("base64")}`;
});

const edge = await SupabaseEdge.start();
const bucket = edge.bucket("recordings");
const store = createObjectStore({
  kind: "supabase",
  url: edge.url,
  serviceKey: edge.serviceKey,
  bucket: "recordings",
  maxUploadBytes: 1024 ** 2,
});
const sealing = new EnvelopeStore(store, {
  vault: providedVault,
  links: new StoreLinks(env().LINK_SIGNING_KEYS, env().NEXTAUTH_URL),
  sealedPrefix: "recordings/",
  sealsNew: true,
});
const unreadable = { kind: "content_changed", facts: { change: "unreadable" } };
let place: Awaited<ReturnType<typeof unitWithQueue>>;

beforeAll(async () => {
  await policy(90);
  place = await unitWithQueue();
});
beforeEach(async () => {
  edge.intercept = null;
  bucket.objects.clear();
  for (const table of [storeScanFindings, storeScans, recordings]) await database().delete(table);
});
afterAll(() => edge.close());

const scan = (of: ObjectStore = store) => look({ stores: [of] });
const lose = (id: string, isLost = true) => Object.assign(bucket.objects.get(keyOf(id))!, { isLost });

it.each([
  ["some", 3, store],
  ["all, of which there is one", 1, store],
  ["some that the portal sealed", 3, sealing],
])("finds bytes lost under their row in the third scan, for %s", async (_what, count, of) => {
  const scan = () => look({ stores: [of] });
  const [id] = (await inCustody(count, place, of)) as [string];
  expect(await scan()).toMatchObject({ state: "finished", found: 0, unchecked: 0 });
  lose(id);
  expect(await store.head(keyOf(id))).not.toBeNull();
  for (const unchecked of [1, 1]) {
    expect(await scan()).toMatchObject({ state: "finished", found: 0, unchecked });
    expect(await openFindings()).toEqual([]);
  }
  expect(await scan()).toMatchObject({ state: "finished", found: 1, unchecked: 1 });
  expect(await openFindings()).toEqual([unreadable]);
  expect(await scanEvents(id)).toMatchObject([
    { action: "store_scan.discrepancy_found", details: { kind: "content_changed", change: "unreadable" } },
  ]);
  const { id: findingId } = await findingAbout({ recordingId: id });
  const dpo = await person("dpo");
  expect(await readFinding(dpo.context, { findingId })).toMatchObject({
    isSevere: true,
    remedies: ["recheck", "acknowledge"],
  });
  expect(await scan()).toMatchObject({ found: 0, unchecked: 1 });
  expect(await openFindings()).toEqual([unreadable]);
  lose(id, false);
  expect(await scan()).toMatchObject({ found: 0, unchecked: 0, resolved: 1 });
});

it("begins to count again when an object was read in between", async () => {
  const [id] = (await inCustody(2, place, store)) as [string];
  for (const isLost of [true, true, false, true, true]) {
    lose(id, isLost);
    expect(await scan()).toMatchObject({ state: "finished", found: 0 });
  }
  lose(id);
  expect(await scan()).toMatchObject({ found: 1 });
});

it("calls no object unreadable while the store itself is away", async () => {
  await inCustody(2, place, store);
  edge.intercept = (_, outgoing) => (outgoing.writeHead(502).end("<h1>Bad Gateway</h1>"), true);
  for (let round = 0; round < 4; round += 1)
    expect(await scan()).toMatchObject({ state: "running", reason: "unavailable", unchecked: 0 });
  edge.intercept = null;
  expect(await scan()).toMatchObject({ state: "finished", found: 0 });
});

it("waits while no object of many is delivered, although the store lists them", async () => {
  const ids = await inCustody(20, place, store);
  for (const id of ids) lose(id);
  for (let round = 0; round < 4; round += 1)
    expect(await scan()).toMatchObject({ state: "running", reason: "unavailable" });
  expect(await openFindings()).toEqual([]);
});

it("reads no byte where HEAD answers from the object", async () => {
  const [id] = (await inCustody(1, place)) as [string];
  const reads: string[] = [];
  const disk = configuredStore();
  const counting = new Proxy(disk, {
    get: (target, name) => {
      if (name === "readRange") reads.push(id);
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
  expect(await scan(counting)).toMatchObject({ state: "finished", found: 0 });
  expect(reads).toEqual([]);
  await disk.deleteAllVersions(keyOf(id));
});
