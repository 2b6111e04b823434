import { setTimeout as sleep } from "node:timers/promises";
import { detectsReplacement } from "@/lib/core/env/store-capabilities";
import { refusalIn } from "@/lib/storage-checks/refusal";
import { request, send, smallObject, ticketFor } from "@/lib/storage-checks/request";
import {
  assertControl,
  fails,
  holds,
  unknown,
  unsupported,
  type Check,
  type Verdict,
} from "@/lib/storage-checks/check";

const PATIENCE_SECONDS = 4;

/** Checks of what links allow and refuse. Each refusal counts only if the unchanged link is answered. */
export const linkChecks: Record<string, Check> = {
  async upload_by_link(under) {
    const ticket = await ticketFor(under);
    const { status } = await send(ticket);
    const facts = await under.store.head(ticket.key);
    return status === 200 && facts?.sizeBytes === ticket.bytes.length ? holds() : fails(`http_${status}`);
  },

  /** The control comes last: the same link accepts the right bytes. */
  async wrong_content_refused(under) {
    if (!under.store.capabilities.sha256Verified) return unsupported("portal_reads_back");
    const ticket = await ticketFor(under);
    const { status } = await send({ ...ticket, bytes: altered(ticket.bytes) });
    if (status < 400) return fails(`http_${status}`);
    assertControl(await send(ticket));
    return status < 500 ? holds(`http_${status}`) : unknown(`http_${status}`);
  },

  /** Uses the signature of one object for the address of another, in both directions. */
  async tampered_link_refused(under) {
    const [key, other] = [await smallObject(under), await smallObject(under)];
    const download = await under.store.signDownload({ key, expiresInSeconds: 60 });
    assertControl(await request(download.url));
    const read = await refusalIn(await request(download.url.replace(key, other)));
    if (read.outcome !== "holds") return read;
    const ticket = await ticketFor(under);
    const written = await refusalIn(await send({ ...ticket, url: ticket.url.replace(ticket.key, under.newKey()) }));
    assertControl(await send(ticket));
    return written;
  },

  async expired_link_refused(under) {
    const key = await smallObject(under);
    const upload = await ticketFor(under, 1);
    const [ending, lasting] = [
      await under.store.signDownload({ key, expiresInSeconds: 1 }),
      await under.store.signDownload({ key, expiresInSeconds: 60 }),
    ];
    // If the server sets the life of upload links, only downloads expire early enough to be checked.
    const endsTogether = upload.expiresAt <= ending.expiresAt;
    await sleep(Math.max(0, ending.expiresAt.getTime() - Date.now()) + 500);
    const read = await refusedSoon(() => request(ending.url));
    assertControl(await request(lasting.url));
    if (read.outcome !== "holds" || !endsTogether) return read.outcome === "holds" ? holds("downloads") : read;
    const written = await refusalIn(await send(upload));
    assertControl(await send(await ticketFor(under)));
    return written;
  },

  /**
   * A used link is refused, or accepts only the same bytes, or leaves the earlier version readable, or the completion
   * moves the object. At start the portal refuses a store without any of these, unless it never issues the store's
   * links.
   */
  async old_link_harmless(under) {
    const { promote, capabilities } = under.store;
    if (!promote && !detectsReplacement(capabilities)) return unsupported("links_of_the_portal");
    const ticket = await ticketFor(under);
    assertControl(await send(ticket));
    const before = (await under.store.head(ticket.key))!;
    const [same, other] = [await send(ticket), await send({ ...ticket, bytes: altered(ticket.bytes) })];
    if (same.status >= 500) return unknown(`http_${same.status}`);
    const after = await under.store.head(ticket.key, before.versionId ?? undefined);
    if (!promote && after?.etag !== before.etag) return fails("replaced");
    if (same.status >= 400) return other.status >= 400 ? holds(`http_${same.status}`) : fails(`http_${other.status}`);
    return holds(promote ? "moved_at_completion" : before.versionId ? "version_pinned" : "same_bytes_alone");
  },

  async range_read(under) {
    const { url } = await under.store.signDownload({ key: await smallObject(under), expiresInSeconds: 60 });
    const answer = await request(url, { headers: { range: "bytes=2-4" } });
    return answer.status === 206 && (await answer.text()) === "sto" ? holds() : fails(`http_${answer.status}`);
  },
};

function altered(bytes: Buffer): Buffer {
  const other = Buffer.from(bytes);
  other[7]! ^= 1;
  return other;
}

/** Repeats the request while the link still works: the store's clock may be late, or count whole seconds. */
async function refusedSoon(call: () => Promise<Response>): Promise<Verdict> {
  for (let left = PATIENCE_SECONDS; ; left -= 1) {
    const verdict = await refusalIn(await call());
    if (verdict.outcome !== "fails" || left === 0) return verdict;
    await sleep(1_000);
  }
}
