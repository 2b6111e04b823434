import { describe, expect, test } from "vitest";
import { messageChannels } from "@/lib/db/schema/messages";
import { locales } from "@/lib/i18n/locales";
import { checkText } from "@/lib/notifications/templates/check-text";
import { standardText } from "@/lib/notifications/templates/current-text";
import { templateNames, variablesOf } from "@/lib/notifications/templates/message-templates";
import { renderMessage } from "@/lib/notifications/templates/render-message";

const all = templateNames.flatMap((template) =>
  messageChannels.flatMap((channel) => locales.map((locale) => [template, channel, locale] as const)),
);

/** The letters of one SMS of 160 characters (GSM 03.38), without its rarer symbols. */
const gsm = /^[@£$¥èéùìòÇØøÅåÄÖÑÜ§¿äöñüàÆæßÉ\n !"#%&'()*+,\-./0-9:;<=>?¡A-Za-z{}_]*$/;

describe.each(all)("the standard text %s, %s, %s", (template, channel, locale) => {
  const { version, text } = standardText({ template, channel, locale });
  const data = Object.fromEntries([...variablesOf(template)].map(([name]) => [name, `<${name}>`]));

  test("passes the check of texts and says all that it needs", () => {
    expect(checkText(template, channel, text)).toEqual([]);
    expect(version).toMatch(/^standard:[1-9]\d*$/);
    const { subject, text: plain, html } = renderMessage({ template, channel, locale }, text, data);
    expect(plain).not.toMatch(/[{}]/);
    expect(subject === null).toBe(channel !== "email");
    expect(html === null).toBe(channel !== "email");
    if (html) expect(html.replaceAll(/<\/?(strong|p|a[^>]*)>/g, "")).toContain(`<html lang="${locale}">`);
  });

  test.runIf(channel === "sms")("has only letters of the GSM alphabet", () => {
    expect(text.body).toMatch(gsm);
  });
});

describe("a value", () => {
  const code = (text: string, value: string, channel: "email" | "voice" = "email") =>
    renderMessage(
      { template: "one_time_code", channel, locale: "en" },
      { subject: "Code", body: text },
      { code: value, minutes: "10" },
    );

  test("is never HTML or Markdown, and stands in both forms", () => {
    const { html, text } = code("Your **{code}**\n- {minutes} & <b>", "*<img src=x>_[a](http://b)&");
    expect(html).toContain("<strong>*&lt;img src=x&gt;_[a](http://b)&amp;</strong>");
    expect(html).toContain("<li>10 &amp; &lt;b&gt;</li>");
    expect(html).not.toMatch(/<img|<b>|<a /);
    expect(text).toBe("Your ***<img src=x>_[a](http://b)&**\n- 10 & <b>\n");
  });

  test("that is a code is read out digit by digit", () => {
    expect(code("Code: {code}. Again: {code}.", "407312", "voice").text).toBe(
      "Code: 4, 0, 7, 3, 1, 2. Again: 4, 0, 7, 3, 1, 2.",
    );
  });
});

describe("the check of a text", () => {
  const good = { subject: "Code", body: "Your code is {code}." };
  test.each([
    ["an unknown variable", { body: "{code} {name}" }, "body", "unknown_variable"],
    ["an unknown variable in the subject", { subject: "{name}" }, "subject", "unknown_variable"],
    ["a brace without its pair", { body: "{code} {" }, "body", "unknown_variable"],
    ["no code", { body: "Your code is secret." }, "body", "missing_variable"],
    ["the code in the subject", { subject: "Code {code}" }, "subject", "has_code"],
    ["a link with the code", { body: "[open](https://x.example/{code})" }, "body", "has_link"],
    ["a link with a query", { body: "{code} [open](https://x.example/?a=1)" }, "body", "has_link"],
    ["a link without TLS", { body: "{code} http://x.example/" }, "body", "has_link"],
    ["a script address", { body: "{code} [a](javascript:alert(1))" }, "body", "has_link"],
    ["a picture", { body: "{code} ![x](https://x.example/p.png)" }, "body", "has_picture"],
    ["HTML", { body: "{code} <b>x</b>" }, "body", "has_html"],
    ["nothing", { body: " " }, "body", "empty"],
    ["no subject", { subject: "" }, "subject", "empty"],
    ["a subject of two lines", { subject: "a\r\nBcc: b@example.com" }, "subject", "control_character"],
    ["too much", { body: `{code}${"x".repeat(10_000)}` }, "body", "too_long"],
  ])("refuses %s", (_, changes, path, reason) => {
    expect(checkText("one_time_code", "email", { ...good, ...changes })).toContainEqual({ path, reason });
  });

  test("takes a company's own page, and refuses a subject outside e-mail", () => {
    const body = "{code} [Privacidade](https://empresa.example/privacidade)\n\n* um\n* dois";
    expect(checkText("one_time_code", "email", { ...good, body })).toEqual([]);
    expect(checkText("one_time_code", "sms", good)).toEqual([{ path: "subject", reason: "not_used" }]);
  });
});
