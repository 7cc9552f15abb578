import type { Fact } from '@tradewind/protocol'
import type { Host } from '../host/host'
import { type Gaps, present, textOf } from './gaps'

type Accelerator = Fact<'accelerators'>[number]
type Holder = NonNullable<Accelerator['holders']>[number]

const holdersFact = 'accelerators.nvidia.holders'
const csv = '--format=csv,noheader,nounits'
const cards = ['--query-gpu=name,memory.total,memory.free,driver_version,uuid', csv]
const apps = ['--query-compute-apps=gpu_uuid,pid,process_name,used_memory', csv]

/** The cards, and which programs compute on each. Throws a `HostError`, `not-present` without the command. */
export async function readNvidia(host: Host, gaps: Gaps): Promise<Accelerator[]> {
  const lines = linesOf(await host.run('nvidia-smi', cards, { timeoutMs: 8_000 }))
  const holders = await gaps.part(holdersFact, () => readHolders(host, gaps))
  return lines.map((line) => {
    const [name = '', total = '', free = '', driver = '', uuid = ''] = line.split(',').map((field) => field.trim())
    return present({
      kind: 'nvidia' as const,
      name: textOf(name, 'nvidia-smi'),
      totalBytes: bytesOf(total),
      freeBytes: bytesOf(free),
      driver: textOf(driver, 'nvidia-smi driver_version'),
      holders: holders && gaps.atMost(8, holdersFact, holders.get(uuid) ?? []),
    })
  })
}

/**
 * `GPU-…, 4711, /usr/bin/python3, 23012` by card. Names of programs may hold commas, so a line is read from both ends.
 * Drivers may keep what a program holds to themselves: `[N/A]`, in Windows and for programs outside of a container.
 */
async function readHolders(host: Host, gaps: Gaps): Promise<Map<string, Holder[]>> {
  const holders = new Map<string, Holder[]>()
  for (const line of linesOf(await host.run('nvidia-smi', apps, { timeoutMs: 8_000 }))) {
    const [, uuid = '', path = '', used = ''] = /^([^,]*),[^,]*,(.*),([^,]*)$/.exec(line) ?? []
    const bytes = bytesOf(used.trim())
    if (bytes === undefined) {
      gaps.note(
        holdersFact,
        'unsupported',
        `nvidia-smi does not say how much a program holds: ${used.trim().slice(0, 40)}`,
      )
      continue
    }
    const name = textOf(path.replace(/^.*[/\\]/, ''), 'nvidia-smi process_name')
    holders.set(uuid.trim(), [...(holders.get(uuid.trim()) ?? []), { name, bytes }])
  }
  return holders
}

const linesOf = (text: string) => text.split('\n').filter((line) => line.trim() !== '')

/** Mebibytes; chips that share the host's memory say `[N/A]`. */
const bytesOf = (mebibytes: string) => (/^\d{1,9}$/.test(mebibytes) ? Number(mebibytes) * 1024 * 1024 : undefined)
