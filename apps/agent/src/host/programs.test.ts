import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Files, HostError } from './host'
import { programsOfProc, programsOfPs } from './programs'

/** A /proc of these programs, in pages of 16 KiB as on a Pi 5; this one is 1. */
function proc(programs: { pid: number; name: string; kibibytes: number }[]): Files {
  const all = [{ pid: 1, name: 'agent', kibibytes: 1e6 }, ...programs]
  const files = new Map<string, string>(
    all.flatMap(({ pid, name, kibibytes }) => {
      const resident = kibibytes > 0 ? `VmRSS:\t${kibibytes} kB\n` : ''
      const status = `Name:\t${name}\nUmask:\t0022\nPid:\t${pid}\n${resident}Threads:\t4\n`
      const statm = `99999 ${Math.ceil(kibibytes / 16)} 10 1 0 10 0\n`
      return [[`/proc/${pid}/status`, status] as const, [`/proc/${pid}/statm`, statm] as const]
    }),
  )
  files.set('/proc/self/status', files.get('/proc/1/status') ?? '')
  return {
    readFile: async (file) => files.get(file) ?? Promise.reject(new HostError('not-present', file)),
    readDir: async () => ['acpi', 'self', '4711', ...all.map(({ pid }) => String(pid))],
  }
}

describe('the largest programs of /proc', () => {
  it('are told by kilobytes, whatever a page is, without this one and without threads of the kernel', async () => {
    const files = proc([
      { pid: 2, name: 'kthreadd', kibibytes: 0 },
      { pid: 30, name: 'sh', kibibytes: 900 },
      { pid: 31, name: 'llama-server', kibibytes: 4_000_000 },
    ])
    expect(await programsOfProc(files)).toEqual([
      { name: 'llama-server', residentBytes: 4_096_000_000 },
      { name: 'sh', residentBytes: 921_600 },
    ])
  })

  it('are eight at most, and the names of others are not even read', async () => {
    const files = proc(
      Array.from({ length: 40 }, (_, i) => ({ pid: 100 + i, name: `p${i}`, kibibytes: 1000 + i * 100 })),
    )
    const read: string[] = []
    const readFile = (file: string) => {
      if (file.endsWith('/status')) read.push(file)
      return files.readFile(file)
    }
    const programs = await programsOfProc({ ...files, readFile })
    expect(programs.map(({ name }) => name)).toEqual(['p39', 'p38', 'p37', 'p36', 'p35', 'p34', 'p33', 'p32'])
    expect(read).toHaveLength(1 + 8)
  })

  it('are whatever can be understood of files that say anything', async () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('1 99 ', 'Name:\tx\nVmRSS:\t9 kB\n', 'Pid:\t1'),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(anything, { minLength: 1 }), async (texts) => {
        let turn = 0
        const readFile = async () => texts[turn++ % texts.length] ?? ''
        const programs = await programsOfProc({ readFile, readDir: async () => ['1', '2', '3', 'x', ''] })
        for (const { residentBytes } of programs) expect(residentBytes).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

describe('the largest programs by ps', () => {
  it('are named without their path, and this one is left out', async () => {
    const run = async () =>
      '  1  12000 /sbin/launchd\n 77 999999 node\n501 184320 /Applications/My App.app/Contents/MacOS/My App\n'
    expect(await programsOfPs({ run }, 77)).toEqual([
      { name: 'My App', residentBytes: 188_743_680 },
      { name: 'launchd', residentBytes: 12_288_000 },
    ])
  })

  it('that says no line of them is not taken for none', async () => {
    await expect(programsOfPs({ run: async () => 'usage: ps\n' }, 77)).rejects.toMatchObject({ code: 'garbled' })
  })
})
