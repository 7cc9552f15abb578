import { expect, it } from 'vitest'
import { isOwnOrigin } from './own-origin'

it.each([
  [{ 'sec-fetch-site': 'same-origin', origin: 'http://localhost:4000' }, true],
  [{ 'sec-fetch-site': 'same-origin' }, true],
  [{ origin: 'http://localhost:4000' }, true],
  [{ 'sec-fetch-site': 'cross-site', origin: 'http://localhost:4000' }, false],
  [{ 'sec-fetch-site': 'same-site', origin: 'http://localhost:5000' }, false],
  [{ 'sec-fetch-site': 'none' }, false],
  [{ origin: 'http://localhost:5000' }, false],
  [{ origin: 'null' }, false],
  [{}, false],
])('%j: %s', (headers, own) => {
  expect(isOwnOrigin(new Headers({ host: 'localhost:4000', ...headers } as Record<string, string>))).toBe(own)
})
