import { Controller, Get, Headers, Logger, Param, Query, Res, UseGuards, type OnModuleDestroy } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import type { PrincipalCaller } from '#libs/use-cases/callers.ts';
import { followTopic, topicPositions } from '#libs/use-cases/subscriber/follow.ts';
import { queryOf } from '../http/messages.ts';
import { From } from '../http/write.ts';
import { BearerGuard, Needs } from '../people/bearer-guard.ts';
import { FollowQuery } from './bodies.ts';

const FollowTopic = queryOf(followTopic);
const TopicPositions = queryOf(topicPositions);
export const topicHandlers = [FollowTopic, TopicPositions].map(({ Handler }) => Handler);

/** Topics as server-sent events; docs/subscribers.md says what they promise. */
@ApiTags('service: topics')
@ApiBearerAuth()
@Controller('service/v1/topics')
@UseGuards(BearerGuard)
@Needs('topics.follow')
export class TopicController implements OnModuleDestroy {
  private readonly queries: QueryBus;
  private readonly ending = new AbortController();
  private readonly logger = new Logger('topics');

  constructor(queries: QueryBus) {
    this.queries = queries;
  }

  /** Goes on after `Last-Event-ID`, or `after`; without either it begins at the beginning. */
  @Get(':topic/stream')
  @ApiProduces('text/event-stream')
  async stream(
    @From() caller: PrincipalCaller,
    @Param('topic') topic: string,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Query() query: FollowQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const cut = new AbortController();
    reply.raw.on('close', () => cut.abort());
    const signal = AbortSignal.any([cut.signal, this.ending.signal]);
    const after = lastEventId ?? query.after;
    const frames = await this.queries.execute(new FollowTopic({ caller, topic, after, signal }));
    const body = Readable.from(frames, { objectMode: false });
    // Who takes nothing is cut off; that is theirs to mend.
    body.on('error', (error: Error) => this.logger.warn(error.name));
    void reply.header('content-type', 'text/event-stream').header('cache-control', 'no-store').send(body);
  }

  /** The last position of each partition, for who asks how far behind it is. */
  @Get(':topic/positions')
  positions(@From() caller: PrincipalCaller, @Param('topic') topic: string) {
    return this.queries.execute(new TopicPositions({ caller, topic }));
  }

  /** A stream that is open would keep the process from ending. */
  onModuleDestroy(): void {
    this.ending.abort();
  }
}
