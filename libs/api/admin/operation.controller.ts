import {
  Body,
  Controller,
  Get,
  HttpCode,
  HttpException,
  Inject,
  Logger,
  Param,
  Post,
  Query,
  UseGuards,
} from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Refused } from '#libs/domain/refused.ts';
import { newId } from '#libs/runtime/ids.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { systemStatus } from '#libs/use-cases/admin/status.ts';
import { whoOf, type PrincipalCaller } from '#libs/use-cases/callers.ts';
import { claim, type Request } from '#libs/use-cases/claim/claim.ts';
import type { Deps } from '#libs/use-cases/deps.ts';
import { proposeRetirement, retireCopy } from '#libs/use-cases/keyring/retire-copy.ts';
import type { Parked } from '#libs/views/parked.ts';
import { EmptyBody } from '../device/bodies.ts';
import { commandOf, DEPS, queryOf } from '../http/messages.ts';
import { paged } from '../http/paging.ts';
import { From, Write } from '../http/write.ts';
import { BearerGuard, Needs } from '../people/bearer-guard.ts';
import { ClockBody, ParkedQuery, RetirementBody } from './bodies.ts';
import { ADMIN_EDGE, type AdminEdge, type ParkedOutcome } from './edge.ts';
import { Rebuilds } from './rebuilds.ts';

const SystemStatus = queryOf((deps: Deps, _: object) => systemStatus(deps));
const ProposeRetirement = commandOf(proposeRetirement);
const RetireCopy = commandOf(retireCopy);
export const operationHandlers = [SystemStatus, ProposeRetirement, RetireCopy].map(({ Handler }) => Handler);

/** For whoever runs it. */
@ApiTags('admin: operation')
@ApiBearerAuth()
@Controller('admin/v1')
@UseGuards(BearerGuard)
export class OperationController {
  private readonly commands: CommandBus;
  private readonly queries: QueryBus;
  private readonly deps: Deps;
  private readonly edge: AdminEdge;
  private readonly rebuilds: Rebuilds;

  constructor(commands: CommandBus, queries: QueryBus, @Inject(DEPS) deps: Deps, @Inject(ADMIN_EDGE) edge: AdminEdge) {
    this.commands = commands;
    this.queries = queries;
    this.deps = deps;
    this.edge = edge;
    this.rebuilds = new Rebuilds(edge.views.rebuild, new Logger('rebuild'));
  }

  /** Each part's health, what lags, what waits, keys and their copies, erasures overdue, a sweep that a clock stopped. */
  @Get('status')
  @Needs('status.read')
  async status() {
    const [system, waiting] = await Promise.all([this.queries.execute(new SystemStatus({})), this.edge.readiness()]);
    const { folder, scheduler } = this.edge;
    const parts = Object.fromEntries(Object.entries(waiting).map(([part, why]) => [part, why ?? 'ready']));
    const evidence = this.edge.evidence.verification();
    return { ...system, folder, parts, evidence, scheduler: scheduler.status(), rebuild: this.rebuilds.status() };
  }

  /** The clock is right: the expiry sweep goes on. */
  @Post('sweep/confirmation')
  @HttpCode(200)
  @Needs('sweep.confirm')
  async confirmClock(@From() caller: PrincipalCaller, @Write() request: Request, @Body() _body: EmptyBody) {
    await claim(this.deps, request, whoOf(caller), async () => ({}));
    this.edge.scheduler.confirmClock();
    return this.edge.scheduler.status();
  }

  @Get('views')
  @Needs('views.rebuild')
  async views() {
    return { ...(await this.deps.views.status()), rebuild: this.rebuilds.status() };
  }

  /** Beside the live ones, which answer until the new ones are swapped in. `GET views` tells how far it is. */
  @Post('views/rebuild')
  @HttpCode(202)
  @Needs('views.rebuild')
  async rebuild(@From() caller: PrincipalCaller, @Write() request: Request, @Body() _body: EmptyBody) {
    const { fresh } = await claim(this.deps, request, whoOf(caller), async () => ({}));
    if (fresh && !this.rebuilds.start()) throw new Refused('rebuild-running', 'A rebuild is running already.');
    return this.rebuilds.status();
  }

  @Get('parked')
  @Needs('parked.read')
  async parked(@Query() query: ParkedQuery) {
    const { items, ...more } = await this.deps.views.parked.list(paged(query));
    return { items: items.map(parkedShown), ...more };
  }

