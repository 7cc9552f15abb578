import type { Facts } from '@tradewind/protocol'
import { describe, expect, test } from 'vitest'
import type { Serving } from './device'
import { poolsOf } from './pools'

const GB = 1e9
const os = (platform: 'linux' | 'android' | 'darwin') => ({ platform, name: platform, kernel: '1' })
const pi = { model: 'Raspberry Pi 5 Model B Rev 1.0' }
const card = (totalGB: number, freeGB?: number, kind: 'nvidia' | 'amd' = 'nvidia') => ({
  kind,
  name: 'a card',
  totalBytes: totalGB * GB,
  ...(freeGB === undefined ? {} : { freeBytes: freeGB * GB }),
})

describe('what a model may take', () => {
  test.each<[string, Facts, string[], Serving?]>([
    ['nothing known', {}, []],
    ['a Pi that tells only its total', { memory: { totalBytes: 8.45 * GB }, board: pi }, ['memory 7.60']],
    [
      'the same when less is free',
      { memory: { totalBytes: 8.45 * GB, availableBytes: 5 * GB }, board: pi },
      ['memory 4.75'],
    ],
    [
      'a Pi with next to nothing free',
      { memory: { totalBytes: 4 * GB, availableBytes: 0.1 * GB }, board: pi },
      ['memory 0.00'],
    ],
    ['a phone with 8 GB', { memory: { totalBytes: 8 * GB }, os: os('android') }, ['memory 4.00']],
    ['a phone with 12 GB', { memory: { totalBytes: 12 * GB }, os: os('android') }, ['memory 6.60']],
    ['a Mac', { memory: { totalBytes: 16 * GB }, os: os('darwin') }, ['unified 11.52']],
    ['a server', { memory: { totalBytes: 32 * GB }, os: os('linux') }, ['memory 28.80']],
    ['a small server', { memory: { totalBytes: 4 * GB }, os: os('linux') }, ['memory 3.00']],
    [
      'a card, and nothing beside it',
      { memory: { totalBytes: 64 * GB }, accelerators: [card(24, 23)] },
      ['1 card 22.70'],
    ],
    ['a card that tells only its total', { accelerators: [card(24)] }, ['1 card 23.20']],
    [
      'two cards, the best of them first',
      { accelerators: [card(24, 10), card(24, 23)] },
      ['1 card 22.70', '2 cards 32.40'],
    ],
    ['cards of two makers', { accelerators: [card(24, 23), card(16, 15, 'amd')] }, ['1 card 22.70']],
    [
      'a card for a screen',
      { memory: { totalBytes: 32 * GB }, accelerators: [card(2, 1.8)] },
      ['1 card 1.50', 'memory 28.80'],
    ],
    [
      'a GPU without memory of its own',
      { memory: { totalBytes: 16 * GB }, accelerators: [{ kind: 'intel', name: 'x' }] },
      ['memory 14.40'],
    ],
    [
      'what its own engine holds',
      { memory: { totalBytes: 16 * GB, availableBytes: 3 * GB } },
      ['memory 8.75'],
      { build: 'x', memoryBytes: 6 * GB },
    ],
    [
      'a card that its own engine holds',
      { accelerators: [card(24, 3)] },
      ['1 card 22.70'],
      { build: 'x', cardBytes: 20 * GB },
    ],
  ])('of %s', (_, facts, expected, serving) => {
    const pools = poolsOf({ deviceClass: 'v1:0000000000000000', facts, serving })
    const said = pools.map(({ kind, cards, usableBytes }) => {
      const place = kind === 'cards' ? `${cards} ${cards === 1 ? 'card' : 'cards'}` : kind
      return `${place} ${(usableBytes / GB).toFixed(2)}`
    })
    expect(said).toEqual(expected)
  })
})
