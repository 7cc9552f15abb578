import { expect, test } from 'vitest'
import { isReachable, qrTextOf, ways } from './ways'

test.each([
  ['http://localhost:7080', false],
  ['http://127.0.0.1:7080', false],
  ['http://[::1]:7080', false],
  ['https://fleet.example.org', true],
  ['http://192.168.1.5:7080', true],
  ['', false],
])('%s can be opened from elsewhere: %s', (origin, is) => {
  expect(isReachable(origin)).toBe(is)
})

test('the code of a token never has it where a server would see it', () => {
  const text = qrTextOf('https://fleet.example.org', 'tw1_secret')
  const url = new URL(text)
  expect(url.hash).toBe('#tw1_secret')
  expect(`${url.pathname}${url.search}`).not.toContain('secret')
})

test('where nobody else can open the dashboard it holds the command', () => {
  expect(qrTextOf('http://localhost:7080', 'tw1_secret')).toBe('TRADEWIND_TOKEN=tw1_secret tradewind-agent run')
})

test('every way carries the token', () => {
  for (const { command } of ways) expect(command('tw1_x')).toContain('tw1_x')
})
