import type { BrokerRegistration, MetadataImage } from '@odradek/quorum'

/** Where a broker is reached on the listener a client came in by. */
export interface BrokerEndpoint {
  readonly host: string
  readonly port: number
}

/** The endpoint of that listener, undefined when the broker has none: clients of other listeners cannot reach it. */
export function endpointOf(registration: BrokerRegistration, listenerName: string): BrokerEndpoint | undefined {
  return registration.endPoints.find((endPoint) => endPoint.name === listenerName)
}

/** Brokers clients may talk to: registered and not fenced. */
export function aliveBrokers(image: MetadataImage): readonly BrokerRegistration[] {
  return image.cluster.brokers().filter((registration) => !registration.fenced)
}
