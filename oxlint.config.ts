import { defineConfig } from "oxlint";

/** The arrows of the house (docs/architecture.md). A layer that needs another one asks the layer between. */
const frameworks = ["next", "next/*", "next-auth", "next-auth/*", "next-intl", "next-intl/*", "react", "react-dom"];
/** Node.js 24 reads the 200 KB package.json of date-fns once for each of its 300 modules: more than a second. */
const dateFns = ["date-fns", "date-fns/locale"].map((name) => ({ name, message: "Import `date-fns/<function>`." }));

type Pattern = { group: string[]; message: string; importNamePattern?: string; allowTypeImports?: boolean };

/** Rules replace each other where two overrides match a file: each names all that its files may not import. */
const noImports = (
  ...patterns: Pattern[]
): { "no-restricted-imports": ["error", { paths: typeof dateFns; patterns: Pattern[] }] } => ({
  "no-restricted-imports": ["error", { paths: dateFns, patterns }],
});

const aboveLib = { group: ["@/app/*", "@/components/*"], message: "lib imports no pages or components." };
const theFramework = {
  group: frameworks,
  message: "Rooms of lib are plain TypeScript: what needs Next or React belongs in lib/http, app or components.",
};
const theDatabase = {
  group: ["@/lib/db/client"],
  message: "Data is reached through command() and query() of @/lib/operation/operation.",
  importNamePattern: "^(database|openDatabase|closeDatabase)$",
};
const drizzle = {
  group: ["drizzle-orm", "drizzle-orm/*", "postgres", "@/lib/db/*"],
  message: "Pages, actions and route handlers call operations; statements belong in lib.",
  allowTypeImports: true,
};

/** Words, formats and fixed lists: no data, no secret, the same in a browser. */
const plainModules = [
  "!@/lib/i18n",
  "!@/lib/i18n/**",
  "!@/lib/operation",
  "!@/lib/operation/actor",
  "!@/lib/operation/audit-actions",
  "!@/lib/access",
  "!@/lib/access/units",
  "!@/lib/access/units/brazilian-time-zones",
  "!@/lib/playback",
  "!@/lib/playback/reference-check",
];

/** Rules outside the category `correctness`, which catch mistakes of ours all the same. */
const beyondCorrectness = Object.fromEntries(
  [
    ...["rules-of-hooks", "display-name", "no-unescaped-entities", "jsx-no-comment-textnodes"].map(
      (rule) => `react/${rule}`,
    ),
    ...["ban-ts-comment", "no-unsafe-function-type", "no-unnecessary-type-constraint", "no-empty-object-type"].map(
      (rule) => `typescript/${rule}`,
    ),
    ...["no-explicit-any", "no-namespace", "no-require-imports"].map((rule) => `typescript/${rule}`),
    ...["no-array-constructor", "no-var", "prefer-const", "prefer-rest-params", "prefer-spread"],
    "import/no-anonymous-default-export",
  ].map((rule) => [rule, "error" as const]),
);

/** Rules of `correctness` that are wrong for this code. Tests with axe judge what the pages become. */
const notWanted = Object.fromEntries(
  [
    ...["no-redundant-roles", "prefer-tag-over-role", "no-interactive-element-to-noninteractive-role"],
    ...["control-has-associated-label", "no-noninteractive-tabindex", "media-has-caption", "aria-role"],
    "label-has-associated-control",
  ]
    .map((rule) => `jsx-a11y/${rule}`)
    .concat(
      ["unbound-method", "require-array-sort-compare", "no-base-to-string", "no-useless-default-assignment"].map(
        (rule) => `typescript/${rule}`,
      ),
      ["no-meaningless-void-operator", "no-redundant-type-constituents", "no-misused-spread"].map(
        (rule) => `typescript/${rule}`,
      ),
      // The default export of a CommonJS package.
      ["typescript/restrict-template-expressions", "import/default"],
    )
    .map((rule) => [rule, "off" as const]),
);

export default defineConfig({
  plugins: ["eslint", "typescript", "react", "nextjs", "import", "jsx-a11y", "node", "oxc"],
  options: { typeAware: true },
  categories: { correctness: "error" },
  ignorePatterns: [
    "node_modules",
    ".next*/",
    ".data/",
    "next-env.d.ts",
    "drizzle/meta/",
    "test-results/",
    "playwright-report/",
  ],
  rules: {
    ...beyondCorrectness,
    ...notWanted,
    "typescript/no-floating-promises": "error",
    "no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true }],
    "typescript/consistent-type-imports": [
      "error",
      { fixStyle: "inline-type-imports", disallowTypeAnnotations: false },
    ],
    "node/no-process-env": "error",
    "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
    "no-restricted-imports": ["error", { paths: dateFns }],
  },
  overrides: [
    { files: ["lib/**/*.ts"], rules: noImports(aboveLib, theFramework, theDatabase) },
    // The doors to data, and what lies below them.
    {
      files: [
        "lib/operation/**/*.ts",
        "lib/audit/**/*.ts",
        "lib/access/sign-in/{session-user,api-key-actor}.ts",
        "lib/jobs/claim-jobs.ts",
        "lib/jobs/job-lease.ts",
        "lib/overview/read-health.ts",
      ],
      rules: noImports(aboveLib, theFramework),
    },
    { files: ["lib/http/**/*.ts", "lib/i18n/**/*.ts"], rules: noImports(aboveLib) },
    { files: ["app/**/*.{ts,tsx}"], rules: { ...noImports(drizzle), "react/jsx-no-literals": "error" } },
    {
      files: ["components/**/*.{ts,tsx}"],
      rules: {
        ...noImports(
          { group: ["@/app/*"], message: "Components take plain props; actions are handed to them." },
          {
            group: ["@/lib/**", ...plainModules],
            message: "Components take plain props: from lib they need types only.",
            allowTypeImports: true,
          },
        ),
        "react/jsx-no-literals": ["error", { allowedStrings: ["–", "·", ":", "%", "×", "(", ")", "/", ",", "…"] }],
      },
    },
    // Where the environment comes in.
    {
      files: ["lib/core/env.ts", "lib/core/log.ts", "instrumentation.ts", "scripts/**", "tests/**", "*.config.*"],
      rules: { "node/no-process-env": "off" },
    },
    { files: ["tests/**/*.{ts,tsx}"], rules: { "max-lines": "off", "nextjs/no-assign-module-variable": "off" } },
  ],
});
