import { describe, expect, it } from "vitest";
import { locales, type Locale } from "@/lib/i18n/locales";
import { loadMessages } from "@/lib/i18n/namespaces";

type Tree = { [key: string]: string | Tree };

function flatten(tree: Tree, prefix = ""): [key: string, message: string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === "string" ? [[`${prefix}${key}`, value] as [string, string]] : flatten(value, `${prefix}${key}.`),
  );
}

/** Words that the interface does not use, each with the words it uses instead. */
const forbidden: Record<Locale, [pattern: RegExp, instead: string][]> = {
  "pt-BR": [
    [/\bguard(a|as|ad[ao]s?|ar|á-la|e|ei|e-[oa])\b/i, "retenção, preservação legal, salvar"],
    [/\bescutas?\b/i, "reprodução"],
    [/sem volta|não há volta/i, "irreversível"],
    [/\bbilhetes?\b/i, "autorização de envio"],
    [/\bligaç(ão|ões)\b/i, "chamada"],
    [/\bcifr(a|as|ar|ad[ao]s?|agem)\b/i, "criptografia"],
    [/\blimpezas?\b/i, "ordem de eliminação"],
    [/\bsentido\b/i, "direção"],
    [/\bestado\b/i, "situação"],
    [/\bprovisóri[ao]s?\b/i, "senha temporária"],
    [/tipo de atendimento/i, "tipo de chamada"],
    [/\bcentra(l|is) telefônicas?\b/i, "sistema de telefonia"],
    [/\bacontecimento\b/i, "marco do prazo"],
    [/\bconfiança (alta|média|baixa)/i, "fonte confirmada, fonte a confirmar"],
    [/pedidos? d[eo]s? titular(es)?|pedido de eliminação/i, "requisição do titular"],
    [/pede a finalidade|que nada elimina|tarde demais|é servida|inalcançável|\bvistos\b|sumiu/i, "plain words"],
    [/\bo (administrador|supervisor|auditor)\b|\bum administrador\b/i, "a administração, o perfil"],
  ],
  en: [
    [/\bdrift\b|\bdifferences?\b|\breconciliation of the store\b/i, "store check, discrepancy"],
    [/\bcleanups?\b/i, "deletion order"],
    [/\bsecond person\b/i, "approval, another person"],
    [/\btickets?\b(?! or protocol| number)/i, "upload authorisation"],
    [/\bleave to\b/i, "authorised to"],
    [/\bstate\b(?! the purpose| what)/i, "status"],
    [/\bfor good\b|no way back/i, "cannot be undone"],
    [
      /hearing one asks|deleted in it|show ended ones|facts of the call|take a filter away|selection again/i,
      "plain words",
    ],
    [/\b(high|medium|low) confidence\b/i, "source confirmed, source to be confirmed"],
  ],
};

/** A code of the program: "audit-event:list", "quality_supervision". */
const rawCode = /(?<![\w/.])[a-z]+(?:_[a-z]+)+(?![\w(])|(?<![\w/])[a-z]+(?:-[a-z]+)*:[a-z]+(?:-[a-z]+)*/;

/** An ICU message without the names and branches of its arguments. */
const withoutArguments = (message: string) => message.replace(/\{\w+, (plural|select),|\b\w+ \{/g, "{");

/** Names a value of a setting that an operator types. */
const settingKey = "settings.storage.unencrypted";

describe.each(locales)("the words of %s", (locale) => {
  it("are those of the glossary", async () => {
    const messages = flatten((await loadMessages(locale)) as unknown as Tree);
    const found = messages.flatMap(([key, message]) =>
      forbidden[locale].flatMap(([pattern, instead]) =>
        pattern.test(message) ? [`${key}: “${message}” (use: ${instead})`] : [],
      ),
    );
    expect(found).toEqual([]);
  });

  it("contain no codes", async () => {
    const messages = flatten((await loadMessages(locale)) as unknown as Tree);
    const withCode = messages.filter(([, message]) => rawCode.test(withoutArguments(message)));
    expect(withCode.map(([key]) => key)).toEqual([settingKey]);
  });
});

it("detects words of the old vocabulary, but no words that contain them", () => {
  const isForbidden = (locale: Locale, text: string) => forbidden[locale].some(([pattern]) => pattern.test(text));
  expect(isForbidden("pt-BR", "Sob guarda legal")).toBe(true);
  expect(isForbidden("pt-BR", "Aguarda decisão")).toBe(false);
  expect(isForbidden("en", "Release by a second person")).toBe(true);
  expect(isForbidden("en", "State the purpose of this access.")).toBe(false);
  for (const code of ["quality_supervision", "see audit-event:list", "retention_expired."])
    expect(rawCode.test(code)).toBe(true);
  for (const text of ["Último teste: hoje", withoutArguments("{kind, select, contract_end {o fim} other {a chamada}}")])
    expect(rawCode.test(text)).toBe(false);
});
