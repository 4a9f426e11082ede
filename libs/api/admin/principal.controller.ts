import { Body, Controller, Get, HttpCode, Post, Query, UseGuards } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { PrincipalCaller } from '#libs/use-cases/callers.ts';
import type { Request } from '#libs/use-cases/claim/claim.ts';
import { invitePrincipal, newCredential } from '#libs/use-cases/principal/invite.ts';
import { listPrincipals, readPrincipal } from '#libs/use-cases/principal/list.ts';
import { grantRole, removePrincipal, revokeRole } from '#libs/use-cases/principal/roles.ts';
import { EmptyBody } from '../device/bodies.ts';
import { Id } from '../http/id.ts';
import { commandOf, queryOf } from '../http/messages.ts';
import { paged, PageQuery } from '../http/paging.ts';
import { From, Write } from '../http/write.ts';
import { BearerGuard, Needs } from '../people/bearer-guard.ts';
import { InvitationBody, RoleBody } from './bodies.ts';

const InvitePrincipal = commandOf(invitePrincipal);
const NewCredential = commandOf(newCredential);
const GrantRole = commandOf(grantRole);
const RevokeRole = commandOf(revokeRole);
const RemovePrincipal = commandOf(removePrincipal);
const ListPrincipals = queryOf(listPrincipals);
const ReadPrincipal = queryOf(readPrincipal);
const messages = [
  InvitePrincipal,
  NewCredential,
  GrantRole,
  RevokeRole,
  RemovePrincipal,
  ListPrincipals,
  ReadPrincipal,
];
export const principalHandlers = messages.map(({ Handler }) => Handler);

/** Who works with the system, and in which roles. The last admin stays. */
@ApiTags('admin: people and services')
@ApiBearerAuth()
@Controller('admin/v1/principals')
@UseGuards(BearerGuard)
@Needs('principals.manage')
export class PrincipalController {
  private readonly commands: CommandBus;
  private readonly queries: QueryBus;

  constructor(commands: CommandBus, queries: QueryBus) {
    this.commands = commands;
    this.queries = queries;
  }

  @Get()
  principals(@Query() query: PageQuery) {
    return this.queries.execute(new ListPrincipals(paged(query)));
  }

  @Get(':principal')
  principal(@Id('principal') principal: string) {
    return this.queries.execute(new ReadPrincipal({ principal }));
  }

  /** The answer shows the credential, this once. */
  @Post()
  invite(@From() caller: PrincipalCaller, @Write() request: Request, @Body() body: InvitationBody) {
    return this.commands.execute(new InvitePrincipal({ caller, request, ...body }));
  }

  /** Replaces the credential; it is shown this once, and tokens of the one before are void. */
  @Post(':principal/credentials')
  credential(
    @From() caller: PrincipalCaller,
    @Write() request: Request,
    @Id('principal') principal: string,
    @Body() _body: EmptyBody,
  ) {
    return this.commands.execute(new NewCredential({ caller, request, principal }));
  }

  @Post(':principal/roles')
  grant(
    @From() caller: PrincipalCaller,
    @Write() request: Request,
    @Id('principal') principal: string,
    @Body() body: RoleBody,
  ) {
    return this.commands.execute(new GrantRole({ caller, request, principal, ...body }));
  }

  @Post(':principal/roles/revocations')
  @HttpCode(200)
  revoke(
    @From() caller: PrincipalCaller,
    @Write() request: Request,
    @Id('principal') principal: string,
    @Body() body: RoleBody,
  ) {
    return this.commands.execute(new RevokeRole({ caller, request, principal, ...body }));
  }

  /** Out at once, for good. */
  @Post(':principal/removal')
  @HttpCode(200)
  remove(
    @From() caller: PrincipalCaller,
    @Write() request: Request,
    @Id('principal') principal: string,
    @Body() _body: EmptyBody,
  ) {
    return this.commands.execute(new RemovePrincipal({ caller, request, principal }));
  }
}
