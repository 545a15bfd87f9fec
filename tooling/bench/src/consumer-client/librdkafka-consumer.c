/*
 * librdkafka under the workloads of the consumer's benchmark:
 *   consumer BOOTSTRAP TOPIC RECORDS MODE WARM_UP RECORD_BYTES
 * MODE is read, seen, first or slow. Looks at the first and the last byte of each key and value, and prints what it took as JSON.
 * Everything else is at librdkafka's defaults.
 */
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 1000 };

static const char *bootstrap, *topic, *mode;
static long count, most, warm_up;
static unsigned long sum;
static double first_ms, last_ms, *times;

static double now_ms(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static double cpu_seconds(long *peak_kib) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  *peak_kib = usage.ru_maxrss;
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void set(rd_kafka_conf_t *conf, const char *name, const char *value) {
  char why[512];
  if (rd_kafka_conf_set(conf, name, value, why, sizeof(why)) == RD_KAFKA_CONF_OK) return;
  fprintf(stderr, "%s\n", why);
  exit(1);
}

static rd_kafka_t *consumer(void) {
  char why[512], group[64];
  snprintf(group, sizeof(group), "bench-c-%d-%.0f", getpid(), now_ms() * 1e3);
  rd_kafka_conf_t *conf = rd_kafka_conf_new();
  set(conf, "bootstrap.servers", bootstrap);
  set(conf, "group.id", group);
  set(conf, "auto.offset.reset", "earliest");
  rd_kafka_t *rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof(why));
  if (rk == NULL) fprintf(stderr, "%s\n", why), exit(1);
  rd_kafka_poll_set_consumer(rk);
  rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(topics, topic, RD_KAFKA_PARTITION_UA);
  rd_kafka_subscribe(rk, topics);
  rd_kafka_topic_partition_list_destroy(topics);
  return rk;
}

static unsigned touch(const unsigned char *bytes, size_t length) {
  return bytes == NULL || length == 0 ? 0 : bytes[0] + bytes[length - 1];
}

static void take(const rd_kafka_message_t *message) {
  if (message->err || count == most) return;
  if (count == 0) first_ms = now_ms();
  sum += touch(message->key, message->key_len) + touch(message->payload, message->len);
  if (strcmp(mode, "seen") == 0) {
    char text[32];
    size_t length = message->len < sizeof(text) ? message->len : sizeof(text) - 1;
    memcpy(text, message->payload, length);
    text[length] = 0;
    times[count] = now_ms() - atoll(text) / 1e6;
  }
  if (++count == most) last_ms = now_ms();
  if (strcmp(mode, "slow") == 0) usleep(1000);
}

static void consume(rd_kafka_t *rk) {
  rd_kafka_queue_t *queue = rd_kafka_queue_get_consumer(rk);
  rd_kafka_message_t *messages[BATCH];
  count = 0;
  while (count < most) {
    /* A batch is awaited until it is full or the time is over; a lone record must not wait for others. */
    if (strcmp(mode, "read") == 0) {
      ssize_t got = rd_kafka_consume_batch_queue(queue, 10, messages, BATCH);
      for (ssize_t at = 0; at < got; at++) take(messages[at]), rd_kafka_message_destroy(messages[at]);
    } else {
      rd_kafka_message_t *message = rd_kafka_consumer_poll(rk, 1000);
      if (message != NULL) take(message), rd_kafka_message_destroy(message);
    }
  }
  rd_kafka_queue_destroy(queue);
}

static int ascending(const void *a, const void *b) {
  double difference = *(const double *)a - *(const double *)b;
  return (difference > 0) - (difference < 0);
}

int main(int argc, char **argv) {
  if (argc != 7) return 2;
  bootstrap = argv[1], topic = argv[2], mode = argv[4];
  long records = atol(argv[3]), bytes = atol(argv[6]), peak_kib;
  warm_up = atol(argv[5]);
  times = calloc(records + warm_up, sizeof(double));
  double cpu_before = cpu_seconds(&peak_kib), cpu;
  if (strcmp(mode, "first") == 0) {
    most = 1;
    for (long at = 0; at < records + warm_up; at++) {
      double started_ms = now_ms();
      rd_kafka_t *rk = consumer();
      consume(rk);
      times[at] = first_ms - started_ms;
      rd_kafka_consumer_close(rk);
      rd_kafka_destroy(rk);
    }
    cpu = cpu_seconds(&peak_kib) - cpu_before;
  } else {
    most = records + warm_up;
    rd_kafka_t *rk = consumer();
    consume(rk);
    cpu = cpu_seconds(&peak_kib) - cpu_before;
    rd_kafka_consumer_close(rk);
    rd_kafka_destroy(rk);
  }
  qsort(times + warm_up, records, sizeof(double), ascending);
  double rate = records * 1e3 / (last_ms - first_ms);
  if (strcmp(mode, "first") == 0) rate = 0;
  fprintf(stderr, "%s", sum == 1 ? " " : "");
  printf("{\"recordsPerSecond\":%f,\"megabytesPerSecond\":%f,\"cpuSecondsPerMillion\":%f,\"peakMib\":%f,\"p50Ms\":%f,\"p99Ms\":%f}\n",
         rate, rate * bytes / 1e6, cpu * 1e6 / records, peak_kib / 1024.0, times[warm_up + records / 2],
         times[warm_up + records * 99 / 100]);
  return 0;
}
