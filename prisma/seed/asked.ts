import { parseArgs } from 'node:util'
import { badCanary } from './stories/bad-canary'
import { brownout } from './stories/brownout'
import { heatwave } from './stories/heatwave'
import type { Story } from './story'

export const stories: Record<string, Story> = { brownout, heatwave, 'bad-canary': badCanary }

const usage = `usage: npm run seed -- --data DIR [--devices 40] [--days 14] [--story ${Object.keys(stories).join('|')}] [--seed 1]
       npm run seed -- --data DIR --live`

/** What the command line asks for; the program ends with the usage where that cannot be. */
export function readAsked() {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      devices: { type: 'string', default: '40' },
      days: { type: 'string', default: '14' },
      story: { type: 'string' },
      seed: { type: 'string', default: '1' },
      live: { type: 'boolean', default: false },
    },
  })
  const { data, story = null } = values
  const [devices, days, seed] = [Number(values.devices), Number(values.days), Number(values.seed)]
  const isWhole = (value: number, most: number) => Number.isInteger(value) && value >= 1 && value <= most
  if (!data || !isWhole(devices, 100_000) || !isWhole(days, 365) || !Number.isInteger(seed)) give(usage)
  if (story !== null && !stories[story]) give(usage)
  return { data, devices, days, seed, story, isLive: values.live }
}

export function give(why: string): never {
  console.error(why)
  process.exit(2)
}
