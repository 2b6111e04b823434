import nextVitals from "eslint-config-next/core-web-vitals";
import tseslint from "typescript-eslint";

/** The arrows of the house (docs/architecture.md). A layer that needs another one asks the layer between. */
const frameworks = ["next", "next/*", "next-auth", "next-auth/*", "next-intl", "next-intl/*", "react", "react-dom"];
/** Node.js 24 reads the 200 KB package.json of date-fns once for each module of it: all 300 of them take more than a second. */
const dateFns = ["date-fns", "date-fns/locale"].map((name) => ({ name, message: "Import `date-fns/<function>`." }));
const forbid = (...groups) => ({
  paths: dateFns,
  patterns: groups.map(([group, message, extra = {}]) => ({ group, message, ...extra })),
});
const noImports = (...groups) => ({ "@typescript-eslint/no-restricted-imports": ["error", forbid(...groups)] });

const aboveLib = [["@/app/*", "@/components/*"], "lib knows nothing of pages and components."];
const theFramework = [
  frameworks,
  "Rooms of lib are plain TypeScript: what needs Next or React belongs in lib/http, app or components.",
];
const theDatabase = [
  ["@/lib/db/client"],
  "Data is reached through command() and query() of @/lib/operation/operation.",
  { importNamePattern: "^(database|openDatabase|closeDatabase)$" },
];
const drizzle = [
  ["drizzle-orm", "drizzle-orm/*", "postgres", "@/lib/db/*"],
  "Pages, actions and route handlers call operations; statements belong in lib.",
  { allowTypeImports: true },
];

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

const environment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: "Read the environment through env() of @/lib/core/env.",
};

export default tseslint.config(
  {
    ignores: [
      ".next*/",
      ".data/",
      "node_modules/",
      "next-env.d.ts",
      "drizzle/meta/",
      "test-results/",
      "playwright-report/",
    ],
  },
  ...nextVitals,
  ...tseslint.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true },
      ],
      "@typescript-eslint/consistent-type-imports": [
        "error",
        { fixStyle: "inline-type-imports", disallowTypeAnnotations: false },
      ],
      "no-restricted-syntax": ["error", environment],
      // A sign-in changes what every page may show: the browser loads anew on purpose.
      "@next/next/no-location-assign-relative-destination": "off",
      "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
    },
  },
  { files: ["lib/**/*.ts"], rules: noImports(aboveLib, theFramework, theDatabase) },
  // The doors to data, and what lies below them.
  {
    files: [
      "lib/operation/**/*.ts",
      "lib/audit/**/*.ts",
      "lib/access/sign-in/resolve-*.ts",
      "lib/jobs/job-lease.ts",
      "lib/overview/read-health.ts",
    ],
    rules: noImports(aboveLib, theFramework),
  },
  {
    files: ["lib/http/**/*.ts", "lib/i18n/**/*.ts"],
    rules: noImports(aboveLib),
  },
  { files: ["app/**/*.{ts,tsx}"], rules: { ...noImports(drizzle), "react/jsx-no-literals": "error" } },
  {
    files: ["components/**/*.{ts,tsx}"],
    rules: {
      ...noImports(
        [["@/app/*"], "Components take plain props; actions are handed to them."],
        [
          ["@/lib/**", ...plainModules],
          "Components take plain props: from lib they need types only.",
          { allowTypeImports: true },
        ],
      ),
      "react/jsx-no-literals": ["error", { allowedStrings: ["–", "·", ":", "%", "×", "(", ")", "/", ",", "…"] }],
    },
  },
  // Where the environment comes in.
  {
    files: ["lib/core/env.ts", "lib/core/log.ts", "instrumentation.ts", "scripts/**", "tests/**", "*.config.*"],
    rules: { "no-restricted-syntax": "off" },
  },
  { files: ["tests/**/*.{ts,tsx}"], rules: { "max-lines": "off", "@next/next/no-assign-module-variable": "off" } },
);
