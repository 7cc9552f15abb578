import type { ThrottledSpan } from '@tradewind/store'

/** What holds a device back, as its firmware says. */
export const throttleNames: Record<ThrottledSpan['throttles'][number], string> = {
  undervoltage: 'Undervoltage',
  'frequency-capped': 'Frequency capped',
  throttled: 'Throttled',
  'soft-temperature-limit': 'Soft temperature limit',
}
