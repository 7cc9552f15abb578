import type { DeviceQuery, TokenRow } from '@tradewind/store'

export const tokensPerPage = 50

/** One page of the tokens; `page` counts from 1, `more` says whether another follows. */
export type TokenPage = { rows: TokenRow[]; page: number; more: boolean }

/** The devices that came last: as many as may arrive while a person watches. */
export const newestFirst: DeviceQuery = {
  text: '',
  presence: null,
  sync: null,
  revoked: 'without',
  order: { by: 'enrolled', descending: true },
  offset: 0,
  limit: 20,
}
