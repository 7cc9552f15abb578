import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { QrCode } from './qr-code'

test('a long text still becomes a code, and the text is not in the page', () => {
  const text = `https://fleet.example.org/enrol#tw1_${'secret'.repeat(40)}`
  const svg = renderToStaticMarkup(createElement(QrCode, { text, label: 'QR code' }))
  expect(svg).toMatch(/<path d="M\d+ \d+/)
  expect(svg).not.toContain('secret')
})
