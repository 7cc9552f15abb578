import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Host, maxFileBytes } from './host'
import { localHost } from './local'

let folder: string
let host: Host
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tradewind-host-'))
  host = localHost(folder)
})
afterEach(() => rm(folder, { recursive: true }))

describe('files', () => {
  it('are read whole up to the bound, and not beyond', async () => {
    await writeFile(path.join(folder, 'full'), 'x'.repeat(maxFileBytes))
    await writeFile(path.join(folder, 'over'), 'x'.repeat(maxFileBytes + 1))
    expect((await host.readFile(path.join(folder, 'full'))).length).toBe(maxFileBytes)
    await expect(host.readFile(path.join(folder, 'over'))).rejects.toMatchObject({ code: 'too-large' })
  })

  it('that claim to be empty are read to their end', async () => {
    if (process.platform !== 'linux') return
    expect(await host.readFile('/proc/meminfo')).toMatch(/^MemTotal:/)
  })

  it('that are absent, or no files, say so with their path', async () => {
    const absent = path.join(folder, 'absent')
    await expect(host.readFile(absent)).rejects.toMatchObject({ code: 'not-present', message: `${absent}: ENOENT` })
    await expect(host.readDir(absent)).rejects.toMatchObject({ code: 'not-present' })
    await expect(host.readFile(folder)).rejects.toMatchObject({ code: 'failed', message: `${folder}: EISDIR` })
  })

  it('of a folder come sorted', async () => {
    for (const name of ['c', 'a', 'b']) await writeFile(path.join(folder, name), '')
    expect(await host.readDir(folder)).toEqual(['a', 'b', 'c'])
  })
})

describe('commands', () => {
  const node = (script: string, timeoutMs = 10_000) => host.run(process.execPath, ['-e', script], { timeoutMs })

  it('give what they print', async () => {
    expect(await node('console.log(6 * 7)')).toBe('42\n')
  })

  it('that hang are killed', async () => {
    const pidFile = path.join(folder, 'pid')
    const hang = `require('fs').writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); setInterval(() => {}, 1000)`
    await expect(node(hang, 1_000)).rejects.toMatchObject({ code: 'timed-out' })
    const pid = Number(await host.readFile(pidFile))
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })

  it('that print without end are stopped', async () => {
    const flood =
      "process.stdout.on('error', () => process.exit()); setInterval(() => process.stdout.write('x'.repeat(65536)), 0)"
    await expect(node(flood)).rejects.toMatchObject({ code: 'too-large' })
  })

  it('that fail or do not exist say so', async () => {
    await expect(node('process.exit(3)')).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringContaining('exit 3'),
    })
    await expect(host.run('no-such-command', [], { timeoutMs: 1000 })).rejects.toMatchObject({ code: 'not-present' })
  })
})

describe('this host', () => {
  it('resolves links to its data', async () => {
    await mkdir(path.join(folder, 'real'))
    await symlink(path.join(folder, 'real'), path.join(folder, 'link'))
    expect(localHost(path.join(folder, 'link')).dataDir).toBe(path.join(host.dataDir, 'real'))
  })

  it('knows the bytes of its filesystem, and refuses a folder that is not there', async () => {
    const { totalBytes, freeBytes } = await host.statFilesystem(folder)
    expect(totalBytes).toBeGreaterThan(freeBytes)
    await expect(host.statFilesystem(path.join(folder, 'absent'))).rejects.toMatchObject({ code: 'not-present' })
  })

  it('has a clock that only rises, and one boot', async () => {
    const before = host.uptimeMs()
    await new Promise((done) => setTimeout(done, 30))
    expect(host.uptimeMs() - before).toBeGreaterThanOrEqual(10)
    expect(host.bootId()).toMatch(/^[0-9a-f-]{36}$/)
    if (process.platform === 'linux') expect(localHost(folder).bootId()).toBe(host.bootId())
  })

  it('has an inventory for what its files do not say', async () => {
    expect((await host.inventory('mem')).total).toBeGreaterThan(0)
  })
})
