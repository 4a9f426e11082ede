import { Controller, Get, Headers, HttpException } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { erasureStatus } from '#libs/use-cases/erasure/status.ts';
import { queryOf } from '../http/messages.ts';

const ErasureStatusOf = queryOf(erasureStatus);
export const erasureStatusHandlers = [ErasureStatusOf.Handler];

/** In a header: what stands in an address ends up in logs. */
export const RECEIPT_HEADER = 'palmledger-receipt';

/** How far an erasure is, for who holds its receipt: no account is needed, since there may be none any more. */
@ApiTags('erasure')
@Controller('erasures')
export class ErasureStatusController {
  private readonly bus: QueryBus;

  constructor(bus: QueryBus) {
    this.bus = bus;
  }

  @Get('status')
  @ApiHeader({ name: RECEIPT_HEADER, required: true })
  status(@Headers(RECEIPT_HEADER) receipt: string | undefined) {
    if (receipt === undefined) throw new HttpException({ message: `send the receipt in ${RECEIPT_HEADER}` }, 400);
    return this.bus.execute(new ErasureStatusOf({ receipt }));
  }
}
