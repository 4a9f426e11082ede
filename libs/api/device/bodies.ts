import { Type } from 'class-transformer';
import {
  Equals,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import type { CredentialKind, Hand } from '#libs/domain/values.ts';
import type { Purpose } from '#libs/device-protocol/purpose.ts';

/** Base64url without padding. */
const BASE64URL = /^[A-Za-z0-9_-]+$/;
export const MOST_CAPTURE = 28 * 1024 * 1024;
export const MOST_AMOUNT = 999_999_999;

export class ActivationBody {
  /** As it was shown when the device was registered. */
  @IsString()
  @Length(28, 80)
  code!: string;

  /** Raw Ed25519 public key; the request is signed with its private half. */
  @Matches(/^[A-Za-z0-9_-]{43}$/)
  publicKey!: string;
}

export class KeyBody {
  /** Raw Ed25519 public key that the device has not had before. */
  @Matches(/^[A-Za-z0-9_-]{43}$/)
  publicKey!: string;

  /** Ed25519 by the new key, over device and key. */
  @Matches(/^[A-Za-z0-9_-]{86}$/)
  proof!: string;
}

export class ConsentBody {
  /** Version of the text that the person read. */
  @IsString()
  @Length(1, 40)
  version!: string;

  /** BCP 47, as the text was shown. */
  @Matches(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
  language!: string;

  /** Nothing is taken for a yes but a yes. */
  @IsBoolean()
  @Equals(true)
  given!: true;
}

export class EnrolmentBody {
  @ValidateNested()
  @Type(() => ConsentBody)
  consent!: ConsentBody;
}

export class PalmBody {
  @IsIn(['left', 'right'])
  hand!: Hand;

  /** Encrypted to the recognition zone's key of the day. */
  @IsString()
  @Matches(BASE64URL)
  @Length(1, MOST_CAPTURE)
  capture!: string;
}

export class CardBody {
  /** Encrypted to the card network's tokeniser. */
  @IsString()
  @Matches(BASE64URL)
  @Length(1, 4_096)
  card!: string;
}

export class PhoneBody {
  /** With its country code. */
  @IsString()
  @Length(6, 32)
  number!: string;
}

export class CodeBody {
  @Matches(/^\d{6}$/)
  code!: string;
}

export class EmptyBody {}

export class IdentificationBody {
  @IsIn(['pay', 'enter', 'leave', 'check', 'manage', 'confirm'])
  purpose!: Exclude<Purpose, 'enrol'>;

  /** Minor units. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_AMOUNT)
  amount?: number;

  /** ISO 4217. */
  @IsOptional()
  @Matches(/^[A-Z]{3}$/)
  currency?: string;

  @IsString()
  @Matches(BASE64URL)
  @Length(1, MOST_CAPTURE)
  capture!: string;

  /** Last four digits of the phone, where an answer asked for more. */
  @IsOptional()
  @Matches(/^\d{4}$/)
  lastFour?: string;

  /** `try` of the answer that asked for the other hand. */
  @IsOptional()
  @IsString()
  @Length(1, 200)
  follows?: string;
}

export class TicketBody {
  @IsString()
  @Matches(BASE64URL)
  @Length(43, 43)
  ticket!: string;
}

export class PaymentBody extends TicketBody {
  /** Minor units; what the palm was shown for. */
  @IsInt()
  @Min(1)
  @Max(MOST_AMOUNT)
  amount!: number;

  /** ISO 4217. */
  @Matches(/^[A-Z]{3}$/)
  currency!: string;
}

export class RefundBody {
  /** Minor units; not above what is left. */
  @IsInt()
  @Min(1)
  @Max(MOST_AMOUNT)
  amount!: number;

  @Matches(/^[a-z][a-z0-9-]{0,39}$/)
  reason!: string;
}

export class CheckBody extends TicketBody {
  @IsIn(['badge', 'loyalty', 'subscription', 'age'])
  kind!: CredentialKind;
}

export class CredentialBody extends CheckBody {
  /** The third party's own reference of what it grants. */
  @IsString()
  @Length(1, 100)
  reference!: string;

  /** What may be told with it: at most ten short facts, such as an age band. */
  @IsObject()
  @IsFacts()
  facts!: Record<string, string>;
}

/** Few, short, and text: `{ band: 'over-18' }`. */
function IsFacts(): PropertyDecorator {
  return ValidateBy({
    name: 'isFacts',
    validator: {
      validate: (value: unknown) => isFacts(value),
      defaultMessage: () => 'facts must be at most ten short texts by name',
    },
  });
}

function isFacts(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const entries = Object.entries(value);
  const isShort = ([name, fact]: [string, unknown]): boolean =>
    /^[a-z][a-z0-9-]{0,39}$/.test(name) && typeof fact === 'string' && fact.length <= 100;
  return entries.length <= 10 && entries.every(isShort);
}
