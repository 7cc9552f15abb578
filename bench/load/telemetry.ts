const seqs = new Map<string, number>()

/** The next message of a stream: one realistic sample, as an agent sends it while somebody watches, about 460 bytes. */
export function telemetryOf(stream: string): string {
  const seq = (seqs.get(stream) ?? 0) + 1
  seqs.set(stream, seq)
  const mono = Math.round(performance.now())
  const sample = {
    seq,
    mono,
    at: Date.now(),
    cpuBusy: 0.2323,
    load1: 0.59,
    memAvailableBytes: 6_454_052_454,
    swapUsedBytes: 0,
    temperatureC: 54.3,
    diskFreeBytes: 82_345_234_432,
    diskReadBps: 0,
    diskWriteBps: 12_288,
    netRxBps: 1_834.5,
    netTxBps: 923.1,
    agentRssBytes: 79_992_832,
  }
  const sent = { boot: 'd7bcceb3-fec1-4da5', mono, at: Date.now() }
  return JSON.stringify({ v: 1, stream, boot: sent.boot, clock: 'hub', samples: [sample], sent })
}

/** The sequence number of the last message of a stream. */
export const seqOf = (stream: string) => seqs.get(stream) ?? 0
