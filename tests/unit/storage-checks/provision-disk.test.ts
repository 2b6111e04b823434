import { expect, it, vi } from "vitest";
import { provisionCommand } from "../../../scripts/storage/provision-command";

it("there is no bucket to provision where recordings lie on the disk", async () => {
  const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
  expect(await provisionCommand({ yes: true })).toBe(2);
  expect(said).toHaveBeenCalledWith(expect.stringContaining("STORE=disk"));
});
