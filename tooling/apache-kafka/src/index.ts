/** A real Apache Kafka for interop tests and side-by-side benchmarks: broker, command line tools and classpath. */
export { freePorts } from './free-ports.ts'
export { installKafka, type JarSet, kafkaClasspath, kafkaHome, kafkaInstalled, logFlag } from './jars.ts'
export { type KafkaNode, type RunningKafka, type StartKafkaOptions, startKafka, testBrokerJvm } from './start-kafka.ts'
export { runJava, runTool, shortLivedJvm, type ToolOptions, type ToolResult } from './tool.ts'
export { type KafkaTool, toolClasses } from './tool-classes.ts'
