import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { capturedHost } from '@tradewind/agent/host/captured'
import { probeAll } from '@tradewind/agent/probe/probe'
import { type CapabilityReport, decode } from '@tradewind/protocol'
import { testFolder } from '@tradewind/testkit'
import { describe, expect, test } from 'vitest'

const script = path.resolve(import.meta.dirname, '../apps/agent/dist/main.js')

type Outcome = { code: number; stdout: string; stderr: string }

/** The built agent with a data folder that does not exist yet. */
function run(data: string, ...args: string[]): Promise<Outcome> {
  if (!existsSync(script)) throw new Error(`${script} is not built: npm run build`)
  const env = { ...process.env, TRADEWIND_AGENT_DATA: data, TRADEWIND_MEASURE: 'never' }
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    )
  })
}

const newData = () => path.join(testFolder('agent'), 'data')

async function probed(data: string): Promise<CapabilityReport> {
  const { stdout } = await run(data, 'probe', '--json')
  const decoded = decode('capability', Buffer.from(JSON.stringify({ v: 1, ...JSON.parse(stdout) })))
  if (!decoded.ok) throw new Error(`refused at ${decoded.refusal.where}`)
  return decoded.value
}

/** What does not change from one second to the next, and names nobody. */
const lasting = ({ deviceClass, facts, unreadable }: CapabilityReport) => ({
  deviceClass,
  cpu: facts.cpu,
  os: facts.os,
  totals: [facts.memory?.totalBytes, facts.storage?.totalBytes, facts.storage?.kind, facts.storage?.filesystem],
  links: facts.network?.interfaces.map(({ kind, addresses }) => [kind, addresses.length]),
  accelerators: facts.accelerators?.map(({ name }) => name),
  unreadable: unreadable.map(({ fact, code }) => `${fact} ${code}`).sort(),
})

describe('tradewind-agent probe', () => {
  test('tells a person what this machine is, and leaves nothing on it', async () => {
    const data = newData()
    const { code, stdout, stderr } = await run(data, 'probe')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    for (const title of ['CPU', 'Memory', 'Storage', 'System', 'Network'])
      expect(stdout).toMatch(RegExp(`^  ${title} `, 'm'))
    expect(stdout).toMatch(/^Could not be read:\n {2}\S+: .+ \(.+\)$/m)
    expect(existsSync(data)).toBe(false)
  })

  test('says the same with --json, as the wire takes it', async () => {
    const report = await probed(newData())
    expect(report.facts.cpu?.logicalCores).toBeGreaterThan(0)
    expect(report.unreadable).toContainEqual(
      expect.objectContaining({ fact: 'memory.bandwidthBytesPerSecond', code: 'not-present' }),
    )
  })
})

describe('tradewind-agent capture', () => {
  test('writes a folder that gives the same report as this machine', async () => {
    const [data, folder] = [newData(), path.join(testFolder('capture'), 'host')]
    const { code, stdout } = await run(data, 'capture', folder)
    expect(code).toBe(0)
    const replayed = await probeAll(await capturedHost(folder), '0.1.0', Date.now())
    expect(stdout).toBe(`${folder} replays this host; ${replayed.unreadable.length} things could not be read\n`)
    expect(lasting(replayed)).toEqual(lasting(await probed(data)))
    expect(replayed.facts.network?.hostname).toBe('host')
    expect(existsSync(data)).toBe(false)
  })

  test('goes into no folder that holds something', async () => {
    const folder = path.join(testFolder('capture'), 'host')
    mkdirSync(folder)
    writeFileSync(path.join(folder, 'mine'), 'precious')
    const { code, stderr } = await run(newData(), 'capture', folder)
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `error folder-not-empty: ${folder} is not empty\n  Name a folder that does not exist yet.\n`,
    })
    expect(readFileSync(path.join(folder, 'mine'), 'utf8')).toBe('precious')
  })
})
