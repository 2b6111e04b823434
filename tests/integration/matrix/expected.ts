import type { Principal } from "@/lib/operation/actor";
import type { Permission } from "@/lib/operation/permissions";

/**
 * The expected permissions, independent of lib/operation/permissions.ts. A new operation, route, or permission that is
 * checked elsewhere needs a row here; no other test repeats these rows.
 */
const staff = ["admin", "supervisor", "dpo", "auditor"] as const;
const readers = ["admin", "dpo", "auditor"] as const;

/** Who may run each operation. The scope (units, own holds, own uploads) is tested with the operation. */
export const mayRun: Record<string, readonly Principal[]> = {
  // access
  bootstrapAdmin: ["job"],
  changeOwnLocale: staff,
  changeOwnPassword: staff,
  createApiKey: ["admin"],
  createServiceAccount: ["admin"],
  createUnit: ["admin"],
  createUser: ["admin"],
  deactivateServiceAccount: ["admin"],
  deactivateUser: ["admin"],
  endSession: staff,
  listServiceAccounts: ["admin", "auditor"],
  listUnits: staff,
  listUsers: ["admin", "auditor"],
  listWebhookDeliveries: ["admin", "auditor"],
  reactivateServiceAccount: ["admin"],
  reactivateUser: ["admin"],
  readAccount: staff,
  readUser: ["admin", "auditor"],
  removeWebhook: ["admin"],
  resetUserPassword: ["admin"],
  revokeApiKey: ["admin"],
  rotateWebhookSecret: ["admin"],
  sendTestWebhook: ["admin"],
  setWebhook: ["admin"],
  startSession: [...staff, "anonymous"],
  updateUnit: ["admin"],
  updateUser: ["admin"],

  // audit
  exportAuditLog: ["dpo", "auditor", "job"],
  listAuditActors: ["dpo", "auditor"],
  listAuditEvents: ["dpo", "auditor"],
  readIntegrity: ["dpo", "auditor"],
  readPublicKeysPem: [...staff, "service", "job", "anonymous"],
  verifyRecentEvents: ["auditor", "job"],

  // deletion
  checkLedger: [...staff, "job"],
  claimErasure: ["job"],
  confirmDeletions: ["job"],
  decideDeletionOrder: ["admin", "dpo"],
  eraseQuarantined: ["dpo"],
  findOrderScope: ["admin", "job"],
  finishRetentionRun: ["job"],
  isOrderRunning: ["job"],
  listBroughtBack: ["job"],
  listDeletionOrders: ["admin", "dpo", "auditor", "job"],
  listFailedDeletions: readers,
  listMissingEntries: ["job"],
  listPendingDeletions: ["job"],
  listRetentionRuns: readers,
  listRunFailures: readers,
  listRunRecordings: readers,
  markDueRecordings: ["job"],
  markErased: ["job"],
  markOrderBatch: ["job"],
  orderDeletion: ["admin", "job"],
  previewDeletionOrder: ["admin", "job"],
  readDeletionOrder: ["admin", "dpo", "auditor", "job"],
  readLedgerConflict: ["job"],
  readLedgerHead: ["job"],
  readRetentionRun: readers,
  recordDeletionFailures: ["job"],
  requireLedger: [...staff, "job"],
  startRetentionRun: ["job"],
  takeOverEntry: ["job"],
  withdrawDeletionOrder: ["admin", "job"],
  writeLedger: ["job"],
  writeMissingEntries: ["job"],

  // encryption-keys
  countDataKeys: ["job"],
  createDataKey: ["job"],
  readDataKeys: ["job"],
  rewrapDataKeys: ["job"],

  // jobs
  listJobs: ["admin"],
  retryJob: ["admin"],

  // legal-holds
  listObjectLocks: ["job"],
  confirmObjectLocks: ["job"],
  continueHold: ["job"],
  countHolds: staff,
  decideHoldRelease: ["admin", "dpo"],
  extendHold: ["supervisor", "dpo"],
  listHoldFacets: staff,
  listHoldOwners: ["supervisor", "dpo"],
  listHoldRecordings: staff,
  listHolds: staff,
  listMissedRecordings: staff,
  listRecordingHolds: staff,
  listUnfinishedHolds: ["job"],
  placeHold: ["supervisor", "dpo"],
  previewHold: ["supervisor", "dpo"],
  readExtendableHold: ["supervisor", "dpo"],
  readHold: staff,
  readHoldHistory: staff,
  requestHoldRelease: ["supervisor", "dpo"],
  updateHold: ["supervisor", "dpo"],
  withdrawHoldRelease: ["supervisor", "dpo"],

  // media
  computeRecordingWaveform: ["job"],
  beginCopyStorage: ["job"],
  enqueueFormatRenewal: ["job"],
  enqueueMissingCopies: ["job"],
  enqueueMissingWaveforms: ["job"],
  readUndecoded: ["job"],
  recordTranscodedWaveform: ["job"],
  listUnknownFormats: ["job"],
  readCopySource: ["job"],
  recordCopy: ["job"],
  renewFormat: ["job"],
  readLastArrival: ["job"],

  // notifications
  readWaitingWebhook: ["job"],
  finalizeWebhook: ["job"],

  // overview
  listApprovals: readers,
  readRetentionHealth: readers,

  // playback
  grantDownload: ["dpo"],
  grantPlayback: ["supervisor", "dpo"],
  readPlayability: ["supervisor", "dpo"],
  readCallSequence: ["supervisor", "dpo"],
  listPlaybacks: staff,
  recordDamage: [...staff, "service", "anonymous"],
  openPlayback: [...staff, "service", "anonymous"],
  readPlaybackHead: [...staff, "service", "anonymous"],
  recordBytesSent: [...staff, "service", "anonymous"],

  // receipts
  issueOrderReceipt: ["admin", "dpo", "auditor", "job"],
  issueRecordingReceipt: ["admin", "dpo", "auditor", "job"],
  issueRunReceipt: ["admin", "dpo", "auditor", "job"],

  // recordings
  changeHandling: ["supervisor", "dpo"],
  countQuarantined: ["dpo", "auditor"],
  quarantineRecording: ["supervisor", "dpo"],
  releaseRecording: ["dpo"],
  correctNumber: ["dpo"],
  correctTaxId: ["dpo"],
  renewNumbers: ["job"],
  indexAgentNames: ["job"],
  listRecordingFacets: staff,
  listRecordings: staff,
  readSearch: staff,
  listCallRecordings: staff,
  readRecording: staff,
  readRecordingHistory: staff,

  // retention
  applyRetentionPresets: ["admin"],
  confirmCallDate: ["admin", "dpo"],
  createRetentionPolicy: ["admin"],
  deactivateRetentionPolicy: ["admin"],
  decideMinimumReduction: ["admin", "dpo"],
  forecastRetention: staff,
  listRetentionPolicies: readers,
  listRetentionScopes: ["admin"],
  previewCallDate: ["admin", "dpo"],
  previewRetention: ["admin", "dpo", "auditor", "job"],
  previewRetentionPolicyChange: ["admin", "dpo", "auditor", "job"],
  previewRetentionPresets: ["admin"],
  readRetentionPolicy: readers,
  recalculateRetention: ["job"],
  reportTrigger: ["admin", "dpo", "service"],
  updateRetentionPolicy: ["admin"],
  withdrawMinimumReduction: ["admin"],

  // storage-checks
  checkStorage: ["admin", "job"],
  readStorage: ["admin", "auditor"],

  // store-scan
  acknowledgeFinding: ["admin", "dpo"],
  admitLoss: ["dpo"],
  openStoreScan: ["job"],
  endScanRound: ["job"],
  finalizeObjectRemoval: ["job"],
  findUnknownKeys: ["job"],
  listFindings: ["admin", "dpo", "auditor", "job"],
  listOrderedRemovals: ["job"],
  listPastRetention: ["job"],
  listRecordingsToVerify: ["job"],
  listStuckDeletions: ["job"],
  listStuckTickets: ["job"],
  listUnreadable: ["job"],
  orderObjectRemoval: ["admin"],
  readFinding: ["admin", "dpo", "auditor", "job"],
  readFindingToRetry: ["job"],
  readScanStatus: ["admin", "dpo", "auditor", "job"],
  recheckObject: ["admin", "dpo"],
  resolveRetriedFinding: ["job"],
  resolveUntrueFindings: ["job"],
  retryFinding: ["admin", "dpo"],
  saveScanStep: ["job"],
  startStoreScan: ["admin", "job"],

  // uploads
  abandonContent: ["admin", "service"],
  completeUpload: ["admin", "service", "job"],
  completeUploads: ["admin", "service", "job"],
  endLinkedPut: ["anonymous"],
  enqueueUploadJobs: ["job"],
  listParts: ["admin", "service"],
  listPendingTickets: ["job"],
  recordContentHash: ["admin", "service"],
  recordLinkRefusal: ["anonymous"],
  readPendingTicket: ["job"],
  readUpload: ["admin", "service"],
  requestPart: ["admin", "service"],
  countDueOnArrival: ["admin", "service"],
  requestUpload: ["admin", "service"],
  requestUploads: ["admin", "service"],
  startContent: ["admin", "service"],
  startLinkedPut: ["anonymous"],
  sweepUploadTicket: ["job"],
};

