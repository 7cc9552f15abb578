import { readFileSync } from 'node:fs'
import path from 'node:path'
import { catalogueFaults, extendCatalogue, gemma4, refusalCodes } from '@tradewind/fleet'
import { CatalogueFile } from '@tradewind/protocol'
import { expect, test } from 'vitest'

const page = readFileSync(path.join(import.meta.dirname, '../../docs/placement.md'), 'utf8')

test.each(refusalCodes)('the operators’ page says what helps against %s', (code) => {
  expect(page).toContain(`\`${code}\``)
})

test('its example extends the catalogue', () => {
  const [, example = ''] = /```json\n([\s\S]*?)```/.exec(page) ?? []
  const file = CatalogueFile.parse(JSON.parse(example))
  expect(catalogueFaults(extendCatalogue(gemma4, file))).toEqual([])
})
