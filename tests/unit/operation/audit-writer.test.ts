import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AuditWriter } from "@/lib/operation/audit-writer";
import { WriterCounters } from "@/lib/audit/verify/writer-counters";

describe("the numbers of a writer", () => {
  it("have no gap below the settled mark, for any order of commits and rollbacks", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ keep: fc.boolean(), delay: fc.nat(5) }), { maxLength: 60 }), (transactions) => {
        const writer = new AuditWriter();
        const counters = new WriterCounters();
        const open: { number: number; settled: number; keep: boolean; endsAt: number }[] = [];
        const end = (now: number) => {
          for (const transaction of open.splice(0)) {
            if (transaction.endsAt > now) open.push(transaction);
            else if (!transaction.keep) writer.giveBack([transaction.number]);
            else {
              writer.confirm([transaction.number]);
              counters.add("w", transaction.number, transaction.settled);
            }
          }
        };
        transactions.forEach(({ keep, delay }, now) => {
          open.push({ number: writer.take(), settled: writer.settled, keep, endsAt: now + delay });
          end(now);
        });
        end(Infinity);
        expect(counters.gaps(false).filter((gap) => gap.proven)).toEqual([]);
      }),
    );
  });

  it("distinguish a proven deletion from a gap that may be a crash", () => {
    const counters = new WriterCounters();
    counters.add("w", 1, 0);
    counters.add("w", 3, 2);
    counters.add("w", 5, 2);
    expect(counters.gaps(false)).toEqual([
      { writerId: "w", first: 2, last: 2, proven: true },
      { writerId: "w", first: 4, last: 4, proven: false },
    ]);
  });

  it("accept the unused numbers that a writer names", () => {
    const counters = new WriterCounters();
    counters.add("w", 1, 0);
    counters.add("w", 4, 1);
    counters.close("w", 4, [3]);
    expect(counters.gaps(false)).toEqual([{ writerId: "w", first: 2, last: 2, proven: true }]);
  });
});
