/**
 * `idle-clients-process.ts <port> <count> <frame>`: that many sockets that say nothing. A line on standard input, and each of them
 * sends the frame (in hexadecimal) and waits for a whole answer; the next line ends the process. It tells on standard output when
 * all are connected, and when all were answered.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'

/** The kernel lets no more connections wait for a listener than `socket.listen.backlog.size`. */
const atOnce = 40

const [port = '', count = '', frame = ''] = process.argv.slice(2)
const orders = createInterface({ input: process.stdin })[Symbol.asyncIterator]()

async function connected(): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port: Number(port), noDelay: true })
  await once(socket, 'connect')
  return socket
}

async function answered(socket: Socket): Promise<void> {
  let bytes = Buffer.alloc(0)
  socket.write(Buffer.from(frame, 'hex'))
  while (bytes.length < 4 || bytes.length < 4 + bytes.readInt32BE(0)) {
    const [chunk]: Buffer[] = await once(socket, 'data')
    bytes = Buffer.concat([bytes, chunk!])
  }
}

const sockets: Socket[] = []
while (sockets.length < Number(count)) {
  sockets.push(
    ...(await Promise.all(Array.from({ length: Math.min(atOnce, Number(count) - sockets.length) }, connected))),
  )
}
process.stdout.write('connected\n')
await orders.next()
await Promise.all(sockets.map(answered))
process.stdout.write('answered\n')
await orders.next()
process.exit()
