import path from 'node:path'
import type { NextConfig } from 'next'

const root = path.resolve(import.meta.dirname, '../..')

const securityHeaders = [
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'Referrer-Policy', value: 'same-origin' },
  {
    key: 'Content-Security-Policy',
    // Next.js starts its pages with inline scripts; all else comes from this origin only.
    value: [
      "default-src 'self'",
      `script-src 'self' 'unsafe-inline'${process.env.NODE_ENV === 'development' ? " 'unsafe-eval'" : ''}`,
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data:",
      "media-src 'self' blob:",
      "object-src 'none'",
      "base-uri 'self'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ].join('; '),
  },
]

export default {
  output: 'standalone',
  outputFileTracingRoot: root,
  turbopack: { root },
  serverExternalPackages: ['better-sqlite3', '@prisma/adapter-better-sqlite3', '@prisma/client'],
  transpilePackages: ['@tradewind/disk', '@tradewind/protocol', '@tradewind/fleet', '@tradewind/store'],
  poweredByHeader: false,
  images: { unoptimized: true },
  devIndicators: false,
  headers: async () => [{ source: '/:path*', headers: securityHeaders }],
} satisfies NextConfig
