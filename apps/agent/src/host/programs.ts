import { type Commands, type Files, HostError, type Program } from './host'

const mostPrograms = 8

/**
 * The largest programs of a host with /proc. `statm` counts pages, whose size nobody tells (a Pi 5 has 16 KiB): it only
 * says which are large, and `status` of those how much they hold. Android shows an app no programs but its own.
 */
export async function programsOfProc(files: Files): Promise<Program[]> {
  const own = /^Pid:\s+(\d+)$/m.exec(await files.readFile('/proc/self/status'))?.[1]
  const pids = (await files.readDir('/proc')).filter((name) => /^\d{1,7}$/.test(name) && name !== own)
  const sizes = await Promise.all(pids.map(async (pid) => ({ pid, pages: await residentPages(files, pid) })))
  const large = sizes.filter(({ pages }) => pages > 0).sort((a, b) => b.pages - a.pages)
  const programs = large.slice(0, mostPrograms).map(({ pid }) => readProgram(files, pid))
  return largestOf((await Promise.all(programs)).flatMap((program) => program ?? []))
}

/** 0 for what has ended meanwhile, and for threads of the kernel, which hold nothing. */
async function residentPages(files: Files, pid: string): Promise<number> {
  const text = await files.readFile(`/proc/${pid}/statm`).catch(() => '')
  return Number(/^\d+ (\d{1,12}) /.exec(text)?.[1] ?? 0)
}

async function readProgram(files: Files, pid: string): Promise<Program | undefined> {
  const text = await files.readFile(`/proc/${pid}/status`).catch(() => '')
  const [name, kibibytes] = [/^Name:\t(.*)$/m.exec(text)?.[1], /^VmRSS:\s+(\d{1,12}) kB$/m.exec(text)?.[1]]
  return name && kibibytes ? { name, residentBytes: Number(kibibytes) * 1024 } : undefined
}

/** ` 4231 184320 /Applications/Safari.app/Contents/MacOS/Safari`: the resident size in KiB. */
export async function programsOfPs({ run }: Commands, ownPid: number): Promise<Program[]> {
  const text = await run('ps', ['-axo', 'pid=,rss=,comm='], { timeoutMs: 5_000 })
  const lines = [...text.matchAll(/^ *(\d+) +(\d{1,12}) +(\S.*?) *$/gm)]
  if (lines.length === 0) throw new HostError('garbled', 'ps: no program')
  const programs = lines
    .filter(([, pid]) => Number(pid) !== ownPid)
    .map(([, , kibibytes, path = '']) => ({
      name: path.slice(path.lastIndexOf('/') + 1),
      residentBytes: Number(kibibytes) * 1024,
    }))
  return largestOf(programs).slice(0, mostPrograms)
}

const largestOf = (programs: Program[]) => programs.sort((a, b) => b.residentBytes - a.residentBytes)
