import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { wirePage } from '@tradewind/protocol'
import { expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '..')
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')
const pages = [
  'README.md',
  'AGENTS.md',
  'CHANGELOG.md',
  ...readdirSync(path.join(root, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
]

test('docs/wire.md is what the topic table says', () => {
  expect(read('docs/wire.md')).toBe(wirePage())
})

test.each(pages)('%s links to nothing that is not there', (page) => {
  const targets = [...read(page).matchAll(/\]\(([^)#\s]+)/g)].map(([, target = '']) => target)
  for (const target of targets.filter((target) => !/^https?:/.test(target)))
    expect(statSync(path.join(root, path.dirname(page), target)).isFile(), target).toBe(true)
})

test('every setting is in the operator’s guide, and none that is not', () => {
  const sources = ['apps/hub/src/env.ts', 'apps/agent/src/env.ts', 'apps/cli/src/up/up.ts'].map(read).join('\n')
  const known = new Set(sources.match(/TRADEWIND_[A-Z_]+/g))
  const told = new Set(read('docs/operating.md').match(/TRADEWIND_[A-Z_]+/g))
  expect([...told].sort()).toEqual([...known].sort())
})
