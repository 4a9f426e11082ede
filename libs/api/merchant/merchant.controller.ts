import { Body, Controller, Get, Post, Query, UseGuards } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { PrincipalCaller } from '#libs/use-cases/callers.ts';
import type { Request } from '#libs/use-cases/claim/claim.ts';
import { revokeCredential } from '#libs/use-cases/credentials/grant.ts';
import { listDevices, listSites, listSubscribers, readMerchant } from '#libs/use-cases/merchant/itself.ts';
import { ownMerchant } from '#libs/use-cases/merchant/lists.ts';
import { newActivation, registerDevice, revokeDevice } from '#libs/use-cases/party/device.ts';
import { Id } from '../http/id.ts';
import { commandOf, queryOf } from '../http/messages.ts';
import { paged, PageQuery, SiteQuery } from '../http/paging.ts';
import { From, Write } from '../http/write.ts';
import { BearerGuard, Needs } from '../people/bearer-guard.ts';
import { CredentialHandleBody, DeviceBody, ReasonBody } from './bodies.ts';

const ReadMerchant = queryOf(readMerchant);
const ListSites = queryOf(listSites);
const ListDevices = queryOf(listDevices);
const ListSubscribers = queryOf(listSubscribers);
const RegisterDevice = commandOf(registerDevice);
const NewActivation = commandOf(newActivation);
const RevokeDevice = commandOf(revokeDevice);
const RevokeCredential = commandOf(revokeCredential);
const queries = [ReadMerchant, ListSites, ListDevices, ListSubscribers];
const commands = [RegisterDevice, NewActivation, RevokeDevice, RevokeCredential];
export const merchantHandlers = [...queries, ...commands].map(({ Handler }) => Handler);

/** A merchant itself: contract, sites, devices, services, and the credentials that it granted. */
@ApiTags('merchant: itself')
@ApiBearerAuth()
@Controller('merchant/v1')
@UseGuards(BearerGuard)
export class MerchantController {
  private readonly commands: CommandBus;
  private readonly queries: QueryBus;

  constructor(commands: CommandBus, queries: QueryBus) {
    this.commands = commands;
    this.queries = queries;
  }

  @Get('me')
  @Needs('merchants.read')
  me(@From() caller: PrincipalCaller) {
    return this.queries.execute(new ReadMerchant({ caller }));
  }

  @Get('sites')
  @Needs('sites.read')
  sites(@From() caller: PrincipalCaller, @Query() page: PageQuery) {
    return this.queries.execute(new ListSites({ caller, ...paged(page) }));
  }

  @Get('devices')
  @Needs('devices.read')
  devices(@From() caller: PrincipalCaller, @Query() query: SiteQuery) {
    return this.queries.execute(new ListDevices({ caller, ...paged(query) }));
  }

  /** The answer shows the activation code, this once. */
  @Post('devices')
  @Needs('devices.register')
  register(@From() caller: PrincipalCaller, @Write() request: Request, @Body() body: DeviceBody) {
    return this.commands.execute(new RegisterDevice({ caller, request, merchant: ownMerchant(caller), ...body }));
  }

  @Post('devices/:device/activation-codes')
  @Needs('devices.register')
  activate(@From() caller: PrincipalCaller, @Write() request: Request, @Id('device') device: string) {
    return this.commands.execute(new NewActivation({ caller, request, device }));
  }

  @Post('devices/:device/revocation')
  @Needs('devices.revoke')
  revoke(
    @From() caller: PrincipalCaller,
    @Write() request: Request,
    @Id('device') device: string,
    @Body() { reason }: ReasonBody,
  ) {
    return this.commands.execute(new RevokeDevice({ caller, request, device, reason }));
  }

  @Get('subscribers')
  @Needs('subscribers.read')
  subscribers(@From() caller: PrincipalCaller, @Query() page: PageQuery) {
    return this.queries.execute(new ListSubscribers({ caller, ...paged(page) }));
  }

  @Post('credentials/revocations')
  @Needs('credentials.revoke')
  revokeCredential(@From() caller: PrincipalCaller, @Write() request: Request, @Body() body: CredentialHandleBody) {
    return this.commands.execute(new RevokeCredential({ caller, request, credential: body.credential }));
  }
}
