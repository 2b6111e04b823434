import { expect, it, vi } from "vitest";
import { provisionCommand } from "../../../scripts/storage/provision-command";

it("reports that there is no bucket to provision for the disk store", async () => {
  const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
  expect(await provisionCommand({ yes: true })).toBe(2);
  expect(said).toHaveBeenCalledWith(expect.stringContaining("STORE=disk"));
});
