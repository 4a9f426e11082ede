import { Controller, Get, HttpException, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

/** Why a part is not ready, in a few words; undefined where it is. */
export type Readiness = () => Promise<Readonly<Record<string, string | undefined>>>;

/** Its injection token. */
export const READINESS = Symbol('readiness');

/** For whoever watches the process. */
@ApiTags('health')
@Controller('health')
export class HealthController {
  private readonly readiness: Readiness;

  constructor(@Inject(READINESS) readiness: Readiness) {
    this.readiness = readiness;
  }

  /** The process answers. */
  @Get('live')
  live() {
    return { status: 'live' };
  }

  /** Everything it needs is there and caught up; 503 with what is missing otherwise. */
  @Get('ready')
  async ready() {
    const parts = await this.readiness();
    const waiting = Object.entries(parts).filter(([, why]) => why !== undefined);
    if (waiting.length === 0) return { status: 'ready', parts: Object.keys(parts) };
    const extra = { waiting: Object.fromEntries(waiting), retryAfter: 1 };
    throw new HttpException({ code: 'not-now', message: 'not ready', extra }, 503);
  }
}
