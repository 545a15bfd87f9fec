/*
 * librdkafka under the workloads of the producer's benchmark:
 *   producer BOOTSTRAP TOPIC RECORDS BYTES KEYED CODEC OUTSTANDING POOL WARM_UP LINGER_MS
 * Sends WARM_UP records, then RECORDS under the clock, with acks=all, idempotent, never more than OUTSTANDING unacknowledged, and prints
 * what they took as JSON. Everything else is at librdkafka's defaults.
 */
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static long acknowledged, failed;
static double *latencies;

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

/* The opaque of a message is where its time is kept: when it was sent, then how long it took. */
static void delivered(rd_kafka_t *rk, const rd_kafka_message_t *message, void *opaque) {
  double *sent = message->_private;
  *sent = now_ms() - *sent;
  acknowledged++;
  if (message->err) failed++;
}

static void set(rd_kafka_conf_t *conf, const char *name, const char *value) {
  char why[512];
  if (rd_kafka_conf_set(conf, name, value, why, sizeof(why)) == RD_KAFKA_CONF_OK) return;
  fprintf(stderr, "%s\n", why);
  exit(1);
}

struct load {
  rd_kafka_topic_t *topic;
  long bytes, outstanding, pool;
  int keyed;
  char *values;
};

static void produce(rd_kafka_t *rk, const struct load *load, long count) {
  acknowledged = 0;
  for (long sent = 0; sent < count;) {
    char key[32];
    int key_length = load->keyed ? snprintf(key, sizeof(key), "key-%ld", sent % load->pool) : 0;
    latencies[sent] = now_ms();
    int refused = rd_kafka_produce(load->topic, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY,
                                   load->values + (sent % load->pool) * load->bytes, load->bytes,
                                   load->keyed ? key : NULL, key_length, &latencies[sent]);
    if (refused) rd_kafka_poll(rk, 1);
    else sent++;
    rd_kafka_poll(rk, 0);
    while (sent - acknowledged >= load->outstanding) rd_kafka_poll(rk, 100);
  }
  while (acknowledged < count) rd_kafka_poll(rk, 100);
}

static int ascending(const void *a, const void *b) {
  double difference = *(const double *)a - *(const double *)b;
  return (difference > 0) - (difference < 0);
}

int main(int argc, char **argv) {
  if (argc != 11) return 2;
  long records = atol(argv[3]), warm_up = atol(argv[9]), peak_kib;
  struct load load = {.bytes = atol(argv[4]), .keyed = atoi(argv[5]), .outstanding = atol(argv[7]), .pool = atol(argv[8])};
  rd_kafka_conf_t *conf = rd_kafka_conf_new();
  set(conf, "bootstrap.servers", argv[1]);
  set(conf, "acks", "all");
  set(conf, "enable.idempotence", "true");
  set(conf, "compression.codec", argv[6]);
  set(conf, "linger.ms", argv[10]);
  rd_kafka_conf_set_dr_msg_cb(conf, delivered);
  char why[512];
  rd_kafka_t *rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof(why));
  if (rk == NULL) return fprintf(stderr, "%s\n", why), 1;
  load.topic = rd_kafka_topic_new(rk, argv[2], NULL);
  load.values = malloc(load.pool * load.bytes);
  unsigned state = 1;
  for (long at = 0; at < load.pool * load.bytes; at++) {
    state = state * 1664525 + 1013904223;
    load.values[at] = 'A' + (state >> 8) % 26;
  }
  latencies = calloc(records > warm_up ? records : warm_up, sizeof(double));
  produce(rk, &load, warm_up);
  double cpu_before = cpu_seconds(&peak_kib), started_ms = now_ms();
  produce(rk, &load, records);
  double seconds = (now_ms() - started_ms) / 1e3, cpu = cpu_seconds(&peak_kib) - cpu_before;
  qsort(latencies, records, sizeof(double), ascending);
  printf("{\"recordsPerSecond\":%f,\"megabytesPerSecond\":%f,\"cpuSecondsPerMillion\":%f,\"peakMib\":%f,\"p50Ms\":%f,\"p99Ms\":%f}\n",
         records / seconds, records * (double)load.bytes / seconds / 1e6, cpu * 1e6 / records, peak_kib / 1024.0,
         latencies[records / 2], latencies[records * 99 / 100]);
  rd_kafka_topic_destroy(load.topic);
  rd_kafka_destroy(rk);
  return failed > 0;
}
