import { describe, expect, it } from "vitest";
import { checkReference } from "@/lib/playback/reference-check";

describe("checkReference", () => {
  it.each([
    "4821",
    "INC-2026-004821",
    "Chamado 4821",
    "protocolo 20260302123456",
    "amostragem 03/2026",
    "TJSP 1002345-67.2026.8.26.0100",
  ])("accepts %j", (reference) => {
    expect(checkReference(reference).problem).toBeNull();
  });

  it.each([
    ["", "missing"],
    ["   ", "missing"],
    ["x".repeat(65), "too_long"],
    ["529.982.247-25", "cpf"],
    ["52998224725", "cpf"],
    ["529982247-25", "cpf"],
    ["Maria 529.982.247-25", "cpf"],
    ["(11) 98765-4321", "phone"],
    ["11 98765-4321", "phone"],
    ["11 3456-7890", "phone"],
    ["+55 11 98765 4321", "phone"],
    ["98765-4321", "phone"],
    ["maria@exemplo.com.br", "email"],
  ])("refuses %j as %s", (reference, problem) => {
    expect(checkReference(reference).problem).toBe(problem);
  });

  it("warns about a bare number that could be a telephone number or a CPF, but accepts it", () => {
    expect(checkReference("11987654321")).toEqual({ problem: null, doubt: "phone" });
    expect(checkReference("12345678900")).toEqual({ problem: null, doubt: "cpf" });
    expect(checkReference("4821")).toEqual({ problem: null, doubt: null });
  });
});
