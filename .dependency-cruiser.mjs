/**
 * The rooms of `lib` in their layers (docs/architecture.md). A room imports from the layers above it in this list,
 * and from no room beside or below it.
 */
export const layers = [
  ["core"],
  ["i18n"],
  ["db"],
  ["storage"],
  ["operation"],
  ["audit", "jobs"],
  ["encryption-keys", "storage-checks"],
  ["notifications"],
  ["access"],
  ["recordings", "media", "approvals"],
  ["retention"],
  ["deletion"],
  ["legal-holds"],
  ["uploads", "playback", "receipts", "store-scan"],
  ["subject-requests"],
  ["compliance"],
  ["overview"],
  ["http"],
  ["schedule"],
];

const rooms = layers.flat();
const folder = (room) => `^lib/${room}/`;

/** One rule for each room: what lies beside it or below it in the list is out of reach. */
const arrows = layers.flatMap((beside, layer) =>
  beside.map((room) => {
    const within = layers.slice(0, layer).flat();
    const outOfReach = rooms.filter((other) => other !== room && !within.includes(other));
    return {
      name: `arrow-of-${room}`,
      comment: `lib/${room} may import only: ${within.join(", ") || "nothing of ours"}.`,
      severity: "error",
      from: { path: folder(room) },
      to: { path: [...outOfReach.map(folder), "^(app|components|scripts|tests)/"] },
    };
  }),
);

/** @type {import("dependency-cruiser").IConfiguration} */
const rules = {
  forbidden: [
    ...arrows,
    {
      name: "times-through-the-helpers",
      comment: "Times become text in lib/core/time.ts and lib/i18n/format.ts alone: one event, one time.",
      severity: "error",
      from: {
        pathNot: [
          "^lib/core/time\\.ts$",
          "^lib/i18n/format\\.ts$",
          "^scripts/recordings/call-names/local-time\\.ts$",
          "^tests/",
        ],
      },
      to: { path: "node_modules/(date-fns|@date-fns)/" },
    },
    {
      name: "no-file-cycle",
      comment: "Two files that import each other are one file, or hide a third.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-folder-cycle",
      comment: "Two folders that import each other are one folder, or one of their files lies in the wrong one.",
      severity: "error",
      scope: "folder",
      from: {},
      to: { circular: true },
    },
    {
      name: "every-file-has-a-room",
      comment: "Files of lib lie in a room that the list of layers names.",
      severity: "error",
      from: { path: "^lib/", pathNot: rooms.map(folder) },
      to: {},
    },
    {
      name: "no-framework-in-rooms",
      comment: "Rooms of lib are plain TypeScript: what needs Next or React belongs in lib/http, app or components.",
      severity: "error",
      from: { path: "^lib/", pathNot: ["^lib/http/"] },
      to: { path: "(^|/)node_modules/(next|next-auth|next-intl|react|react-dom)/" },
    },
    {
      name: "no-database-or-store-in-pages",
      comment: "Pages, actions and route handlers call operations.",
      severity: "error",
      from: { path: "^(app|components)/" },
      to: {
        path: ["^lib/(db|storage)/", "(^|/)node_modules/(drizzle-orm|postgres)/"],
        dependencyTypesNot: ["type-only"],
      },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    exclude: { path: "^\\.next" },
  },
};
export default rules;
