import { Type } from 'class-transformer';
import { IsInt, IsISO8601, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';

export const ID = /^[a-z2-7]{26}$/;

/** `?limit=&cursor=`: a page and the way to the next. */
export class PageQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit: number = 50;

  /** `next` of the page before; opaque. */
  @IsOptional()
  @IsString()
  @Length(1, 2_000)
  cursor?: string;
}

/** A page of all, or of one site. */
export class SiteQuery extends PageQuery {
  @IsOptional()
  @Matches(ID)
  site?: string;
}

/** A page within a span of time, and of one site where it is named. */
export class SpanQuery extends SiteQuery {
  /** Inclusive. */
  @IsOptional()
  @IsISO8601({ strict: true })
  from?: string;

  /** Exclusive. */
  @IsOptional()
  @IsISO8601({ strict: true })
  to?: string;
}

/** Days as `YYYY-MM-DD`, both inclusive. */
export class DaysQuery extends SiteQuery {
  @Matches(/^\d{4}-\d{2}-\d{2}$/)
  fromDay!: string;

  @Matches(/^\d{4}-\d{2}-\d{2}$/)
  toDay!: string;
}

/** A query as the views take it: the cursor is where the page before ended. */
export function paged<Q extends PageQuery>(query: Q): Omit<Q, 'cursor'> & { readonly after?: string } {
  const { cursor, ...rest } = query;
  return cursor === undefined ? rest : { ...rest, after: cursor };
}
