#!/usr/bin/env node
import { noZooKeeper } from '../odradek/zookeeper.ts'

process.stdout.write(noZooKeeper)
