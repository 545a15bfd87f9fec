/** The version of Apache Kafka whose commands these are, as `--version` prints it. */
export const kafkaVersion = '4.4.0'
