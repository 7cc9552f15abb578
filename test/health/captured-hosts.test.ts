import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { capturedHost } from '@tradewind/agent/host/captured'
import { probeAll } from '@tradewind/agent/probe/probe'
import { Sampler } from '@tradewind/agent/sample/sampler'
import { explainProblem, healthPage, problemsOf } from '@tradewind/fleet'
import { expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '../..')
const hosts = path.join(root, 'test/fixtures/hosts')
const nowMs = Date.UTC(2026, 10, 24, 12)

/** What a person reads of a host that has been probed and sampled once, the most urgent first. */
async function seenOf(name: string): Promise<string[]> {
  const host = await capturedHost(path.join(hosts, name))
  const { facts, unreadable } = await probeAll(host, '0.1.0', nowMs, 500)
  const sample = await new Sampler(host, 500).sample()
  const report = { atMs: nowMs, facts, unreadable }
  const problems = problemsOf({ nowMs, previous: [], report, samples: [{ atMs: nowMs, ...sample }] })
  return problems.map((problem) => `${problem.severity}: ${explainProblem(problem).title}`)
}

/** What a person sees of every host in test/fixtures/hosts, by the numbers in its files. */
const seen: Record<string, string[]> = {
  'android-12gb-termux': ['notice: Cannot read: thermal'],
  hostile: ['critical: 0 MiB of disk are left', 'warning: Cannot read: cpu'],
  'laptop-16gb': [],
  'macbook-air-m2': [],
  'pi-5-16gb': [
    'warning: 80.5 °C, of at most 85.0 °C',
    'warning: The soft temperature limit is reached',
    'notice: The processor was throttled since the last boot',
    'notice: The frequency was capped since the last boot',
  ],
  'pi-5-4gb': [
    'critical: The power supply is too weak',
    'warning: The 5 V input has 4.62 V',
    'warning: The processor is throttled',
  ],
  'pi-5-8gb': [],
  rtx4090: [],
  rtx4090x2: [],
  'this-kind-of-vm': [],
}

test.each(readdirSync(hosts))('%s', async (name) => {
  expect(await seenOf(name)).toEqual(seen[name])
})

test('docs/health.md is what the scales and their prose say', () => {
  expect(readFileSync(path.join(root, 'docs/health.md'), 'utf8')).toBe(healthPage())
})
