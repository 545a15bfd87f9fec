import { connect } from 'node:net'

const requestTimeoutMs = 2_000

// Metadata v1 with no topics: size, api key 3, version 1, correlation id 1, client id "probe", empty topic array.
const request = Buffer.from('000000130003000100000001000570726f626500000000', 'hex')

/**
 * How many unfenced brokers the cluster shows to a client that connects to `port` of 127.0.0.1, by one Metadata request;
 * 0 when nobody listens or answers. An open port alone says little: Kafka opens it before the broker is unfenced.
 */
export function brokerCount(port: number): Promise<number> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let answer = Buffer.alloc(0)
    const end = (count: number) => {
      socket.destroy()
      resolve(count)
    }
    socket.setTimeout(requestTimeoutMs, () => end(0))
    socket.on('error', () => end(0))
    socket.on('close', () => end(0))
    socket.on('connect', () => socket.write(request))
    socket.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk])
      // size, correlation id, then the array of brokers
      if (answer.length >= 12) end(answer.readInt32BE(8))
    })
  })
}
