import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

/** What is read at /metrics; prom-client's registry is one. */
export interface Metrics {
  readonly contentType: string;
  metrics(): Promise<string>;
}

/** Its injection token. */
export const METRICS = Symbol('metrics');

/** For whoever watches the process. */
@ApiTags('health')
@Controller('metrics')
export class MetricsController {
  private readonly source: Metrics;

  constructor(@Inject(METRICS) source: Metrics) {
    this.source = source;
  }

  /** In Prometheus' text format; nothing personal stands in it. */
  @Get()
  @ApiOkResponse({ content: { 'text/plain': { schema: { type: 'string' } } } })
  async read(@Res({ passthrough: true }) reply: FastifyReply) {
    void reply.type(this.source.contentType);
    return this.source.metrics();
  }
}
