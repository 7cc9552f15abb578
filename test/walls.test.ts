import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { testFolder } from '@tradewind/testkit'
import { describe, expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '..')

/** What the linter, with our rules, says of a file with this text at this place. */
function lint(place: string, text: string): string {
  const house = testFolder('walls')
  const { vcs: _, ...rules } = JSON.parse(readFileSync(path.join(root, 'biome.json'), 'utf8'))
  writeFileSync(path.join(house, 'biome.json'), JSON.stringify({ ...rules, $schema: undefined }))
  cpSync(path.join(root, 'tools/lint'), path.join(house, 'tools/lint'), { recursive: true })
  mkdirSync(path.dirname(path.join(house, place)), { recursive: true })
  writeFileSync(path.join(house, place), text)
  const run = spawnSync(path.join(root, 'node_modules/.bin/biome'), ['lint', '.'], { cwd: house, encoding: 'utf8' })
  expect(run.stdout + run.stderr).toContain('Checked')
  return run.stdout + run.stderr
}

describe('the walls between the rooms', () => {
  test.each([
    [
      'packages/protocol/src/x.ts',
      "import { readFileSync } from 'node:fs'\nexport const x = readFileSync",
      'noRestrictedImports',
    ],
    [
      'packages/protocol/src/x.ts',
      "import { syncOf } from '@tradewind/fleet'\nexport const x = syncOf",
      'noRestrictedImports',
    ],
    ['packages/fleet/src/x.ts', "import { hostname } from 'node:os'\nexport const x = hostname", 'noRestrictedImports'],
    ['packages/fleet/src/x.ts', "import { z } from 'zod'\nexport const x = z", 'noRestrictedImports'],
    ['packages/fleet/src/x.ts', 'export const x = () => Date.now()', 'noRestrictedGlobals'],
    ['packages/fleet/src/x.ts', 'export const x = () => performance.now()', 'noRestrictedGlobals'],
    ['packages/fleet/src/x.ts', 'export const x = () => Math.random()', 'no randomness'],
    [
      'packages/store/src/x.ts',
      "import { startHub } from '@tradewind/hub/hub'\nexport const x = startHub",
      'noRestrictedImports',
    ],
    [
      'packages/artifacts/src/x.ts',
      "import { startAgent } from '@tradewind/agent'\nexport const x = startAgent",
      'noRestrictedImports',
    ],
    [
      'apps/agent/src/x.ts',
      "import { openStore } from '@tradewind/store'\nexport const x = openStore",
      'noRestrictedImports',
    ],
    [
      'apps/hub/src/x.ts',
      "import { startAgent } from '@tradewind/agent'\nexport const x = startAgent",
      'noRestrictedImports',
    ],
    ['apps/hub/src/x.ts', "import Database from 'better-sqlite3'\nexport const x = Database", 'noRestrictedImports'],
    [
      'apps/dashboard/src/x.ts',
      "import { PrismaClient } from '@prisma/client'\nexport const x = PrismaClient",
      'noRestrictedImports',
    ],
    [
      'apps/dashboard/src/x.ts',
      "import { testHub } from '@tradewind/testkit'\nexport const x = testHub",
      'noRestrictedImports',
    ],
    [
      'apps/cli/src/x.ts',
      "import { openStore } from '@tradewind/store'\nexport const x = openStore",
      'noRestrictedImports',
    ],
  ])('%s may not: %s', (place, text, rule) => {
    expect(lint(place, text)).toContain(rule)
  })

  test.each([
    [
      'packages/fleet/src/x.ts',
      "import type { Facts } from '@tradewind/protocol'\nexport const x = (facts: Facts) => facts\n",
    ],
    ['apps/hub/src/x.ts', "import { openStore } from '@tradewind/store'\n\nexport const x = openStore\n"],
    [
      'apps/cli/src/x.ts',
      "import type { DeviceRow } from '@tradewind/store/model'\n\nexport const x = (row: DeviceRow) => row\n",
    ],
    ['apps/cli/src/models/x.ts', "import { decide } from '@tradewind/fleet'\n\nexport const x = decide\n"],
    ['apps/cli/src/up/x.ts', "import { openStore } from '@tradewind/store'\n\nexport const x = openStore\n"],
  ])('%s may: %s', (place, text) => {
    expect(lint(place, text)).not.toContain('noRestricted')
  })
})
