const id = "01937d5c-7a10-7c3e-9a0b-6f2d4c1e8b55";

const ticketId = "01937d5c-7a12-7f01-8c4d-2b9e6a70d3f1";

/** Examples from one call, from the ticket request to `stored`. */
export const examples = {
  id,
  undelivered: {
    type: "message.undelivered",
    timestamp: "2026-03-02T17:08:40.000Z",
    data: { messageId: "019ca123-7a10-7c3e-9a0b-6f2d4c1e8b55", reason: "5.1.1 user unknown" },
  },
  request: {
    source: "central-sp",
    sourceCallId: "1732219200.4711",
    sourceRecordingId: "1732219200.4711-in.wav",
    unit: "suporte",
    queue: "internet",
    agent: "agente-1042",
    direction: "inbound",
    startedAt: "2026-03-02T14:05:31-03:00",
    customerNumber: "+5511900001042",
    protocol: "0020260302001042",
    announcementPlayed: "yes",
    announcementVersion: "v3",
    contentType: "audio/wav",
    sizeBytes: 180748,
    sha256: "523b9f459b4f56fa6c91aaef13a7c217c97e418b04369e43524eb870a0fea728",
  },
  ticket: {
    id,
    state: "pending",
    upload: {
      kind: "single",
      ticketId,
      method: "PUT",
      url:
        `https://gravacoes.empresa.example/api/store/recordings/${id}?operation=put` +
        `&expires=1772471731&size=180748&signature=c2lnbmF0dXJl`,
      headers: { "content-type": "audio/wav" },
      expiresAt: "2026-03-02T17:20:31.000Z",
    },
  },
  partsTicket: {
    id,
    state: "pending",
    upload: {
      kind: "multipart",
      ticketId,
      partSizeBytes: 16777216,
      partCount: 40,
      expiresAt: "2026-03-03T17:05:31.000Z",
    },
  },
  contentTicket: {
    id,
    state: "pending",
    upload: {
      kind: "content",
      ticketId,
      method: "PUT",
      url: `https://gravacoes.empresa.example/api/recordings/${id}/content`,
      headers: { "content-type": "audio/wav" },
      expiresAt: "2026-03-03T17:05:31.000Z",
    },
  },
  part: {
    ticketId,
    partNumber: 3,
    sizeBytes: 16777216,
    sha256: "523b9f459b4f56fa6c91aaef13a7c217c97e418b04369e43524eb870a0fea728",
  },
  signedPart: {
    partNumber: 3,
    upload: {
      method: "PUT",
      url:
        `https://gravacoes.s3.sa-east-1.amazonaws.com/recordings/${id}?partNumber=3&uploadId=VXBsb2Fk` +
        `&X-Amz-Expires=900&X-Amz-Signature=9f2c`,
      headers: { "x-amz-checksum-sha256": "UjufRZtPVvpskaruE6fCF8l+QYsENp5DUk64cKD+pyg=" },
      expiresAt: "2026-03-02T17:20:31.000Z",
    },
  },
  parts: {
    partSizeBytes: 16777216,
    partCount: 40,
    parts: [
      { partNumber: 1, sizeBytes: 16777216 },
      { partNumber: 2, sizeBytes: 16777216 },
    ],
  },
  alreadyStored: { id, state: "stored", upload: null },
  arrivals: {
    arrivals: [{ unit: "suporte", direction: "inbound", startedAt: "2019-03-04T10:15:00-03:00", recordings: 12 }],
  },
  dueOnArrival: { due: [{ policy: "Atendimento", recordings: 12 }], future: 0 },
  trigger: { kind: "contract_end", occurredAt: "2026-11-20T10:00:00-03:00" },
  dates: { id, retainUntil: "2031-11-21T03:00:00.000Z", minimumUntil: null, minimumKept: false },
  completion: { ticketId, etag: "9b2cf535f27731c974343645a3985328" },
  completed: { id, state: "stored" },
  state: {
    id,
    state: "stored",
    source: "central-sp",
    sourceCallId: "1732219200.4711",
    sourceRecordingId: "1732219200.4711-in.wav",
    sha256: "523b9f459b4f56fa6c91aaef13a7c217c97e418b04369e43524eb870a0fea728",
    storedAt: "2026-03-02T17:06:02.114Z",
    rejectionCode: null,
    isEmpty: false,
    rejectionForm: null,
  },
} as const;
