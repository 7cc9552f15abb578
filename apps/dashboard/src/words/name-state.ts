import type { SyncState } from '@tradewind/fleet'
import type { PresenceState } from '@tradewind/protocol'
import type { TokenState } from '@tradewind/store'

/** `unseen` stands for a device that has never been in contact. */
export type ShownPresence = PresenceState | 'unseen'

export const presenceNames: Record<ShownPresence, string> = {
  online: 'Online',
  sleeping: 'Sleeping',
  disconnected: 'Disconnected',
  lost: 'Lost',
  unseen: 'Never seen',
}

export const presenceMeanings: Record<ShownPresence, string> = {
  online: 'Connected to the hub.',
  sleeping: 'It said that it would sleep, and comes back by itself.',
  disconnected: 'The agent said goodbye: it was stopped, or its machine was shut down.',
  lost: 'It went silent without saying goodbye.',
  unseen: 'It has not connected since it was enrolled.',
}

export const syncNames: Record<SyncState, string> = {
  unknown: 'Unknown',
  registered: 'Registered',
  pending: 'Pending',
  'in-sync': 'In sync',
  failed: 'Failed',
}

export const syncMeanings: Record<SyncState, string> = {
  unknown: 'It has not sent a capability report yet.',
  registered: 'Its capability is known. Nothing is assigned to it.',
  pending: 'It has not applied its newest assignment yet.',
  'in-sync': 'It runs what is assigned to it.',
  failed: 'It could not apply its assignment.',
}

export const tokenNames: Record<TokenState, string> = {
  open: 'Open',
  used: 'Used',
  expired: 'Expired',
  revoked: 'Revoked',
}
