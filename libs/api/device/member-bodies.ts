import { IsIn, IsString, Length, Matches } from 'class-validator';
import type { Hand } from '#libs/domain/values.ts';
import { MOST_CAPTURE, TicketBody } from './bodies.ts';

const BASE64URL = /^[A-Za-z0-9_-]+$/;

export class MemberPalmBody extends TicketBody {
  @IsIn(['left', 'right'])
  hand!: Hand;

  /** Encrypted to the recognition zone's key of the day. */
  @IsString()
  @Matches(BASE64URL)
  @Length(1, MOST_CAPTURE)
  capture!: string;
}

export class MemberCardBody extends TicketBody {
  /** Encrypted to the card network's tokeniser. */
  @IsString()
  @Matches(BASE64URL)
  @Length(1, 4_096)
  card!: string;
}

export class ConfirmationBody extends TicketBody {
  /** As the member was shown it when the change was announced. */
  @Matches(/^\d{6}$/)
  code!: string;
}

export class KnownBody {
  /** As the refusal `palm-known` gave it. */
  @IsString()
  @Matches(BASE64URL)
  @Length(1, 2_000)
  known!: string;
}

export class KnownCodeBody extends KnownBody {
  @Matches(/^\d{6}$/)
  code!: string;
}
