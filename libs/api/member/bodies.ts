import { IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';
import { MOST_AMOUNT } from '../device/bodies.ts';
import { ID, PageQuery, SpanQuery } from '../http/paging.ts';

export class ReplacementBody {
  /** The verified phone that comes instead. */
  @Matches(ID)
  by!: string;
}

export class LinkBody {
  /** As the third party gave it to the member. */
  @IsString()
  @Length(1, 2_000)
  proof!: string;
}

export class ConsentAgainBody {
  /** Version of the text that the person read. */
  @IsString()
  @Length(1, 40)
  version!: string;

  /** BCP 47, as the text was shown. */
  @Matches(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
  language!: string;
}

export class DisputeBody {
  /** In the member's own words. */
  @IsString()
  @Length(1, 2_000)
  said!: string;

  /** Minor units; all that is left unless stated. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_AMOUNT)
  amount?: number;
}

/** Newest first. */
export class ExpensesQuery extends SpanQuery {
  @IsOptional()
  @Matches(ID)
  merchant?: string;
}

/** A span of time as the use cases take it: to the millisecond, in UTC. */
export function spanOf({ from, to }: Pick<SpanQuery, 'from' | 'to'>): { from?: string; to?: string } {
  return {
    ...(from === undefined ? {} : { from: new Date(from).toISOString() }),
    ...(to === undefined ? {} : { to: new Date(to).toISOString() }),
  };
}

export function pageOf({ limit, cursor }: PageQuery): { limit: number; cursor?: string } {
  return { limit, ...(cursor === undefined ? {} : { cursor }) };
}
