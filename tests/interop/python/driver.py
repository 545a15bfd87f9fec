"""Runs Python's Kafka clients (confluent-kafka, aiokafka) on behalf of another program.

One JSON object a line on standard input ({id, op, args}), one a line on standard output ({id, result} or {id, error: {name, message}}).
Requests run side by side; closing standard input ends the program.
"""

import asyncio
import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import aiokafka
import confluent_kafka
from aiokafka.structs import TopicPartition

import members
from wire import consumed, to_bytes

PATIENCE_SECONDS = 20


def confluent_produce(args):
    failures = []
    producer = confluent_kafka.Producer(
        {
            "bootstrap.servers": args["bootstrap"],
            "compression.type": args["codec"],
            "enable.idempotence": args["idempotent"],
            "linger.ms": 5,
        }
    )
    for record in args["records"]:
        stamp = {"timestamp": record["timestamp"]} if record.get("timestamp") else {}
        producer.produce(
            args["topic"],
            partition=args["partition"],
            key=to_bytes(record["key"]),
            value=to_bytes(record["value"]),
            headers=[(name, to_bytes(content)) for name, content in record["headers"]],
            on_delivery=lambda error, _: failures.append(error) if error else None,
            **stamp,
        )
    left = producer.flush(PATIENCE_SECONDS)
    if failures or left:
        raise RuntimeError(f"{left} not sent, failed: {failures}")


def confluent_read(args):
    consumer = confluent_kafka.Consumer(
        {
            "bootstrap.servers": args["bootstrap"],
            "group.id": "reads-without-joining",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "fetch.wait.max.ms": 50,
            "check.crcs": True,
        }
    )
    try:
        where = confluent_kafka.TopicPartition(args["topic"], args["partition"])
        if args.get("timestamp") is not None:
            where.offset = args["timestamp"]
            where = consumer.offsets_for_times([where], timeout=PATIENCE_SECONDS)[0]
            if where.error:
                raise RuntimeError(str(where.error))
        else:
            where.offset = args["offset"]
        consumer.assign([where])
        records = []
        while True:
            message = consumer.poll(PATIENCE_SECONDS)
            if message is None:
                raise TimeoutError("the records did not come")
            if message.error():
                if message.error().code() == confluent_kafka.KafkaError._PARTITION_EOF:
                    return records
                raise RuntimeError(str(message.error()))
            records.append(
                consumed(
                    message.partition(),
                    message.offset(),
                    message.timestamp()[1],
                    message.key(),
                    message.value(),
                    message.headers(),
                )
            )
    finally:
        consumer.close()


async def aiokafka_produce(args):
    producer = aiokafka.AIOKafkaProducer(
        bootstrap_servers=args["bootstrap"],
        compression_type=None if args["codec"] == "none" else args["codec"],
        enable_idempotence=args["idempotent"],
        acks="all",
        linger_ms=5,
    )
    await producer.start()
    try:
        sent = []
        for record in args["records"]:
            headers = [(name, to_bytes(content)) for name, content in record["headers"]]
            sent.append(
                await producer.send(
                    args["topic"],
                    partition=args["partition"],
                    key=to_bytes(record["key"]),
                    value=to_bytes(record["value"]),
                    timestamp_ms=record.get("timestamp"),
                    headers=headers,
                )
            )
        await asyncio.gather(*sent)
    finally:
        await producer.stop()


async def aiokafka_read(args):
    consumer = aiokafka.AIOKafkaConsumer(bootstrap_servers=args["bootstrap"], fetch_max_wait_ms=50, check_crcs=True)
    await consumer.start()
    try:
        where = TopicPartition(args["topic"], args["partition"])
        consumer.assign([where])
        end = (await consumer.end_offsets([where]))[where]
        start = args.get("offset")
        if args.get("timestamp") is not None:
            found = (await consumer.offsets_for_times({where: args["timestamp"]}))[where]
            if found is None:
                return []
            start = found.offset
        consumer.seek(where, start)
        records = []
        while not records or records[-1]["offset"] + 1 < end:
            if start >= end:
                break
            one = await asyncio.wait_for(consumer.getone(), PATIENCE_SECONDS)
            records.append(consumed(one.partition, one.offset, one.timestamp, one.key, one.value, one.headers))
        return records
    finally:
        await consumer.stop()


OPERATIONS = {
    ("confluent-kafka", "produce"): confluent_produce,
    ("confluent-kafka", "read"): confluent_read,
    ("aiokafka", "produce"): lambda args: asyncio.run(aiokafka_produce(args)),
    ("aiokafka", "read"): lambda args: asyncio.run(aiokafka_read(args)),
}
OF_MEMBERS = {
    "join": members.join,
    "poll": members.poll,
    "commitPolled": members.commit_polled,
    "leave": members.leave,
}


def main():
    lock = threading.Lock()

    def answer(request):
        reply = {"id": request["id"]}
        try:
            op, args = request["op"], request["args"]
            run = OF_MEMBERS.get(op) or OPERATIONS[(args["client"], op)]
            reply["result"] = run(args)
        except Exception as error:  # whatever a client throws is the answer
            reply["error"] = {"name": type(error).__name__, "message": str(error)}
        with lock:
            sys.stdout.write(json.dumps(reply) + "\n")
            sys.stdout.flush()

    with ThreadPoolExecutor(max_workers=8) as pool:
        for line in sys.stdin:
            pool.submit(answer, json.loads(line))


main()
