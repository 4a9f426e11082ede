import type { Logger } from 'pino';
import type { PipelineMetrics } from '#libs/pipelines/metrics.ts';
import type { Telemetry } from '#libs/runtime/telemetry.ts';
import type { WorkflowMetrics } from '#libs/workflows/metrics.ts';

/** What the loops tell: counted, and where one failed, written down. */
export function loggedMetrics(telemetry: Telemetry, logger: Logger): PipelineMetrics & WorkflowMetrics {
  return {
    lag: (follower, positions) => telemetry.lag(follower, positions),
    parked: (pipeline, messages) => {
      telemetry.parked(pipeline, messages);
      logger.warn({ pipeline, messages }, 'messages were put aside');
    },
    failed: (part, error) => {
      telemetry.failed(part);
      logger.warn({ part, err: error }, 'failed, and tries again');
    },
    oldestOpen: (seconds) => telemetry.oldestOpen(seconds),
    overdueErasures: (count) => telemetry.overdueErasures(count),
    waiting: (count) => telemetry.waiting(count),
    clockStopped: (stopped) => telemetry.clockStopped(stopped),
    done: (kind) => telemetry.done(kind),
  };
}
