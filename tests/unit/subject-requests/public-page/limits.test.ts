import { describe, expect, it } from "vitest";
import { clientNetwork, formLimits } from "@/lib/subject-requests/public-page/public-limits";
import { codePause } from "@/lib/subject-requests/public-page/sent-codes";

describe("the network of a client", () => {
  it.each([
    [null, null],
    ["192.0.2.7", "192.0.2.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
    ["2001:0DB8:0001:0002:ffff::1", "2001:db8:1:2"],
    ["2001:db8::1", "2001:db8:0:0"],
    ["::1", "0:0:0:0"],
    ["fe80::1%eth0", "fe80:0:0:0"],
  ])("of %s is %s", (address, network) => {
    expect(clientNetwork(address)).toBe(network);
  });
});

it("is stricter with forms without a proof of work", () => {
  const { proved, unproved } = formLimits;
  expect(unproved.address.most / unproved.address.hours).toBeLessThan(proved.address.most / proved.address.hours);
  expect(unproved.installation.most).toBeLessThan(proved.installation.most);
});

describe("the pause before the next code", () => {
  const pauses = (sinceLast: number) =>
    [0, 1, 2, 3, 4, 5, 7].map((sent) => codePause(sent, { sinceLast, sinceFirst: 10_000 }));

  it("grows from code to code", () => {
    expect(pauses(0)).toEqual([0, 60, 300, 900, 3600, 3600, 3600]);
    expect(pauses(299.5)).toEqual([0, 0, 1, 601, 3301, 3301, 3301]);
    expect(pauses(3600)).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  it("after eight codes lasts until the first is a day old", () => {
    expect(codePause(8, { sinceLast: 7200, sinceFirst: 80_000 })).toBe(6400);
    expect(codePause(20, { sinceLast: 0, sinceFirst: 86_400 })).toBe(1);
  });
});
