export type RailWidth = 'wide' | 'narrow'
export const railCookie = 'tradewind-rail'
export const railWidth = (kept: string | undefined): RailWidth => (kept === 'narrow' ? 'narrow' : 'wide')
