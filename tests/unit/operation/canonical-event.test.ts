import canonicalize from "canonicalize";
import fc from "fast-check";
import { expect, it } from "vitest";
import { canonicalContent, contentTexts, type EventContent } from "@/lib/operation/canonical-event";

const text = fc.string({ unit: "grapheme" }).map((value) => value.toWellFormed());
const scalar = fc.oneof(
  text,
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
);
const content = fc.record({
  id: fc.uuid(),
  occurredAt: fc.date({ noInvalidDate: true, min: new Date("1970-01-01"), max: new Date("9999-01-01") }),
  writerId: fc.uuid(),
  writerSequence: fc.nat(),
  writerSettled: fc.nat(),
  actorType: fc.constantFrom("user", "job"),
  actorId: fc.option(text),
  actorRole: fc.option(text),
  action: text,
  outcome: fc.constantFrom("success", "denied"),
  targetType: fc.option(text),
  targetId: fc.option(text),
  unitId: fc.option(fc.uuid()),
  requestId: fc.uuid(),
  ipAddress: fc.option(text),
  details: fc.dictionary(
    text.filter((key) => key !== "__proto__"),
    fc.oneof(scalar, fc.array(text)),
    { noNullPrototype: true },
  ),
  hmacKeyId: text,
}) as fc.Arbitrary<EventContent>;

it("is the canonical form of RFC 8785", () => {
  fc.assert(
    fc.property(content, (event) => {
      expect(canonicalContent(contentTexts(event))).toBe(
        canonicalize({ ...event, occurredAt: event.occurredAt.toISOString() }),
      );
    }),
  );
});
