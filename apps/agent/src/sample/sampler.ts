import { figures, type SaidFigure, saidFigures } from '@tradewind/protocol'
import { type Host, hasProc, within } from '../host/host'
import { parseMeminfo } from '../host/meminfo'
import { hottest } from '../host/thermal-zones'
import { type Counters, riseOf } from './counters'
import { parseDiskstats, parseLoad1, parseNetDev, parseStat } from './proc'

export type Figures = Partial<Record<SaidFigure, number>>

/** More digits than these mean nothing, and cost their bytes on every uplink. */
const decimals: Figures = { cpuBusy: 3, temperatureC: 1, diskReadBps: 0, diskWriteBps: 0, netRxBps: 0, netTxBps: 0 }

function rounded(name: SaidFigure, value: number): number {
  const places = decimals[name]
  return places === undefined ? value : Number(value.toFixed(places))
}

/** A figure or two that are read together. */
type Reading = () => Promise<Figures>

/** Takes samples of the host. Starts no process and keeps nothing but the counters of the sample before. */
export class Sampler {
  readonly #readings: [string, Reading][]
  readonly #unanswered = new Set<string>()
  readonly #before = new Map<string, Counters>()

  /** A host that does not answer for `limitMs` costs the figures that wait for it. */
  constructor(
    private readonly host: Host,
    private readonly limitMs = 2_000,
  ) {
    this.#readings = Object.entries(hasProc(host) ? this.#procReadings() : this.#systemReadings())
  }

  /** What can be read now. Shares and rates are since the sample before, so the first has none. Never throws. */
  async sample(): Promise<Figures> {
    const read: Figures = Object.assign({}, ...(await Promise.all(this.#readings.map((one) => this.#read(one)))))
    const known = saidFigures.filter((name) => figures[name].safeParse(read[name]).success)
    return Object.fromEntries(known.map((name) => [name, rounded(name, read[name] as number)]))
  }

  /** A reading that hangs holds a thread of Node's pool: it is not started again until it has answered. */
  async #read([name, reading]: [string, Reading]): Promise<Figures> {
    if (this.#unanswered.has(name)) return {}
    this.#unanswered.add(name)
    const answer = reading().finally(() => this.#unanswered.delete(name))
    return within(this.limitMs, name, answer).catch(() => ({}))
  }

  #procReadings(): Record<string, Reading> {
    const { host } = this
    return {
      cpu: async () => shareOf(this.#rise('cpu', parseStat(await host.readFile('/proc/stat')))),
      load: async () => ({ load1: parseLoad1(await host.readFile('/proc/loadavg')) }),
      memory: async () => memoryOf(parseMeminfo(await host.readFile('/proc/meminfo'))),
      temperature: async () => ({ temperatureC: await hottest(host) }),
      disks: async () => {
        const rise = this.#rise('disks', parseDiskstats(await host.readFile('/proc/diskstats')))
        return { diskReadBps: perSecond(rise, 0), diskWriteBps: perSecond(rise, 1) }
      },
      network: async () => {
        const rise = this.#rise('network', parseNetDev(await host.readFile('/proc/net/dev')))
        return { netRxBps: perSecond(rise, 0), netTxBps: perSecond(rise, 1) }
      },
      ...this.#commonReadings(),
    }
  }

  #systemReadings(): Record<string, Reading> {
    return {
      vitals: async () => {
        const { cpuMs, ...read } = this.host.vitals()
        const counters = new Map(cpuMs ? [['cpu', [cpuMs.busy, cpuMs.idle]]] : [])
        return { ...read, ...shareOf(this.#rise('cpu', counters)) }
      },
      ...this.#commonReadings(),
    }
  }

  #commonReadings(): Record<string, Reading> {
    const { host } = this
    return {
      disk: async () => ({ diskFreeBytes: (await host.statFilesystem(host.dataDir)).freeBytes }),
      agent: async () => ({ agentRssBytes: host.agentRssBytes() }),
    }
  }

  #rise(source: string, byDevice: Counters['byDevice']) {
    const now = { atMs: this.host.uptimeMs(), byDevice }
    const rise = riseOf(this.#before.get(source), now)
    this.#before.set(source, now)
    return rise
  }
}

type Rise = ReturnType<typeof riseOf>

const perSecond = (rise: Rise, place: number) => rise && ((rise.sums[place] ?? Number.NaN) * 1000) / rise.ms

function shareOf(rise: Rise): Figures {
  const [busy = 0, idle = 0] = rise?.sums ?? []
  return busy + idle > 0 ? { cpuBusy: busy / (busy + idle) } : {}
}

function memoryOf(bytes: Map<string, number>): Figures {
  const [total, free] = [bytes.get('SwapTotal'), bytes.get('SwapFree')]
  return {
    memAvailableBytes: bytes.get('MemAvailable'),
    swapUsedBytes: total === undefined || free === undefined ? undefined : total - free,
  }
}
