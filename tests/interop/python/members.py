"""Members of consumer groups, each under a name that the other program chose: join, poll, commitPolled, leave."""

import asyncio
import threading

import aiokafka
import confluent_kafka
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from aiokafka.coordinator.assignors.sticky.sticky_assignor import StickyPartitionAssignor

from wire import consumed

PATIENCE_SECONDS = 20


class ConfluentMember:
    """confluent-kafka, which is librdkafka: classic assignors, and the consumer protocol."""

    def __init__(self, args):
        config = {
            "bootstrap.servers": args["bootstrap"],
            "group.id": args["groupId"],
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            "fetch.wait.max.ms": 50,
        }
        if args["protocol"] == "consumer":
            config["group.protocol"] = "consumer"
        else:
            config |= {
                "partition.assignment.strategy": args["protocol"],
                "heartbeat.interval.ms": 200,
                "session.timeout.ms": 20_000,
            }
        self.consumer = confluent_kafka.Consumer(config | args.get("config", {}))
        self.consumer.subscribe(args["topics"])

    def poll(self):
        messages = self.consumer.consume(num_messages=1000, timeout=0.1)
        for message in messages:
            if message.error():
                raise confluent_kafka.KafkaException(message.error())
        records = [
            consumed(m.partition(), m.offset(), m.timestamp()[1], m.key(), m.value(), m.headers()) for m in messages
        ]
        return records, [(where.topic, where.partition) for where in self.consumer.assignment()]

    def commit(self):
        try:
            self.consumer.commit(asynchronous=False)
        except confluent_kafka.KafkaException as error:
            # Nothing came since the last commit.
            if error.args[0].code() != confluent_kafka.KafkaError._NO_OFFSET:
                raise

    def leave(self):
        self.consumer.close()


class Loop:
    """The event loop of all members of aiokafka, in a thread of its own."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    def run(self, work):
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE_SECONDS * 2)


LOOP = Loop()
AIOKAFKA_ASSIGNORS = {
    "range": RangePartitionAssignor,
    "roundrobin": RoundRobinPartitionAssignor,
    "sticky": StickyPartitionAssignor,
}


class AiokafkaMember:
    """aiokafka: the eager assignors."""

    def __init__(self, args):
        async def start():
            consumer = aiokafka.AIOKafkaConsumer(
                *args["topics"],
                bootstrap_servers=args["bootstrap"],
                group_id=args["groupId"],
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                fetch_max_wait_ms=50,
                heartbeat_interval_ms=200,
                session_timeout_ms=20_000,
                partition_assignment_strategy=[AIOKAFKA_ASSIGNORS[args["protocol"]]],
            )
            await consumer.start()
            return consumer

        self.consumer = LOOP.run(start())

    def poll(self):
        async def some():
            # In a rebalance it waits for its end, whatever the timeout, and members that wait to be polled would keep it from ending.
            try:
                by_partition = await asyncio.wait_for(self.consumer.getmany(timeout_ms=100), 1)
            except TimeoutError:
                return []
            return [record for records in by_partition.values() for record in records]

        records = [consumed(r.partition, r.offset, r.timestamp, r.key, r.value, r.headers) for r in LOOP.run(some())]
        return records, [(where.topic, where.partition) for where in self.consumer.assignment()]

    def commit(self):
        LOOP.run(self.consumer.commit())

    def leave(self):
        LOOP.run(self.consumer.stop())


KINDS = {"confluent-kafka": ConfluentMember, "aiokafka": AiokafkaMember}
MEMBERS = {}


def join(args):
    MEMBERS[args["member"]] = KINDS[args["client"]](args)


def poll(args):
    records, assignment = MEMBERS[args["member"]].poll()
    return {"records": records, "assignment": sorted(f"{topic}-{partition}" for topic, partition in assignment)}


def commit_polled(args):
    MEMBERS[args["member"]].commit()


def leave(args):
    MEMBERS.pop(args["member"]).leave()
