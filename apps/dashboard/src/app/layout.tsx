import { GeistMono } from 'geist/font/mono'
import { GeistSans } from 'geist/font/sans'
import type { Metadata, Viewport } from 'next'
import type { ReactNode } from 'react'
import { Theme } from '../frame/theme'
import './globals.css'

export const metadata: Metadata = { title: { default: 'Tradewind', template: '%s · Tradewind' } }
export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#ffffff' },
    { media: '(prefers-color-scheme: dark)', color: '#12181c' },
  ],
}

const Root = ({ children }: { children: ReactNode }) => (
  <html lang="en" className={`${GeistSans.variable} ${GeistMono.variable}`} suppressHydrationWarning>
    <body>
      <Theme>{children}</Theme>
    </body>
  </html>
)
export default Root
