import { expect, test } from 'vitest'
import { engineMemory } from './engine-memory'

test('what nobody has mapped is held by nobody', async () => {
  expect(await engineMemory([])).toBeNull()
  expect(await engineMemory(['/models/that/are/not/there'])).toBeNull()
})

test.runIf(process.platform === 'linux')('who has a file mapped is found, and what they hold', async () => {
  // every Node has its own program mapped, this one too
  expect(await engineMemory([process.execPath])).toBeGreaterThan(1e6)
})
