import { Body, Controller, Get, HttpCode, Post, Query, UseGuards } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { listAllDevices, listMerchants, listSitesOf, showDevice, showMerchant } from '#libs/use-cases/admin/parties.ts';
import type { PrincipalCaller } from '#libs/use-cases/callers.ts';
import type { Request } from '#libs/use-cases/claim/claim.ts';
import { newActivation, registerDevice, revokeDevice } from '#libs/use-cases/party/device.ts';
import { closeSite, endContract, openSite, registerMerchant, signContract } from '#libs/use-cases/party/merchant.ts';
import { EmptyBody } from '../device/bodies.ts';
import { Id } from '../http/id.ts';
import { commandOf, queryOf } from '../http/messages.ts';
import { paged, PageQuery } from '../http/paging.ts';
import { From, Write } from '../http/write.ts';
import { BearerGuard, Needs } from '../people/bearer-guard.ts';
import { ContractBody, DevicesQuery, MerchantBody, ReasonBody, RegisterDeviceBody, SiteBody } from './bodies.ts';

const RegisterMerchant = commandOf(registerMerchant);
const OpenSite = commandOf(openSite);
const CloseSite = commandOf(closeSite);
const SignContract = commandOf(signContract);
const EndContract = commandOf(endContract);
const RegisterDevice = commandOf(registerDevice);
const NewActivation = commandOf(newActivation);
const RevokeDevice = commandOf(revokeDevice);
const ListMerchants = queryOf(listMerchants);
const ShowMerchant = queryOf(showMerchant);
const ListSites = queryOf(listSitesOf);
const ListDevices = queryOf(listAllDevices);
const ShowDevice = queryOf(showDevice);
const commands = [RegisterMerchant, OpenSite, CloseSite, SignContract, EndContract];
const ofDevices = [RegisterDevice, NewActivation, RevokeDevice];
const queries = [ListMerchants, ShowMerchant, ListSites, ListDevices, ShowDevice];
export const partyHandlers = [...commands, ...ofDevices, ...queries].map(({ Handler }) => Handler);

/** Companies, their sites and contracts, and every device. */
@ApiTags('admin: merchants and devices')
@ApiBearerAuth()
@Controller('admin/v1')
@UseGuards(BearerGuard)
@Needs('merchants.manage')
export class PartyController {
  private readonly commands: CommandBus;
  private readonly queries: QueryBus;

  constructor(commandBus: CommandBus, queryBus: QueryBus) {
    this.commands = commandBus;
    this.queries = queryBus;
  }

  @Get('merchants')
  merchants(@Query() query: PageQuery) {
    return this.queries.execute(new ListMerchants(paged(query)));
  }

  @Post('merchants')
  registerMerchant(@From() caller: PrincipalCaller, @Write() request: Request, @Body() body: MerchantBody) {
    return this.commands.execute(new RegisterMerchant({ caller, request, ...body }));
  }

  @Get('merchants/:merchant')
  merchant(@Id('merchant') merchant: string) {
    return this.queries.execute(new ShowMerchant({ merchant }));
  }

  @Get('merchants/:merchant/sites')
  sites(@Id('merchant') merchant: string, @Query() query: PageQuery) {
    return this.queries.execute(new ListSites({ ...paged(query), merchant }));
  }

  @Post('merchants/:merchant/sites')
  openSite(
    @From() caller: PrincipalCaller,
    @Write() request: Request,
    @Id('merchant') merchant: string,
    @Body() body: SiteBody,
  ) {
    return this.commands.execute(new OpenSite({ caller, request, merchant, ...body }));
  }

  @Post('merchants/:merchant/sites/:site/closure')
  @HttpCode(200)
  closeSite(
    @From() caller: PrincipalCaller,
    @Write() request: Request,
    @Id('merchant') merchant: string,
    @Id('site') site: string,
    @Body() _body: EmptyBody,
  ) {
    return this.commands.execute(new CloseSite({ caller, request, merchant, site }));
  }

  @Post('merchants/:merchant/contracts')
  signContract(
    @From() caller: PrincipalCaller,
    @Write() request: Request,
    @Id('merchant') merchant: string,
    @Body() { purposes }: ContractBody,
  ) {
    return this.commands.execute(new SignContract({ caller, request, merchant, purposes }));
  }

  @Post('merchants/:merchant/contracts/:contract/end')
  @HttpCode(200)
  endContract(
    @From() caller: PrincipalCaller,
    @Write() request: Request,
    @Id('merchant') merchant: string,
    @Id('contract') contract: string,
    @Body() _body: EmptyBody,
  ) {
    return this.commands.execute(new EndContract({ caller, request, merchant, contract }));
  }

  /** For a merchant. The answer shows the activation code, this once. */
  @Post('merchants/:merchant/devices')
  registerDevice(
    @From() caller: PrincipalCaller,
    @Write() request: Request,
    @Id('merchant') merchant: string,
    @Body() body: RegisterDeviceBody,
  ) {
    return this.commands.execute(new RegisterDevice({ caller, request, merchant, ...body }));
  }

  @Get('devices')
  devices(@Query() query: DevicesQuery) {
    return this.queries.execute(new ListDevices(paged(query)));
  }

  @Get('devices/:device')
  device(@Id('device') device: string) {
    return this.queries.execute(new ShowDevice({ device }));
  }

  /** For one that was suspected, reset, or let its code lapse: its old key stops at once. */
  @Post('devices/:device/activation-codes')
  @Needs('devices.activate-anew')
  activate(
    @From() caller: PrincipalCaller,
    @Write() request: Request,
    @Id('device') device: string,
    @Body() _body: EmptyBody,
  ) {
    return this.commands.execute(new NewActivation({ caller, request, device }));
  }

  @Post('devices/:device/revocation')
  @HttpCode(200)
  revokeDevice(
    @From() caller: PrincipalCaller,
    @Write() request: Request,
    @Id('device') device: string,
    @Body() { reason }: ReasonBody,
  ) {
    return this.commands.execute(new RevokeDevice({ caller, request, device, reason }));
  }
}
