import { dateMoment, realTimeFactorOf, tokensPerSecondOf } from '@tradewind/fleet'
import {
  type DeviceEvent,
  decode,
  type FigureName,
  type LeafName,
  type Refusal,
  type Sample,
  saidFigures,
  type Telemetry,
} from '@tradewind/protocol'
import type { IngestBatch, IngestEvent, IngestGroup } from '@tradewind/store'
import type { Device, Roster } from '../admission/roster'
import { unpack } from './unpack'

export const emptyGroup = (): IngestGroup => ({
  batches: [],
  events: [],
  presences: [],
  reports: [],
  reported: [],
  measured: [],
})

type DeviceLeaf = Exclude<LeafName, 'desired' | 'ask' | 'answer'>

/** Puts what a message says into the group that will be stored next; a refusal when it says nothing we understand. */
export function digest(
  group: IngestGroup,
  roster: Roster,
  device: Device,
  leaf: DeviceLeaf,
  payload: Uint8Array,
  receivedMs: number,
): Refusal | null {
  const { deviceId } = device
  switch (leaf) {
    case 'telemetry': {
      const unpacked = unpack(payload)
      const said = unpacked.ok ? decode(leaf, unpacked.value) : unpacked
      if (said.ok) group.batches.push(batchOf(device, said.value, receivedMs))
      return said.ok ? null : said.refusal
    }
    case 'event': {
      const said = decode(leaf, payload)
      if (said.ok) group.events.push(eventOf(deviceId, said.value, receivedMs))
      return said.ok ? null : said.refusal
    }
    case 'presence': {
      const said = decode(leaf, payload)
      if (said.ok) roster.hear(device, said.value)
      return said.ok ? null : said.refusal
    }
    case 'capability': {
      const said = decode(leaf, payload)
      if (said.ok) group.reports.push({ deviceId, report: said.value, receivedMs })
      return said.ok ? null : said.refusal
    }
    case 'reported': {
      const said = decode(leaf, payload)
      if (said.ok) group.reported.push({ deviceId, reported: said.value, receivedMs })
      return said.ok ? null : said.refusal
    }
    case 'measured': {
      const said = decode(leaf, payload)
      if (said.ok) group.measured.push({ deviceId, measured: said.value })
      return said.ok ? null : said.refusal
    }
  }
}

function batchOf(device: Device, { stream, boot, clock, samples, sent }: Telemetry, receivedMs: number): IngestBatch {
  return {
    device: device.num,
    stream,
    receivedMs,
    samples: samples.map((sample) => {
      const atMs = dateMoment({ boot, clock, mono: sample.mono, at: sample.at }, sent, receivedMs)
      return { seq: sample.seq, atMs, figures: figuresOf(sample), work: sample.work }
    }),
  }
}

/** What the sample says, and the speeds that follow from its work. */
function figuresOf(sample: Sample): Partial<Record<FigureName, number>> {
  const figures: Partial<Record<FigureName, number>> = {}
  for (const name of saidFigures) if (sample[name] !== undefined) figures[name] = sample[name]
  if (!sample.work) return figures
  const [tokensPerSecond, realTimeFactor] = [tokensPerSecondOf(sample.work), realTimeFactorOf(sample.work)]
  return {
    ...figures,
    ...(tokensPerSecond !== null && { tokensPerSecond }),
    ...(realTimeFactor !== null && { realTimeFactor }),
  }
}

function eventOf(deviceId: string, said: DeviceEvent, receivedMs: number): IngestEvent {
  const atMs = dateMoment(said, said.sent, receivedMs)
  return {
    id: `${deviceId}-${said.id}`,
    deviceId,
    source: 'device',
    code: said.code,
    atMs,
    receivedMs,
    detail: said.detail,
  }
}