/** Permissions that are checked outside operations, where, and who has them. */
export const askedElsewhere: Partial<Record<Permission, { where: string; may: readonly Principal[] }>> = {
  "recording:read-number": { where: "recording:list and recording:read decide how a number is shown", may: ["dpo"] },
  "recording:read-protocol": {
    where: "recording:list and recording:read decide how references are shown",
    may: ["supervisor", "dpo"],
  },
  "recording:read-tax-id": { where: "recording:list and recording:read decide how it is shown", may: ["dpo"] },
  "recording:find-tax-id": {
    where: "recording:list decides by which references it searches",
    may: ["supervisor", "dpo"],
  },
  "audit:seal": { where: "the sealer works in a statement of its own", may: ["job"] },
};

/** Who may call each route: people by their session, phone systems by their API key, jobs by the cron secret. */
export const mayCall: Record<string, readonly Principal[]> = {
  "GET /api/audit-log/export": ["dpo", "auditor"],
  // Whoever has an export may verify it: the key is public.
  "GET /api/audit-log/public-key": [...staff, "service", "anonymous"],
  "GET /api/cron/reconcile": ["job"],
  "GET /api/cron/retention": ["job"],
  "GET /api/cron/seal": ["job"],
  "GET /api/cron/store-scan": ["job"],
  // The grant decides, and each refusal is an event.
  "GET /api/playback/[grantId]": [...staff, "service", "anonymous"],
  "HEAD /api/playback/[grantId]": [...staff, "service", "anonymous"],
  "GET /api/receipts/deletion-orders/[orderId]": readers,
  "GET /api/receipts/recordings/[id]": readers,
  "GET /api/receipts/runs/[runId]": readers,
  "POST /api/recordings": ["admin", "service"],
  "POST /api/recordings/batch": ["admin", "service"],
  "POST /api/recordings/batch/complete": ["admin", "service"],
  "POST /api/recordings/due": ["admin", "service"],
  "GET /api/recordings/[id]": ["admin", "service"],
  "POST /api/recordings/[id]/complete": ["admin", "service"],
  "PUT /api/recordings/[id]/content": ["admin", "service"],
  "POST /api/recordings/[id]/download-grants": ["dpo"],
  "GET /api/recordings/[id]/parts": ["admin", "service"],
  "POST /api/recordings/[id]/parts": ["admin", "service"],
  "POST /api/recordings/[id]/playback-grants": ["supervisor", "dpo"],
  "POST /api/recordings/[id]/triggers": ["admin", "dpo", "service"],
};

