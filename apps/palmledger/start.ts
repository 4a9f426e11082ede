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
import { LedgerContradicted } from '#libs/evidence/errors.ts';
import { copyPlaces } from '#libs/keyring/file/copy-places.ts';
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
import { openEvidence, type EvidenceKept } from './evidence.ts';
import { AppModule } from './app.module.ts';
import { askEvidence, askParts } from './gauges.ts';
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
    replicas: copyPlaces(settings.PALMLEDGER_KEYRING_REPLICAS),
    clock,
    authorities: [new URL(url).host],
    falsePositiveRate: settings.PALMLEDGER_FALSE_POSITIVE_RATE,
    visibleLightLimit: settings.PALMLEDGER_VISIBLE_LIGHT_LIMIT,
  });
  const recognition = timedRecognition(opened.recognition, (...told) => telemetry.recognised(...told));
  const parts: Parts = { ...opened, recognition };
  const log = openLog({ level: settings.PALMLEDGER_LOG_LEVEL, file: settings.PALMLEDGER_LOG_FILE });
  askParts(telemetry, parts);
  const metrics = loggedMetrics(telemetry, log.logger);
  const failed = (error: unknown): never => {
    log.logger.fatal({ err: error }, 'a part of it ended, and with it the process');
    log.flush();
    const { name, message } = error instanceof Error ? error : { name: 'unknown', message: '' };
    const why = error instanceof LedgerContradicted ? message : `a part of it ended: ${name}`;
    process.stderr.write(`palmledger: ${why}\n`);
    process.exit(1);
  };
  let evidence: EvidenceKept | undefined;
  let background: Background | undefined;
  try {
    evidence = await openEvidence(parts, settings, {
      away: (error) => metrics.failed('witness', error),
      onLeaves: (done, of) => log.logger.info({ done, of }, 'leaves read into the tree'),
    });
    askEvidence(telemetry, evidence);
    if (evidence.checked.witness === 'begins')
      log.logger.warn('the witness remembers nothing: it begins with the next head');
    background = startBackground(parts, evidence, settings.PALMLEDGER_DATA, metrics, failed);
    evidence.run(failed);
    const firstAdmin = await makeFirstAdmin(parts);
    const nonces = new NonceMemory({ startedAt: clock.now() });
    const deviceEdge = { chains: parts.chains, nonces, publicUrl: () => url, authorities: () => [new URL(url).host] };
    const tokens = tokensOf(parts.keys, { issuer: url, audience: url, clock });
    const peopleEdge = { tokens, signOuts: new SignOuts(clock.now()) };
    const { logger } = log;
    const readiness = readinessOf(parts);
    const backupsDir = settings.PALMLEDGER_BACKUPS;
    const admin = adminEdge({ parts, background, evidence, folder, moved, backupsDir, readiness });
    const edges = { deviceEdge, peopleEdge, adminEdge: admin, evidence };
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
        await evidence?.stop();
        await parts.close();
        log.flush();
      },
    };
  } catch (error) {
    await background?.stop();
    await evidence?.stop();
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
