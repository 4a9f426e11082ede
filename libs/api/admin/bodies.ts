import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
} from 'class-validator';
import type { DeviceKind } from '#libs/domain/device/events.ts';
import type { Role } from '#libs/domain/values.ts';
import { MOST_AMOUNT } from '../device/bodies.ts';
import { ID, PageQuery, SiteQuery } from '../http/paging.ts';

/** A code that says why: lower-case words and hyphens. It stands in the clear. */
export const REASON = /^[a-z][a-z0-9-]{0,39}$/;

export class ReasonQuery {
  @Matches(REASON)
  reason!: string;
}

export class ReasonBody {
  @Matches(REASON)
  reason!: string;
}

export class RoleBody {
  @IsIn(['merchant', 'auditor', 'admin', 'service'])
  role!: Role;

  /** For role merchant: which. */
  @IsOptional()
  @Matches(ID)
  merchant?: string;

  /** For role service: which. */
  @IsOptional()
  @Matches(ID)
  subscriber?: string;
}

export class InvitationBody extends RoleBody {
  @IsString()
  @Length(1, 200)
  name!: string;

  /** How they are reached. */
  @IsString()
  @Length(1, 200)
  contact!: string;
}

export class MerchantBody {
  @IsString()
  @Length(1, 200)
  name!: string;

  /** ISO 3166, two letters. */
  @Matches(/^[A-Z]{2}$/)
  country!: string;

  /** ISO 4217. */
  @Matches(/^[A-Z]{3}$/)
  currency!: string;
}

export class SiteBody {
  @IsString()
  @Length(1, 200)
  name!: string;

  @IsString()
  @Length(1, 200)
  place!: string;

  /** IANA name. */
  @IsString()
  @Length(1, 60)
  timeZone!: string;
}

export class ContractBody {
  /** What it lets the merchant do with palms. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @IsString({ each: true })
  @Length(1, 60, { each: true })
  purposes!: string[];
}

export class RegisterDeviceBody {
  @Matches(ID)
  site!: string;

  @IsIn(['till', 'gate', 'door', 'reader'])
  kind!: DeviceKind;

  @IsString()
  @Length(1, 60)
  name!: string;

  /** Whether it takes a picture in near infrared as well. */
  @IsBoolean()
  nearInfrared!: boolean;
}

export class DevicesQuery extends SiteQuery {
  @IsOptional()
  @Matches(ID)
  merchant?: string;
}

export class SearchBody {
  /** Of whoever asks to be looked up, with its country code. */
  @IsString()
  @Length(6, 32)
  phone!: string;
}

export class ConfirmSearchBody extends SearchBody {
  /** Of the message. */
  @Matches(/^\d{6}$/)
  code!: string;

  @Matches(REASON)
  reason!: string;
}

export class HoldBody {
  /** In words. */
  @IsString()
  @Length(1, 200)
  reason!: string;

  /** The court or office that asks for it. */
  @IsString()
  @Length(1, 200)
  authority!: string;
}

export class DecisionBody {
  @IsIn(['for-member', 'for-merchant'])
  outcome!: 'for-member' | 'for-merchant';

  /** Minor units that the member gets back; all that is disputed unless stated. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MOST_AMOUNT)
  amount?: number;

  /** Why. */
  @IsString()
  @Length(1, 2_000)
  said!: string;
}

export class DuplicateDecisionBody {
  @IsIn(['keep', 'erase'])
  outcome!: 'keep' | 'erase';
}

export class ErasuresQuery extends PageQuery {
  /** Those that ended instead of those in progress. */
  @IsOptional()
  @IsIn(['true', 'false'])
  over?: 'true' | 'false';
}

export class ShowErasureQuery {
  /** With it the answer names the One ID, and is a look. */
  @IsOptional()
  @Matches(REASON)
  reason?: string;
}

export class SubscriptionBody {
  @IsArray()
  @ArrayMaxSize(20)
  @IsString({ each: true })
  @Length(1, 60, { each: true })
  topics!: string[];

  /** Each erasure then waits for it, up to a last day. */
  @IsBoolean()
  acknowledgesErasures!: boolean;
}

export class SubscriberBody extends SubscriptionBody {
  @IsString()
  @Length(1, 200)
  name!: string;

  /** Whose service it is; it then sees this merchant's messages alone. */
  @IsOptional()
  @Matches(ID)
  merchant?: string;
}

export class ExportApprovalBody {
  /** As the auditor was answered. */
  @IsString()
  @Length(1, 4_000)
  exportRequest!: string;
}

export class RetirementBody {
  /** As the first admin was answered. */
  @IsString()
  @Length(1, 4_000)
  proposal!: string;
}

export class ParkedQuery extends PageQuery {
  @IsOptional()
  @Matches(/^[a-z-]{1,40}$/)
  topic?: string;
}

export class ClockBody {
  /** Later than now. */
  @IsISO8601({ strict: true })
  to!: string;
}