  @Get('parked/:id')
  @Needs('parked.read')
  async parkedMessage(@Param('id') id: string) {
    const found = await this.deps.views.parked.get(id);
    if (found === undefined) throw unknownParked();
    return parkedShown(found);
  }

  @Post('parked/:id/retry')
  @HttpCode(200)
  @Needs('parked.settle')
  async retry(
    @From() caller: PrincipalCaller,
    @Write() request: Request,
    @Param('id') id: string,
    @Body() _body: EmptyBody,
  ) {
    await claim(this.deps, request, whoOf(caller), async () => ({}));
    return settled(await this.edge.parked.retry(id));
  }

  /** Lets the message that stopped its key go for good. */
  @Post('parked/:id/skip')
  @HttpCode(200)
  @Needs('parked.settle')
  async skip(
    @From() caller: PrincipalCaller,
    @Write() request: Request,
    @Param('id') id: string,
    @Body() _body: EmptyBody,
  ) {
    const { fresh } = await claim(this.deps, request, whoOf(caller), async () => ({}));
    const outcome = await this.edge.parked.skip(id);
    // It is gone because the first of these requests let it go.
    return !fresh && outcome.outcome === 'unknown' ? { outcome: 'done' as const, taken: 0 } : settled(outcome);
  }

  @Get('keyring')
  @Needs('keyring.manage')
  keyring() {
    return this.deps.keyring.status();
  }

  /** The first of two admins names a copy that is lost. The answer is for a second one. */
  @Post('keyring/copies/:name/proposals')
  @Needs('keyring.manage')
  propose(
    @From() caller: PrincipalCaller,
    @Write() request: Request,
    @Param('name') copy: string,
    @Body() _body: EmptyBody,
  ) {
    return this.commands.execute(new ProposeRetirement({ caller, request, copy }));
  }

  @Post('keyring/retirements')
  @Needs('keyring.manage')
  retire(@From() caller: PrincipalCaller, @Write() request: Request, @Body() { proposal }: RetirementBody) {
    return this.commands.execute(new RetireCopy({ caller, request, proposal }));
  }

  /** The ledger's ciphertext, the leaf hashes of what was pruned, and a signed head; no key of anything. */
  @Post('backups')
  @Needs('backups.make')
  async backup(@From() caller: PrincipalCaller, @Write() request: Request, @Body() _body: EmptyBody) {
    const { plan } = await claim(this.deps, request, whoOf(caller), async () => {
      return { id: newId(), at: isoNow(this.deps.clock) };
    });
    return this.edge.backups.make({ ...plan, signHead: () => this.edge.evidence.sign() });
  }

  @Get('backups')
  @Needs('backups.make')
  async backups() {
    return { items: await this.edge.backups.list() };
  }

  /** Signs what the ledger is now. */
  @Post('heads')
  @Needs('heads.sign')
  async head(@From() caller: PrincipalCaller, @Write() request: Request, @Body() _body: EmptyBody) {
    await claim(this.deps, request, whoOf(caller), async () => ({}));
    return { head: await this.edge.evidence.sign() };
  }

  /** Only in a folder made for demo, test or seed; it never goes back. */
  @Post('clock')
  @HttpCode(200)
  @Needs('clock.move')
  async moveClock(@From() caller: PrincipalCaller, @Write() request: Request, @Body() { to }: ClockBody) {
    const { moveClock, folder } = this.edge;
    if (moveClock === undefined || folder.purpose === 'live')
      throw new Refused('folder-is-live', 'The clock of a live folder is not moved.', 'forbidden');
    const { fresh } = await claim(this.deps, request, whoOf(caller), async () => ({}));
    const moment = new Date(to);
    if (moment > this.deps.clock.now()) moveClock(moment);
    else if (fresh) throw new Refused('clock-goes-forward', 'The clock only moves forward.', 'invalid');
    return { now: isoNow(this.deps.clock) };
  }
}

function parkedShown({ message, ...parked }: Parked) {
  const { value, ...about } = message;
  return { ...parked, message: { ...about, value: value === null ? null : Buffer.from(value).toString('base64') } };
}

function settled(outcome: ParkedOutcome): Exclude<ParkedOutcome, { outcome: 'unknown' }> {
  if (outcome.outcome === 'unknown') throw unknownParked();
  return outcome;
}

function unknownParked(): HttpException {
  return new HttpException({ code: 'parked-unknown', message: 'there is no such parked message' }, 404);
}
