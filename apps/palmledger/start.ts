import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import { createServer } from 'node:net';
import { limitLargeBodies } from '#libs/api/http/body-limits.ts';
import { vouchedByHead } from '#libs/api/device/vouched.ts';
import { adapter, configure, observe } from '#libs/api/http/server.ts';
import { serveOpenApi } from '#libs/api/openapi/serve.ts';
import { NonceMemory } from '#libs/device-protocol/nonce-memory.ts';
import { systemClock } from '#libs/runtime/clock.ts';
import { openFolder } from '#libs/runtime/folder.ts';
import { movedClock } from '#libs/runtime/moved-clock.ts';
import type { Settings } from '#libs/runtime/settings.ts';
import { makeFirstAdmin, type FirstAdmin } from '#libs/use-cases/principal/first-admin.ts';
import { SignOuts } from '#libs/identity/sign-outs.ts';
import { tokensOf } from '#libs/identity/tokens.ts';
import { openLog } from '#libs/runtime/log.ts';
import { Telemetry } from '#libs/runtime/telemetry.ts';
import { adminEdge } from './admin-edge.ts';
import { startBackground, type Background } from './background.ts';
import { AppModule } from './app.module.ts';
import { askParts } from './gauges.ts';
import { loggedMetrics } from './logged-metrics.ts';
import { readinessOf } from './readiness.ts';
import { timedRecognition } from './timed-recognition.ts';
import { openParts, type Parts } from './parts.ts';

const DRAIN_MS = 8_000;

/** A running PalmLedger. */
export interface Running {
  readonly url: string;
  readonly parts: Parts;
  /** The first start in an empty folder makes it; its secret is shown once. */
  readonly firstAdmin: FirstAdmin | undefined;
  /** Takes no more requests, ends those under way, closes everything. */
  stop(): Promise<void>;
}

/** Starts everything in this process. Throws what the parts refuse to open with; then nothing is left running. */
export async function start(settings: Settings): Promise<Running> {
  const folder = openFolder(settings.PALMLEDGER_DATA, settings.PALMLEDGER_PURPOSE, new Date());
  const moved = folder.purpose === 'live' ? undefined : movedClock(settings.PALMLEDGER_DATA);
  const clock = moved ?? systemClock;
  const port = settings.PORT === 0 ? await freePort(settings.HOST) : settings.PORT;
  const url = settings.PALMLEDGER_PUBLIC_URL || `http://${settings.HOST}:${port}`;
  const telemetry = new Telemetry();
  const opened = await openParts({
    dataDir: settings.PALMLEDGER_DATA,
    keysDir: settings.PALMLEDGER_KEYS,
    outboxDir: settings.PALMLEDGER_OUTBOX,
    cardNetworkDir: settings.PALMLEDGER_CARD_NETWORK,
    clock,
    authorities: [new URL(url).host],
    falsePositiveRate: settings.PALMLEDGER_FALSE_POSITIVE_RATE,
    visibleLightLimit: settings.PALMLEDGER_VISIBLE_LIGHT_LIMIT,
  });
  const recognition = timedRecognition(opened.recognition, (...told) => telemetry.recognised(...told));
  const parts: Parts = { ...opened, recognition };
  const log = openLog({ level: settings.PALMLEDGER_LOG_LEVEL, file: settings.PALMLEDGER_LOG_FILE });
  askParts(telemetry, parts);
  let background: Background | undefined;
  try {
    background = startBackground(parts, settings.PALMLEDGER_DATA, loggedMetrics(telemetry, log.logger), (error) => {
      log.logger.fatal({ err: error }, 'a part of it ended, and with it the process');
      log.flush();
      process.stderr.write(`palmledger: a part of it ended: ${error instanceof Error ? error.name : 'unknown'}\n`);
      process.exit(1);
    });
    const firstAdmin = await makeFirstAdmin(parts);
    const nonces = new NonceMemory({ startedAt: clock.now() });
    const deviceEdge = { chains: parts.chains, nonces, publicUrl: () => url, authorities: () => [new URL(url).host] };
    const tokens = tokensOf(parts.keys, { issuer: url, audience: url, clock });
    const peopleEdge = { tokens, signOuts: new SignOuts(clock.now()) };
    const { logger } = log;
    const readiness = readinessOf(parts);
    const backupsDir = settings.PALMLEDGER_BACKUPS;
    const admin = adminEdge({ parts, background, folder, moved, backupsDir, readiness });
    const edges = { deviceEdge, peopleEdge, adminEdge: admin, evidence: background.evidence };
    const module = AppModule.with({ deps: parts, ...edges, readiness, metrics: telemetry.registry, logger });
    const app = await NestFactory.create<NestFastifyApplication>(module, adapter(), { rawBody: true, logger: false });
    await configure(app);
    limitLargeBodies(app.getHttpAdapter().getInstance(), vouchedByHead(parts, deviceEdge));
    observe(app, (request, seconds) => telemetry.requested(request, seconds));
    await serveOpenApi(app);
    await app.init();
    // Only now: which routes there are says /openapi.json.
    app.useLogger(app.get(Logger));
    await app.listen(port, settings.HOST);
    return {
      url,
      parts,
      firstAdmin,
      stop: async () => {
        await drain(app);
        await background?.stop();
        await parts.close();
        log.flush();
      },
    };
  } catch (error) {
    await background?.stop();
    await parts.close();
    throw error;
  }
}

/** Ends the requests under way; who has not taken its answer by then is cut off. */
async function drain(app: NestFastifyApplication): Promise<void> {
  const late = setTimeout(() => app.getHttpServer().closeAllConnections(), DRAIN_MS);
  await app.close();
  clearTimeout(late);
}

/** Devices sign the host and port that they call, so it has to be known before anything listens. */
async function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, host, () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
