import 'reflect-metadata' // @peculiar/x509 needs it before itself
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  webcrypto,
} from 'node:crypto'
import { isIP } from 'node:net'
import path from 'node:path'
import * as x509 from '@peculiar/x509'
import { readIfThere, writeWhole } from '@tradewind/disk'

/**
 * The hub's own authority: a CA that devices pin, a certificate for today's addresses, and the key that will sign
 * assignments. The CA and the signing key are made at first start and never leave the data folder.
 */
export type Authority = {
  caPem: string
  caSha256: string
  /** certificate and key for TLS, made anew at each start for the addresses of that day */
  server: { cert: string; key: string }
  signingKey: KeyObject
  /** public half of the signing key, as a JWK */
  signingJwk: { kty: 'OKP'; crv: 'Ed25519'; x: string }
}

/** The name in every hub certificate: devices check it against the pinned CA, so that addresses may change. */
export const hubName = 'tradewind-hub'

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
// A device without a clock must not find the certificate not yet valid or expired: pinning protects it, not the dates.
const validity = { notBefore: new Date('2000-01-01T00:00:00Z'), notAfter: new Date('9999-12-31T23:59:59Z') }

export async function openAuthority(folder: string, addresses: string[]): Promise<Authority> {
  x509.cryptoProvider.set(webcrypto as never)
  const caKeys = await importPair(
    await keyAt(path.join(folder, 'ca.key'), () => generateKeyPairSync('ec', { namedCurve: 'P-256' })),
  )
  const ca = await caAt(path.join(folder, 'ca.pem'), caKeys)
  const signingKey = await keyAt(path.join(folder, 'signing.key'), () => generateKeyPairSync('ed25519'))
  const { x } = createPublicKey(signingKey).export({ format: 'jwk' })
  return {
    caPem: ca.toString('pem'),
    caSha256: createHash('sha256').update(Buffer.from(ca.rawData)).digest('hex'),
    server: await issueServer(ca, caKeys.privateKey, addresses),
    signingKey,
    signingJwk: { kty: 'OKP', crv: 'Ed25519', x: x ?? '' },
  }
}

async function keyAt(file: string, make: () => { privateKey: KeyObject }): Promise<KeyObject> {
  const pem = await readIfThere(file)
  if (pem !== null) return createPrivateKey(pem)
  const { privateKey } = make()
  await writeWhole(file, privateKey.export({ type: 'pkcs8', format: 'pem' }) as string)
  return privateKey
}

async function caAt(file: string, keys: webcrypto.CryptoKeyPair): Promise<x509.X509Certificate> {
  const pem = await readIfThere(file)
  if (pem !== null) return new x509.X509Certificate(pem)
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Tradewind hub CA',
    keys,
    signingAlgorithm: ecdsa,
    ...validity,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  await writeWhole(file, ca.toString('pem'))
  return ca
}

async function issueServer(ca: x509.X509Certificate, signingKey: webcrypto.CryptoKey, addresses: string[]) {
  const keys = await webcrypto.subtle.generateKey(ecdsa, true, ['sign', 'verify'])
  const names = [...new Set([hubName, 'localhost', '127.0.0.1', '::1', ...addresses])]
  const cert = await x509.X509CertificateGenerator.create({
    subject: `CN=${hubName}`,
    issuer: ca.subject,
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: ecdsa,
    ...validity,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) ? ('ip' as const) : ('dns' as const), value })),
      ),
    ],
  })
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey))
  const keyPem = createPrivateKey({ key, format: 'der', type: 'pkcs8' }).export({ type: 'pkcs8', format: 'pem' })
  return { cert: cert.toString('pem'), key: keyPem as string }
}

async function importPair(key: KeyObject): Promise<webcrypto.CryptoKeyPair> {
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' })
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' })
  return {
    privateKey: await webcrypto.subtle.importKey('pkcs8', pkcs8, ecdsa, true, ['sign']),
    publicKey: await webcrypto.subtle.importKey('spki', spki, ecdsa, true, ['verify']),
  }
}
