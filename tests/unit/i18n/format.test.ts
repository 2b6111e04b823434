import { describe, expect, it } from "vitest";
import {
  formatBytes,
  formatDate,
  formatDateTime,
  formatDuration,
  formatFullDateTime,
  formatNumber,
  formatPercent,
  formatRelative,
  formatTime,
} from "@/lib/i18n/format";

const moment = "2026-11-21T02:05:07.900Z";

describe("moments", () => {
  it("are shown in the requested zone, in any zone of the machine", () => {
    expect(formatDateTime(moment, "America/Sao_Paulo")).toBe("20/11/2026 23:05");
    expect(formatDateTime(moment, "America/Rio_Branco")).toBe("20/11/2026 21:05");
    expect(formatDateTime(new Date(moment), "UTC", { seconds: true })).toBe("21/11/2026 02:05:07");
    expect(formatDate(moment, "America/Noronha")).toBe("21/11/2026");
    expect(formatTime(Date.parse(moment), "America/Sao_Paulo")).toBe("23:05");
  });

  it("follow Brazil's daylight saving time until 2019", () => {
    expect(formatDateTime("2018-12-01T12:00:00Z", "America/Sao_Paulo")).toBe("01/12/2018 10:00");
    expect(formatDateTime("2019-12-01T12:00:00Z", "America/Sao_Paulo")).toBe("01/12/2019 09:00");
  });

  it("are shown with their offset in each language", () => {
    expect(formatFullDateTime(moment, "America/Sao_Paulo", "pt-BR")).toBe(
      "sexta-feira, 20 de novembro de 2026 23:05:07 -03:00",
    );
    expect(formatFullDateTime(moment, "America/Sao_Paulo", "en")).toBe("Friday, 20 November 2026 23:05:07 -03:00");
  });

  it("are shown relative to now", () => {
    expect(formatRelative("2026-11-18T02:05:07Z", moment, "pt-BR")).toBe("há 3 dias");
    expect(formatRelative("2026-11-24T02:05:08Z", moment, "en")).toBe("in 3 days");
  });

  it("refuse invalid dates", () => {
    expect(() => formatDateTime("yesterday", "UTC")).toThrow(RangeError);
  });
});

describe("durations", () => {
  it.each([
    [0, "00:00"],
    [5.99, "00:05"],
    [252, "04:12"],
    [3599, "59:59"],
    [3600, "1:00:00"],
    [36_061, "10:01:01"],
    [-1, "00:00"],
  ])("of %d s are shown as %s", (seconds, text) => expect(formatDuration(seconds)).toBe(text));
});

describe("numbers", () => {
  it("have the separators of the language", () => {
    expect(formatNumber(1_234_567.891, "pt-BR", 2)).toBe("1.234.567,89");
    expect(formatNumber(1_234_567.891, "en", 2)).toBe("1,234,567.89");
    expect(formatNumber(12_345_678_901n, "en")).toBe("12,345,678,901");
    expect(formatPercent(0.1234, "pt-BR", 1)).toBe("12,3%");
  });

  it("of bytes use decimal units", () => {
    expect(formatBytes(0, "pt-BR")).toBe("0 B");
    expect(formatBytes(999, "pt-BR")).toBe("999 B");
    expect(formatBytes(1500, "pt-BR")).toBe("1,5 kB");
    expect(formatBytes(999_950, "en")).toBe("1 MB");
    expect(formatBytes(2_400_000_000, "en")).toBe("2.4 GB");
  });
});
