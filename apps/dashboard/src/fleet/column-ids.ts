/** In the order in which they stand. The name is always there. */
export const columnIds = [
  'presence',
  'sync',
  'serving',
  'problems',
  'labels',
  'board',
  'memory',
  'os',
  'cpu',
  'temperature',
  'sample',
] as const
export type ColumnId = (typeof columnIds)[number]

export const usualColumns: ColumnId[] = [
  'presence',
  'sync',
  'serving',
  'problems',
  'labels',
  'board',
  'cpu',
  'temperature',
]
