import { deflateRawSync } from 'node:zlib'
import { pack } from '@tradewind/agent/link/pack'
import { encode, maxMessageBytes, type Telemetry } from '@tradewind/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { unpack } from './unpack'

/** A minute of a device that does little. */
const minute: Telemetry = {
  stream: '4be1d0a93c57f286',
  boot: 'd7bcceb3-fec1-4da5-9c8b-7d41d2a1f0aa',
  clock: 'hub',
  samples: [0, 1, 2, 3, 4, 5].map((i) => ({
    seq: 8640 + i,
    mono: 12_345_678 + i * 10_123,
    at: 1_795_500_000_000 + i * 10_123,
    cpuBusy: [0.012, 0.015, 0.011, 0.029, 0.008, 0.013][i],
    load1: 0.13,
    memAvailableBytes: 6_454_052_454 + i * 77_824,
    swapUsedBytes: 0,
    temperatureC: 54.3,
    diskFreeBytes: 82_345_234_432,
    diskReadBps: 0,
    diskWriteBps: 12_288 - i * 511,
    netRxBps: 1834 + i * 97,
    netTxBps: 923 + i * 41,
    agentRssBytes: 69_992_832,
  })),
  sent: { boot: 'd7bcceb3-fec1-4da5-9c8b-7d41d2a1f0aa', mono: 12_400_000, at: 1_795_500_060_000 },
}

function bytesOf(message: Telemetry): Uint8Array {
  const encoded = encode('telemetry', message)
  if (!encoded.ok) throw new Error(encoded.refusal.where)
  return encoded.value
}

const same = (bytes: Uint8Array) => {
  const unpacked = unpack(pack(bytes))
  return unpacked.ok && Buffer.from(unpacked.value).equals(bytes)
}

describe('a packed message', () => {
  test('is the message again', () => {
    expect(same(bytesOf(minute))).toBe(true)
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1024, maxLength: 4096 }), (text) =>
        same(new TextEncoder().encode(`{${text}`)),
      ),
    )
  })

  test('takes less than a sixth of the bytes, for the samples of a minute', () => {
    const bytes = bytesOf(minute)
    expect(pack(bytes).byteLength).toBeLessThan(bytes.byteLength / 6)
  })

  test('stays as it is when it is small', () => {
    const live = bytesOf({ ...minute, samples: minute.samples.slice(0, 1) })
    expect(pack(live)).toBe(live)
    expect(unpack(live)).toEqual({ ok: true, value: live })
  })

  test('that swells beyond any message is refused before it does', () => {
    const bomb = Buffer.concat([Buffer.of(1), deflateRawSync(Buffer.alloc(100 * maxMessageBytes, 'x'))])
    expect(unpack(bomb)).toMatchObject({ ok: false, refusal: { code: 'too-large' } })
  })

  test('that is damaged is refused, or read as what it says now: nothing throws', () => {
    const packed = Buffer.from(pack(bytesOf(minute)))
    expect(unpack(packed.subarray(0, 40))).toMatchObject({ ok: false, refusal: { code: 'not-json' } })
    fc.assert(
      fc.property(fc.nat({ max: packed.length - 1 }), fc.uint8Array({ maxLength: 20 }), (at, noise) => {
        const read = unpack(Buffer.concat([Buffer.of(1), noise, packed.subarray(at)]))
        return read.ok || ['not-json', 'too-large'].includes(read.refusal.code)
      }),
    )
  })
})
