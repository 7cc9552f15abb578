import { readFileSync, writeFileSync } from 'node:fs'
import type { Store } from '@tradewind/store'
import { newSecret } from '@tradewind/store'
import { betterAuth } from 'better-auth'
import { passwordLength } from '../people/password'
import { inData } from './env'
import { store } from './store'

function make(opened: Store, secret: string) {
  return betterAuth({
    secret,
    // localhost, 127.0.0.1 and a proxy's name are all this dashboard: the address of the request counts.
    baseURL: { allowedHosts: ['*'], protocol: 'http' },
    trustedOrigins: async (request) => {
      const host = request?.headers.get('host')
      return host ? [`http://${host}`, `https://${host}`] : []
    },
    database: opened.authAdapter(),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordLength.least,
      maxPasswordLength: passwordLength.most,
    },
    rateLimit: { enabled: true, customRules: { '/sign-in/email': { window: 60, max: 10 } } },
    advanced: {
      cookiePrefix: 'tradewind',
      useSecureCookies: false,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax' },
      ipAddress: { ipAddressHeaders: [addressHeader] },
    },
    telemetry: { enabled: false },
  })
}

/** Set by this server on every request to better-auth; what a client says of its own address is never believed. */
export const addressHeader = 'x-tradewind-address'

const process = globalThis as { tradewindAuth?: Promise<ReturnType<typeof make>> }

export function auth() {
  process.tradewindAuth ??= store()
    .then((opened) => make(opened, authSecret(inData('auth.secret'))))
    .catch((error) => {
      process.tradewindAuth = undefined
      throw error
    })
  return process.tradewindAuth
}

/** The key that signs sessions. Whoever creates the file first wins, so two processes agree. */
function authSecret(file: string): string {
  try {
    writeFileSync(file, newSecret(), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return readFileSync(file, 'utf8').trim()
}
