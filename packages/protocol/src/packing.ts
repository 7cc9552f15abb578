/** The first byte of a packed message. It begins no JSON, and names the dictionary: another one needs another mark. */
export const packMark = 0x01

/** Below this a message fits into one packet anyhow, and stays readable. */
export const packFromBytes = 1024

/**
 * What batches of samples have in common, as they are written, what comes last and most often at the end. With it the
 * samples of a minute shrink to less than a sixth. It must never change while a device may speak it.
 */
export const packDictionary = [
  '"zones":[{"name":"criticalCelsius":"interfaces":[{"kind":"ethernet","addresses":["storage":{"path":"memory":{"cpu":{',
  '"unreadable":[{"fact":"code":"permission-denied","detail":"/sys/class/"code":"not-present","detail":"/proc/',
  '"clock":"system","samples":[{"seq":"temperatureC":50.5,"diskReadBps":1024,"diskWriteBps":4096,"netRxBps":100,',
  '{"v":1,"stream":"","boot":"-4-","clock":"hub","samples":[{"seq":1000,"mono":10000000,"at":1800000000000,',
  '"cpuBusy":0.01,"load1":0.1,"memAvailableBytes":6000000000,"swapUsedBytes":0,"temperatureC":50.1,',
  '"diskFreeBytes":80000000000,"diskReadBps":0,"diskWriteBps":0,"netRxBps":1000,"netTxBps":1000,"agentRssBytes":70000000}],',
  '"sent":{"boot":"","mono":10000000,"at":1800000000000}},{"seq":1001,"mono":10010000,"at":1800000010000,"cpuBusy":0.005,',
  '"load1":0,"memAvailableBytes":6000000000,"swapUsedBytes":0,"diskFreeBytes":80000000000,"diskReadBps":0,',
  '"diskWriteBps":0,"netRxBps":100,"netTxBps":100,"agentRssBytes":70000000},{"seq":',
].join('')
