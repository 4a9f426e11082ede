import { IsBoolean, IsIn, IsInt, IsString, Length, Matches, Max, Min } from 'class-validator';
import type { DeviceKind } from '#libs/domain/device/events.ts';
import { ID } from '../http/paging.ts';

export class DeviceBody {
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

export class ReasonBody {
  @Matches(/^[a-z][a-z0-9-]{0,39}$/)
  reason!: string;
}

export class ItemBody {
  @IsIn(['taken', 'put-back'])
  movement!: 'taken' | 'put-back';

  /** The shop's own reference of this movement: the same one again changes nothing. */
  @IsString()
  @Length(1, 60)
  line!: string;

  @IsString()
  @Length(1, 100)
  article!: string;

  @IsInt()
  @Min(1)
  @Max(1_000)
  quantity!: number;

  /** Minor units of the visit's currency. */
  @IsInt()
  @Min(0)
  @Max(999_999_999)
  unitPrice!: number;
}

export class CredentialHandleBody {
  /** As it was answered when it was granted. */
  @IsString()
  @Length(1, 600)
  credential!: string;
}
