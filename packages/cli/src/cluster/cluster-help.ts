/** What `kafka-cluster --help` prints, as argparse4j lays it out. */
export const clusterHelp = `usage: kafka-cluster [-h] {cluster-id,unregister,list-endpoints} ...

The Kafka cluster tool.

positional arguments:
  {cluster-id,unregister,list-endpoints}
    cluster-id           Get information about the ID of a cluster.
    unregister           Unregister a broker.
    list-endpoints       List endpoints

optional arguments:
  -h, --help             show this help message and exit
`