/** Routes that authenticate nobody, and why. */
export const withoutAuthority: Record<string, string> = {
  "GET /api/auth/[...nextauth]": "the sign-in itself, which Next alone can serve",
  "POST /api/auth/[...nextauth]": "the sign-in itself, which Next alone can serve",
  "GET /api/health": "load balancers; says ok or not",
  "GET /api/openapi.json": "the description of the upload API",
  "GET /api/store/[...key]": "the signed link is the only authority",
  "HEAD /api/store/[...key]": "the signed link is the only authority",
  "PUT /api/store/[...key]": "the signed link is the only authority",
};

/** Who may open each page behind the sign-in, named as the folders of `app/(portal)`; the others get 403. */
export const mayOpen = {
  "/recordings": staff,
  "/recordings/[id]": staff,
  "/retention": staff,
  "/retention/policies": readers,
  "/retention/policies/presets": ["admin"],
  "/retention/policies/new": ["admin"],
  "/retention/policies/[policyId]": readers,
  "/retention/holds": staff,
  "/retention/holds/new": ["supervisor", "dpo"],
  "/retention/holds/[holdId]": staff,
  "/retention/holds/[holdId]/extend": ["supervisor", "dpo"],
  "/retention/approvals": readers,
  "/retention/deletion-orders": readers,
  "/retention/store-scan": readers,
  "/retention/store-scan/[findingId]": readers,
  "/retention/runs": readers,
  "/retention/runs/[runId]": readers,
  "/audit-log": ["dpo", "auditor"],
  "/users": ["admin", "auditor"],
  "/users/new": ["admin"],
  "/users/[userId]": ["admin", "auditor"],
  "/settings": staff,
  "/settings/password": staff,
  "/settings/units": staff,
  "/settings/service-accounts": ["admin", "auditor"],
  "/settings/storage": ["admin", "auditor"],
  "/settings/jobs": ["admin"],
} as const satisfies Record<string, readonly Principal[]>;
