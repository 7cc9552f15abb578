import { readIfThere, writeWhole } from '@tradewind/disk'
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
    .then(async (opened) => make(opened, await authSecret(inData('auth.secret'))))
    .catch((error) => {
      process.tradewindAuth = undefined
      throw error
    })
  return process.tradewindAuth
}

/** The key that signs sessions, made at first use: whole or not there, so that it is never an empty one. */
async function authSecret(file: string): Promise<string> {
  const known = await readIfThere(file)
  if (known !== null) return known.trim()
  const secret = newSecret()
  await writeWhole(file, secret)
  return secret
}
